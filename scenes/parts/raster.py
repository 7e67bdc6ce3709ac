"""Bulk drawing in compiled loops: many lines, a shaded surface with hidden parts, a frame's YUV.

Cairo strokes a line in about 16 µs, and a surface of 32×32 faces with its level lines in 17 ms;
here 300 lines take 1 ms and the surface 5, whatever its number of faces. Numba compiles each loop
once for a machine and keeps it (``cache=True``). No ``fastmath``: the same pixels come out every
time.

Coordinates are pixels of the frame, x to the right and y down, pixel centres at .5.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

SAMPLES = 2  # per pixel and direction, where a surface hides what is behind it


@njit(cache=True, nogil=True)
def _blend(pixels, row, column, red, green, blue, alpha):
    """Lay a colour, 0 to 255, over a pixel."""
    keep = 1.0 - alpha
    pixels[row, column, 0] = np.uint8(pixels[row, column, 0] * keep + red * alpha + 0.5)
    pixels[row, column, 1] = np.uint8(pixels[row, column, 1] * keep + green * alpha + 0.5)
    pixels[row, column, 2] = np.uint8(pixels[row, column, 2] * keep + blue * alpha + 0.5)


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
def _packed(red, green, blue):
    """Return a colour, 0 to 255 each, as the bytes r, g, b, 255 of one number."""
    low = np.uint32(red + 0.5) | np.uint32(green + 0.5) << np.uint32(8)
    return np.uint32(low | np.uint32(blue + 0.5) << np.uint32(16) | np.uint32(0xFF000000))


@njit(cache=True, nogil=True)
def _slope(va, vb, vc, ux, uy, wx, wy):
    """Return how a quantity grows to the right and down, linear over a triangle's corners."""
    return (vb - va) * wy - (vc - va) * uy, (vc - va) * ux - (vb - va) * wx


@njit(cache=True, nogil=True)
def _triangle(color, depth, a, b, c, tone, level, line, line_cover, half):
    """Fill one triangle where it is nearest.

    Parameters
    ----------
    color : array, shape (rows, columns), uint32; 0 where nothing is yet
    depth : array, shape (rows, columns), float32; larger is nearer
    a, b, c : arrays, shape (7,): x, y, depth, red, green, blue (0 to 255), height
    tone : float
        Factor of the colours.
    level : float
        Height of the one line of equal height that may cross it; NaN for none.
    line : array, shape (3,), 0 to 255
    line_cover, half : float
        The line's opacity and half its width.
    """
    ax, ay, bx, by, cx, cy = a[0], a[1], b[0], b[1], c[0], c[1]
    ux, uy, wx, wy = bx - ax, by - ay, cx - ax, cy - ay
    area = ux * wy - wx * uy
    if abs(area) < 1e-9:
        return
    ux, uy, wx, wy = ux / area, uy / area, wx / area, wy / area
    depth_x, depth_y = _slope(a[2], b[2], c[2], ux, uy, wx, wy)
    red_x, red_y = _slope(a[3] * tone, b[3] * tone, c[3] * tone, ux, uy, wx, wy)
    green_x, green_y = _slope(a[4] * tone, b[4] * tone, c[4] * tone, ux, uy, wx, wy)
    blue_x, blue_y = _slope(a[5] * tone, b[5] * tone, c[5] * tone, ux, uy, wx, wy)
    height_x, height_y = _slope(a[6], b[6], c[6], ux, uy, wx, wy)
    ruled = not math.isnan(level)
    steep = max(math.hypot(height_x, height_y), 1e-9)
    rows, columns = depth.shape
    top = max(0, math.ceil(min(ay, by, cy) - 0.5))
    bottom = min(rows - 1, math.floor(max(ay, by, cy) - 0.5))
    line_red, line_green, line_blue = line[0], line[1], line[2]
    for row in range(top, bottom + 1):
        y = row + 0.5
        left, right = 1e30, -1e30
        if (ay <= y) != (by <= y):
            x = ax + (y - ay) * (bx - ax) / (by - ay)
            left, right = min(left, x), max(right, x)
        if (by <= y) != (cy <= y):
            x = bx + (y - by) * (cx - bx) / (cy - by)
            left, right = min(left, x), max(right, x)
        if (cy <= y) != (ay <= y):
            x = cx + (y - cy) * (ax - cx) / (ay - cy)
            left, right = min(left, x), max(right, x)
        first = max(0, math.ceil(left - 0.5))
        last = min(columns - 1, math.ceil(right - 0.5) - 1)
        if last < first:
            continue
        x, y = first + 0.5 - ax, y - ay
        near = a[2] + depth_x * x + depth_y * y
        red = a[3] * tone + red_x * x + red_y * y
        green = a[4] * tone + green_x * x + green_y * y
        blue = a[5] * tone + blue_x * x + blue_y * y
        above = a[6] + height_x * x + height_y * y - level
        for column in range(first, last + 1):
            if near > depth[row, column]:
                depth[row, column] = near
                cover = 0.0
                if ruled:
                    cover = min(1.0, max(0.0, half + 0.5 - abs(above) / steep)) * line_cover
                # Between its corners' colours: no channel can leave [0, 255].
                color[row, column] = _packed(
                    red + (line_red - red) * cover,
                    green + (line_green - green) * cover,
                    blue + (line_blue - blue) * cover,
                )
            near += depth_x
            red += red_x
            green += green_x
            blue += blue_x
            above += height_x


@njit(cache=True, nogil=True)
def _strip(color, depth, ends, radius, ink, lift):
    """Draw a round-ended line (or, if its ends agree, a disc) where nothing is nearer.

    Parameters
    ----------
    ends : array, shape (2, 3): x, y, depth
    lift : float
        How much nearer it counts: a path lies on its surface, not in it.
    """
    rows, columns = depth.shape
    x0, y0, x1, y1 = ends[0, 0], ends[0, 1], ends[1, 0], ends[1, 1]
    span = (x1 - x0) ** 2 + (y1 - y0) ** 2
    top = max(0, math.floor(min(y0, y1) - radius))
    bottom = min(rows - 1, math.ceil(max(y0, y1) + radius))
    left = max(0, math.floor(min(x0, x1) - radius))
    right = min(columns - 1, math.ceil(max(x0, x1) + radius))
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            x, y = column + 0.5, row + 0.5
            t = 0.0 if span < 1e-12 else ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / span
            t = min(1.0, max(0.0, t))
            away = math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0))
            if away > radius:
                continue
            near = np.float32(ends[0, 2] + t * (ends[1, 2] - ends[0, 2]) + lift)
            if near <= depth[row, column]:
                continue
            color[row, column] = _packed(ink[0], ink[1], ink[2])


@njit(cache=True, nogil=True)
def _surface(
    pixels,
    color,
    depth,
    opacity,
    vertices,
    underside,
    n_levels,
    line,
    line_cover,
    strips,
    radii,
    inks,
    lift,
):
    """Do what `surface` says, with its working arrays."""
    height, width, _ = pixels.shape
    left = max(0, math.floor(vertices[..., 0].min()) - 12)
    right = min(width, math.ceil(vertices[..., 0].max()) + 12)
    top = max(0, math.floor(vertices[..., 1].min()) - 12)
    bottom = min(height, math.ceil(vertices[..., 1].max()) + 12)
    if right <= left or bottom <= top:
        return
    s = SAMPLES
    color = color[: (bottom - top) * s, : (right - left) * s]
    depth = depth[: (bottom - top) * s, : (right - left) * s]
    color[:] = 0
    depth[:] = -np.inf
    scaled = vertices.copy()
    scaled[..., 0] = (vertices[..., 0] - left) * s
    scaled[..., 1] = (vertices[..., 1] - top) * s
    rows, columns, _ = vertices.shape
    for i in range(rows - 1):
        for j in range(columns - 1):
            for half in range(2):
                a, c = scaled[i, j], scaled[i + 1, j + 1]
                b = scaled[i, j + 1]
                if half == 1:
                    b, c = c, scaled[i + 1, j]
                low, high = min(a[6], b[6], c[6]), max(a[6], b[6], c[6])
                middle = math.sqrt(min(1.0, max(0.0, (low + high) / 2))) * (n_levels + 1)
                k = math.floor(middle + 0.5)
                level = (k / (n_levels + 1)) ** 2
                margin = 0.3 * (high - low)  # a line has a width: it may touch from outside
                if k < 1 or k > n_levels or not low - margin <= level <= high + margin:
                    level = math.nan
                # y runs down: the upper side's triangles have a negative area
                area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
                tone = 1.0 if area < 0 else underside
                _triangle(color, depth, a, b, c, tone, level, line, line_cover, 0.5 * s)
    strip = np.empty((2, 3))
    for i in range(len(strips)):
        for end in range(2):
            strip[end, 0] = (strips[i, end, 0] - left) * s
            strip[end, 1] = (strips[i, end, 1] - top) * s
            strip[end, 2] = strips[i, end, 2]
        _strip(color, depth, strip, radii[i] * s, inks[i], lift)
    for row in range(bottom - top):
        for column in range(right - left):
            red, green, blue, count = np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(0)
            for y in range(row * s, row * s + s):
                for x in range(column * s, column * s + s):
                    value = color[y, x]
                    red += value & np.uint32(255)
                    green += (value >> np.uint32(8)) & np.uint32(255)
                    blue += (value >> np.uint32(16)) & np.uint32(255)
                    count += value >> np.uint32(31)
            if count == 0:
                continue
            share = np.float32(1) / np.float32(count)
            _blend(
                pixels, top + row, left + column, red * share, green * share, blue * share,
                np.float32(opacity) * np.float32(count) / np.float32(s * s),
            )  # fmt: skip


_working: dict[tuple[int, int], tuple[np.ndarray, np.ndarray]] = {}


def surface(
    pixels: np.ndarray,
    opacity: float,
    vertices: np.ndarray,
    underside: float,
    n_levels: int,
    line: np.ndarray,
    line_cover: float,
    strips: np.ndarray,
    radii: np.ndarray,
    inks: np.ndarray,
    lift: float,
) -> None:
    """Draw a surface, its lines of equal height and what lies on it, nearest on top.

    Parameters
    ----------
    pixels : array, shape (height, width, 4), uint8
        Drawn into.
    opacity : float
    vertices : array, shape (rows, columns, 7)
        x, y (pixels), depth (larger is nearer), red, green, blue (0 to 255), height in [0, 1].
    underside : float
        Factor of the colours where the surface is seen from below.
    n_levels : int
        Level k of n is drawn at height (k / (n + 1))²: closer where the surface is flat.
    line, line_cover : array, shape (3,), and float
        Colour (0 to 255) and opacity of the level lines.
    strips : array, shape (n, 2, 3)
        Pieces of paths, and discs (both ends the same): x, y (pixels), depth.
    radii, inks : arrays, shapes (n,), (n, 3)
        Half the width of each strip in pixels, and its colour (0 to 255).
    lift : float
        How much nearer than the surface strips count, in units of depth.
    """
    height, width, _ = pixels.shape
    if (height, width) not in _working:  # made once: fresh memory for every frame costs as much
        shape = (height * SAMPLES, width * SAMPLES)
        _working[height, width] = np.empty(shape, np.uint32), np.empty(shape, np.float32)
    color, depth = _working[height, width]
    _surface(
        pixels, color, depth, opacity, vertices, underside, n_levels, line, line_cover,
        strips, radii, inks, lift,
    )  # fmt: skip


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
