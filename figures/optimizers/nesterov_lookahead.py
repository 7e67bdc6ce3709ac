"""One step of Nesterov taken apart, beside plain momentum's; and where both lead.

Source  003; 004, whose look-ahead lacks η
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.optimizers._arrows import arrow
from figures.parts.axes import AXES, beside, heading
from figures.parts.canvas import MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo
from figures.parts.contours import contours
from figures.parts.marks import dot, path, ring, star
from look.maps import levels
from look.runs import Run, runs
from look.theme import color
from look.words import Visual, say

READS = {
    "nesterov_lookahead": "theta (run, step, param), from_here (param), carried (param), "
    "looked_at (run, param), pull (run, param), landing (run, param), height (y, x), grid_x (x), "
    "grid_y (y), run (run), close_reach, close_x, close_y, momentum_swing, nesterov_swing, pulls, "
    "pushes",
}

VISUAL = Visual(
    uses=["nesterov_lookahead"],
    title="Nesterov takes the slope where momentum is about to lead, and {calmer:?here swings no "
    "less|swings less} across the valley",
    subtitle="Top: step {number} from the same place with the same momentum. Grey: what momentum "
    "carries on. Colour: what the slope at the ring adds. Bottom: both runs; bars: how far each "
    "gets beyond the floor.",
    alt="Two close-ups of a narrow valley. In both, a grey arrow leads from a dot across the "
    "valley. Plain momentum adds the gradient of the dot itself; Nesterov adds that of the grey "
    "arrow’s tip, which lies on the far side and points back. Below, the two paths, each with a "
    "bar from the valley’s floor to where it is the farthest beyond it.",
    caption="A valley ½(x² + κy²), η = {lr:g}, μ = {momentum:g}, both from the same start; torch’s "
    "own state. The look-ahead is θ − ημb, with its η; without, it would lie {without_lr:g} times "
    "as far away. In the averaging form m ← βm + (1\u202f−\u202fβ)g it is θ − ηβm, the same "
    "place. A swing is the farthest that a path gets beyond the valley’s floor: momentum’s "
    "{momentum_swing:.3n}, Nesterov’s {nesterov_swing:.3n}.",
    words={
        "momentum": "the slope here{pushes:?| pushes on}",
        "nesterov": "the slope there{pulls:?| pulls back}",
        "carried": "momentum",
        "pull": "slope",
        "swing": "{label}{far:?|: swings {times:.2n} times as far across}",
        "start": "Momentum carries on: where should one take the slope?\n"
        "Grey: what it carries on. Left and right, the same place and the same momentum.",
        "slope": "Plain momentum takes the slope here, Nesterov the slope there\n"
        "Arrow: a step down the slope, at the dot on the left, at the ring on the right.",
        "runs": "{calmer:?Here that does not make the swing smaller|So Nesterov brakes before it "
        "swings too far across}\n"
        "Both runs, the same η = {lr:g} and μ = {momentum:g}, one pace.",
        "end": "{calmer:?Nesterov swings no less across the floor here|{far:?Only momentum swings "
        "beyond the valley’s floor|Momentum swings {times:.2n} times as far across the valley’s "
        "floor}}\n"
        "Bars: how far each gets beyond the floor.",
    },
)

SIDE, TOP = 320.0, 34.0  # the close-ups, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the two close-ups over the two paths."""
    across = float(recording.grid_x[-1] - recording.grid_x[0])
    up = float(recording.grid_y[-1] - recording.grid_y[0])
    strip = (WIDTH - 2 * MARGIN) * up / across  # equal axes
    fig = Canvas(TOP + SIDE + 48 + strip + MARGIN)
    both = list(runs(recording))
    for i, run in enumerate(both):
        left = MARGIN + i * (WIDTH - 2 * MARGIN - SIDE)
        _close_up(fig.place(left, TOP, SIDE, SIDE), recording, run)
    whole = fig.place(MARGIN, TOP + SIDE + 48, WIDTH - 2 * MARGIN, strip)
    _whole(whole, recording, both)
    return fig


def _ground(ax: Axes, recording: xr.Dataset) -> None:
    at = levels(recording.height, 12)
    contours(ax, recording.grid_x, recording.grid_y, recording.height, at=at)
    ax.set(xticks=[], yticks=[])


def _close_up(ax: Axes, recording: xr.Dataset, run: Run) -> None:
    _ground(ax, recording)
    x, y, reach = (recording.attrs[f"close_{name}"] for name in ("x", "y", "reach"))
    ax.set(xlim=(x - reach, x + reach), ylim=(y - reach, y + reach))
    here, carried = recording.from_here.values, recording.carried.values
    looked_at, pull, landing = (run.data[name].values for name in ("looked_at", "pull", "landing"))
    heading(ax, run.label, say(run.name))
    arrow(ax, here, here + carried, color("muted"), label="carried", width=4)
    start = here + carried if run.name == "nesterov" else here
    if run.name == "momentum":
        # Its gradient is the one at the dot; its arrow is also drawn where it is added.
        arrow(ax, here, here + pull, run.color, label="asked", width=2.5, dash=(0, (2, 1.2)))
    arrow(ax, here + carried, landing, run.color, label="pull", width=4, zorder=5)
    ring(ax, *start)
    if run.name == "nesterov":
        dot(ax, *here, color=color("text"), size=11, zorder=6)
    dot(ax, *landing, color=run.color, size=13, zorder=7)
    middle = here + carried / 2
    beside(ax, say("carried"), tuple(middle), shift=(-10, -4), ha="right", path_effects=halo())
    middle = (looked_at + (landing if run.name == "nesterov" else here + pull)) / 2
    beside(ax, say("pull"), tuple(middle), shift=(12, -4), path_effects=halo())


def _whole(ax: Axes, recording: xr.Dataset, both: list[Run]) -> None:
    """Draw both paths on one map, and above it whose they are."""
    _ground(ax, recording)
    star(ax, 0, 0)
    for i, run in enumerate(both):
        theta = run.theta.values
        style = {"linestyle": "none", "marker": "o", "markersize": px(4.5), "zorder": 2.2 + i / 2}
        ax.plot(*theta.T, color=run.color, label=f"_{run.name} steps", **style)
        path(ax, *theta.T, color=run.color, width=1.75, label=run.name, zorder=2 + i / 2)
        # The dots are letters' height above the map; on a narrow sheet the names are two rows.
        left = 0.0 if is_narrow() else i * (WIDTH - 2 * MARGIN - SIDE) / (WIDTH - 2 * MARGIN)
        lift = 10 + 20 * (len(both) - 1 - i) if is_narrow() else 10
        times = swings(recording)[run.name]
        said = say("swing", label=run.label, far=int(1 < times < np.inf), times=times)
        beside(ax, "●", (left, 1), of=AXES, shift=(0, lift), color=run.color)
        beside(ax, said, (left, 1), of=AXES, shift=(16, lift), weight="semibold")
        x, y = farthest(theta)
        if y * theta[0, 1] > 0:
            continue  # it never gets beyond the floor
        ax.plot([x, x], [0, y], color=color("text"), linewidth=px(2.5), marker="_",
                markersize=px(12), markeredgewidth=px(2.5), label=f"{run.name} swing",
                path_effects=halo(), zorder=4)  # fmt: skip
    ring(ax, *both[0].theta.values[0])


def farthest(theta: np.ndarray) -> np.ndarray:
    """Return the place of a path, (step, 2), that is the farthest beyond the valley’s floor."""
    return np.asarray(theta[(-np.sign(theta[0, 1]) * theta[:, 1]).argmax()])


def swings(recording: xr.Dataset) -> dict[str, float]:
    """Return how many times as far each swings as the other."""
    far = [recording.attrs[f"{name}_swing"] for name in ("momentum", "nesterov")]
    momentum, nesterov = far
    return {
        "momentum": momentum / nesterov if nesterov else np.inf,
        "nesterov": nesterov / momentum if momentum else np.inf,
    }
