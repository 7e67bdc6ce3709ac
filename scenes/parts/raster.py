"""Bulk drawing in compiled loops: many lines, many discs, a frame's YUV.

Cairo strokes a line in about 16 µs; here 300 lines take 1 ms. Numba compiles each loop once for a
machine and keeps it (``cache=True``): loops that call each other stay in one file, for it looks at
no other. No ``fastmath``: the same pixels come out every time.

Coordinates are pixels of the frame, x to the right and y down, pixel centres at .5.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _blend(pixels, row, column, red, green, blue, alpha):
    """Lay a colour, 0 to 255, over a pixel."""
    keep = 1.0 - alpha
    pixels[row, column, 0] = np.uint8(pixels[row, column, 0] * keep + red * alpha + 0.5)
    pixels[row, column, 1] = np.uint8(pixels[row, column, 1] * keep + green * alpha + 0.5)
    pixels[row, column, 2] = np.uint8(pixels[row, column, 2] * keep + blue * alpha + 0.5)
    if pixels[row, column, 3] < 255:  # of a frame with no ground, whose colours are times its alpha
        pixels[row, column, 3] = np.uint8(pixels[row, column, 3] * keep + 255 * alpha + 0.5)


@njit(cache=True, nogil=True)
def lines(pixels, starts, ends, colors, widths):
    """Draw n separate lines with butt ends, each over those before it.

    Parameters
    ----------
    pixels : array, shape (height, width, 4), uint8
        Drawn into.
    starts, ends : arrays, shape (n, 2)
    colors : array, shape (n, 4)
        r, g, b, alpha in [0, 1].
    widths : array, shape (n,)
    """
    height, width, _ = pixels.shape
    for i in range(len(starts)):
        x0, y0, x1, y1 = starts[i, 0], starts[i, 1], ends[i, 0], ends[i, 1]
        length = math.hypot(x1 - x0, y1 - y0)
        if length < 1e-6 or colors[i, 3] <= 0 or widths[i] <= 0:
            continue
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        half = widths[i] / 2
        full = min(1.0, widths[i])  # what a line thinner than a pixel covers of it
        red, green, blue = 255 * colors[i, 0], 255 * colors[i, 1], 255 * colors[i, 2]
        flat = abs(ux) >= abs(uy)  # walk along x, else along y
        along0, along1 = (x0, x1) if flat else (y0, y1)
        slope = uy / ux if flat else ux / uy
        reach = (half + 0.5) * math.sqrt(1 + slope * slope)  # beyond it nothing is covered
        across_size = height if flat else width
        first = max(0, math.floor(min(along0, along1) - half - 1))
        last = min((width if flat else height) - 1, math.ceil(max(along0, along1) + half + 1))
        for a in range(first, last + 1):
            middle = (y0 if flat else x0) + (a + 0.5 - along0) * slope
            low = max(0, math.ceil(middle - reach - 0.5))
            high = min(across_size - 1, math.floor(middle + reach - 0.5))
            for b in range(low, high + 1):
                px, py = (a + 0.5, b + 0.5) if flat else (b + 0.5, a + 0.5)
                distance = abs((px - x0) * uy - (py - y0) * ux)
                cover = min(half + 0.5 - distance, full)
                if cover <= 0:
                    continue
                t = (px - x0) * ux + (py - y0) * uy
                cover *= min(1.0, max(0.0, t + 0.5)) * min(1.0, max(0.0, length - t + 0.5))
                if cover > 0:
                    row, column = (b, a) if flat else (a, b)
                    _blend(pixels, row, column, red, green, blue, cover * colors[i, 3])


@njit(cache=True, nogil=True)
def discs(pixels, centers, radius, fills, outline, outline_width, opacity):
    """Draw n discs of one size with an outline.

    Parameters
    ----------
    pixels : array, shape (height, width, 4), uint8
        Drawn into.
    centers : array, shape (n, 2)
    radius, outline_width : float
    fills : array, shape (n, 3)
        r, g, b in [0, 1].
    outline : array, shape (3,)
        The same for all.
    opacity : float
    """
    height, width, _ = pixels.shape
    outer = radius + outline_width / 2
    for i in range(len(centers)):
        cx, cy = centers[i, 0], centers[i, 1]
        for row in range(max(0, int(cy - outer - 1)), min(height, int(cy + outer + 2))):
            for column in range(max(0, int(cx - outer - 1)), min(width, int(cx + outer + 2))):
                away = math.hypot(column + 0.5 - cx, row + 0.5 - cy)
                inside = min(1.0, max(0.0, radius + 0.5 - away))
                if inside > 0:
                    red, green, blue = 255 * fills[i, 0], 255 * fills[i, 1], 255 * fills[i, 2]
                    _blend(pixels, row, column, red, green, blue, inside * opacity)
                ring = min(outline_width, outline_width / 2 + 0.5 - abs(away - radius), 1.0)
                if ring > 0:
                    red, green, blue = 255 * outline[0], 255 * outline[1], 255 * outline[2]
                    _blend(pixels, row, column, red, green, blue, ring * opacity)


@njit(cache=True, nogil=True)
def yuv420(pixels, luma, blue_difference, red_difference):
    """Convert RGBA to BT.709 limited range, halving the colours' resolution.

    Parameters
    ----------
    pixels : array, shape (height, width, 4), uint8; both sides even
    luma : array, shape (height, at least width), uint8
    blue_difference, red_difference : arrays, shape (height / 2, at least width / 2), uint8
    """
    height, width, _ = pixels.shape
    for row in range(0, height, 2):
        for column in range(0, width, 2):
            red, green, blue = 0, 0, 0
            for y in range(row, row + 2):
                for x in range(column, column + 2):
                    r, g, b = int(pixels[y, x, 0]), int(pixels[y, x, 1]), int(pixels[y, x, 2])
                    # 16 bits of fraction; 1081344 is 16.5
                    luma[y, x] = np.uint8((11966 * r + 40254 * g + 4064 * b + 1081344) >> 16)
                    red += r
                    green += g
                    blue += b
            blue_difference[row >> 1, column >> 1] = np.uint8(
                (-6596 * red - 22189 * green + 28784 * blue + 33685504) >> 18
            )
            red_difference[row >> 1, column >> 1] = np.uint8(
                (28784 * red - 26145 * green - 2639 * blue + 33685504) >> 18
            )
