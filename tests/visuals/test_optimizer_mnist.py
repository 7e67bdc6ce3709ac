"""Every optimizer on the digits: the same budget for all, and what is printed is what happened."""

from __future__ import annotations

import importlib
from itertools import combinations

import numpy as np
import pytest
import xarray as xr
from manim import ValueTracker

from figures import render
from look.numbers import number, percent
from look.words import fill
from scenes.optimizers.optimizer_mnist import EDGE, LEFT, LEVEL, LINE, TOP, Errors
from simulate import recording, registry, specs
from simulate.data.choice import Choice
from simulate.training.execute import execute
from tests.figures._drawn import Recorded, drawn, narrow, telling, visual
from tests.simulate._momenta import at_momentum, own_momentum
from tests.visuals._networks import filmed

ROWS = registry.rows("optimizers")
MODULE = importlib.import_module(registry.row("experiments", "optimizer_mnist").module)


@pytest.fixture(scope="module")
def found(recorded: Recorded) -> xr.Dataset:
    return recording.load(recorded("optimizer_mnist"))


def test_every_optimizer_has_the_same_budget() -> None:
    runs = MODULE.runs(MODULE.EXPERIMENT.settings)
    assert list(runs) == registry.names("optimizers")
    plain = {
        specs.canonical(
            specs.updated(
                run, {"run": specs.updated(run.run, {"optimizer": specs.Optimizer(name="sgd")})}
            )
        )
        for run in runs.values()
    }
    assert len(plain) == 1
    for name, run in runs.items():
        assert run.run.optimizer == specs.Optimizer(name=name)
        assert run.search_seed not in run.seeds


@pytest.mark.parametrize("name", ["sgd", "muon", "nadam", "lbfgs"])
def test_search_and_trainings_are_plain_ones(found: xr.Dataset, name: str) -> None:
    """Each number from a training of its own, at the rate, momentum and seed that are said."""
    spec = MODULE.runs(MODULE.EXPERIMENT.tiny)[name]
    own = own_momentum(name)

    def train(mu: float, lr: float, seed: int) -> xr.Dataset:
        optimizer = specs.Optimizer(name=name, settings={**at_momentum(name, mu), "lr": lr})
        run = specs.updated(
            spec.run, {"optimizer": optimizer, "seed": seed, "allow_divergence": True}
        )
        return execute(run, Choice.embedded())

    one = found.sel(run=name)
    others = [] if np.isnan(own) else [mu for mu in spec.momenta if mu != own]
    losses = {  # with two rates all are neighbours
        (mu, lr): float(train(mu, lr, 1000).loss[-spec.last :].mean())
        for mu in (own, *others)
        for lr in spec.rates
    }
    losses = {pair: loss if np.isfinite(loss) else np.inf for pair, loss in losses.items()}
    for k, lr in enumerate(spec.rates):
        assert float(one.search_loss[k]) == pytest.approx(losses[own, lr], rel=1e-12)
        for mu in spec.momenta:
            tried = float(one.momentum_loss.sel(x_momentum=mu)[k])
            wanted = losses[mu, lr] if mu in others else np.nan
            assert tried == pytest.approx(wanted, rel=1e-12, nan_ok=True)
    mu, lr = min(losses, key=losses.__getitem__)
    assert float(one.lr) == lr
    assert float(one.momentum) == pytest.approx(mu, nan_ok=True)
    for k, seed in enumerate(spec.seeds):
        run = train(mu, lr, seed)
        np.testing.assert_array_equal(one.accuracy[k], run.test_accuracy)
        np.testing.assert_array_equal(one.test_loss[k], run.test_loss)


def test_the_best_is_first_and_chance_is_dealt_out(found: xr.Dataset) -> None:
    ends = found.accuracy.values[:, :, -1]
    means = ends.mean(1)
    assert (np.diff(means) <= 1e-12).all()
    n = ends.shape[1]
    for k in range(1, len(ends)):
        both = np.concatenate([ends[0], ends[k]])
        as_large = 0
        deals = list(combinations(range(2 * n), n))
        for deal in deals:
            rest = [i for i in range(2 * n) if i not in deal]
            as_large += (
                abs(both[list(deal)].mean() - both[rest].mean()) >= means[0] - means[k] - 1e-12
            )
        assert float(found.p_value[k]) == pytest.approx(as_large / len(deals))
    assert found.attrs["n_level"] + found.attrs["n_clear"] == len(ends) - 1


def levels(ends: np.ndarray) -> list[int]:
    """Return who can't be told from the best of their group, by numpy's own dealing."""
    found, best = [0], 0
    for k in range(1, len(ends)):
        both, n = np.concatenate([ends[best], ends[k]]), ends.shape[1]
        one = np.array([both[list(deal)].sum() for deal in combinations(range(2 * n), n)])
        apart = np.abs(2 * one - both.sum()) >= abs(ends[best].sum() - ends[k].sum()) - 1e-9
        best = k if apart.mean() < 0.05 else best
        found.append(found[-1] + (best == k))
    return found


def test_a_level_ends_with_the_first_who_is_told_from_its_best(found: xr.Dataset) -> None:
    assert found.level.values.tolist() == levels(found.accuracy.values[:, :, -1])
    rng = np.random.default_rng(0)
    ends = np.sort(rng.normal(0.9, 0.004, (12, 4)) - 0.006 * np.arange(12)[:, None])
    ends = ends[np.argsort(-ends.mean(1))]
    assert 1 < max(levels(ends)) < 11
    assert MODULE._levels(ends) == levels(ends)


@pytest.mark.parametrize("many", [[0, 1, 1, 1, 2, 2], [0, 0, 0, 1, 2, 2]])
def test_rows_of_one_level_stand_on_one_ground(found: xr.Dataset, many: list[int]) -> None:
    """Under the name of its first and how many more there are; one alone needs no words."""
    n = found.sizes["run"]
    level = [*many, *[9] * (n - len(many))]
    data = found.assign(level=("run", level))
    fig = render.figure("figures.optimizers.optimizer_mnist", {"optimizer_mnist": data}, "dark")
    (ax,) = fig.axes
    names = {str(ROWS[str(run)].label): k for k, run in enumerate(found.run.values)}
    heights = {names[text.get_text()]: text.get_position()[1] for text in ax.texts
               if text.get_text() in names}  # fmt: skip
    grounds = [box for box in ax.patches if box.get_label() == "group"]
    inside = [[k for k in range(n) if box.get_y() < heights[k] < box.get_y() + box.get_height()]
              for box in grounds]  # fmt: skip
    wanted = [[k for k in range(n) if level[k] == one] for one in sorted(set(level))]
    assert inside == wanted
    labels = list(names)
    heads = [text.get_text() for text in ax.texts if "told" in text.get_text()]
    assert heads == [f"{labels[group[0]]} and {len(group) - 1} that can’t be told from it"
                     for group in wanted if len(group) > 1]  # fmt: skip


def test_a_broken_training_is_no_best_one(recorded: Recorded) -> None:
    """A rate at which the loss is no number loses the search."""
    spec = MODULE.runs(MODULE.EXPERIMENT.tiny)["sgd"]
    run = execute(specs.updated(spec, {"rates": (1e30, 0.01), "seeds": (0,)}), Choice.embedded())
    assert run.search_loss.values[0] == np.inf
    assert run.attrs["lr"] == 0.01


def test_the_figure_prints_what_was_recorded(recorded: Recorded) -> None:
    fig, (data,) = drawn("optimizer_mnist", recorded)
    (ax,) = fig.axes
    texts = ax.texts
    labels = {ROWS[str(run)].label: k for k, run in enumerate(data.run.values)}
    names = [text for text in texts if text.get_text() in labels]
    assert [labels[text.get_text()] for text in names] == list(range(len(labels)))
    wrong = 1 - data.accuracy.values[:, :, -1]
    for k, text in enumerate(names):
        assert (text.get_fontweight() == "semibold") == (k == 0), "the best"
        at = texts.index(text)
        assert texts[at + 1].get_text() == percent(wrong[k].mean(), 1)
        assert texts[at + 2].get_text() == number(float(data.lr[k]))
    dots = {size: [each for each in ax.get_lines() if each.get_markersize() == size * 0.75]
            for size in (13, 11, 6)}  # fmt: skip
    means = np.array([each.get_xdata()[0] for each in dots[13] + dots[11]])
    assert len(dots[13]) == 1, "the best stands out"
    # one scale for all, even in the logarithm
    powers = np.log10(np.maximum(wrong.mean(1), 5e-4))
    slope, shift = np.polyfit(powers, means, 1)
    np.testing.assert_allclose(slope * powers + shift, means, atol=1e-6)
    seeds = np.array([each.get_xdata()[0] for each in dots[6]]).reshape(wrong.shape)
    np.testing.assert_allclose(seeds, slope * np.log10(np.maximum(wrong, 5e-4)) + shift, atol=1e-6)
    first, second = (percent(each, 1) for each in wrong.mean(1)[:2])
    title = fill(visual("optimizer_mnist"), data.attrs).title
    assert title.endswith(f"{first} wrong, the next {second}")
    assert title.startswith("Nobody" if first == second else names[0].get_text())


def test_the_narrow_form_has_no_rates(recorded: Recorded) -> None:
    slim, (_, (data,)) = narrow("optimizer_mnist", recorded), drawn("optimizer_mnist", recorded)
    assert slim is not None
    said = [text.get_text() for text in slim.axes[0].texts]
    names = [ROWS[str(run)].label for run in data.run.values]
    wrong = 1 - data.accuracy.values[:, :, -1].mean(1)
    assert [text for text in said if text in names] == names
    at = [said.index(name) + 1 for name in names]
    assert [said[k] for k in at] == [percent(each, 1) for each in wrong]
    assert "best η" not in said


def test_what_it_depends_on_is_the_training() -> None:
    spec = MODULE.runs(MODULE.EXPERIMENT.settings)["adam"]
    assert specs.reads_digits(spec)
    assert ("optimizers", "adam") in specs.named_rows(spec)
    assert "tuning_trainings.py" in {path.name for path in specs.files(spec)}
    assert "tuning_trainings.py" not in {path.name for path in specs.files(spec.run)}
    other = specs.updated(spec, {"rates": (0.5,)})
    digests = {specs.address(each, data_digest="a") for each in (spec, other)}
    digests.add(specs.address(spec, data_digest="b"))
    assert len(digests) == 3


def test_the_film_ends_with_each_rows_mean(recorded: Recorded) -> None:
    _, (data,) = drawn("optimizer_mnist", recorded)
    texts = filmed("optimizer_mnist", recorded)["end"]
    n_runs = data.sizes["run"]
    chosen = range(n_runs) if n_runs <= 10 else [*range(9), n_runs - 1]
    shown = [float(text.rstrip("%\u202f\u00a0 ")) for text in texts
             if text.endswith("%") and " wrong" not in text]  # fmt: skip
    ends = 100 * (1 - data.accuracy.values[:, :, -1].mean(1))
    np.testing.assert_allclose(shown, [ends[k] for k in chosen], atol=0.051)


def test_who_is_ahead_shines(found: xr.Dataset) -> None:
    """At every measurement, by the means as recorded, and in the end the best."""
    clock, told = ValueTracker(0), ValueTracker(0)
    chosen = list(range(min(9, found.sizes["run"])))
    field = Errors(found, chosen, clock, told, ValueTracker(0))
    wrong = np.maximum(1 - found.accuracy.values, 5e-4).mean(1)[chosen]
    assert not field.shine().any(), "at the start nobody is ahead"
    for j, step in enumerate(found.step.values[1:], 1):
        clock.set_value(float(step))
        shine, behind = field.shine(), np.log10(wrong[:, j] / wrong[:, j].min())
        np.testing.assert_allclose(shine[behind < 1e-9], 1)
        np.testing.assert_allclose(shine[behind > LEVEL], 0, atol=1e-9)
        assert (shine[(behind > 1e-9) & (behind < LEVEL)] < 1).all()
    told.set_value(1)
    np.testing.assert_allclose(field.shine(), np.eye(len(chosen))[0])


def test_rows_stand_by_the_alphabet_and_then_by_their_errors(found: xr.Dataset) -> None:
    clock, order = ValueTracker(float(found.step[-1])), ValueTracker(0)
    chosen = list(range(min(9, found.sizes["run"])))
    field = Errors(found, chosen, clock, ValueTracker(0), order)
    labels = [ROWS[str(found.run.values[k])].label.lower() for k in chosen]
    places = TOP - LINE * np.arange(9)
    assert [labels[i] for i in np.argsort(-field.heights())] == sorted(labels)
    np.testing.assert_allclose(np.sort(field.heights())[::-1], places)
    assert field.named() == 1
    # while one row passes another there are dots alone
    for share in np.linspace(0, 1, 41):
        order.set_value(float(share))
        moving = np.abs(np.diff(np.sort(field.heights()))).min() < 0.99 * LINE
        seen = [field.seen(i) for i in range(9)]
        assert not (moving and field.named() > 0)
        assert min(seen) == field.named(), "only the leader keeps its name"
        assert sum(each > field.named() for each in seen) == (field.named() < 1)
        assert seen[0] == 1
    np.testing.assert_allclose(field.heights(), places)
    assert field.named() == 1


def test_the_dashed_line_has_its_name_where_there_is_room(found: xr.Dataset) -> None:
    """Under the lowest mean, left of what the scale is called."""
    clock, told = ValueTracker(0), ValueTracker(0)
    with telling("optimizer_mnist", found):
        field = Errors(found, [0, 1], clock, told, ValueTracker(0), -4.0, 1.0)
        lowest = np.log10((1 - found.accuracy.values.mean(1))[:2].min(0))
        for step, low in zip(found.step.values, lowest, strict=True):
            clock.set_value(float(step))
            left, strength = field.lead(0.4)
            wide = 2 * (field.at(low) - left)
            assert wide > 0.3
            assert (strength > 0) == (left + wide < 1.0 - 0.4)
        field.free = 9.0  # there is room everywhere
        assert field.lead(0.4)[1] == 1


def test_a_dot_stands_at_its_share_on_both_scales(found: xr.Dataset) -> None:
    """Half way between two measurements it is half way between their logarithms."""
    clock, told = ValueTracker(0), ValueTracker(0)
    field = Errors(found, [0, 1], clock, told, ValueTracker(0))
    wrong = 1 - found.accuracy.values.mean(1)
    steps = found.step.values
    for k in (0, 1):
        for j, step in enumerate(steps):
            clock.set_value(float(step))
            assert field.mean(k) == pytest.approx(max(wrong[k, j], 5e-4))
        clock.set_value((steps[0] + steps[1]) / 2)
        assert field.mean(k) == pytest.approx(np.sqrt(wrong[k, 0] * wrong[k, 1]))
    assert field.at(0.0) == pytest.approx(EDGE), "100 %"
    told.set_value(1)
    assert field.at(field.low) == pytest.approx(LEFT)
    assert field.at(field.most[:2, -1].max()) <= EDGE + 1e-9
