"""A shaded surface with hidden parts, what lies on it, and its level lines, in one compiled loop.

Cairo takes 17 ms for a surface of 32×32 faces with its level lines; here it takes 5, whatever its
number of faces. See :mod:`scenes.parts.raster` for coordinates and compilation.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

SAMPLES = 2  # per pixel and direction, where a surface hides what is behind it


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
            cover = np.float32(opacity) * np.float32(count) / np.float32(s * s)
            pixel = pixels[top + row, left + column]
            for channel, value in enumerate((red * share, green * share, blue * share)):
                pixel[channel] = np.uint8(pixel[channel] * (1 - cover) + value * cover + 0.5)
            if pixel[3] < 255:
                pixel[3] = np.uint8(pixel[3] * (1 - cover) + np.float32(255) * cover + 0.5)


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
