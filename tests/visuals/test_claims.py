"""What a picture says of an outcome is so: in its tiny recording, and where it turns out otherwise.

Everything that a visual says (its row filled, and all that figure and film write) is searched for
its claims. Each that is made must hold, by a computation of its own on the recording.
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

from figures import render
from look.numbers import counter, number
from look.words import fill, merge
from pipeline import catalogue
from simulate import recording, registry
from tests.conftest import Record
from tests.visuals.test_words import VISUALS, filmed, listening

Holds = Callable[..., Any]


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


def _pairs(points: xr.Dataset, n_pairs: str, n_in_order: str) -> bool:
    """Whether of so many pairs that differ in both so many have more ways down where higher."""
    signs = [
        np.sign((a - b) * (p - q))
        for width in points.run_whole.values.tolist()
        for i, (a, p) in enumerate(_at(points, width))
        for b, q in _at(points, width)[:i]
        if abs(a - b) > 1e-6 and p != q
    ]
    return [len(signs), signs.count(1)] == [
        int(text.replace(",", "")) for text in (n_pairs, n_in_order)
    ]


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


def _both_kept(run: xr.Dataset) -> bool:
    """Whether the last layer's spread and the first one's gradient are within a factor of ten."""
    spread = np.sqrt(run.output_variance.values[0])
    slope = np.sqrt(run.gradient_variance.values[0] + run.gradient_mean.values[0] ** 2)
    if not (spread[0] > 0 and slope[-1] > 0):
        return False
    return bool(0.1 < spread[-1] / spread[0] < 10 and 0.1 < slope[0] / slope[-1] < 10)


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
    return int({"no": "0", "one": "1"}.get(word, word))


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
        (r"(\d+) of (\d+) starts keep the size of both", lambda r, n, of: int(of) == r.sizes["run"]
         and int(n) == sum(_both_kept(r.isel(run=k)) for k in range(r.sizes["run"]))),
        ("only Kaiming’s keeps|Only Kaiming’s start keeps both", lambda r: [
            _both_kept(r.sel(run=f"relu, {name}")) for name in ("normal", "kaiming", "uniform")
        ] == [False, True, False]),
        ("within a factor of two", lambda r: 0.5 <= float(
            r.output_variance.sel(run="relu, kaiming")[0, -1]
            / r.output_variance.sel(run="relu, kaiming")[0, 0]) <= 2),
    ],
    "vanishing_gradients": [
        ("Nothing left of the sigmoid", lambda r: r.gain.sel(run="sigmoid, xavier")[-1] < 1e-3),
        (r"with weights up to .* arrives|is above", lambda r: r.gain.sel(run="sigmoid, uniform")[-1]
         > 0.25 ** (r.sizes["layer"] - 1)),
        ("stays below", lambda r: r.gain.sel(run="sigmoid, uniform")[-1]
         <= 0.25 ** (r.sizes["layer"] - 1)),
    ],
    "symmetry_breaking": [
        ("they stay one|stayed one unit", lambda r: np.ptp(
            r.unit.sel(run="equal").values, axis=1).max() <= 1e-12),
        ("they do not stay equal|did not stay equal", lambda r: np.ptp(
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
        ("started at random, they part", lambda r: np.ptp(
            r.unit.sel(run="random").values[-1], axis=0).max() > 0.1),
    ],
    "input_scaling": [
        (r"(?:bowl:|measured) (\d+) steps?, (?:then|scaled) (\d+)(?:, then| and) (\d+)",
         lambda r, *n: [int(k) for k in n] == [
             int(r.arrived.sel(run=name)) for name in ("raw", "range", "standard")]),
        ("round the bowl|rounder the bowl", lambda r: (np.diff(
            r.condition.sel(run=["raw", "range", "standard"])) < 0).all()),
        (r"zigzags for (no|\d+) steps", lambda r, n: (int(n) if n != "no" else 0) == max(
            int(r.arrived.sel(run="raw")), 0)),
        ("raises the condition number of min–max", lambda r: float(
            r.condition.sel(run="slip range")) > float(r.condition.sel(run="range"))),
        ("does not raise the condition", lambda r: float(
            r.condition.sel(run="slip range")) <= float(r.condition.sel(run="range"))),
        ("that of z-scores as well", lambda r: float(
            r.condition.sel(run="slip standard")) > float(r.condition.sel(run="standard"))),
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
        (r"wanders (no )?less than", lambda r, no: (_drift(r)[1] < _drift(r)[0]) == (not no)),
        ("not in every run", lambda r: (r.reached[0] < 0).any()),
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
        ("As the rate decays, so does the orbit|keeps a constant rate in orbit",
         lambda r: r.mean_excess.values[1, -r.attrs["orbit_last"]:].mean()
         < 0.5 * r.mean_excess.values[0, -r.attrs["orbit_last"]:].mean()),
        ("says little more than one", lambda r: False),
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
        ("with every step", lambda r: False),
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
        (r"make (\d+) batches of (\d+)(?: |$|\n|\.)", lambda r, n, size:
         (r.examples_in_batch == int(size)).sum() == int(n)),
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
        ("ever further|falls on", lambda r: False),
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
        ("No epoch raises", lambda r: (np.diff(r.test_loss) <= 0).all()),
        (r"(\d+) of \d+ epochs raise the test loss, which ends at (\d\.\d+)", lambda r, n, end: (
            int(n), end) == ((np.diff(r.test_loss) > 0).sum(), f"{r.test_loss.values[-1]:.3f}")),
        (r"(\d+) average out less noise\s+than (\d+)", lambda r, few, lot:
         int(few) < int(lot) == r.attrs["batch_size"] and int(few)
         == r.attrs["n_train"] % r.attrs["batch_size"]),
    ],
    "mnist_variants": [
        (r"Per example, ([a-z -]+) leads?; after [^,]+, ([a-z -]+)", _ahead),
        ("by the clock", lambda v, t: False),
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
        (r"(\d+) rounds: the loss goes from (\S+) to (\S+)\nv₂ goes from (\S+) to (\S+), and "
         r"the output from (\S+) to (\S+) \(", lambda r, n, *said: (
             (run := r.sel(run="cleared")).sizes["step"] - 1 == int(n)
             and [counter(run.loss[k]) for k in (0, -1)] == [*said[:2]]
             and [float(each.replace("−", "-")) for each in said[2:]] == pytest.approx(
                 [*run.weight_2.values[[0, -1], 1], *run.output.values[[0, -1]]], abs=0.0051))),
        (r"loss is (\S+); without zero_grad it is ([\d.]+)\.", lambda r, *said: [*said] == [
            counter(r.loss.sel(run=name)[-1]) for name in ("cleared", "kept")]),
    ],
    "zero_grad": [
        (r"the loss comes to (\S+), without it to (\S+)", lambda r, *said: list(said) == [
            counter(r.loss.sel(run=name)[-1]) for name in ("cleared", "kept")]),
        (r"After (\d+) rounds: loss (\S+) without \S+ (\S+) with it\n", lambda r, n, *said: (
            [int(n), *said] == [r.sizes["step"] - 1, *(
                counter(r.loss.sel(run=name)[-1]) for name in ("kept", "cleared"))])),
        (r"there it was as low as (\S+); what was left", lambda r, loss: loss == counter(
            (kept := r.loss.sel(run="kept").values).min()) and kept.argmin() < len(kept) - 1),
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
        (r"Of ([\d,]+) pairs.*? more ways down in ([\d,]+)", _pairs),
        ("All points found higher up are saddles", _layers),
        ("Local minima do exist", lambda r: (
            r.end_loss.max("example_end") - r.end_loss.min("example_end")).max() > 1e-6),
    ],
    "softmax_templates": [
        ("almost all", lambda r: np.trace(r.confusion) > 0.95 * r.confusion.sum()),
        (r"(\d+).% of them on its diagonal", lambda r, share: round(
            100 * float(np.trace(r.confusion) / r.confusion.sum())) == int(share)),
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
        (r"for the choice, it is (more than 99|[\d.]+) times|for the choice: "
         r"(?:(more than) )?([\d.]+) times", lambda r, a, more, b: _times(
             r.ratio.values[1, 0, r.ratio.values[0, 0].argmax()], a or f"{more or ''} {b}".strip()
         )),
        ("has the largest number too", lambda r: np.ptp(r.ratio.values[:, 0].argmax(1)) == 0),
        ("No head (of this layer ties|does, much more)", lambda r, _: r.ratio[0, 0].max() <= 1.5),
    ],
    "attention_matrix": [
        (r"Head (\d+) puts", lambda r, head: int(head) - 1 == r.share.values[0, :, :-1].max(1)
         .argmax()),
        ("no other head has one place that gets half", lambda r: np.sort(
            r.share.values[0, :, :-1].max(1))[-2] < r.share.values[0, :, :-1].max() / 2),
    ],
    "attention_training": [
        (r"From step (\d+) on, head \d+ looks mostly at", lambda r, step: (
            r.food_weight.values[0, r.snapshot.values >= int(step), 0].max(1) > 0.5).all()),
        (r"Head (\d+) has found the foods", lambda r, head: r.food_weight.values[
            0, -1, 0, int(head) - 1] == r.food_weight.values[0, -1, 0].max() > 0.5),
        ("no head learns to look mostly|No head looks mostly",
         lambda r: r.food_weight.values[0, -1].max() <= 0.5),
        ("says something else", lambda r: r.probability.values[0, -1].argmax() != 0),
    ],
    "scaled_dot_product": [
        (r"“(\w+|,)” gets ([\d.]+)", lambda r, word, share: (
            str(r.word.values[r.weight.values.argmax()]) == word
            and f"{100 * float(r.weight.max()):.1f}" == share)),
    ],
    "network_forward": [
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
        ("nears the sine", lambda r: r.loss[-1] < r.loss[0]),
        ("runs away from the sine", lambda r: not r.loss[-1] < r.loss[0]),
    ],
    "softmax_flow": [
        (r"each class gets (\d+).% to (\d+).%", lambda r, low, high: [int(low), int(high)] == [
            round(100 * float(end)) for end in (
                r.panel_probability[-1].min(), r.panel_probability[-1].max())]),
    ],
    "backprop_network": [
        (r"the loss (rises|falls) from", lambda r, verb: verb == (
            "falls" if r.attrs["loss_after"] < r.attrs["loss_before"] else "rises")),
        (r"The network says (\d), .* the label says (\d)", lambda r, said, label:
         int(said) == int(r["shown"][int(r.output.values.argmax())])
         and int(label) == int(r["shown"][int(r.wanted.values.argmax())])),
        (r"(\d+) units are off", lambda r, n: int(n) == (
            r.delta.values[r.unit_layer.values < r.sizes["layer"]] == 0).sum()),
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
        ("luck with", lambda r: 0 < r.solved.mean() < 1),
        (r"never more than (\d)", lambda r, n: int(n) == r.line_right.max() < 4),
        ("no straight line", lambda r: False),
    ],
    "momentum_effective_rate": [
        (r"Momentum ([\d.]+) makes steps (\d+) times .* η by (\d+)", lambda r, mu, times, by: (
            times == by and abs(float(r.classical.max()) / int(times) - 1) < 0.02
            and float(mu) == r.momentum.max())),
    ],
    "momentum_ravine": [
        (r"overshoots: (\d+), (\d+) and (\d+) steps", lambda r, *said:
         [int(n) for n in said] == _arrivals(r)),
        (r"overshoots: (\d+) steps against (\d+) and (\d+)", lambda r, mid, low, high:
         [int(n) for n in (low, mid, high)] == _arrivals(r)),
        (r"Too little (?:momentum )?crawls", _crawls_and_overshoots),
        (r"(\d) of 3 (?:arrive|are there)", lambda r, n:
         int(n) == sum(step >= 0 for step in _arrivals(r)) and not _crawls_and_overshoots(r)),
        (r"(\d+)\s?% of its way too far", lambda r, share: int(share) == round(100 * float(
            r.theta.sel(run="much")[:, 0].max() / -r.theta.sel(run="much")[0, 0]))),
    ],
    "momentum_noise": [
        (r"jumps and momentum glides, in steps (\d+) times shorter", lambda r, times:
         f"{np.divide(*(float(f'{each:.2g}') for each in r.jump.values)):.0f}" == times
         and r.jump[0] > 1.5 * r.jump[1]),
        ("noise of single examples stays", lambda r: r.jump[0] <= 1.5 * r.jump[1]),
        ("itself still wanders", lambda r: r.attrs["momentum_orbit"] > r.attrs["sgd_orbit"] / 2),
        ("wanders less", lambda r: r.attrs["momentum_orbit"] <= r.attrs["sgd_orbit"] / 2),
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
        (r"([\d.,]+) times its lowest", lambda r, times: number(float(
            r.rate[1, -1, 0] / r.rate[1, :, 0].min()), 2) == times),
        ("ends at many times its lowest", lambda r: (
            r.rate[1, -1] / r.rate[1].min("step")).min() >= 2),
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
        (r"(\d|One) of (\d) (?:methods? )?gets? out", lambda r, n, of: [
            int(n.replace("One", "1")), int(of)] == [
            int((r.left.sel(surface="hollow") >= 0).sum()), r.sizes["run"]]),
        (r"Nobody gets out", lambda r: (r.left.sel(surface="hollow") < 0).all()),
        (r"Nobody is out after (\d+) steps", lambda r, n: not (
            (r.left.sel(surface="hollow") >= 0) & (r.left.sel(surface="hollow") <= int(n))).any()),
    ],
    "optimizer_race": [
        (r"(\d+) arrive at the minimum", lambda r, n: int(n) == (_shown(r).arrived >= 0).sum()),
        (r"(\d+) leave the map", lambda r, n: int(n) == (_shown(r).left_box >= 0).sum()),
        (r"(?m)^(.+) needs the fewest steps", lambda r, who: _fastest(r) == who),
        (r"Nobody arrives", lambda r: (_shown(r).n_arrived == 0).all()),
        (r"no one arrives at more", lambda r: _fastest(r) in _broadest(r)),
        (r"fewest steps; (.+) arrives at the most", lambda r, who: who in " and ".join(_broadest(r))
         and _fastest(r) not in _broadest(r)),
        (r"at (\d+) of (\d+) learning rates only", lambda r, n, of: int(n) == int(
            _works(r)[_fastest(r)]) and int(n) < 0.1 * int(of)),
        (r"from (\d+) of (\d+) starts only", lambda r, n, of: int(n) < int(of)),
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
        (r"(\d+) steps to the first line, (\d+) to the second\. And then\?", lambda r, *said: (
            [*map(int, said)] == _tenths(r)[:2])),
        (r"The last line is at ([\d.]+)\s% of the loss", lambda r, share:
         float(share) == pytest.approx(100 * 0.1 ** len(_tenths(r)))),
        (r"has not come to a tenth", lambda r: _tenths(r) == []),
        (r"Nobody", lambda r: (_shown(r).arrived < 0).all()),
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
        (r"after (\d+) steps 1cycle has ([\d.]+)\s?%, not ([\d.]+)", lambda r, n, soon, goal: (
            int(n) * r.attrs["faster"] <= int(r.length[-1]) and [float(soon), float(goal)] == [
                round(100 * float(r["mean"].sel(run=run)[r.length == end].item()), 1)
                for run, end in (("one_cycle", int(n)), ("constant", int(r.length[-1])))])),
        ("is no better than", lambda r: _reaches(r) == 0),
        (r"saves steps, (\d+) do", lambda r, n: _reaches(r) == int(n) < int(r.length[-1])),
        ("bears a higher rate", lambda r: (
            lambda a: a[2] > max(a[0], a[1]) and r.attrs["above_rate"] > float(
                r.rate[int(r.chosen[0, -1])]))(
            r.accuracy.values[:, r.rate.values.tolist().index(r.attrs["above_rate"]), -1].mean(1))),
    ],
    "schedule_descent": [
        ("breathes with", lambda r: np.corrcoef(
            r.lr.sel(run="cyclical")[r.attrs["n_steps"] // 4:],
            r.width.sel(run="cyclical")[r.attrs["n_steps"] // 4:])[0, 1] > 0.5),
        (r"The (rate that only falls|cycling rate) ends closest", lambda r, who: (
            r.run.values[r.width[:, -1].values.argmin()]
            == {"rate that only falls": "decayed", "cycling rate": "cyclical"}[who]
            and r.width[0, -1] > 1.05 * r.width[:, -1].min())),
        ("constant rate ends closest", lambda r: r.width[:, -1].values.argmin() == 0),
        ("about as close", lambda r: float(r.width[0, -1] / r.width[:, -1].min()) < 1.11),
    ],
    "norm_balls": [
        ("L1 sets a weight to exactly 0, L2 only", lambda r: _single_zeros(r) == (True, False)),
        ("a weight becomes 0", lambda r: _single_zeros(r) == (True, True)),
        ("Both penalties make weights small", lambda r: _single_zeros(r) == (False, False)),
        (r"0 from λ = ([\d.]+) on", lambda r, at: all(
            0 in theta for strength, theta in zip(r.strength.values, r.theta.values[0], strict=True)
            if strength >= float(at))),
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
        ("L1 lowers the test loss, L2 not", lambda r: _lower(r, 2) and not _lower(r, 1)),
        ("Neither penalty lowers", lambda r: not _lower(r, 1) and not _lower(r, 2)),
    ],
    "dropout": [
        ("test loss ends lower", lambda r: _lower(r, 0, 1)),
        ("test loss ends higher", lambda r: _lower(r, 1, 0)),
        ("test loss ends much the same", lambda r: not _lower(r, 0, 1)
         and not _lower(r, 1, 0)),
        (r"(\d+) of (\d+) tries are right[;.] [Ww]ith all units on, (none|every one) is",
         lambda r, right, of, whole: (int(right), int(of), whole == "every one") == (
             int((r.pass_probability.values.argmax(1) == int(r.test_label)).sum()),
             r.sizes["example_pass"],
             int(r.still_probability.argmax("class")) == int(r.test_label))),
        (r"(\d+) of (\d+) passes read this digit, (\d)", lambda r, right, of, label:
         (int(right), int(of), int(label)) == (
             int((r.pass_probability.values.argmax(1) == int(r.test_label)).sum()),
             r.sizes["example_pass"], int(r.test_label))),
        (r"the answer is always (\d)", lambda r, answer:
         int(r.still_probability.argmax("class")) == int(answer)),
    ],
    "sharpness": [
        (r"of (\d+) runs that start beyond it, (none|one|\d+) learns?", lambda r, n, learn: [
            int(n), int({"none": "0", "one": "1"}.get(learn, learn))] == [
            sum(beyond), sum(beyond & _learns(r))] if (beyond := _beyond(r)).any() else False),
        (r"the run that starts beyond it learns (nothing|all the same)", lambda r, how:
         _beyond(r).sum() == 1 and (how == "nothing") == (not (_beyond(r) & _learns(r)).any())),
        (r"; (none|one|\d+) of them ends?", lambda r, n: int(
            {"none": "0", "one": "1"}.get(n, n)) == (_beyond(r) & _learns(r)).sum()),
        (r"below the limit\nfrom step (\d+)", lambda r, step: any(
            beyond and int(step) > 0 and (run.sel(snapshot=slice(int(step), None)) < 2).all()
            and float(run.sel(snapshot=slice(None, int(step) - 1))[-1]) >= 2
            for beyond, run in zip(_beyond(r), r.multiple, strict=True))),
        (r"than it began with, (none|one|\d+) below the line", lambda r, n: int(
            {"none": "0", "one": "1"}.get(n, n)) == (
            _beyond(r) & _learns(r) & (r.multiple.values[:, -1] < 2)).sum()),
    ],
    "batch_throughput": [
        ("buys no speed", lambda r: r.throughput[0] >= 0.9 * r.throughput.max()),
        (r"One by one, ([\d,]+) examples a second; in batches, up to ([\d,]+)", lambda r, *said: [
            float(each.replace(",", "")) for each in said] == [
            float(f"{speed:.3g}") for speed in (r.throughput[0], r.throughput.max())]),
    ],
    "variants_table": [
        ("take stochastic|a GPU", lambda *r: False),
        (r"in \d[\d.]* min", lambda *r: False),
    ],
}  # fmt: skip

# Settings that turn outcomes around: few steps, few examples, rates that are too low or too high.
TURNED: Mapping[str, list[dict[str, Any]]] = {
    "attention_heads": [{"lr": 1e-6}, {"n_steps": 5}],
    "attention_training": [{"lr": 1e-6}, {"n_steps": 20, "every": 10}],
    "scaled_dot_product": [{"n_steps": 1}],
    "initialization": [{"normal": 0.25, "uniform": 0.5}, {"depth": 1}],
    "vanishing_gradients": [{"uniform": 0.01}, {"depth": 1}, {"depth": 8, "width": 64}],
    "symmetry_breaking": [{"n_steps": 700, "every": 100, "n_train": 200}, {"constant": 0.0}],
    "input_scaling": [{"n_steps": 3}, {"columns": ("bmi", "s5")}],
    "batch_norm": [{"sizes": (3, 8)}],
    "layer_norm": [{"n_shown": 3}],
    "covariate_shift": [{"lr": 1e-4}, {"goal": 0.1}, {"lr": 0.05, "goal": 0.3}],
    "descent_one_parameter": [{"second": 0.7}, {"n_steps": 2}, {"lr": 1e-4}],
    "descent_two_parameters": [{"n_steps": 2}, {"n_steps": 12}],
    "gradient_variance": [{"orbit_lr": 1e-5}, {"n_draws": 20}],
    "learning_rates": [
        {"diverging": 1.2}, {"network_rates": (0.001, 0.002, 0.003, 0.004)},
        {"slow": 2.5, "network_rates": (4.0, 5.0, 6.0, 8.0)},
    ],
    "sharpness": [{"rates": (0.1, 8.0)}, {"rates": (0.01,)}, {"rates": (30.0, 60.0), "n_steps": 4}],
    "linear_neuron": [{"n_steps": 20, "lr": 1e-4}, {"lr": 0.1, "n_steps": 300}],
    "mini_batches": [{"n_train": 128}, {"n_train": 200, "lr": 1e-6}, {"n_train": 200, "lr": 20.0}],
    "mnist_stochastic": [{"epochs": 1}, {"epochs": 25, "lr": 0.05}, {"lr": 1e-6}],
    "training_curves": [{"epochs": 1}, {"epochs": 25, "lr": 0.05}, {"epochs": 2, "lr": 1e-6},
                        {"epochs": 3, "lr": 2.0}],
    "descent_paths": [{"rates": (1e-4, 1e-5, 0.05)}, {"rates": (0.1, 0.001, 0.05), "n_steps": 9}],
    "mnist_batch": [{"epochs": 1}, {"epochs": 12, "lr": 0.3}, {"epochs": 8, "lr": 1.0}],
    "mnist_mini_batch": [{"epochs": 1}, {"epochs": 20, "lr": 0.3}, {"lr": 1e-6}],
    "online_learning": [{"lr": 1e-6}, {"n_turned": 20, "lr": 0.1}],
    "training_loop": [{"lr": 1e-3}, {"n_steps": 15}],
    "zero_grad": [{"lr": 1e-3}, {"n_steps": 1}, {"n_steps": 15}],
    "linear_regression_fit": [{"lr": 3.0}, {"n_steps": 2}, {"lr": 0.01}],
    "softmax_templates": [{"epochs": 1, "lr": 1e-4}],
    "stationary_points": [{"n_steps": 3}],
    "sine_fit": [{"lr": 1e-7}, {"n_steps": 1}, {"n_steps": 600}],
    "softmax_flow": [{"temperatures": (1.0, 4.0)}, {"logits": (-3.0, 0.5, 1.0), "label": 1}],
    "backprop_network": [{"step_lr": 10.0}, {"step_lr": 1e-9}, {"epochs": 1, "lr": 0.001}],
    "derivative_methods": [{"depths": 2, "widths": (1,)}, {"x1": -3.0, "smallest": 1}],
    "symbolic_growth": [{"depths": 2}],
    "gradient_cost": [{"widths": (1,)}],
    "xor_boundary": [{"lr": 1e-6}, {"n_steps": 400}],
    "norm_balls": [{"strengths": (0.0, 0.1)}, {"columns": ("bmi", "s5")}, {"n_steps": 2}],
    "bias_variance": [{"n_steps": 1}, {"hidden": (1, 2, 4), "n_steps": 60, "noise": 0.05}],
    "weight_penalty": [{"l1": 0.0, "l2": 0.0}, {"l1": 3e-3, "l2": 3e-2, "epochs": 20},
                       {"l1": 0.0, "l2": 0.3, "epochs": 12}],
    "dropout": [{"keep": 0.05}, {"epochs": 40, "lr": 0.2}],
    "optimizer_mnist": [{"rates": (1e-7, 1e-6)}, {"n_seeds": 4, "n_steps": 20}],
    "momentum_effective_rate": [{"slope": -2.0}, {"low": 0.3}],
    "momentum_ravine": [
        {"n_steps": 10}, {"lr": 0.01}, {"much": 0.5},
    ],
    "momentum_noise": [{"noisy_momentum": 0.1}, {"noisy_steps": 120, "noisy_repeats": 2}],
    "nesterov_lookahead": [
        {"lr": 0.001}, {"momentum": 0.1}, {"start": (-3.5, -1.0)}, {"shown": 4},
    ],
    "moving_averages": [{"high": 0.5}, {"lr": 1e-6}],
    "adaptive_rates": [{"n_steps": 4}, {"adagrad_lr": 0.01, "rmsprop_lr": 0.2}],
    "adam_moments": [{"eps": 0.5}, {"start": 1.0, "lr": 0.5}],
    "adam_family": [{"spike": 1.0}, {"decay": 1e-4}, {"beta2": 0.999}],
    "decoupled_decay": [{"decay": 1e-4}, {"decay_steps": 150}, {"small": 10.0}],
    "saddle_escape": [{"momentum": 0.5}],
    "optimizer_race": [
        {"n_steps": 2}, {"shown": "ravine"}, {"shown": "ravine", "n_steps": 12},
        {"n_rates": 2, "n_steps": 90}, {"n_starts": 1, "lowest": 0.3, "n_steps": 100},
    ],
    "optimizers_real_network": [
        {"n_steps": 4, "rates": (1e-4,)}, {"rates": (0.3, 1.0)}, {"optimizers": ("adam", "lion")},
    ],
    "lr_range_test": [{"lr_high": 0.01}, {"rates": (1.0, 3.0)}],
    "one_cycle": [{"rates": (1e-5,)}, {"faster": 1.2, "rates": (0.003, 0.03)}],
    "schedule_descent": [{"lr": 1e-4}, {"low": 0.9}, {"n_steps": 100, "n_runs": 8}],
}  # fmt: skip


def everything(entry: catalogue.Entry, paths: dict[str, Path]) -> str:
    """Return all that a visual says, filled from these recordings."""
    attrs = merge([recording.load(path).attrs for path in paths.values()])
    with listening() as heard:
        fill(entry.row, attrs)
        if "F" in entry.kinds:
            render.figure(entry.modules["figure"], paths, "dark")
        if "A" in entry.kinds:
            filmed(entry.stem, paths)
    # a line of a text that was broken is no sentence of its own
    whole = [text for text in heard if not any(text != other and text in other for other in heard)]
    return "\n".join(whole)


def check(stem: str, paths: dict[str, Path]) -> list[str]:
    said, data = everything(VISUALS[stem], paths), [recording.load(p) for p in paths.values()]
    false = []
    for pattern, holds in CLAIMS[stem]:
        for found in re.finditer(pattern, said):
            if not holds(*data, *found.groups()):
                false.append(found[0])
    return false


@pytest.mark.parametrize("stem", CLAIMS)
def test_what_is_said_of_an_outcome_is_so(stem: str, recorded: Callable[[str], Path]) -> None:
    assert check(stem, {name: recorded(name) for name in VISUALS[stem].row.uses}) == []


@pytest.mark.parametrize(
    ("stem", "settings"), [(stem, each) for stem, many in TURNED.items() for each in many]
)
def test_what_is_said_is_so_where_it_turns_out_otherwise(
    stem: str,
    settings: dict[str, Any],
    record: Record,
    recorded: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    uses = VISUALS[stem].row.uses
    name = stem if stem in uses else uses[0]
    recording.save(record(name, **settings), tmp_path / f"{name}.nc")
    others = {other: recorded(other) for other in uses if other != name}
    assert check(stem, {each: others.get(each, tmp_path / f"{name}.nc") for each in uses}) == []
