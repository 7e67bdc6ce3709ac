"""Curves of several seeds: the mean as a line, from the lowest to the highest as a band."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from figures.parts.canvas import px
from look.runs import DASHES, series


def band(ax: Axes, recording: xr.Dataset, curve: str, run: str, *, dashed: bool = False) -> Line2D:
    """Draw the curve of a run over the epochs; its label is ``CURVE RUN``."""
    here = recording.sel(run=run)
    hue = series(run).color
    ax.fill_between(
        recording.epoch.values,
        here[f"{curve}_low"].values,
        here[f"{curve}_high"].values,
        color=hue,
        alpha=0.22,
        linewidth=0,
        zorder=2,
    )
    (line,) = ax.plot(
        recording.epoch.values,
        here[f"{curve}_mean"].values,
        color=hue,
        linewidth=px(2.25),
        linestyle=DASHES["dashed" if dashed else ""],
        label=f"{curve} {run}",
        zorder=3,
    )
    return line


def top(recording: xr.Dataset, curve: str) -> float:
    """Return where an axis of a loss ends: its start, or the highest it comes to later."""
    highest = recording[f"{curve}_high"].values
    return float(1.05 * max(np.nanmax(highest[:, 0]), np.nanquantile(highest, 0.98)))
