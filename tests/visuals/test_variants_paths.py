"""variants_paths: same start, same data; the loss is exact and the paths are the real iterates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from manim import ValueTracker

from look import theme
from simulate import recording, specs
from simulate.data._load import load
from simulate.experiments.descent import variants_paths
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
from tests.visuals._networks import filmed
from tests.visuals._pen import Pen
from tests.visuals._whole import colored, labels, points
from tests.visuals.test_mechanism_films import staged

VARIANTS = ("batch", "mini_batch", "stochastic")


def test_same_start_and_same_data(record: Record) -> None:
    found = record("variants_paths")
    starts = {tuple(found[f"theta_{name}"].values[0]) for name in VARIANTS}
    assert len(starts) == 1
    assert {float(found[f"loss_{name}"][0]) for name in VARIANTS} == {found.attrs["start_loss"]}
    settings = variants_paths.Settings()
    runs = [run for run in variants_paths.runs(settings).values() if isinstance(run, specs.Train)]
    alike = [(run.data, run.model, run.optimizer, run.seed, run.epochs) for run in runs]
    assert all(each == alike[0] for each in alike)
    assert [run.batch_size for run in runs] == [None, 20, 1]


def test_the_paths_are_the_iterates(record: Record) -> None:
    """Each step is −η times the gradient on the examples of its batch, in the engine's order."""
    found = record("variants_paths")
    x, y = found.x.values, found.label.values
    n, lr = found.attrs["n_train"], found.attrs["lr"]
    for name, size in zip(VARIANTS, (n, found.attrs["batch_size"], 1), strict=True):
        theta = found[f"theta_{name}"].values
        order = np.random.default_rng([0, 0]).permutation(n) if size < n else np.arange(n)
        for step in range(n // size):  # the first pass
            batch = order[step * size : (step + 1) * size]
            gradient = 2 * x[batch].T @ (x[batch] @ theta[step] - y[batch]) / size
            np.testing.assert_allclose(theta[step + 1] - theta[step], -lr * gradient, atol=1e-9)


def test_steps_and_examples_seen(record: Record) -> None:
    found = record("variants_paths", batch_size=12)
    seen = {name: found[f"examples_{name}"].values for name in VARIANTS}
    assert seen["batch"].tolist() == [0, 40, 80, 120, 160]
    # 40 examples in batches of 12: three whole ones and one of 4
    assert seen["mini_batch"][:6].tolist() == [0, 12, 24, 36, 40, 52]
    assert seen["stochastic"].tolist() == list(range(161))
    assert found.attrs["mini_batch_steps"] == 16


def test_the_surface_is_the_loss_on_all_examples(record: Record) -> None:
    found = record("variants_paths")
    data = load(specs.Data(name="diabetes", n_train=40, n_test=42))
    x, y = data.x_train.astype(float), data.y_train[:, 0].astype(float)
    corner = np.array([found.grid_x.values[-1], found.grid_y.values[0]])
    assert found.loss.values[0, -1] == pytest.approx(((x @ corner - y) ** 2).mean())
    slope = 2 * x.T @ (x @ found.minimum.values - y) / len(x)
    np.testing.assert_allclose(slope, 0, atol=1e-12)
    assert found.attrs["minimum_loss"] <= found.loss.values.min()
    for name in VARIANTS:
        losses = [((x @ theta - y) ** 2).mean() for theta in found[f"theta_{name}"].values]
        np.testing.assert_allclose(found[f"loss_{name}"], losses, rtol=1e-10)


def test_the_paths_lie_on_the_grid_and_batch_descends_smoothly(record: Record) -> None:
    found = record("variants_paths", n_train=200, batch_size=20, epochs=15)
    for name in VARIANTS:
        for param, axis in enumerate((found.grid_x, found.grid_y)):
            path = found[f"theta_{name}"].values[:, param]
            assert axis[0] < path.min()
            assert path.max() < axis[-1]
    assert (np.diff(found.loss_batch) < 0).all()
    wander = {
        name: found[f"loss_{name}"].values[len(found[f"loss_{name}"]) // 2 :].std()
        for name in ("mini_batch", "stochastic")
    }
    assert wander["stochastic"] > 5 * wander["mini_batch"]


def test_every_step_is_drawn(recorded: Recorded) -> None:
    fig, (found,) = drawn("variants_paths", recorded)
    for panel, name in enumerate(VARIANTS):
        path = line(fig, name, panel)
        np.testing.assert_array_equal(path.get_xydata(), found[f"theta_{name}"])
        texts = [text.get_text() for text in fig.axes[panel].texts]
        assert f"ends at a loss of {float(found[f'loss_{name}'][-1]):.3f}" in texts
        steps = found.sizes[f"step_{name}"] - 1
        size = {"batch": 40, "mini_batch": found.attrs["batch_size"], "stochastic": 1}[name]
        assert f"{steps:,} steps on {size}" in texts
        ends = [tuple(each.get_xydata()[0]) for each in fig.axes[panel].get_lines()
                if len(each.get_xydata()) == 1]  # fmt: skip
        assert tuple(found[f"theta_{name}"].values[-1]) in ends
        (bold,) = (text.get_weight() == "semibold" for text in fig.axes[panel].texts
                   if text.get_text().startswith("ends at"))  # fmt: skip
        assert bold == (name == min(VARIANTS, key=lambda each: float(found[f"loss_{each}"][-1])))


def test_the_film_counts_steps_and_losses_of_the_moment(recorded: Recorded) -> None:
    _, (found,) = drawn("variants_paths", recorded)
    sections, n, epochs = filmed("variants_paths", recorded), 40, found.attrs["epochs"]
    for section, passes in (("first pass", 1), ("more passes", epochs), ("verdict", epochs)):
        told, losses = ["batch", "mini-batch", "stochastic"], {}
        for name, size in zip(VARIANTS, (n, found.attrs["batch_size"], 1), strict=True):
            steps = passes * n // size
            losses[name] = float(found[f"loss_{name}"][steps])
            told += [f"{steps} step" + "s" * (steps > 1), f"loss {losses[name]:.3f}"]
        told += ["examples seen", f"{passes * n}", f"{epochs} passes"]
        texts = sections[section]
        at = texts.index("batch")
        assert texts[at : at + len(told)] == told
        if section == "first pass":
            above = sorted(loss - found.attrs["minimum_loss"] for loss in losses.values())
            behind = max(losses, key=losses.__getitem__).replace("_", "-")
            said = (f"After one pass, {behind} is far behind" if above[2] > 2 * above[1]
                    else "One pass is done")  # fmt: skip
            assert any(text.startswith(f"{said}: and after {epochs}?")
                       for text in sections["more passes"])  # fmt: skip
        assert ("lowest" in texts) == (section == "verdict")
    name = min(losses, key=losses.__getitem__)
    late = {each: found[f"loss_{each}"].values[-(n // size):].mean() for each, size in zip(
        VARIANTS, (n, found.attrs["batch_size"], 1), strict=True)}  # fmt: skip
    verb = "is" if late[name] == min(late.values()) else "happens to be"
    lowest = f"After {epochs} passes, {name.replace('_', '-')} {verb} lowest: {losses[name]:.3f}"
    assert any(lowest in text for text in sections["verdict"])
    last = found.loss_stochastic.values[-1 - n :]
    rests = f"its loss in the last pass, {last.min():.2f} to {last.max():.2f}."
    assert any(rests in text for text in sections["verdict"])


def test_the_films_paths_are_the_iterates_and_the_lowest_is_named(recorded: Recorded) -> None:
    from scenes.descent import variants_paths as film

    with staged("variants_paths", recorded) as found:
        looks = dict(zip(VARIANTS, ("indigo", "green", "vermillion"), strict=True))
        for left, (name, token) in zip(film.LEFTS, looks.items(), strict=True):
            _, (path, *_) = film.panel(found, name, left, ValueTracker(0))
            theta = np.vstack([found[f"theta_{name}"].values, found.minimum.values])
            places = np.vstack([path.places, path.minimum])
            for axis in range(2):
                fit = np.polyfit(theta[:, axis], places[:, axis], 1)
                off = np.polyval(fit, theta[:, axis]) - places[:, axis]
                assert np.abs(off).max() < 1e-9
            np.testing.assert_array_equal(path.at, found[f"examples_{name}"])
            assert path.ink == theme.color(token)
        n_of = zip(VARIANTS, (40, found.attrs["batch_size"], 1), strict=True)
        sizes = dict(n_of)
        for passes in (1, found.attrs["epochs"]):
            assert film.losses(found, passes * 40) == {
                name: float(found[f"loss_{name}"][passes * 40 // size])
                for name, size in sizes.items()
            }
        for name, mean in film.means_of_last(found).items():
            own = found[f"loss_{name}"].values[-(40 // sizes[name]) :]
            assert mean == pytest.approx(own.mean())


@pytest.mark.parametrize(
    ("batch", "stochastic", "told"),
    [  # their losses after the first pass and after the last, in units above the lowest loss
        (9.0, 0.5, ("After one pass, batch is far behind: and", "stochastic happens to be lowest")),
        (1.9, 0.5, ("One pass is done: and after", "stochastic happens to be lowest")),
        (9.0, 2.0, ("After one pass, batch is far behind: and", "mini-batch is lowest")),
    ],
)
def test_what_chance_decides_is_not_said_as_a_finding(
    batch: float, stochastic: float, told: tuple[str, str], recorded: Recorded, tmp_path: Path
) -> None:
    found = recording.load(recorded("variants_paths")).copy(deep=True)
    low = found.attrs["minimum_loss"]
    found.loss_batch.values[:] = low + batch
    found.loss_mini_batch.values[:] = low + 1
    found.loss_stochastic.values[:] = low + 3
    found.loss_stochastic.values[40] = low + 1
    found.loss_stochastic.values[-1] = low + stochastic  # there alone
    path = tmp_path / "variants_paths.nc"
    recording.save(found, path)
    sections = filmed("variants_paths", lambda name: path)
    for section, words in zip(("more passes", "verdict"), told, strict=True):
        assert any(words in text for text in sections[section])


def test_of_a_long_path_the_last_pass_stands_out(record: Record) -> None:
    from figures import render

    found = record("variants_paths", n_train=200, batch_size=20, epochs=4)
    fig = render.figure("figures.descent.variants_paths", {"variants_paths": found}, "dark")
    path = found.theta_stochastic.values
    np.testing.assert_array_equal(line(fig, "_last", 2).get_xydata(), path[-201:])
    losses = found.loss_stochastic.values[-201:]
    said = [text.get_text() for text in fig.axes[2].texts]
    assert f"in its last pass (thick): {losses.min():.2f} to {losses.max():.2f}" in said


def test_each_map_has_its_own_words_and_marks(recorded: Recorded) -> None:
    fig, (found,) = drawn("variants_paths", recorded)
    looks = {"batch": "indigo", "mini_batch": "green", "stochastic": "vermillion"}
    sizes = {"batch": 40, "mini_batch": found.attrs["batch_size"], "stochastic": 1}
    for panel, (name, token) in enumerate(looks.items()):
        ax, theta = fig.axes[panel], found[f"theta_{name}"].values
        end = f"ends at a loss of {float(found[f'loss_{name}'][-1]):.3f}"
        steps = f"{len(theta) - 1} steps on {sizes[name]}"
        assert labels(ax) == sorted([name.replace("_", "-"), steps, end])
        np.testing.assert_array_equal(points(ax), sorted([tuple(theta[0]), tuple(theta[-1])]))
        np.testing.assert_array_equal(points(ax, "*"), [found.minimum.values])
        assert colored(line(fig, name, panel).get_color(), token)


def test_a_long_paths_panel_says_no_more_than_its_loss_and_its_last_pass(record: Record) -> None:
    from figures import render

    found = record("variants_paths", n_train=200, batch_size=20, epochs=4)
    fig = render.figure("figures.descent.variants_paths", {"variants_paths": found}, "dark")
    sizes = {"batch": 200, "mini_batch": 20, "stochastic": 1}
    for ax, name in zip(fig.axes, VARIANTS, strict=True):
        theta, loss = found[f"theta_{name}"].values, found[f"loss_{name}"].values
        words = [name.replace("_", "-"), f"{len(theta) - 1:,} steps on {sizes[name]}"]
        words.append(f"ends at a loss of {loss[-1]:.3f}")
        if name == "stochastic":
            last = loss[-201:]
            words.append(f"in its last pass (thick): {last.min():.2f} to {last.max():.2f}")
        assert labels(ax) == sorted(words)


def test_of_a_long_path_in_the_film_the_last_steps_stand_out(recorded: Recorded) -> None:
    from scenes.descent import variants_paths as film

    class Lines(Pen):
        def lines(self, starts: np.ndarray, ends: np.ndarray, colors: np.ndarray, widths: np.ndarray
                  ) -> None:  # fmt: skip
            self.drawn = starts, ends, colors[:, 3], widths

    with staged("variants_paths", recorded) as found:
        long = found.sizes["step_stochastic"] > 201
        clock = ValueTracker(100)
        _, (path, *_) = film.panel(found, "stochastic", 0.0, clock)
        assert (path.strength < 1) == long
        path.strength, path.thickness, path.fresh = 0.1, 0.8, 30
        for at in (100, 20):
            clock.set_value(at)
            pen = Lines()
            path.paint(pen)
            starts, ends, strengths, widths = pen.drawn
            np.testing.assert_allclose(starts[:at], path.places[:at])
            np.testing.assert_allclose(ends[:at], path.places[1 : at + 1])
            bright = np.flatnonzero(strengths > 0.1)
            assert bright.tolist() == list(range(max(len(starts) - 30, 0), len(starts)))
            assert widths[bright].min() > path.thickness
