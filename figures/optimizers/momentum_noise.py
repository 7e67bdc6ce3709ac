"""Two noisy descents of one ravine, one example a step: without momentum, and with.

Source  001; 004
"""

from __future__ import annotations

import xarray as xr
from matplotlib.figure import Figure

from figures.optimizers._strips import strips
from figures.parts.canvas import is_narrow
from look.runs import series
from look.words import Visual, say

READS = {
    "momentum_ravine": "noisy_theta (run_noisy, step_place, param), jump (run_noisy), "
    "height (y, x), grid_x (x), grid_y (y), run_noisy (run_noisy), noisy_momentum, noisy_lr, "
    "noisy_rate",
}

VISUAL = Visual(
    uses=["momentum_ravine"],
    title="{glides:?With so little momentum, the noise of single examples stays in the steps|On "
    "single examples plain descent jumps; momentum glides, in steps {jump_times:.0f} times "
    "shorter}",
    subtitle="The last third of {noisy_steps} steps, each on one example, around the lowest point "
    "(star). In the long run both have one rate, as momentum adds its steps up to "
    "η/(1\u00a0−\u00a0μ).",
    alt="Two maps of the floor of one ravine, each with the end of a noisy path. Without momentum "
    "it is jagged, with steps of {sgd_jump:.2n} on average; with momentum it is "
    "{glides:?hardly calmer|smooth}, with steps of {momentum_jump:.2n}.",
    caption="The ravine ½(x² + 20y²); each example tilts it by {noise:g} in either direction "
    "(standard deviation). Heavy ball with μ = {noisy_momentum:g}, so that its rate "
    "η = {noisy_lr:g} adds up to η/(1\u202f−\u202fμ) = {noisy_rate:g}, the other’s. Lengths of "
    "steps: means over the last third of "
    "{noisy_repeats:?no|one|two|three|four|{noisy_repeats}} runs, of which the first is shown. "
    "(1\u202f−\u202fμ)b is an average of gradients; along the floor its noise is {damping:.1f} "
    "times smaller than theirs (in theory √((1\u202f+\u202fμ)/(1\u202f−\u202fμ)) = "
    "{expected_damping:.1f}). The steps are calmer; the ball itself {wanders:?wanders less here "
    "too|still wanders}: over the last third its loss is {momentum_orbit:.2g}, that of plain "
    "descent {sgd_orbit:.2g}.",
    words={
        "steps": "average step {jump:.2n}",
        "rate": "η = {rate:g}",
        "same rate": "η/(1 − μ) = {lr:g}/{rest:g} = {rate:g}",
    },
    series={
        "sgd": ["Without momentum", "slate"],
        "momentum": ["With momentum, μ = {noisy_momentum:g}", "green"],
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the two maps under each other."""
    attrs = recording.attrs
    rest = 1 - attrs["noisy_momentum"]
    notes = {
        "sgd": say("rate", rate=attrs["noisy_rate"]),
        "momentum": say("same rate", lr=attrs["noisy_lr"], rest=rest, rate=attrs["noisy_rate"]),
    }
    paths, steps = [], []
    for name in recording.run_noisy.values.tolist():
        run, own = recording.sel(run_noisy=name), series(name)
        theta = run.noisy_theta.values
        last = theta[-((len(theta) - 1) // 3) - 1 :]
        paths.append((name, own, last, own.label, notes[name]))
        steps.append((float(run.jump), say("steps", jump=float(run.jump))))
    mark = 3.5 if is_narrow() else 5
    return strips(recording, paths, top=34, gap=42, bottom=12, width=1.5, mark=mark, steps=steps)
