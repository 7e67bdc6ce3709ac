"""The qualities: how large pictures are made, and how many frames a second films have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quality:
    """A size of pictures: `width` × `height` pixels at `fps`; others are `png_width` wide."""

    name: str
    width: int
    height: int
    fps: int
    png_width: int


QUALITIES = {
    quality.name: quality
    for quality in (
        Quality("draft", 854, 480, 15, png_width=854),
        Quality("blog", 1280, 720, 30, png_width=1440),  # a post is 720 px wide, screens have 2×
        Quality("hd", 1920, 1080, 60, png_width=1920),
        Quality("4k", 3840, 2160, 60, png_width=3840),
    )
}
