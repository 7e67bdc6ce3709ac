"""Sizes of type: one table for figures, one for films.

A figure is read 720 px wide in a post, a film on a telephone at 360 of its 1280.
"""

from __future__ import annotations

from typing import NamedTuple


class Type(NamedTuple):
    """Sizes of type, in CSS pixels of a figure 720 wide, or in pixels of a frame 1280 wide."""

    title: float
    subtitle: float
    label: float
    tick: float


FIGURE = Type(title=23.0, subtitle=15.0, label=14.0, tick=13.0)
FILM = Type(title=42.0, subtitle=34.0, label=34.0, tick=28.0)
