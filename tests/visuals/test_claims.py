"""What a picture says of an outcome is so: in its tiny recording, and where it turns out otherwise.

Everything that a visual says (its row filled, and all that figure, table and film write) is
searched for its claims. Each that is made must hold, by a computation of its own on the recording;
and each that is looked for must be made in one of these recordings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from figures import render, render_table
from look.numbers import counter, form, number
from look.words import fill, merge
from pipeline import catalogue
from simulate import recording, registry
from tests.conftest import Record
from tests.visuals.test_words import VISUALS, filmed, listening

Holds = Callable[..., Any]
Turn = dict[str, Any] | Callable[[xr.Dataset], xr.Dataset]  # settings, or a change of the recording


def _parted(run: xr.Dataset) -> bool:
    """Whether the test loss rose from its lowest while the training loss fell on."""
    test, train = run.test_loss.values, run.train_loss.values
    return bool(test[-1] > test.min() and train[-1] < train[test.argmin()])


def _lowest(run: xr.Dataset, epoch: str, how: str) -> bool:
    """Whether the test loss is lowest there, and then more digits, as many or fewer come right."""
    ends = run.test_accuracy.values[[int(epoch), -1]]
    best, change = ends.max(), ends[1] - ends[0]
    error = (2 * best * (1 - best) / run.attrs["n_test"]) ** 0.5
    change = np.sign(change) * (abs(change) > 2 * error)
    said = {
        "yet more answers end up right": 1,
        "yet about as many end up right": 0,
        "and fewer answers end up right": -1,
    }[how]
    best_loss = run.test_loss.values.argmin()
    return bool(_parted(run) and int(epoch) == int(best_loss) and change == said)


def _deepest(race: xr.Dataset) -> str:
    """Which run ends lowest, of those that end at a number."""
    return str(race.run.values[np.nanargmin(race.loss.values[:, -1])])


def _ways(race: xr.Dataset) -> list[tuple[int, str]]:
    """What each has left of its straight way to the minimum, in percent, the nearest first."""
    far = np.linalg.norm(race.theta.values - race["minimum"].values, axis=2)
    shares = [round(100 * float(each[-1] / each[0])) for each in far]
    return sorted(zip(shares, race.run.values.tolist(), strict=True))


def _after_one(run: xr.Dataset, who: str) -> int:
    """Return a variant's steps in one pass."""
    return (run.sizes[f"step_{who.replace('-', '_')}"] - 1) // run.attrs["epochs"]


def _of_passes(run: xr.Dataset, n: str, who: str, verb: str, loss: str) -> bool:
    """Whether it ends lowest, and, where that "is" so, on average in the last pass as well."""
    names = ("batch", "mini_batch", "stochastic")
    ends = {name: run.attrs[f"{name}_loss"] for name in names}
    means = {name: run[f"loss_{name}"].values[-_after_one(run, name) :].mean() for name in names}
    own = who.replace("-", "_")
    steady = means[own] == min(means.values())
    return (int(n), loss, verb) == (
        run.attrs["epochs"], f"{ends[own]:.3f}", "is" if steady else "happens to be"
    ) and ends[own] == min(ends.values())  # fmt: skip


def _longest(run: xr.Dataset, step: int) -> np.ndarray:
    """Return in which epochs that step, the first or the last, was the longest."""
    per_epoch = -(-run.attrs["n_train"] // run.attrs["batch_size"])
    norms = run.grad_norm.values[: int(run.attrs["n_steps"])].reshape(-1, per_epoch)
    return np.asarray(norms.argmax(1) == step % per_epoch)


def _rose(run: xr.Dataset, epochs: np.ndarray) -> list[int]:
    """Return in how many of these epochs the test loss rose, and how many they are."""
    return [int((np.diff(run.test_loss.values)[epochs] > 0).sum()), int(epochs.sum())]


def _slope(found: xr.Dataset) -> float:
    """Return the exponent by which the variance goes with the batch size."""
    return float(np.polyfit(np.log(found.batch_size), np.log(found.variance), 1)[0])


def _late(found: xr.Dataset) -> list[float]:
    """Return how far above the minimum the last steps are, at a constant and a decaying rate."""
    late = found.mean_excess.values[:, -found.attrs["orbit_last"] :].mean(1)
    return [float(each) for each in late]


def _does(rates: xr.Dataset, words: str) -> bool:
    """Whether as many runs do each thing as a sentence such as "one creeps, two swing" says."""
    count = {"one": 1, "two": 2, "three": 3, "all four": 4}
    said = {}
    for part in words.split(", "):
        number, _, verb = part.rpartition(" ")
        said[verb.removesuffix("s")] = count[number]
    did: dict[str, int] = {}
    for theta in rates.theta.values:
        size, turns = np.abs(theta), theta[1:] * theta[:-1] < 0
        verb = "escape" if size[-1] > size[0] else "swing" if turns.any() else "settle"
        if verb == "settle" and size[1] > 0.75 * size[0]:
            verb = "creep"
        did[verb] = did.get(verb, 0) + 1
    return did == said


def _jumps(rates: xr.Dataset, words: str) -> bool:
    count = {"one": 1, "two": 2, "three": 3, "all four": 4}
    said = {}
    for part in words.split(", "):
        number, _, verb = part.rpartition(" ")
        said[verb.removesuffix("s")] = count[number]
    did: dict[str, int] = {}
    for loss in rates.network_loss.values:
        rises = any(b > a for a, b in pairwise(loss))
        verb = "fall" if loss[-1] < loss[0] / 2 else "creep"
        if rises:
            verb = "jump"
        if not loss[-1] < loss[0]:
            verb = "escape"
        did[verb] = did.get(verb, 0) + 1
    return did == said


def _order(points: xr.Dataset, *, strictly: bool) -> bool:
    """Whether at every width what lies higher has no fewer directions down (mostly: in rank)."""
    for width in points.run_whole.values:
        here = points.width.values == int(width)
        loss = [*points.loss.values[here], *points.end_loss.sel(run=width).values]
        share = [*points.share.values[here], *np.zeros(points.sizes["example_end"])]
        pairs = [
            (a - b) * (p - q)
            for a, p in zip(loss, share, strict=True)
            for b, q in zip(loss, share, strict=True)
            if abs(a - b) > 1e-6 and p != q
        ]
        if (min(pairs) < 0) if strictly else (np.mean(np.sign(pairs)) <= 0.5):
            return False
    return True


def _at(points: xr.Dataset, width: str) -> list[tuple[float, float]]:
    """Return loss and share of the points of a width, and of its ends of different losses."""
    here = points.width.values == int(width)
    ends = {round(loss, 6): loss for loss in points.end_loss.sel(run=width).values[::-1].tolist()}
    found = zip(points.loss.values[here], points.share.values[here], strict=True)
    return [*found, *((loss, 0.0) for loss in ends.values())]


def _pairs(points: xr.Dataset) -> list[int]:
    """Return how many pairs differ in both, and in how many the higher has more ways down."""
    signs = [
        np.sign((a - b) * (p - q))
        for width in points.run_whole.values.tolist()
        for i, (a, p) in enumerate(_at(points, width))
        for b, q in _at(points, width)[:i]
        if abs(a - b) > 1e-6 and p != q
    ]
    return [len(signs), signs.count(1)]


def _most(maps: xr.Dataset, layer: int, head: str) -> bool:
    return bool(maps.ratio.values[0, layer].argmax() == int(head) - 1)


def _times(ratio: float, said: str) -> bool:
    return ratio > 99 if said.startswith("more than") else f"{ratio:.1f}" == said


def _drift(r: xr.Dataset) -> np.ndarray:
    """Return how far each run's median goes."""
    return np.ptp(r.quantile_value.values[..., 2], axis=1)


def _layers(points: xr.Dataset) -> bool:
    """Whether all that are no saddles lie close together, width by width, and saddles above."""
    height = float(points.loss.max()) - float(points.end_loss.min())
    for width in points.run_whole.values.tolist():
        flat = [loss for loss, share in _at(points, width) if share == 0]
        top = max(loss for loss, _ in _at(points, width))
        if max(flat) - min(flat) >= 0.05 * height or top - max(flat) < 0.1 * height:
            return False
    return bool((points.end_lowest > 0).all())


def _near(found: xr.Dataset, step: int) -> float:
    return float(np.abs(found.theta.sel(snapshot=step) - found.target).max())


def never(*_: Any) -> bool:
    """Forbid words: no recording makes them true."""
    return False


def _both_kept(run: xr.Dataset) -> bool:
    """Whether the last layer's spread and the first one's gradient are within a factor of ten."""
    spread = np.sqrt(run.output_variance.values[0])
    slope = np.sqrt(run.gradient_variance.values[0] + run.gradient_mean.values[0] ** 2)
    if not (spread[0] > 0 and slope[-1] > 0):
        return False
    return bool(0.1 < spread[-1] / spread[0] < 10 and 0.1 < slope[0] / slope[-1] < 10)


def _kept(starts: xr.Dataset) -> list[str]:
    names = starts.run.values.tolist()
    return [name for name in names if _both_kept(starts.sel(run=name))]


def _only_kaiming(starts: xr.Dataset) -> bool:
    """Whether of the three ReLU networks that are drawn only that one keeps both."""
    drawn = {f"relu, {name}" for name in ("normal", "kaiming", "uniform")}
    return drawn & {*_kept(starts)} == {"relu, kaiming"}


def _kaiming(starts: xr.Dataset) -> float:
    """Return the variance of the last layer with Kaiming's start, over that of the first."""
    variance = starts.output_variance.sel(run="relu, kaiming").values[0]
    return float(variance[-1] / variance[0])


def _steps(bowls: xr.Dataset) -> list[str]:
    """Return after how many steps each path is there, in words."""
    low = bowls.excess.sel(run=["raw", "range", "standard"]).values <= bowls.attrs["near"]
    return [str(int(each.argmax())) if each.any() else "not there" for each in low]


def _found(training: xr.Dataset) -> int:
    """Return the head that looks most at the foods in the end."""
    return int(training.food_weight.values[0, -1, 0].argmax())


def _over_half(training: xr.Dataset) -> int:
    """Return how many steps after the foods have most of a head's weight the meal is likely."""
    right = training["class"].values.tolist().index(training.answer.values[0])
    since = [
        next(k for k in range(len(course)) if (course[k:] > 0.5).all())
        for course in (
            training.food_weight.values[0, :, 0, _found(training)],
            training.probability.values[0, :, right],
        )
    ]
    return int(np.diff(training.snapshot.values[since])[0])


def _named(network: xr.Dataset) -> list[str]:
    """Return the class that a network says, and the one that it is."""
    names = network["class"].values
    return [str(names[each.argmax()]) for each in (network.output.values, network.wanted.values)]


def _off(network: xr.Dataset) -> int:
    """Return how many hidden units hand nothing back."""
    hidden = network.unit_layer.values < network.sizes["layer"]
    return int((network.delta.values[hidden] == 0).sum())


PLACES = ("word itself", "word before", "word after", "ends of the text")


def _ahead(variants: xr.Dataset, timing: xr.Dataset, first: str, then: str) -> bool:
    """Whether that one alone is most accurate early, and those after as many seconds."""
    known = {"whole batches": "batch", "mini-batches": "mini_batch"}
    known["stochastic steps"] = "stochastic"
    early = variants.test_accuracy.values[:, int(variants.attrs["early_epoch"])]
    best = variants.run.values[early == early.max()].tolist()
    if best != [known[first]] if first != "none" else len(best) == 1:
        return False
    shares = timing.same_test_accuracy.values
    level = timing.run.values[shares > shares.max() - timing.attrs["same_level"]].tolist()
    if then.endswith(" do"):
        return level == [known[then.removesuffix(" do")]]
    return len(level) == {"two are level": 2, "all are level": 3}[then]


def _single_zeros(balls: xr.Dataset) -> tuple[bool, ...]:
    """Whether, under L1 and under L2, some solution has just one weight of 0."""
    return tuple(bool(((theta == 0).sum(-1) == 1).any()) for theta in balls.theta.values)


def _lower(runs: xr.Dataset, one: int, other: int = 0) -> bool:
    """Whether the test loss of a run ends lower, seed by seed, at 95 % of confidence."""
    ends = runs.test_loss.values[..., -1]
    gaps = ends[one] - ends[other]
    return bool(gaps.mean() < 0 and stats.ttest_1samp(gaps, 0).pvalue < 0.05)


def _gap(ends: xr.DataArray, one: int, other: int) -> tuple[str, str, str]:
    """Say how much a run ends above another, seed by seed, with 95 % intervals."""
    gaps = ends.values[one, :, -1] - ends.values[other, :, -1]
    half = stats.sem(gaps) * stats.t.ppf(0.975, len(gaps) - 1)
    differ = "a" if abs(gaps.mean()) > half else "no"
    return form(gaps.mean(), "+.3f"), form(half, ".3f"), differ


def _reaches(found: xr.Dataset) -> int:
    """Return the shortest length at which 1cycle is as right as the constant rate at last, or 0."""
    best = found.train_loss.values.mean(3).argmin(1)  # (run, x_length)
    right = np.array([[found.accuracy.values[i, best[i, k], k].mean() for k in range(best.shape[1])]
                      for i in range(3)])  # fmt: skip
    reached = right[2] >= right[0, -1]
    return int(found.length[reached.argmax()]) if reached.any() else 0


def _superconverges(found: xr.Dataset) -> bool:
    length = _reaches(found)
    return length > 0 and int(found.length[-1]) / length >= found.attrs["faster"]


def _shown(race: xr.Dataset) -> xr.Dataset:
    """The surface of the pictures."""
    return race.sel(surface=race.attrs["shown"])


def _count(word: str) -> int:
    return int({"no": "0", "none": "0", "one": "1"}.get(word, word))


def _equal_steps(found: xr.Dataset, steps: str, few: str, many: str) -> str:
    """Return how the loss of mini-batches compares after as many steps; "" if they are not."""
    taken = found.epoch_steps.sel(run=["batch", "mini_batch"])
    epochs = _count(many), _count(few)
    if [int(taken[k, at]) for k, at in enumerate(epochs)] != [int(steps)] * 2:
        return ""
    batch, rival = (float(found.test_loss[k, at]) for k, at in enumerate(epochs))
    if abs(rival - batch) <= 0.1 * max(rival, batch):
        return "same"
    return "lower" if rival < batch else "higher"


def _beyond(runs: xr.Dataset) -> np.ndarray:
    """Which runs begin where a parabola of that curvature would throw them out."""
    return runs.lr.values * runs.sharpness.values[:, 0] > 2


def _learns(runs: xr.Dataset) -> np.ndarray:
    return runs.loss.values[:, -1] < runs.loss.values[:, 0]


def _label(run: str) -> str:
    return str(registry.rows("optimizers")[run].label)


def _fastest(race: xr.Dataset) -> str:
    """Who arrives from the most starts at one rate, and then in the fewest steps on average."""
    here = _shown(race)
    score = {
        _label(run): min(
            (-int(n), float(mean))
            for n, mean in zip(
                here.n_arrived.sel(run=run).values, here.mean_steps.sel(run=run).values, strict=True
            )
            if n
        )
        for run in here.run.values.tolist()
        if (here.n_arrived.sel(run=run) > 0).any()
    }
    return min(score, key=score.__getitem__)


def _works(race: xr.Dataset) -> dict[str, int]:
    """By optimizer, at how many rates all starts arrive."""
    here = _shown(race)
    full = (here.n_arrived == race.attrs["n_starts"]).sum("rate").values.tolist()
    return dict(zip(map(_label, here.run.values.tolist()), full, strict=True))


def _most_starts(race: xr.Dataset) -> dict[str, int]:
    """By optimizer, from how many starts it arrives at its best rate."""
    here = _shown(race)
    names = map(_label, here.run.values.tolist())
    return dict(zip(names, here.n_arrived.max("rate").values.tolist(), strict=True))


def _broadest(race: xr.Dataset) -> list[str]:
    works = _works(race)
    return [who for who, n in works.items() if n == max(works.values())]


def _own(race: xr.Dataset) -> dict[str, int]:
    here = _shown(race)
    names = map(_label, here.run.values.tolist())
    return dict(zip(names, here.arrived.values.tolist(), strict=True))


def _tenths(race: xr.Dataset) -> list[int]:
    """Return how many steps each further tenth of the loss takes the last home of the followed."""
    here, ends = _shown(race), [0]
    home = {int(k): int(here.arrived[k]) for k in np.flatnonzero(here.followed)}
    path = here.loss_path.values[max(home, key=lambda k: home[k])].tolist()
    for power in (1, 2, 3, 4):
        below = [t for t, loss in enumerate(path) if loss < path[0] / 10**power]
        if not below or (len(ends) > 1 and below[0] <= ends[-1]):
            break
        ends.append(below[0])
    return [b - a for a, b in pairwise(ends)]


def _arrivals(ravine: xr.Dataset) -> list[int]:
    """Return the step from which each path stays near the minimum, −1 for never."""
    near = np.linalg.norm(ravine.theta.values, axis=2) < ravine.attrs["near"]
    return [next((k for k in range(len(each)) if each[k:].all()), -1) for each in near]


def _crawls_and_overshoots(ravine: xr.Dataset) -> bool:
    none, critical, much = _arrivals(ravine)
    return bool(
        0 <= critical < min(none, much)
        and ravine.theta.values[2, :, 0].max() > ravine.attrs["near"]
    )


def _swing(found: xr.Dataset, run: str) -> float:
    """Return how far a path gets to the other side of where it began, across the valley."""
    across = found.theta.sel(run=run).values[:, 1]
    return float(max(0.0, (-np.sign(across[0]) * across).max()))


def _calm(found: xr.Dataset) -> float:
    average = found.average.sel(run="high").values
    return float(np.abs(np.diff(found.value)).mean() / np.abs(np.diff(average)).mean())


# Stem -> what may be said, and whether it holds; the groups of the pattern follow the recordings.
CLAIMS: Mapping[str, list[tuple[str, Holds]]] = {
    "initialization": [
        (r"Of (\d+) starts, (\d+) keep signal and gradient", lambda r, of, n: (int(of), int(n)) == (
            r.sizes["run"], len(_kept(r)))),
        (r"which of \d+ starts with sigmoid, tanh or ReLU (.+?) keep\.",
         lambda r, names: names.split("; ") == _kept(r)),
        ("only Kaiming’s keeps|Only Kaiming’s start keeps both", _only_kaiming),
        ("what comes through differs|What comes out depends", lambda r: not _only_kaiming(r)),
        (r"within a factor of two: (\d+\.\d+)", lambda r, ratio:
         ratio == f"{_kaiming(r):.2f}" and 0.5 <= _kaiming(r) <= 2),
        (r"leaves the last layer ([\d.]+) times", lambda r, ratio:
         ratio == f"{_kaiming(r):.2f}" and not 0.5 <= _kaiming(r) <= 2),
    ],
    "vanishing_gradients": [
        (r"(\d+) sigmoid layers leave (.+) of the gradient, ReLU layers (.+)", lambda r, n, *said:
         (int(n), said) == (r.sizes["layer"] - 1, tuple(number(float(r.gain.sel(run=run)[-1]), 2)
                            for run in ("sigmoid, xavier", "relu, kaiming")))),
        ("Nothing left of the sigmoid", lambda r: r.gain.sel(run="sigmoid, xavier")[-1] < 1e-3),
        ("The same on a logarithmic", lambda r: r.gain.sel(run="sigmoid, xavier")[-1] >= 1e-3),
        (r"it is above (.+?): (.+)\.", lambda r, bound, large: (bound, large) == (
            number(0.25 ** (r.sizes["layer"] - 1), 2),
            number(float(r.gain.sel(run="sigmoid, uniform")[-1]), 2))
         and r.gain.sel(run="sigmoid, uniform")[-1] > 0.25 ** (r.sizes["layer"] - 1)),
        ("stays below", lambda r: r.gain.sel(run="sigmoid, uniform")[-1]
         <= 0.25 ** (r.sizes["layer"] - 1)),
    ],
    "symmetry_breaking": [
        ("they stay one|stayed one unit", lambda r: np.ptp(
            r.unit.sel(run="equal").values, axis=1).max() <= 1e-12),
        ("they do not stay equal|did not stay equal|they differ by", lambda r: np.ptp(
            r.unit.sel(run="equal").values, axis=1).max() > 1e-12),
        ("equal to the last bit", lambda r: np.ptp(r.unit.sel(run="equal").values, axis=1).max()
         == 0),
        (r"rounding parts them by step ([\d,]+)", lambda r, at: next(
            step for step, units in zip(
                r.snapshot.values, r.unit.sel(run="rounded").values, strict=True)
            if np.ptp(units, axis=0).max() > 0.1) == int(at.replace(",", ""))),
        (r"from step ([\d,]+) on, units differ by more than 0.1", lambda r, at: np.ptp(
            r.unit.sel(run="rounded", snapshot=int(at.replace(",", ""))).values, axis=0).max()
         > 0.1),
        ("does not part|stay less than 0.1 apart", lambda r: np.ptp(
            r.unit.sel(run="rounded").values, axis=1).max() <= 0.1),
        ("A random start parts them at once", lambda r: np.ptp(
            r.unit.sel(run="random").values, axis=1).max(1).min() > 0.1),
        (r"A random start: (\d+)\s% right; an equal one: (\d+)", lambda r, *said: list(said) == [
            f"{100 * float(r.accuracy.sel(run=run)[-1]):.0f}" for run in ("random", "equal")]),
    ],
    "input_scaling": [
        (r"Scaled inputs .*?: (.+?)(?: steps?)?, then (.+), then (.+)", lambda r, *said:
         list(said) == _steps(r)),
        (r"wider, (.+?)(?: steps?)?; .* round, (.+?)(?: steps?)?\.", lambda r, *said:
         list(said) == _steps(r)[1:]),
        ("make the bowl round|rounder the bowl", lambda r: (np.diff(
            r.condition.sel(run=["raw", "range", "standard"])) < 0).all()),
        ("change the bowl|Three paths", lambda r: (np.diff(
            r.condition.sel(run=["raw", "range", "standard"])) >= 0).any()),
        (r"zigzags for (\d+) steps", lambda r, n: [n] == _steps(r)[:1]),
        (r"zigzags for all its (\d+) steps", lambda r, n: int(n) == r.sizes["step"] - 1
         and (r.excess.sel(run="raw") > r.attrs["near"]).all()),
        ("raises the condition number of min–max", lambda r: float(
            r.condition.sel(run="slip range")) > float(r.condition.sel(run="range"))),
        ("does not raise the condition", lambda r: float(
            r.condition.sel(run="slip range")) <= float(r.condition.sel(run="range"))),
        ("and that of z-scores as well", lambda r: float(
            r.condition.sel(run="slip standard")) > float(r.condition.sel(run="standard"))),
        ("and not that of z-scores", lambda r: float(
            r.condition.sel(run="slip standard")) <= float(r.condition.sel(run="standard"))),
    ],
    "batch_norm": [
        (r"become 1 and −1|every value becomes|all are 1 or|all that is left", lambda r: (
            r.attrs["smallest"] == 2 and np.nanmin(np.abs(r.tiny.values[0])) > 0.99)),
    ],
    "layer_norm": [
        ("a digit’s values stay|companions do not count", lambda r: np.ptp(
            r.among.sel(run="layer").values, axis=0).max() < 1e-9),
    ],
    "covariate_shift": [
        ("it stays put", lambda r: _drift(r)[1] < 1 <= _drift(r)[0]),
        ("it does too", lambda r: min(_drift(r)) >= 1),
        (r"they are ([\d.]+) apart, with batch norm ([\d.]+)\.", lambda r, *said: list(said) == [
            f"{far:.1f}" for far in _drift(r)]),
        (r"wanders (no )?less than", lambda r, no: (_drift(r)[1] < _drift(r)[0]) == (not no)),
        (r"are right (.+) with batch norm, and (.+) without, in", lambda r, *said: [*said] == [
            "not in every run" if min(steps) < 0 else f"at step {min(steps)} to {max(steps)}"
            for steps in r.reached.values[::-1].tolist()]),
    ],
    "descent_one_parameter": [
        ("need not be the lowest", lambda r: abs(np.diff(r.theta.values[:, -1]))[0] > 0.1),
        ("lead to the same place", lambda r: abs(np.diff(r.theta.values[:, -1]))[0] < 0.5),
        (r"so θ moves (right|left)", lambda r, way: np.sign(np.diff(r.theta.values[1])[0])
         == (1 if way == "right" else -1)),
    ],
    "descent_two_parameters": [
        ("the steps do too", lambda r: np.linalg.norm(r.move.values[-1])
         < 0.06 * np.linalg.norm(r.move.values, axis=1).max()),
    ],
    "gradient_variance": [
        ("half the (?:gradient’s )?variance", lambda r: abs(
            np.exp(np.polyfit(np.log2(r.batch_size), np.log(r.variance), 1)[0]) - 0.5) < 0.05),
        (r"Twice the batch, ([\d.]+) times", lambda r, times: times == f"{2 ** _slope(r):.2f}"
         and abs(2 ** _slope(r) - 0.5) >= 0.05),
        (r"fitted slope (\S+), in theory", lambda r, slope: slope == form(_slope(r), ".2f")),
        ("the path never comes to rest", lambda r: _late(r)[1] < _late(r)[0] / 2),
        ("decay shrinks the orbit by less than half", lambda r: (  # of the two that are seen
            r.late_excess[0] / 2 <= r.late_excess[-1] < r.late_excess[0])),
        ("decay does not shrink the orbit", lambda r: r.late_excess[-1] >= r.late_excess[0]),
        (r"is on average (\S+) above the minimum .* and (\S+) where η decays", lambda r, *said: [
            *said] == [form(each, ".2g") for each in _late(r)]),
        ("says little more than one", never),
    ],
    "learning_rates": [
        (r"on one parabola: ([a-z, ]+)", _does),
        (r"a network at four rates: ([a-z, ]+)\.", _jumps),
        (r"one escapes", lambda r: (np.abs(r.theta[:, -1]) > np.abs(r.theta[:, 0])).sum() == 1
         or (r.network_loss[:, -1] >= r.network_loss[:, 0]).sum() == 1),
    ],
    "linear_neuron": [
        (r"learns a plane|into the points", lambda r: _near(r, int(r.snapshot[-1]))
         < r.attrs["near"]),
        (r"From step ([\d,]+) on, all three", lambda r, step: all(
            _near(r, int(k)) < r.attrs["near"]
            for k in r.snapshot.values if k >= int(step.replace(",", "")))),
        ("It is not within", lambda r: _near(r, int(r.snapshot[-1])) >= r.attrs["near"]),
        ("with every step", never),
        (r"far too few: it takes ([\d,]+)", lambda r, step: all(
            _near(r, int(k)) < r.attrs["near"]
            for k in r.snapshot.values if k >= int(step.replace(",", "")))),
        (r"far too few: even ([\d,]+) leave a parameter ([\d.]+) off", lambda r, step, off:
         int(step.replace(",", "")) == r.snapshot[-1] and f"{_near(r, int(r.snapshot[-1])):.2f}"
         == off and _near(r, int(r.snapshot[-1])) >= r.attrs["near"]),
    ],
    "mini_batches": [
        ("throws the training back", lambda r: (np.diff(r.whole_loss) > 0).any()),
        (r"One (step|batch of \w+) throws", lambda r, who: (who == "step") == bool(
            r.all_loss[(k := int(np.diff(r.whole_loss).argmax()))] > r.whole_loss[k])),
        (r"step on all ([\d,]+),?(?:\s+from the same weights,)?\s+would have led to (\d+\.\d\d)",
         lambda r, n, loss: int(n.replace(",", "")) == r.sizes["example"] and float(loss)
         == pytest.approx(float(r.all_loss[np.diff(r.whole_loss).argmax()]), abs=0.0051)),
        ("Every batch lowers the loss", lambda r: (np.diff(r.whole_loss) <= 0).all()),
        (r"step (\d+): (\d\.\d+) → (\d\.\d+)", lambda r, k, a, b: (int(k), a, b) == (
            (worst := int(np.diff(r.whole_loss).argmax())) + 1, f"{r.whole_loss.values[worst]:.2f}",
            f"{r.whole_loss.values[worst + 1]:.2f}")),
        (r"in (\d+) batches of (\d+)(?: and one of \d+)?\.", lambda r, n, size:
         (r.examples_in_batch == int(size)).sum() == int(n)),
        (r"It went from ([\d.]+) to ([\d.]+)[.;]", lambda r, *said: [*said] == [
            f"{float(r.whole_loss[at]):.2f}" for at in (0, -1)]),
        (r"and one of (\d+)", lambda r, rest: int(r.examples_in_batch[-1]) == int(rest)),
        (r"(\d+) × (\d+) \+ (\d+) = ([\d,]+)", lambda r, n, size, rest, total:
         int(n) * int(size) + int(rest) == int(total.replace(",", "")) == r.sizes["example"]),
        (r"(\d+) of (\d+) steps raised", lambda r, rises, n: (int(rises), int(n)) == (
            int((np.diff(r.whole_loss) > 0).sum()), r.sizes["step"])),
        ("Every step lowered", lambda r: bool((np.diff(r.whole_loss) <= 0).all())),
        (r"step (\d+) thr(?:ew it|ows the line)\s+from (\d\.\d+) to (\d\.\d+)", lambda r, k, a, b: (
            (f"{r.whole_loss.values[int(k) - 1]:.2f}", f"{r.whole_loss.values[int(k)]:.2f}")
            == (a, b))),
        ("no digit is left over", lambda r: len(set(r.examples_in_batch.values.tolist())) == 1),
    ],
    "mnist_stochastic": [
        ("still learns are its training digits", _parted),
        (r"After epoch\s(\d+) the test loss rises, ((?:yet|and) [a-z ]+ right)", _lowest),
        (r"([\d.]+)\s%, after epoch\s(\d+)", lambda r, then, best: (then, int(best)) == (
            f"{100 * float(r.test_accuracy[int(best)]):.1f}", int(r.test_loss.argmin()))),
        (r"takes the test loss from", lambda r: not _parted(r)
         or r.test_loss[-1] < 1.06 * r.test_loss.min()),
        (r"([\d,]+)\s% higher", lambda r, share: _parted(r) and share.replace(
            ",", "") == f"{100 * float(r.test_loss[-1] / r.test_loss.min() - 1):.0f}"),
        (r"lowest: ([\d.]+), after epoch\s(\d+)", lambda r, low, best: (low, int(best)) == (
            f"{float(r.test_loss.min()):.3f}", int(r.test_loss.argmin()))),
        ("ever further|falls on", never),
    ],
    "mnist_batch": [
        (r"(\d+) steps reach about the same loss, in (one|\d+) epochs? or in (\d+)",
         lambda r, *said: _equal_steps(r, *said) == "same"),
        (r"(\d+) steps get further in (one|\d+) epochs? than in (\d+)",
         lambda r, *said: _equal_steps(r, *said) == "lower"),
        (r"(\d+) steps get less far in (one|\d+) epochs? than in (\d+)",
         lambda r, *said: _equal_steps(r, *said) == "higher"),
        (r"Whole batches get to a loss of ([\d.]+) in (one|\d+) epochs?", lambda r, loss, n: (
            loss, _count(n)) == (f"{float(r.test_loss[0, -1]):.2f}", int(r.epoch[-1]))
         and int(r.epoch_steps[0, -1]) not in r.epoch_steps[1].values),
    ],
    "mnist_mini_batch": [
        (r"(\d+) average out less noise\s+than (\d+)", lambda r, few, lot:
         int(few) < int(lot) == r.attrs["batch_size"] and int(few)
         == r.attrs["n_train"] % r.attrs["batch_size"]),
        (r"(?:No|(One)|(\d+) of \d+) epochs?(?: of \d+)? raises? the test loss, "
         r"which ends at (\d\.\d+)\.",
         lambda r, one, n, end: end == f"{float(r.test_loss[-1]):.3f}" and (
             np.diff(r.test_loss) > 0).sum() == (1 if one else int(n or 0))),
        (r"the last step: in (\d+) of (\d+)", lambda r, n, of: (int(n), int(of)) == (
            _longest(r, -1).sum(), len(_longest(r, -1)))),
        (r"in (\d+) of the (\d+) epochs that ended in their longest step", lambda r, *said: [
            int(each) for each in said] == _rose(r, _longest(r, -1))),
        (r"in (\d+) of the other (\d+)", lambda r, *said: [int(each) for each in said] == _rose(
            r, ~_longest(r, -1))),
        (r"(\d+) of these (\d+) followed\non a longest last step", lambda r, *said: [
            int(each) for each in said] == [
                (_longest(r, 0)[1:] & _longest(r, -1)[:-1]).sum(), _longest(r, 0).sum()]),
        ("No epoch ended in its longest step", lambda r: not _longest(r, -1).any()),
    ],
    "mnist_variants": [
        (r"Per example, ([a-z -]+) leads?; after [^,]+, ([a-z -]+)", _ahead),
        ("by the clock", never),
    ],
    "online_learning": [
        (r"ahead from here on|stays ahead", lambda r: (
            (r.accuracy.sel(run="online") > r.accuracy.sel(run="frozen"))
            .sel(step=slice(r.attrs["crossing"], None))).all()),
        ("not ahead at the end", lambda r: not r.accuracy[1, -1] > r.accuracy[0, -1]),
        ("is forgotten|reminds it of", lambda r: r.upright_accuracy[1, -1]
         < r.upright_accuracy[1].max()),
    ],
    "training_loop": [
        (r"(\d+) rounds?: the loss goes from (\S+) to (\S+)\nv₂ goes from (\S+) to (\S+), and "
         r"the output from (\S+) to (\S+) \(", lambda r, n, *said: (
             (run := r.sel(run="cleared")).sizes["step"] - 1 == int(n)
             and [counter(run.loss[k]) for k in (0, -1)] == [*said[:2]]
             and [float(each.replace("−", "-")) for each in said[2:]] == pytest.approx(
                 [*run.weight_2.values[[0, -1], 1], *run.output.values[[0, -1]]], abs=0.0051))),
        (r"loss is (\S+); without zero_grad it is ([\d.]+)\.", lambda r, *said: [*said] == [
            counter(r.loss.sel(run=name)[-1]) for name in ("cleared", "kept")]),
        (r"at its lowest, ([\d.]+), after (\d+) of (\d+)", lambda r, low, at, of: (
            low, int(at), int(of)) == (f"{float(r.loss.sel(run='kept').min()):.3f}", int(
                r.loss.sel(run="kept").values.argmin()), r.sizes["step"] - 1)),
    ],
    "zero_grad": [
        (r"the loss comes to (\S+), without it to (\S+)", lambda r, *said: list(said) == [
            counter(r.loss.sel(run=name)[-1]) for name in ("cleared", "kept")]),
        (r"After (\d+) rounds?: loss (\S+) without \S+ (\S+) with it\n", lambda r, n, *said: (
            [int(n), *said] == [r.sizes["step"] - 1, *(
                counter(r.loss.sel(run=name)[-1]) for name in ("kept", "cleared"))])),
        (r"after (\d+) rounds? it was down to (\S+), and did not", lambda r, n, loss: (
            (kept := r.loss.sel(run="kept").values)[int(n) + 1] > kept[int(n)]
            and (np.diff(kept[: int(n) + 1]) <= 0).all() and loss == counter(kept[int(n)]))),
    ],
    "linear_regression_fit": [
        ("settles on the least", lambda r: np.abs(r.theta[-1] - r.least_squares).max() < 1e-2),
        ("nears the least", lambda r: r.loss[-1] < r.loss[0]),
        ("runs away from the least", lambda r: not r.loss[-1] < r.loss[0]),
        ("overshoots by more", lambda r: not r.loss[-1] < r.loss[0]),
        ("shrinks the mean square", lambda r: (np.diff(r.loss) < 1e-12).all()),
        ("zig-zags", lambda r: (np.diff(r.theta.values, axis=0)[1:]
                                * np.diff(r.theta.values, axis=0)[:-1]).sum(1).min() < 0),
    ],
    "saddle_fraction": [
        ("High up, .* there is still a way down", _layers),
        ("At each width, the higher a point", lambda r: _order(r, strictly=True)),
        ("At each width, higher points mostly", lambda r: _order(r, strictly=False)),
        ("do not go together at each width", lambda r: not _order(r, strictly=False)),
        (r"Of ([\d,]+) pairs.*? more ways down in ([\d,]+)", lambda r, *said: _pairs(r) == [
            int(each.replace(",", "")) for each in said]),
        ("All points found higher up are saddles", _layers),
        ("Local minima do exist", lambda r: (
            r.end_loss.max("example_end") - r.end_loss.min("example_end")).max() > 1e-6),
    ],
    "softmax_templates": [
        (r"(\d+).% of them on its diagonal", lambda r, share: round(
            100 * float(np.trace(r.confusion) / r.confusion.sum())) == int(share)),
        (r"each class gets ([\d.]+)\s% right", lambda r, share: share
         == f"{100 * float(np.trace(r.confusion) / r.confusion.sum()):.1f}"),
        (r"mistake: (\d+) images of (.+) are taken for (.+)\. ", lambda r, n, *said: (
            int(n), *(r["class"].values.tolist().index(each) for each in said)) == (
            (wrong := r.confusion.values - np.diag(np.diag(r.confusion))).max(),
            *np.unravel_index(wrong.argmax(), wrong.shape))),
    ],
    "stationary_points": [
        ("Only the minimum keeps", lambda r: min(
            (np.linalg.norm(r.theta.sel(surface="minimum")[:, -1], axis=1)
             < r.attrs["near"]).mean(),
            (np.abs(r.theta.sel(surface="maximum").values) > float(r.grid_x[-1]))
            .any((1, 2)).mean()) >= 0.9),
    ],
    "attention_heads": [
        (r"Head (\d+): on average, “for” looks at a food (more than 99|[\d.]+) times as much",
         lambda r, head, times: _most(r, 0, head) and _times(r.ratio.values[0, 0].max(), times)),
        (r"on a second one it is (more than 99|[\d.]+) times|"
         r"not used to choose: (more than 99|[\d.]+) times",
         lambda r, a, b: _times(r.ratio.values[1, 0, r.ratio.values[0, 0].argmax()], a or b)),
        (r"On the second sentence it has (.+?)(?: by size)?: (more than 99|[\d.]+)\.",
         lambda r, rank, times: _times(r.ratio.values[1, 0, r.ratio.values[0, 0].argmax()], times)
         and rank.split()[:3] == {1: ["the", "largest", "number"], 2: ["the", "second", "largest"]}
         .get(at := 1 + int((r.ratio.values[1, 0] > r.ratio.values[
             1, 0, r.ratio.values[0, 0].argmax()]).sum()), ["number", str(at)])),
        (r"(?m)^Head (\d+): (more than 99|[\d.]+) times as much", lambda r, head, times:
         _most(r, 0, head) and _times(r.ratio.values[0, 0].max(), times)),
        ("No head (of this layer ties|does, much more)", lambda r, _: r.ratio[0, 0].max() <= 1.5),
    ],
    "attention_matrix": [
        (r"Head (\d+) puts (\d+)\s% of its weight on the (.+?)(?:;|$|\n)", lambda r, head, *said: (
            *(shares := r.share.values[0, :, :-1]).argmax(1)[int(head) - 1:int(head)],
            f"{100 * float(shares.max()):.0f}") == (PLACES.index(said[1]), said[0])
            and shares[int(head) - 1].max() == shares.max()),
        ("no other head even half as much", lambda r: (place := r.share.values[0, :, :-1]
         .max(0).argmax()) is not None and np.sort(r.share.values[0, :, place])[-2]
         < r.share.values[0, :, place].max() / 2),
    ],
    "attention_training": [
        (r"From step (\d+) on, head \d+ looks mostly at", lambda r, step: (
            r.food_weight.values[0, r.snapshot.values >= int(step), 0].max(1) > 0.5).all()),
        (r"Head (\d+) looks mostly at the foods, above all at “(.+)”", lambda r, head, food: (
            (to := r.attention.values[0, -1, 0, int(head) - 1, -1] * (r.role.values[0] == "food"))
            .sum() > 0.5 and r.word.values[0, to.argmax()] == food
            and r.food_weight.values[0, -1, 0].argmax() == int(head) - 1)),
        (r"(\d+)\s% of its weight lay on them at the start, (\d+)\s% now", lambda r, *said:
         [*said] == [f"{100 * float(r.food_weight.values[0, at, 0, _found(r)]):.0f}"
                     for at in (0, -1)]),
        (r"Head \d+ puts (\d+)\s% of its weight on the foods; “(.+)” gets .*?(\d+)\s%",
         lambda r, share, meal, chance: (share, chance) == (
             f"{100 * float(r.food_weight.values[1, -1, 0, _found(r)]):.0f}",
             f"{100 * float(r.probability.sel({'class': meal})[1, -1]):.0f}")),
        (r"is over half (\d+) steps? later", lambda r, later: int(later) == _over_half(r)),
        ("is not over half later", lambda r: _over_half(r) <= 0),
        ("no head learns to look mostly|No head looks mostly",
         lambda r: r.food_weight.values[0, -1].max() <= 0.5),
    ],
    "scaled_dot_product": [
        (r"“(\w+|,)” gets ([\d.]+)", lambda r, word, share: (
            str(r.word.values[r.weight.values.argmax()]) == word
            and f"{100 * float(r.weight.max()):.1f}" == share)),
    ],
    "network_forward": [
        (r"[Ll]oss: −log ([\d.]+) = ([\d.]*\d)", lambda r, p, loss: any(
            (float(p), float(loss)) == pytest.approx((chance, -np.log(chance)), rel=5e-3)
            for chance in [float(one.probability[int(one.label)]) for one in (
                r.isel(example=k) for k in np.flatnonzero(r.label != r.prediction))])),
        (r"give more to (\d): ([\d.]+) against ([\d.]+)", lambda r, said, more, less:
         int(said) == int(r.prediction[1]) and abs(float(more) - float(less) - float(
             r.logit[1, int(said)] - r.logit[1, int(r.label[1])])) < 0.11),
        (r"says (\d), the network|the label says (\d)", lambda r, a, b:
         int(a or b) == int(r.label[1])),
    ],
    "sine_fit": [
        ("learns the sine", lambda r: np.abs(r.curve[-1] - r.target)[np.abs(r.x) <= np.pi].max()
         < 0.1),
        ("where it has seen it", lambda r: np.abs(r.curve[-1] - r.target).max() > 0.1),
        (r"off the sine by at most (\S+), beyond them by up to (\S+);",
         lambda r, *said: [*said] == [
             form(np.abs(r.curve[-1] - r.target).values[here].max(), ".2g")
             for here in (np.abs(r.x) <= np.pi, np.abs(r.x) > np.pi)]),
        ("nears the sine", lambda r: r.loss[-1] < r.loss[0]),
        ("runs away from the sine", lambda r: not r.loss[-1] < r.loss[0]),
    ],
    "softmax_flow": [
        (r"at T = (\S+) the same scores give all classes between ([\d.]+) and ([\d.]+)\.",
         lambda r, t, *said: float(t) == r.panel_temperature[-1] and [*said] == [
             f"{float(end):.4f}" for end in (
                 r.panel_probability[-1].min(), r.panel_probability[-1].max())]),
        (r"gets probability ([\d.]+), so the loss, called cross-entropy, is ([\d.]+)\.",
         lambda r, p, loss: (p, loss) == (
             f"{(of := float(r.probability[r.one_hot == 1].item())):.4f}", f"{-np.log(of):.3f}")),
    ],
    "backprop_network": [
        (r"the loss goes from (\S+) to (\S+)\. ", lambda r, *said: [*said] == [
            form(float(-np.log(output[r.wanted == 1].item())), ".2g")
            for output in (r.output, r.output_after)]),
        (r"The network says (\S+), (.+)\s% sure\nThe label says (\S+):",
         lambda r, says, sure, label: [says, label] == _named(r)
         and sure == f"{100 * float(r.output.max()):.1f}"),
        (r"(?m)^(\S+), taken for (\S+):", lambda r, label, says: [says, label] == _named(r)),
        (r"After the step, (\S+) gets (.+)\s%; before, it got (.+)\s%", lambda r, label, *shares: (
            label == _named(r)[1] and [*shares] == [
                f"{100 * output[r.wanted == 1].item():.1f}"
                for output in (r.output_after, r.output)])),
        (r"(no|one|\d+) units? (?:are|is) off", lambda r, n: _count(n) == _off(r)),
        (r"(None|One|\d+) of the (\d+) hidden", lambda r, n, of: int(of) == (
            r.unit_layer < r.sizes["layer"]).sum() and _count(n.lower()) == _off(r)),
    ],
    "derivative_methods": [
        ("lose digits", lambda r: r.error.sel(run_precision="float64").min() > r.auto_error[1]),
    ],
    "symbolic_growth": [
        (r"has ([\d,]+) operations; reverse mode needs ([\d,]+)", lambda r, a, b: (
            f"{int(r.symbolic_length[-1]):,}", f"{int(r.trace_length[-1]):,}") == (a, b)
            and r.symbolic_length[-1] > r.trace_length[-1]),
    ],
    "gradient_cost": [
        (r"forward mode takes [\d.,]+ times as long as", lambda r: r.attrs["reverse_wins"] == (
            r.seconds[:2, -1] > r.seconds[2, -1]).all()),
    ],
    "descent_paths": [
        (r"After (\d+) steps(?: from one start|, at these rates), (\w+) is lowest",
         lambda r, n, who: (int(n), who) == (r.sizes["step"] - 1, _deepest(r))),
        (r"(\w+) has (\d+)\s?% of the way to go, (\w+) (\d+)",
         lambda r, who, left, second, after: who == _deepest(r) and _ways(r)[:2] == [
             (int(left), who), (int(after), second)]),
        (r"Momentum adds steps up", lambda r: _ways(r)[0][1] == "Momentum"),
        (r"lowest and nearest to the star", lambda r: _ways(r)[0][1] == _deepest(r)),
    ],
    "variants_paths": [
        (r"After (\d+) passes, ([a-z-]+) (is|happens to be) lowest: ([\d.]+)", _of_passes),
        (r"After one pass, ([a-z-]+) is far behind", lambda r, who: all(
            r[f"loss_{who.replace('-', '_')}"].values[_after_one(r, who)] - r.attrs["minimum_loss"]
            > 2 * (r[f"loss_{each}"].values[_after_one(r, each)] - r.attrs["minimum_loss"])
            for each in ("batch", "mini_batch", "stochastic") if each != who.replace("-", "_"))),
    ],
    "training_curves": [
        (r"lowest after (no|one|\d+) epochs? of (\d+)", lambda r, best, of: (
            {"no": "0", "one": "1"}.get(best, best), of) == (
            str(int(r.test_loss.values.argmin())), str(r.sizes["epoch"] - 1))),
        (r"On new \w+ the loss goes from ([\d.]+) to ([\d.]+)", lambda r, *ends: ends == tuple(
            number(float(r.test_loss[k])) for k in (0, -1))),
        (r"After (one|\d+) epochs?, and never lower again", lambda r, best: (
            {"one": "1"}.get(best, best) == str(int(r.test_loss.values.argmin())))),
        (r"On new examples: ([\d.]+) there, ([\d.]+) in the end", lambda r, low, end: (
            (low, end) == (number(float(r.test_loss.min())), number(float(r.test_loss[-1]))))),
    ],
    "xor_boundary": [
        ("[Ww]ider networks succeed more", lambda r: (np.diff(r.success.sortby(r.hidden)) >= 0)
         .all()),
        (r"with (\d+) units (\d+)\s% (?:of them do|get there)", lambda r, units, share: share
         == f"{100 * float(r.solved.mean()):.0f}"
         == f"{100 * float(r.success[r.hidden == int(units)].item()):.0f}"),
        (r"(\d) of 4 lie on the right side of it", lambda r, n: int(n) == (
            (r.point_probability[-1] > 0.5) == r.label).sum()),
        (r"never more than (\d)", lambda r, n: int(n) == r.line_right.max() < 4),
        ("no straight line", never),
    ],
    "momentum_effective_rate": [
        (r"Momentum ([\d.]+) makes steps (\d+) times .* η by (\d+)", lambda r, mu, times, by: (
            times == by and abs(float(r.classical.max()) / int(times) - 1) < 0.02
            and float(mu) == r.momentum.max())),
    ],
    "momentum_ravine": [
        (r"gets ([\d.]+) past the minimum", lambda r, far: far
         == f"{float(r.theta.sel(run='much')[:, 0].max()):.1f}"),
        (r"overshoots: (\d+) steps against (\d+) and (\d+)", lambda r, mid, low, high:
         [int(n) for n in (low, mid, high)] == _arrivals(r)),
        (r"Too little (?:momentum )?crawls", _crawls_and_overshoots),
        (r"(\d) of 3 (?:arrive|are there)", lambda r, n:
         int(n) == sum(step >= 0 for step in _arrivals(r)) and not _crawls_and_overshoots(r)),
        (r"the fastest is ([\d.]+), with (\d+) steps", lambda r, mu, steps: (
            int(steps), float(mu)) == min(
                (n, round(each, 2)) for n, each in zip(
                    r.tried_arrived.values.tolist(), r.tried.values.tolist(), strict=True)
                if n >= 0)),
        (r"(\d+)\s?% of its way too far", lambda r, share: int(share) == round(100 * float(
            r.theta.sel(run="much")[:, 0].max() / -r.theta.sel(run="much")[0, 0]))),
    ],
    "momentum_noise": [
        (r"momentum glides, in steps (\d+) times shorter", lambda r, times:
         f"{(jump := [float(f'{each:.2g}') for each in r.jump.values])[0] / jump[1]:.0f}" == times
         and r.jump[0] > 1.5 * r.jump[1]),
        ("noise of single examples stays", lambda r: r.jump[0] <= 1.5 * r.jump[1]),
        ("itself still wanders", lambda r: r.attrs["momentum_orbit"] > r.attrs["sgd_orbit"] / 2),
        ("itself wanders less", lambda r: r.attrs["momentum_orbit"] <= r.attrs["sgd_orbit"] / 2),
    ],
    "nesterov_lookahead": [
        ("swings less|brakes", lambda r: _swing(r, "nesterov") < _swing(r, "momentum")),
        ("swings no less|does not make", lambda r:
         _swing(r, "nesterov") >= _swing(r, "momentum")),
        (r"(Momentum|Nesterov):? swings ([\d.]+) times as far", lambda r, run, times: (
            lambda far: number(far[run.lower()] / min(far.values()), 2) == times)(
            {name: _swing(r, name) for name in ("momentum", "nesterov")})),
        ("Only momentum swings", lambda r: _swing(r, "nesterov") <= 0 < _swing(r, "momentum")),
        ("here pushes on", lambda r: float(r.pull[0] @ r.carried) > 0),
        ("there pulls back", lambda r: float(r.pull[1] @ r.carried) < 0),
    ],
    "moving_averages": [
        (r"(\d+) times calmer, and (\d+) steps late", lambda r, calm, late: (
            int(calm) == round(_calm(r))
            and int(late) == round(r.attrs["high_beta"] / (1 - r.attrs["high_beta"])))),
        (r" (less|more) than the simple one", lambda r, how: (how == "more") == bool(
            r.age.sel(run="high") > r.age.sel(run="sma"))),
    ],
    "adaptive_rates": [
        ("rates? never r(?:ise|ose)", lambda r: (
            np.diff(r.rate.sel(run="adagrad"), axis=0) <= 0).all()),
        (r"(?m)× ([\d.,]+)(?:: small gradients|$)", lambda r, times: number(float(
            r.rate[1, -1, 0] / r.rate[1, :, 0].min()), 2) == times),
        ("ends at many times its lowest", lambda r: (
            r.rate[1, -1] / r.rate[1].min("step")).min() >= 2),
        (r"descent learns at (\d+), Adagrad at (\d+), RMSProp at (\d+)", lambda r, *said: [
            *map(int, said)] == (r.end_loss.values < r.attrs["good"] * float(r.loss[0, 0]))
         .sum(1).tolist()),
    ],
    "adam_moments": [
        ("first step is η long", lambda r: np.abs(np.abs(
            [r.move[0], r.steep_move[0]]) / r.attrs["lr"] - 1).max() < 1e-5),
        ("the same steps", lambda r: np.abs(r.move - r.steep_move).max() < 0.01 * r.attrs["lr"]),
        (r"other steps", lambda r: np.abs(r.move - r.steep_move).max() > 1e-4 * r.attrs["lr"]),
    ],
    "adam_family": [
        ("Adam forgets a steep", lambda r: r["size"].sel(run="amsgrad")[-1]
         < 0.7 * r["size"].sel(run="adam")[-1]),
        (r"end at ([\d.]+) η, not ([\d.]+)", lambda r, ams, adam: [adam, ams] == [
            f"{float(r['size'].sel(run=run)[-1]):.2f}" for run in ("adam", "amsgrad")]),
    ],
    "decoupled_decay": [
        ("spares the weight with large", lambda r: float(
            r.weight.sel(run_decay="inside", param="large")[-1]
            - r.weight.sel(run_decay="inside", param="small")[-1]) > 0.2),
        ("spares no weight", lambda r: float(
            r.weight.sel(run_decay="inside", param="large")[-1]
            - r.weight.sel(run_decay="inside", param="small")[-1]) <= 0.2),
        ("s treats all alike", lambda r: abs(float(
            r.weight.sel(run_decay="outside")[-1].diff("param").item())) < 0.02),
    ],
    "saddle_escape": [
        (r"Momentum (?:gets out of a hollow|is out for good), SGD with noise in (\d) of (\d) runs",
         lambda r, n, of: (
            [int(n), int(of)] == [int((r.noise_left[2] >= 0).sum()), r.sizes["example"]]
            and int(n) > 0 and r.left.sel(surface="hollow", run="momentum") >= 0
            and (r.left.sel(surface="hollow", run=["sgd", "rmsprop", "adam"]) < 0).all())),
        (r"(\d|One) of (\d) (?:methods )?gets? out", lambda r, n, of: [
            _count(n.lower()), int(of)] == [
            int((r.left.sel(surface="hollow") >= 0).sum()), r.sizes["run"]]),
        (r"(\d) of them end beyond", lambda r, n: int(n) == sum(r.theta_hollow[:, -1] > -0.5)),
        (r"Nobody gets out", lambda r: (r.left.sel(surface="hollow") < 0).all()),
        (r"Nobody is out after (\d+) steps", lambda r, n: not (
            (r.left.sel(surface="hollow") >= 0) & (r.left.sel(surface="hollow") <= int(n))).any()),
    ],
    "optimizer_race": [
        (r"(?m)^(.+) needs the fewest steps", lambda r, who: _fastest(r) == who),
        (r"Nobody arrives", lambda r: (_shown(r).n_arrived == 0).all()),
        (r"no one arrives at more", lambda r: _fastest(r) in _broadest(r)),
        (r"fewest steps; (.+) arrives at the most", lambda r, who: who in " and ".join(_broadest(r))
         and _fastest(r) not in _broadest(r)),
        (r"at (\d+) of (\d+) learning rates only", lambda r, n, of: int(n) == int(
            _works(r)[_fastest(r)]) and int(n) < 0.1 * int(of)),
        (r"from (\d+) of (\d+) starts only", lambda r, n, of:
         int(n) == _most_starts(r)[_fastest(r)] < int(of) == r.attrs["n_starts"]),
        (r"(?m)^(.+?) (?:is|and \w+ others? are) first, after (\d+) steps", lambda r, who, step:
         _own(r)[who] == int(step) == min(v for v in _own(r).values() if v >= 0)),
        (r"Nobody has arrived after (\d+) steps", lambda r, by: not (
            (_shown(r).arrived >= 0) & (_shown(r).arrived <= int(by))).any()),
        (r"(?m)^(.+?)(?: and \w+ others?)? needs? (\d+) steps, the next needs (\d+)",
         lambda r, who, *steps: _own(r)[who] == int(steps[0]) and [*map(int, steps)] == sorted(
             {v for v in _own(r).values() if v >= 0})[:2]),
        (r"(?m)^Only (.+?)(?: and \w+ others?)? arrives? within", lambda r, who: {
            v for v in _own(r).values() if v >= 0} == {_own(r)[who]}),
    ],
    "optimizer_race_3d": [
        (r"Below 1\s% of the first loss in (\d+) steps, at the bottom after (\d+)", lambda r, down,
         home: 0 < int(down) <= int(home) and (_shown(r).arrived >= 0).any()),
        (r"Each line takes more steps than the one before: ([\d, ]+)", lambda r, said: (
            (steps := [int(each) for each in said.split(", ")]) == sorted(set(steps))
            and steps == _tenths(r))),
        (r"Steps from line to line: ([\d, ]+)", lambda r, said: (
            (steps := [int(each) for each in said.split(", ")]) == _tenths(r)
            and (len(steps) == 1 or steps != sorted(set(steps))))),
        (r"(\d+) steps to the first line, (\d+) more to the second\. And then\?", lambda r, *said: (
            [*map(int, said)] == _tenths(r)[:2])),
        (r"The last line is at ([\d.]+)\s% of the loss", lambda r, share:
         float(share) == pytest.approx(100 * 0.1 ** len(_tenths(r)))),
        (r"has not come to a tenth", lambda r: _tenths(r) == []),
        (r"Nobody arrives", lambda r: (_shown(r).arrived < 0).all()),
    ],
    "optimizer_mnist": [
        (r"Nobody is ahead", lambda r: abs(float(
            r.accuracy[:2, :, -1].mean("start").diff("run").item())) < 1.1e-3),
        (r"(?m)^(?!Nobody)(.+) is ahead after", lambda r, who: who == _label(str(
            r.run.values[r.accuracy[:, :, -1].mean("start").values.argmax()]))),
        (r"([\d.]+)\s?% wrong, the next ([\d.]+)", lambda r, *said: list(said) == [
            f"{100 * (1 - float(each)):.1f}" for each in r.accuracy[:2, :, -1].mean("start")]),
        (r"The (\d+) best of (\d+), and the last", lambda r, n, of: (int(n), int(of)) == (
            9, r.sizes["run"])),
        (r"tells (\d+) of the others", lambda r, n: int(n) == int((r.p_value[1:] < 0.05).sum())),
        (r"with (\d+)\s?% of the test", lambda r, n: int(n) == round(
            100 * float(r.accuracy[0, :, -1].mean()))),
    ],
    "optimizer_rules": [
        (r"(\d+) optimizers: what each does", lambda r, n: int(n) == r.sizes["run"]),
    ],
    "optimizer_table": [
        (r"(\d+) optimizers remember from 0 to (\d+)", lambda r, n, most: int(n) == r.sizes["run"]
         and int(most) == round(float(r.state.max())) and r.state.min() < 0.005),
    ],
    "optimizers_real_network": [
        (r"(\d+|one) optimizers? seems? to climb|(\d+|One) of them seems? to have", lambda r, *n: (
            (r.height[:, -1] > r.loss[0, 0]).sum() == int(
                (n[0] or n[1]).lower().replace("one", "1")))),
        (r"none of them ends higher|shows \d+ optimizers too high",
         lambda r: (r.height[:, -1] <= r.loss[0, 0]).all()),
        (r"In truth all \d+ are below", lambda r: (r.loss[:, -1] < r.height[:, -1]).all()),
        (r"(?:end at|below the surface, at|they are at) ([\d.]+) to ([\d.]+)", lambda r, *ends: (
            f"{float(r.loss[:, -1].min()):.2f}", f"{float(r.loss[:, -1].max()):.2f}")
            == ends),
        (r"Lowest on the plane: (.+)\. Lowest in truth: (.+)\.", lambda r, a, b: (
            _label(r.run.values[r.height[:, -1].values.argmin()]),
            _label(r.run.values[r.loss[:, -1].values.argmin()])) == (a, b)),
        (r": (\S+) ends lowest on the plane, (\S+) in truth\.", lambda r, a, b: (
            _label(r.run.values[r.height[:, -1].values.argmin()]),
            _label(r.run.values[r.loss[:, -1].values.argmin()])) == (a, b)),
        (r"(.+) is the lowest on the plane and in truth", lambda r, who: (
            _label(r.run.values[r.height[:, -1].values.argmin()])
            == _label(r.run.values[r.loss[:, -1].values.argmin()]) == who)),
    ],
    "lr_range_test": [
        (r"lies (in|outside of) the band", lambda r, where: (where == "in") == (
            r.attrs["band_low"] <= float(r.rate[r.training_loss[:, -1].values.argmin()])
            <= r.attrs["band_high"])),
        ("No rate tried", lambda r: float(r.loss[-1]) < float(r.loss.min()) + 0.11 * float(
            r.loss[0] - r.loss.min())),
        ("until training breaks:", lambda r: float(r.loss[-1]) > float(r.loss.min())),
        (r"turned at ([\d.]+)", lambda r, at: abs(
            float(r.lr[r.loss.values.argmin()]) / float(at) - 1) < 0.05),
    ],
    "one_cycle": [
        ("No superconvergence|no superconvergence", lambda r: not _superconverges(r)),
        ("Superconvergence: ", lambda r: _superconverges(r)),
        (r"after (\d+) steps 1cycle has ([\d.]+)\s?%, not ([\d.]+)", lambda r, n, soon, goal:
         _reaches(r) == int(r.length[-1]) and [float(soon), float(goal)] == [
             round(100 * float(r["mean"].sel(run=run)[r.length == end].item()), 1)
             for run, end in (("one_cycle", int(n)), ("constant", int(r.length[-1])))]),
        (r"Superconvergence: (\d+) of (\d+) steps", lambda r, n, of: (int(n), int(of)) == (
            _reaches(r), int(r.length[-1]))),
        ("is no better than", lambda r: _reaches(r) == 0),
        (r"saves steps, (\d+) do", lambda r, n: _reaches(r) == int(n) < int(r.length[-1])),
        ("bears a higher rate", lambda r: (
            lambda a: a[2] > max(a[0], a[1]) and r.attrs["above_rate"] > float(
                r.rate[int(r.chosen[0, -1])]))(
            r.accuracy.values[:, r.rate.values.tolist().index(r.attrs["above_rate"]), -1].mean(1))),
    ],
    "schedule_descent": [
        ("and the noise stays", lambda r: not np.corrcoef(
            r.lr.sel(run="cyclical")[r.attrs["n_steps"] // 4:],
            r.width.sel(run="cyclical")[r.attrs["n_steps"] // 4:])[0, 1] > 0.5),
        ("breathes with", lambda r: np.corrcoef(
            r.lr.sel(run="cyclical")[r.attrs["n_steps"] // 4:],
            r.width.sel(run="cyclical")[r.attrs["n_steps"] // 4:])[0, 1] > 0.5),
        (r"The (rate that only falls|cycling rate) ends closest", lambda r, who: (
            r.run.values[r.width[:, -1].values.argmin()]
            == {"rate that only falls": "decayed", "cycling rate": "cyclical"}[who]
            and r.width[0, -1] > 1.05 * r.width[:, -1].min())),
        ("constant rate ends closest", lambda r: r.width[:, -1].values.argmin() == 0),
        ("Neither ends clearly closer", lambda r: r.width[0, -1] < 1.11 * r.width[:, -1].min()),
    ],
    "norm_balls": [
        ("L1 sets a weight to exactly 0, L2 only", lambda r: _single_zeros(r) == (True, False)),
        ("Under both penalties a weight becomes 0", lambda r: _single_zeros(r) == (True, True)),
        ("Both penalties make weights small", lambda r: _single_zeros(r) == (False, False)),
        ("Here L2 sets a weight to 0", lambda r: _single_zeros(r) == (False, True)),
        ("at its corner, where", lambda r: (r.theta.values[0, r.attrs["shown"]] == 0).sum() == 1),
        ("beside its corner", lambda r: (r.theta.values[0, r.attrs["shown"]] == 0).sum() != 1),
        ("stays at a corner", lambda r: (r.theta.values[0, r.attrs["shown"]:] == 0).any(-1).all()),
    ],
    "bias_variance": [
        ("errs by bias|Too small errs", lambda r: r.error[0] > r.error.min() < r.error[-1]
         and r.bias[0] > r.bias[-1] and r.variance[-1] > r.variance[0]),
        (r"smallest with (\d+) hidden", lambda r, n:
         int(r.hidden[int(np.argmin(r.error.values))]) == int(n)),
    ],
    "weight_penalty": [
        (r"With L1 (\d+).% of the weights end near 0, with L2 (\d+).%, without (\d+)",
         lambda r, *said: [f"{float(share):.0%}"[:-1] for share in r.near_share[::-1, -1]]
         == list(said)
         and r.near_share[2, -1] == r.near_share[:, -1].max()),
        ("no penalty brings more", lambda r: r.near_share[1:, -1].max() <= r.near_share[0, -1]),
        ("Both lower the test loss", lambda r: _lower(r, 1) and _lower(r, 2)),
        ("L2 lowers the test loss, L1 not", lambda r: _lower(r, 1) and not _lower(r, 2)),
        (r"L1 lowers the test loss, L2 not", lambda r: _lower(r, 2) and not _lower(r, 1)),
        ("Neither penalty lowers", lambda r: not _lower(r, 1) and not _lower(r, 2)),
        ("Their test losses part", lambda r: _lower(r, 0, 1) or _lower(r, 0, 2)),
        (r"it ends at ([\d.]+), ([\d.]+) and ([\d.]+); against", lambda r, *said: [*said] == [
            f"{float(each):.2f}" for each in r.test_loss[..., -1].mean("x_seed")]),
        (r"intervals: L2 (\S+) ± (\S+), (no|a) difference; L1 (\S+) ± (\S+), (no|a)",
         lambda r, *said: said == _gap(r.test_loss, 1, 0) + _gap(r.test_loss, 2, 0)),
    ],
    "dropout": [
        (r"test loss (\S+) ± (\S+), (no|a) difference", lambda r, *said:
         said == _gap(r.test_loss, 0, 1)),
        (r"right of [\d,]+: ([\d.]+)\s% and ([\d.]+)\s%, (no|a) difference",
         lambda r, *said: [*said] == [
             *(f"{100 * float(each):.1f}" for each in r.test_accuracy[..., -1].mean("x_seed")),
             _gap(r.test_accuracy, 0, 1)[-1]]),
        (r"(\d+) of (\d+) tries are right[;.] [Ww]ith all units on, (none|every one) is",
         lambda r, right, of, whole: (int(right), int(of), whole == "every one") == (
             int((r.pass_probability.values.argmax(1) == int(r.test_label)).sum()),
             r.sizes["example_pass"],
             int(r.still_probability.argmax("class")) == int(r.test_label))),
        (r"(\d+) of (\d+) tries read this digit, (\d), rightly", lambda r, right, of, label:
         (int(right), int(of), int(label)) == (
             int((r.pass_probability.values.argmax(1) == int(r.test_label)).sum()),
             r.sizes["example_pass"], int(r.test_label))),
        (r"No: all (\d+) tries say (\d)", lambda r, of, said: int(of) == r.sizes["example_pass"]
         and (r.pass_probability.values.argmax(1) == int(said)).all()),
        (r"Yes: (?:only )?(\d+) of (\d+)", lambda r, n, of: int(n) == (
            r.pass_probability.values.argmax(1) == int(r.test_label)).sum() < int(of)),
        (r"the answer is always (\d)", lambda r, answer:
         int(r.still_probability.argmax("class")) == int(answer)),
    ],
    "sharpness": [
        ("No learning rate is above the limit", lambda r: not _beyond(r).any()),
        (r"(?m)Of (\d+) learning rates above the limit, (none|one|\d+) works?( all the same)?$",
         lambda r, n, learn, so: [int(n), _count(learn)] == [
             _beyond(r).sum(), (_beyond(r) & _learns(r)).sum()] and bool(so) == (learn != "none")),
        (r"The learning rate above the limit (fails|works)", lambda r, how:
         _beyond(r).sum() == 1 and (how == "works") == (_beyond(r) & _learns(r)).any()),
        (r"(None|One|\d+) starts? above the line; (none|one|\d+) of them ends?",
         lambda r, *said: [_count(each.lower()) for each in said] == [
             _beyond(r).sum(), (_beyond(r) & _learns(r)).sum()]),
        (r"flat enough\nfrom step (\d+)", lambda r, step: any(
            beyond and int(step) > 0 and (run.sel(snapshot=slice(int(step), None)) < 2).all()
            and float(run.sel(snapshot=slice(None, int(step) - 1))[-1]) >= 2
            for beyond, run in zip(_beyond(r), r.multiple, strict=True))),
        (r"than it began with, (none|one|\d+) below the line", lambda r, n: _count(n) == (
            _beyond(r) & _learns(r) & (r.multiple.values[:, -1] < 2)).sum()),
    ],
    "batch_throughput": [
        ("buys no speed", lambda r: r.throughput[0] >= 0.9 * r.throughput.max()),
        (r"Batches of (\S+) come within a tenth", lambda r, size: size == number(int(
            r.batch_size[(r.throughput >= 0.9 * r.throughput.max()).values.argmax()]))),
        (r"One by one, ([\d,]+) examples a second; in batches, up to ([\d,]+)", lambda r, *said: [
            float(each.replace(",", "")) for each in said] == [
            float(f"{speed:.3g}") for speed in (r.throughput[0], r.throughput.max())]),
    ],
    "variants_table": [
        (r"whole batches get to (\d+)\s% of all [\d,]+ test digits, of mini-batches to (\d+)\s%, "
         r"of single digits to (\d+)\s%", lambda v, t, o, few, *said: [*said] == [
             f"{100 * float(each):.0f}" for each in few.test_accuracy]),
        (r"it ends at (\d+)\s% right, one that no longer learns at (\d+)\s%",
         lambda v, t, online, few, *said: [*said] == [
             f"{100 * float(online.accuracy.sel(run=run)[-1]):.0f}"
             for run in ("online", "frozen")]),
        ("take stochastic|a GPU", never),
        (r"in \d[\d.]* min", never),
    ],
}  # fmt: skip


def _units_part(run: xr.Dataset) -> xr.Dataset:
    """Change what equal units learnt: one of them goes its own way, as if sums were rounded so."""
    new = run.copy(deep=True)
    units = new.unit.values[0]
    units[:, 0] += 0.01 * np.arange(len(units))[:, None]
    new.apart.values[0] = np.ptp(units, axis=1).max(1)
    return new.assign_attrs(stayed=0, exactly=0, equal_apart=float(new.apart[0, -1]))


def _penalties_swapped(balls: xr.Dataset) -> xr.Dataset:
    """Give each penalty the solutions of the other."""
    new = balls.copy(deep=True)
    theta = balls.theta.values[::-1]
    sizes = np.array([np.abs(theta[0]).sum(1), np.linalg.norm(theta[1], axis=1)])
    new.theta.values[:], new["size"].values[:] = theta, sizes
    at, weight = balls.attrs["shown"], balls.attrs["zeroed_index"]
    for name, each, size in zip(("l1", "l2"), theta, sizes, strict=True):
        new.attrs |= {f"size_{name}": size[at], f"small_{name}": each[at, weight]}
    return new.assign_attrs(outcome="l2", corner=0)


def _one_out_of_order(points: xr.Dataset) -> xr.Dataset:
    """Exchange the ways down of the two lowest saddles of one width."""
    lowest = np.argsort(np.where(points.width == points.width[0], points.loss, np.inf))[:2]
    return _with_shares(points, lowest, lowest[::-1], "mostly")


def _upside_down(points: xr.Dataset) -> xr.Dataset:
    """Give the highest saddle the fewest ways down, and so on."""
    down, up = np.argsort(points.loss.values), np.argsort(-points.share.values)
    return _with_shares(points, down, up, "neither")


def _with_shares(points: xr.Dataset, to: Any, of: Any, verdict: str) -> xr.Dataset:
    new = points.copy(deep=True)
    new.share.values[to] = points.share.values[of]
    n_pairs, n_in_order = _pairs(new)
    return new.assign_attrs(verdict=verdict, n_pairs=n_pairs, n_in_order=n_in_order)


def _no_faster(timing: xr.Dataset) -> xr.Dataset:
    """Let the program take its examples at one speed, whatever the batch."""
    new = timing.copy(deep=True)
    speed = float(timing.throughput[0])
    new.throughput.values[:], new.step_seconds.values[:] = speed, timing.batch_size / speed
    return new.assign_attrs(gain="none", speed_most=speed, size_enough=1)


def _ever_slower(race: xr.Dataset) -> xr.Dataset:
    """Let everybody's loss fall with the root of the steps."""
    new = race.copy(deep=True)
    path = new.loss_path.values
    path[:] = path[..., :1] * 10 ** (-2.9 * np.linspace(0, 1, path.shape[-1]) ** 0.5)
    return new


def _hollow(adam_lr: float) -> dict[str, Any]:
    """Return a hollow out of which noise does not kick, but a large rate does."""
    return {
        "surface": "two_hollows", "start": (-3.1,), "lr": 0.02, "rmsprop_lr": 0.02,
        "adam_lr": adam_lr, "noise": 0.0, "edge": -0.5, "inwards": 1, "n_steps": 60,
    }  # fmt: skip


# Settings that turn outcomes around: few steps, few examples, rates that are too low or too high.
TURNED: Mapping[str, list[Turn]] = {
    "attention_heads": [{"lr": 1e-6}, {"n_steps": 5}],
    "attention_matrix": [{"n_heads": 2, "lr": 0.03}],
    "attention_training": [{"lr": 1e-6}, {"n_steps": 20, "every": 10}, {"every": 2, "seed": 1}],
    "scaled_dot_product": [{"n_steps": 1}],
    "initialization": [{"normal": 0.25, "uniform": 0.5}, {"depth": 1}, {"width": 4, "depth": 8}],
    "vanishing_gradients": [{"uniform": 1.0}, {"depth": 1}, {"depth": 8, "width": 64}],
    "symmetry_breaking": [{"n_steps": 700, "every": 100, "n_train": 200}, {"constant": 0.0},
                          _units_part],
    "input_scaling": [{"n_steps": 100}, {"columns": ("bmi", "s5")}, {"columns": ("age", "s3")},
                      {"columns": ("s3", "s4")}],
    "batch_norm": [{"sizes": (3, 8)}],
    "layer_norm": [{"n_shown": 3}],
    "covariate_shift": [{"lr": 1e-4}, {"goal": 0.1}, {"lr": 0.05, "goal": 0.3},
                        {"lr": 0.5, "n_steps": 300, "unit": 7, "n_seeds": 1}],
    "descent_one_parameter": [{"second": 0.7}, {"n_steps": 2}, {"lr": 1e-4}],
    "descent_two_parameters": [{"n_steps": 2}, {"n_steps": 12}],
    "gradient_variance": [{"orbit_lr": 1e-5}, {"orbit_lr": 0.05},
                          {"n_draws": 20, "batch_sizes": (1, 2)}],
    "learning_rates": [
        {"diverging": 1.2}, {"network_rates": (0.001, 0.002, 0.003, 0.004)},
        {"slow": 2.5, "network_rates": (4.0, 5.0, 6.0, 8.0)},
    ],
    "sharpness": [{"rates": (0.1, 8.0)}, {"rates": (0.01,)}, {"rates": (30.0, 60.0), "n_steps": 4},
                  {"rates": (1.0,), "n_steps": 300, "every": 30}],
    "linear_neuron": [{"n_steps": 20, "lr": 1e-4}, {"lr": 0.1, "n_steps": 300}],
    "mini_batches": [{"n_train": 128}, {"n_train": 200, "lr": 1e-6}, {"n_train": 200, "lr": 20.0}],
    "mnist_stochastic": [{"epochs": 1}, {"epochs": 25, "lr": 0.05}, {"lr": 1e-6},
                         {"epochs": 20, "n_train": 100, "lr": 0.02}],
    "batch_throughput": [_no_faster],
    "training_curves": [{"epochs": 1}, {"epochs": 25, "lr": 0.05}, {"epochs": 2, "lr": 1e-6},
                        {"epochs": 3, "lr": 2.0}, {"epochs": 20, "n_train": 100, "lr": 0.02}],
    "descent_paths": [{"rates": (1e-4, 1e-5, 0.05)}, {"rates": (0.1, 0.001, 0.05), "n_steps": 9}],
    "mnist_batch": [{"epochs": 1}, {"epochs": 12, "lr": 0.3}, {"epochs": 8, "lr": 1.0},
                    {"epochs": 12, "lr": 0.2, "n_train": 64, "mini_batch": 16}],
    "mnist_mini_batch": [{"epochs": 1, "n_train": 190}, {"epochs": 20, "lr": 0.3}, {"lr": 1e-6},
                         {"epochs": 8, "lr": 0.1, "batch_size": 16, "n_train": 194}],
    "online_learning": [{"lr": 1e-6}, {"n_turned": 20, "lr": 0.1}],
    "training_loop": [{"lr": 1e-3}, {"n_steps": 15}],
    "zero_grad": [{"lr": 1e-3}, {"n_steps": 1}, {"n_steps": 15}],
    "linear_regression_fit": [{"lr": 3.0}, {"n_steps": 2}, {"lr": 0.01}, {"n_steps": 300}],
    "saddle_fraction": [_one_out_of_order, _upside_down],
    "softmax_templates": [{"epochs": 1, "lr": 1e-4}],
    "stationary_points": [{"n_steps": 3}],
    "sine_fit": [{"lr": 1e-7}, {"n_steps": 1}, {"lr": 3.0, "n_steps": 5}, {"n_steps": 600}],
    "softmax_flow": [{"temperatures": (1.0, 4.0)}, {"logits": (-3.0, 0.5, 1.0), "label": 1}],
    "backprop_network": [{"step_lr": 10.0}, {"step_lr": 1e-9}, {"epochs": 1, "lr": 0.001}],
    "derivative_methods": [{"depths": 2, "widths": (1,)}, {"x1": -3.0, "smallest": 1}],
    "symbolic_growth": [{"depths": 2}],
    "gradient_cost": [{"widths": (1,)}],
    "xor_boundary": [{"lr": 1e-6}, {"n_steps": 400}],
    "norm_balls": [{"strengths": (0.0, 0.1)}, {"columns": ("bmi", "s5")}, {"n_steps": 2},
                   {"columns": ("s2", "s5"), "strengths": (0.0, 0.0568, 0.9)}, _penalties_swapped],
    "bias_variance": [{"n_steps": 1}, {"hidden": (1, 2, 4), "n_steps": 60, "noise": 0.05}],
    "weight_penalty": [{"l1": 0.0, "l2": 0.0}, {"l1": 3e-3, "l2": 3e-2, "epochs": 20},
                       {"l1": 0.0, "l2": 0.3, "epochs": 12},
                       {"l1": 1e-4, "l2": 1e-3, "epochs": 30, "n_seeds": 3},
                       {"l1": 1e-9, "l2": 1e-3, "epochs": 20, "n_seeds": 3},
                       {"l1": 1e-4, "l2": 1e-9, "epochs": 30, "n_seeds": 3},
                       {"l1": 1e-2, "l2": 1e-6, "n_seeds": 4}],
    "dropout": [{"keep": 0.05}, {"keep": 0.9}, {"epochs": 40, "lr": 0.2}],
    "optimizer_mnist": [{"rates": (1e-7, 1e-6)}, {"n_seeds": 4, "n_steps": 20}],
    "momentum_effective_rate": [{"slope": -2.0}, {"low": 0.3}],
    "momentum_ravine": [
        {"n_steps": 10}, {"lr": 0.01}, {"much": 0.5},
    ],
    "momentum_noise": [
        {"noisy_momentum": 0.1}, {"noisy_lr": 0.009}, {"noisy_steps": 120, "noisy_repeats": 2},
    ],
    "nesterov_lookahead": [
        {"lr": 0.001}, {"momentum": 0.1}, {"start": (-3.5, -1.0)}, {"shown": 4},
        {"momentum": 0.1, "lr": 0.03},
    ],
    "moving_averages": [{"high": 0.5}, {"lr": 1e-6}],
    "adaptive_rates": [{"n_steps": 4}, {"adagrad_lr": 0.01, "rmsprop_lr": 0.2}],
    "adam_moments": [{"eps": 0.5}, {"start": 1.0, "lr": 0.5}],
    "adam_family": [{"spike": 1.0}, {"decay": 1e-4}, {"beta2": 0.999}],
    "decoupled_decay": [{"decay": 1e-4}, {"decay_steps": 150}, {"small": 10.0}],
    "saddle_escape": [{"momentum": 0.5}, {"hollow": _hollow(0.1)}, {"hollow": _hollow(1.0)}],
    "optimizer_race": [
        {"n_steps": 2}, {"shown": "ravine"}, {"shown": "ravine", "n_steps": 12},
        {"n_rates": 2, "n_steps": 90}, {"n_starts": 1, "lowest": 0.3, "n_steps": 100},
        {"surfaces": ("beale",), "n_rates": 11, "lowest": 1e-6, "highest": 0.01},
        {"surfaces": ("beale",), "n_starts": 6, "n_steps": 14, "spread": 0.1},
    ],
    "optimizer_race_3d": [{"surfaces": ("beale",), "n_steps": 2}, _ever_slower],
    "optimizers_real_network": [
        {"n_steps": 4, "rates": (1e-4,)}, {"rates": (0.3, 1.0)},
        {"optimizers": ("adam", "lion"), "n_steps": 40},
    ],
    "lr_range_test": [{"lr_high": 0.01}, {"rates": (1.0, 3.0)}],
    "one_cycle": [{"rates": (1e-5,)}, {"faster": 1.2, "rates": (0.003, 0.03)},
                  {"faster": 4.0, "rates": (0.3, 3.0), "lengths": (10, 40)},
                  {"rates": (0.05, 0.1, 0.2), "lengths": (5, 80)}],
    "schedule_descent": [{"lr": 1e-4}, {"low": 0.9, "n_steps": 16}, {"lr": 0.5, "n_steps": 80}],
}  # fmt: skip

# Stem -> patterns of what none of these brings about: why, and which test covers it.
ELSEWHERE: Mapping[str, Mapping[str, str]] = {}


def everything(entry: catalogue.Entry, paths: dict[str, Path]) -> str:
    """Return all that a visual says, filled from these recordings."""
    attrs = merge([recording.load(path).attrs for path in paths.values()])
    with listening() as heard:
        fill(entry.row, attrs)
        if "F" in entry.kinds:
            render.figure(entry.modules["figure"], paths, "dark")
        if "T" in entry.kinds:
            render_table.table(entry.modules["table"], paths, "dark")
        if "A" in entry.kinds:
            filmed(entry.stem, paths)
    # a line of a text that was broken is no sentence of its own
    whole = [text for text in heard if not any(text != other and text in other for other in heard)]
    return "\n".join(whole)


FOUND: dict[tuple[str, str], set[str]] = {}  # which patterns were, by stem and settings


def check(stem: str, paths: dict[str, Path], settings: Turn | None = None) -> list[str]:
    """Return what is said and not so, and note which claims were made."""
    said, data = everything(VISUALS[stem], paths), [recording.load(p) for p in paths.values()]
    noted = FOUND.setdefault((stem, repr(settings)), set())
    false = []
    for pattern, holds in CLAIMS[stem]:
        for found in re.finditer(pattern, said):
            noted.add(pattern)
            if not holds(*data, *found.groups()):
                false.append(found[0])
    return false


def turned(
    stem: str, settings: Turn | None, record: Record, recorded: Callable[[str], Path], folder: Path
) -> dict[str, Path]:
    """Return a visual's tiny recordings, one of them with other settings, or changed."""
    uses = VISUALS[stem].row.uses
    paths = {name: recorded(name) for name in uses}
    if settings is None:
        return paths
    name = stem if stem in uses else uses[0]
    made = settings(recording.load(paths[name])) if callable(settings) else record(name, **settings)
    recording.save(made, folder / f"{name}.nc")
    return paths | {name: folder / f"{name}.nc"}


@pytest.mark.parametrize("stem", CLAIMS)
def test_what_is_said_of_an_outcome_is_so(stem: str, recorded: Callable[[str], Path]) -> None:
    assert check(stem, {name: recorded(name) for name in VISUALS[stem].row.uses}) == []


@pytest.mark.parametrize(
    ("stem", "settings"), [(stem, each) for stem, many in TURNED.items() for each in many]
)
def test_what_is_said_is_so_where_it_turns_out_otherwise(
    stem: str,
    settings: Turn,
    record: Record,
    recorded: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    assert check(stem, turned(stem, settings, record, recorded, tmp_path), settings) == []


# The last of this file: what the tests above noted is not computed again.
@pytest.mark.parametrize("stem", CLAIMS)
def test_every_claim_is_made_somewhere(
    stem: str, record: Record, recorded: Callable[[str], Path], tmp_path: Path
) -> None:
    """A check of words that are said nowhere can't fail."""
    made: set[str] = set()
    for settings in (None, *TURNED.get(stem, [])):
        if (stem, repr(settings)) not in FOUND:
            check(stem, turned(stem, settings, record, recorded, tmp_path), settings)
        made |= FOUND[stem, repr(settings)]
    elsewhere = set(ELSEWHERE.get(stem, {}))
    looked_for = {pattern for pattern, holds in CLAIMS[stem] if holds is not never}
    assert looked_for - made == elsewhere
