"""How far two ends are apart, as an arrow between them with a number."""

from __future__ import annotations

from matplotlib.axes import Axes

from figures.parts.axes import beside
from figures.parts.canvas import px
from figures.parts.colors import halo
from look.theme import color


def gap(
    ax: Axes,
    x: float,
    low: float,
    high: float,
    text: str,
    *,
    left: bool = False,
    share: float = 0.5,
) -> None:
    """Draw an upright arrow with two heads from `low` to `high`, and how much that is beside it.

    The words stand at that `share` of the way up.
    """
    style = {"arrowstyle": "<|-|>", "color": color("text"), "linewidth": px(1.75), "shrinkA": 0,
             "shrinkB": 0, "mutation_scale": 11}  # fmt: skip
    ax.annotate("", (x, low), xytext=(x, high), arrowprops=style, annotation_clip=False, zorder=4)
    middle = low * (high / low) ** share  # of a logarithmic axis
    beside(ax, text, (x, middle), shift=(-8 if left else 8, 0), va="center_baseline",
           ha="right" if left else "left", weight="semibold", fontsize=px(21),
           path_effects=halo(3), zorder=5, gid="gap")  # fmt: skip
