"""What is drawn and printed, against a computation of its own: of the visuals where a swap hid.

Each of these tests was written for a mutation of the code that all other tests let through.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.colors import to_hex

from figures.losses import loss_surface
from look import theme
from look.words import fill
from scenes import layout, render
from simulate import recording
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, table
from tests.scenes._films import film
from tests.visuals._networks import said, value
from tests.visuals.test_words import VISUALS

Shown = dict[str, list[str]]


def counted(stem: str, recorded: Recorded) -> Shown:
    """Return what the numbers of a film show when its sections end, in the order of its parts."""
    return film(stem, recorded).texts


# ---------------------------------------------------------------------------- loss_surface


def test_the_films_loss_is_the_networks(recorded: Recorded) -> None:
    shown = counted("loss_surface", recorded)
    net = recording.load(recorded("loss_surface"))
    flag = net.snapshot.values.tolist().index(net.attrs["most_step"])
    losses, heights = (
        [f"{float(values[k]):.2f}" for k in (0, flag, -1)]
        for values in (net.path_loss, net.path_height)
    )
    assert losses != heights, "else a swap shows nothing"
    assert set(losses) <= set(shown["end of the path"])


def test_the_figures_loss_is_the_networks_and_its_beads_are_on_the_path(recorded: Recorded) -> None:
    fig, (net,) = drawn("loss_surface", recorded)
    flag = net.snapshot.values.tolist().index(net.attrs["most_step"])
    assert {f"{float(net.path_loss[k]):.2f}" for k in (0, flag, -1)} <= set(said(fig))
    each = int(loss_surface.VISUAL.words["each"])
    steps = net.snapshot.values
    at = [k for k in range(1, int(steps[-1]) + 1) if k % each == 0]
    assert f"every {each} steps" in loss_surface.VISUAL.subtitle
    path = np.stack([net.path_u, net.path_v, net.path_height], axis=1)
    told, places = loss_surface.beads(steps, path, each)
    assert told.tolist() == at
    np.testing.assert_allclose(places[:, 2], np.interp(at, steps, net.path_height))
    assert len(line(fig, "beads").get_xdata()) == len(at)


# ---------------------------------------------------------------------------- learning_rates


def test_rates_are_printed_in_units_of_one_over_the_curvature(recorded: Recorded) -> None:
    fig, (rates,) = drawn("learning_rates", recorded)
    film = counted("learning_rates", recorded)
    for texts in (said(fig), film["start"]):
        # A figure's is mathematics: $\eta = 0.15 = 0.6\,/\,\lambda$.
        plain = [re.sub(r"[$\\,]|(?<=/) | (?=/)", "", text) for text in texts]
        plain = [text.replace("eta", "η").replace("lambda", "λ") for text in plain]
        printed = [text for text in plain if re.fullmatch(r"η = .*/λ", text)]
        curvature = rates.attrs["curvature"]
        assert len(printed) == rates.sizes["run"]
        for run in rates.run.values:
            lr = float(rates.lr.sel(run=run))
            pairs = [tuple(map(value, re.findall(r"[\d.]+", text))) for text in printed]
            assert any(
                rate == pytest.approx(lr, rel=0.005)
                and multiple == pytest.approx(lr * curvature, rel=0.06)
                for rate, multiple in pairs
            ), (lr, printed)
    np.testing.assert_allclose(
        rates.network_multiple, rates.network_lr * rates.attrs["network_curvature"]
    )


def test_the_printed_factor_is_one_minus_rate_times_curvature(recorded: Recorded) -> None:
    fig, (rates,) = drawn("learning_rates", recorded)
    for panel, name in enumerate(rates.run.values.tolist(), start=1):
        (step,) = (t.get_text() for t in fig.axes[panel].texts if "leftarrow" in t.get_text())
        factor = 1 - float(rates.lr.sel(run=name)) * rates.attrs["curvature"]
        assert f"{{{factor:.2f}}}".replace("-", "−") in step


def test_a_run_has_one_colour_and_one_name_in_figure_and_film(recorded: Recorded) -> None:
    fig, (rates,) = drawn("learning_rates", recorded)
    film = counted("learning_rates", recorded)
    for panel, name in enumerate(rates.run.values.tolist(), start=1):
        (line,) = (each for each in fig.axes[panel].get_lines() if each.get_label() == name)
        label, token = VISUALS["learning_rates"].row.series[name]
        with theme.use("dark"):
            assert to_hex(line.get_color()) == theme.color(token).lower()
        assert rates.attrs[label[1:-1]] in film["descent"]
        assert rates.attrs[label[1:-1]] not in film["start"], "it would tell how the run ends"
        assert rates.attrs[label[1:-1]] in said(fig)


# ---------------------------------------------------------------------------- mnist_variants


def test_the_films_accuracies_are_those_of_the_moment(recorded: Recorded) -> None:
    from scenes.descent import mnist_variants as film

    names = ("mnist_variants", "mnist_timing")
    race, timed = (recording.load(recorded(name)) for name in names)
    job = render.Job(
        module="scenes.descent.mnist_variants",
        recordings={name: str(recorded(name)) for name in names},
        width=640,
        height=360,
        fps=10,
    )
    shown: dict[str, list[tuple[str, float]]] = {}

    class Listened(film.MnistVariants):
        def end_of_section(self) -> None:
            runners = [each for each in self.mobjects if isinstance(each, film.Runner)]
            if self.sections:
                shown[self.sections[-1][0]] = [
                    (each.label.text(), each.place(each.clock.get_value())[0]) for each in runners
                ]

    render.run(job, layout._Nothing(), Listened)
    narrow = "\N{NARROW NO-BREAK SPACE}"
    at = int(race.attrs["early_epoch"])
    early = race.test_accuracy[:, at].values
    words = [f"{100 * share:.0f}{narrow}%" for share in early]
    assert [text for text, _ in shown["start"]] == words
    places = np.array([place for _, place in shown["start"]])
    np.testing.assert_allclose((places - film.START) / (film.END - film.START), early)
    best = [run for run, share in zip(race.run.values, early, strict=True) if share == early.max()]
    assert race.attrs["early_leader"] == (best[0] if len(best) == 1 else "none")
    same = float(timed.seconds[:, -1].min())
    for run in timed.run.values:
        one = timed.sel(run=run)
        by_then = [
            float(a) for a, s in zip(one.test_accuracy, one.seconds, strict=True) if s <= same
        ]
        assert float(timed.same_test_accuracy.sel(run=run)) == by_then[-1]
    expected = [f"{100 * float(a):.0f}{narrow}%" for a in timed.same_test_accuracy]
    assert [text for text, _ in shown["verdict"]] == expected


def test_the_time_of_a_step_is_that_of_the_fastest_round(monkeypatch: pytest.MonkeyPatch) -> None:
    from simulate.data.choice import Choice
    from simulate.experiments._run import Run
    from simulate.experiments.descent import mnist_timing
    from simulate.training import execute as executing

    rounds: dict[int, int] = {}
    plain = executing.execute

    def paced(spec: Any, *given: Any) -> xr.Dataset:
        found = plain(spec, *given)
        if spec.backend != "eager":
            return found
        size = spec.batch_size or 0
        pace = (0.3, 0.2, 0.5)[rounds.get(size, 0)]  # the second round is the fastest
        rounds[size] = rounds.get(size, 0) + 1
        return found.assign(seconds=("step", pace * np.arange(found.sizes["step"])))

    monkeypatch.setattr(executing, "execute", paced)
    tiny: Any = mnist_timing.EXPERIMENT.tiny
    settings = type(tiny)(**{**{f: getattr(tiny, f) for f in tiny.__struct_fields__}, "rounds": 3})
    data = Choice.embedded()
    runs = {
        name: Run(spec, plain(spec, data), data)
        for name, spec in mnist_timing.runs(settings).items()
    }
    found = mnist_timing.record(runs, settings, data)
    np.testing.assert_allclose(found.step_seconds, 0.2)


# ---------------------------------------------------------------------------- network_forward


def test_label_and_guess_have_their_colours_and_words(recorded: Recorded) -> None:
    from figures.networks import network_forward

    fig, (net,) = drawn("network_forward", recorded)
    wrong = net.isel(example=int(np.argmax((net.label != net.prediction).values)))
    ax = fig.axes[1]
    left, _ = network_forward.WIDE.bar
    bars = [each for each in ax.get_lines() if each.get_xdata()[0] == left][1::2]
    with theme.use("dark"):
        assert to_hex(bars[int(wrong.label)].get_color()) == theme.color("green").lower()
        assert to_hex(bars[int(wrong.prediction)].get_color()) == theme.color("text").lower()
    # The classes' own rows stand above the sums, where two of them are named once more.
    heights: dict[str, float] = {}
    for text in ax.texts:
        heights.setdefault(text.get_text(), float(text.get_position()[1]))
    assert heights["label"] == heights[str(int(wrong.label))]
    assert heights["guess"] == heights[str(int(wrong.prediction))]


# ---------------------------------------------------------------------------- mini_batches


def test_losses_of_all_digits_are_those_of_the_parameters_then(record: Record) -> None:
    """Trained again, by hand: plain gradient descent over the recorded order."""
    from simulate.models import _base as models

    epoch = record("mini_batches", n_train=200, batch_size=48)
    settings = {"widths": [784, 32, 10]}
    model = models.make("mlp", settings, 0)
    x = torch.from_numpy(epoch.image.values.reshape(200, -1))
    y = torch.from_numpy(epoch.label.values)
    losses, on_all, start = [], [], 0
    for size in [*epoch.examples_in_batch.values.tolist(), 0]:
        losses.append(torch.nn.functional.cross_entropy(model(x), y).item())
        on_all.append(_after_a_step(model, x, y, epoch.attrs["lr"]))
        batch = torch.from_numpy(epoch.order.values[start : start + size])
        start += size
        if size:
            loss = torch.nn.functional.cross_entropy(model(x[batch]), y[batch])
            grads = torch.autograd.grad(loss, list(model.parameters()))
            with torch.no_grad():
                for param, grad in zip(model.parameters(), grads, strict=True):
                    param -= epoch.attrs["lr"] * grad
    np.testing.assert_allclose(epoch.whole_loss, losses, rtol=1e-4)
    np.testing.assert_allclose(epoch.all_loss, on_all[:-1], rtol=1e-4)
    assert np.abs(np.diff(losses)).min() > 1e-3, "else a step too late shows nothing"


def _after_a_step(model: torch.nn.Module, x: torch.Tensor, y: torch.Tensor, lr: float) -> float:
    """The loss after a step of torch's own optimizer on a copy."""
    other = copy.deepcopy(model)
    optimizer = torch.optim.SGD(other.parameters(), lr=lr)
    torch.nn.functional.cross_entropy(other(x), y).backward()
    optimizer.step()
    return torch.nn.functional.cross_entropy(other(x), y).item()


def test_columns_show_the_digits_of_their_own_batch(recorded: Recorded) -> None:
    from figures.descent import mini_batches as figure

    fig, (epoch,) = drawn("mini_batches", recorded)
    for k in range(epoch.sizes["step"]):
        own = np.flatnonzero(epoch.step_of_example.values == k)
        place = {example: i for i, example in enumerate(epoch.order.values.tolist())}
        images = epoch.image.values[sorted(own.tolist(), key=place.__getitem__)]
        ink = np.asarray(fig.axes[k].images[0].get_array())[..., 0]
        tall = images.shape[1]
        for i, image in enumerate(images):
            row, column = divmod(i, figure.ACROSS)
            tile = ink[row * tall : (row + 1) * tall, column * tall : (column + 1) * tall]
            low, high = tile.min(), tile.max()
            assert np.corrcoef(tile.ravel(), image.ravel())[0, 1] > 0.999, (k, i, low, high)


# ---------------------------------------------------------------------------- others


def test_an_orbit_has_its_own_size_in_the_film_and_that_of_all_in_the_caption(
    recorded: Recorded,
) -> None:
    noise = recording.load(recorded("gradient_variance"))
    texts = counted("gradient_variance", recorded)["verdict"]
    at = [i for i, text in enumerate(texts) if text == "mean above lowest loss"]
    caption = fill(VISUALS["gradient_variance"].row, noise.attrs).caption
    told = re.search(r"on average ([\d.]+) above the minimum .*, and ([\d.]+) where", caption)
    assert told
    for shown, whole in (
        ([value(texts[i - 1]) for i in at], noise.excess),
        ([float(each) for each in told.groups()], noise.mean_excess),
    ):
        late = whole[:, -noise.attrs["orbit_last"] :].mean("step")
        assert shown == [pytest.approx(float(each), rel=0.06) for each in late]


def test_an_answer_is_green_where_it_is_right(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.descent.online_learning import Answer

    with render.stage(render.Job(module="", recordings={})):
        said = np.array([3, 5])
        at = ValueTracker(0)
        named = [f"class {k}" for k in range(10)]
        answer = Answer(said, 3, named, lambda: int(at.get_value()), at)
        for k, token in ((0, "green"), (1, "vermillion")):
            at.set_value(k)
            assert answer.text() == named[said[k]]
            assert answer.inks[bool(answer.right())] == theme.color(token)


def test_windows_hold_just_the_latest_examples() -> None:
    from simulate.experiments.descent.online_learning import _windowed

    right = np.random.default_rng(0).random(60) < 0.5
    steps = np.arange(0, 61, 5)
    by_hand = [right[step - 20 : step].mean() if step >= 20 else np.nan for step in steps]
    np.testing.assert_array_equal(_windowed(right, steps, 20), by_hand)


def test_near_means_near_for_good(record: Record) -> None:
    neuron = record("linear_neuron", lr=0.1, n_steps=200, stride=1, near=0.1)
    far = np.abs(neuron.theta - neuron.target).max("param").values
    first = int(np.argmax(far < 0.1))
    for_good = next(k for k in range(len(far)) if (far[k:] < 0.1).all())
    assert first < for_good, "it comes near, leaves and comes back"
    assert neuron.attrs["reached"] == for_good


def test_the_steps_rate_is_the_one_it_was_trained_at(record: Record, tmp_path: Path) -> None:
    from figures import render as figures

    path = tmp_path / "training_loop.nc"
    recording.save(record("training_loop", lr=0.25), path)
    fig = figures.figure("figures.descent.training_loop", {"training_loop": path}, "dark")
    assert any(r"0.25\cdot" in text and r"v_2 \leftarrow" in text for text in said(fig))


def test_a_mebibyte_is_two_to_the_twentieth_bytes(recorded: Recorded) -> None:
    wall = recording.load(recorded("memory_wall"))
    row = fill(VISUALS["memory_wall"].row, wall.attrs)
    (printed,) = re.findall(r"([\d.]+)\u202fMiB more for each example", row.caption)
    each = wall.attrs["bytes_per_example"] / 2**20
    np.testing.assert_allclose(float(printed), each, rtol=0.006)
    texts = counted("memory_wall", recorded)["verdict"]
    shown = [float(text.removesuffix("\u202fMiB")) for text in texts if re.fullmatch(
        r"[\d.]+\u202fMiB", text)]  # fmt: skip
    peaks = wall.peak.values[wall.fits.values > 0] / 2**20
    assert len(peaks) > 2
    for peak in peaks:
        assert np.isclose(shown, peak, rtol=0.006).any(), peak


def test_shares_are_of_negative_eigenvalues_and_the_penalty_is_half_lambda() -> None:
    from simulate.experiments.losses import saddle_fraction
    from simulate.measures import hessians

    spectrum = torch.tensor([-3.0, -1.0, 0.5, 2.0, 4.0], dtype=torch.float64)

    def bowl(theta: torch.Tensor) -> torch.Tensor:
        return 0.5 * (spectrum * theta**2).sum(-1)

    bent = saddle_fraction._bend(bowl, np.zeros(5))
    assert (bent["share"], bent["lowest"]) == (pytest.approx(0.4), pytest.approx(-3))
    model = torch.nn.Linear(2, 3, dtype=torch.float64)
    x, y = np.ones((4, 2)), np.array([0, 1, 2, 0])
    theta = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    with_it, without = (
        hessians.loss_of(model, "cross_entropy", x, y, penalty)(theta).item()
        for penalty in (0.3, 0.0)
    )
    assert with_it - without == pytest.approx(0.5 * 0.3 * float(theta @ theta))


def test_the_penalty_that_is_named_is_the_one_that_was_used(recorded: Recorded) -> None:
    """The point without hidden units is a softmax of its biases: found again by itself."""
    from scipy.optimize import minimize

    from simulate.data import _load
    from simulate.data.choice import Choice
    from simulate.experiments.losses import saddle_fraction

    points = recording.load(recorded("saddle_fraction"))
    settings: Any = saddle_fraction.EXPERIMENT.tiny
    data = _load.load(saddle_fraction._data(settings), Choice.embedded())
    counts = np.bincount(data.y_train, minlength=10) / len(data.y_train)

    def loss(bias: np.ndarray) -> float:
        total = np.log(np.exp(bias).sum()) - counts @ bias
        return float(total + 0.5 * points.attrs["penalty"] * bias @ bias)

    bare = (points.idle == points.width).values
    assert bare.any()
    np.testing.assert_allclose(
        points.loss.values[bare], minimize(loss, np.zeros(10)).fun, rtol=1e-6
    )


def test_accuracies_in_the_table_are_of_as_many_digits(recorded: Recorded) -> None:
    made, _, _, (variants, timing, *_) = table("variants_table", recorded)
    notes = [cell.note for row in made.cells for cell in row if "test digits" in cell.note]
    assert notes == [f"{each.attrs['n_test']:,} test digits" for each in (variants, timing)]
    assert len(set(notes)) == 1
