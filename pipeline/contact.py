"""Contact sheets: small pictures in rows, each with a line under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from look import theme

if TYPE_CHECKING:
    import numpy as np

COLUMNS = 4
TILE_WIDTH = 400  # px
MARGIN = 12  # px
LINE = 24  # px, for the words under a tile


def spaced(n_frames: int, count: int) -> list[int]:
    """Return `count` evenly spaced frames from the first to the last; fewer if there are fewer.

    Examples
    --------
    >>> spaced(90, 4)
    [0, 30, 59, 89]
    """
    if count == 1 or n_frames == 1:
        return [n_frames - 1]
    count = min(count, n_frames)
    return [round(index * (n_frames - 1) / (count - 1)) for index in range(count)]


def sheet(tiles: Sequence[tuple[str, np.ndarray]], theme_name: str) -> np.ndarray:
    """Draw pictures in rows of `COLUMNS`.

    Parameters
    ----------
    tiles : sequence of (str, array of shape (height, width, 3), uint8)
        The words under each picture, and the picture; all of one shape.
    theme_name : str
        For the ground and the words.

    Returns
    -------
    array, shape (height, width, 3), uint8
    """
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    colors = theme.THEMES[theme_name]
    height, width = tiles[0][1].shape[:2]
    size = (TILE_WIDTH, round(TILE_WIDTH * height / width))
    columns = min(COLUMNS, len(tiles))
    rows = -(-len(tiles) // columns)
    pitch = (size[0] + MARGIN, size[1] + LINE + MARGIN)
    page = Image.new("RGB", (columns * pitch[0] + MARGIN, rows * pitch[1] + MARGIN), colors.quiet)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(theme.font_directory() / "SourceSansPro-Regular.ttf"), 16)
    for index, (words, pixels) in enumerate(tiles):
        row, column = divmod(index, columns)
        x, y = MARGIN + column * pitch[0], MARGIN + row * pitch[1]
        page.paste(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS), (x, y))
        pen.text((x, y + size[1] + 2), words, fill=colors.text, font=font)
    return np.asarray(page)
