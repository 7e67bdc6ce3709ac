"""Activations: derivatives are true, the ReLU unit really dies, pictures draw what is recorded."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker

from look import theme
from scenes.networks.activations import WIDE, Bend, Column, Glass, View, both_learn
from scenes.parts import fits
from scenes.parts.paint import rgb
from simulate import specs
from simulate.data._load import load
from simulate.errors import RunError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow, telling
from tests.visuals._networks import filmed


def test_derivatives_are_what_calculus_says(record: Record) -> None:
    found = record("activations", n_points=401)
    z = found.z.values
    value, slope = (
        {name: found[key].sel(run_function=name).values for name in found.run_function.values}
        for key in ("value", "derivative")
    )
    assert (z == 0).sum() == 1
    middle = int(np.flatnonzero(z == 0)[0])
    assert slope["sigmoid"].max() == slope["sigmoid"][middle] == 0.25
    np.testing.assert_allclose(slope["sigmoid"], value["sigmoid"] * (1 - value["sigmoid"]))
    np.testing.assert_allclose(slope["tanh"], 1 - value["tanh"] ** 2, atol=1e-15)
    np.testing.assert_allclose(value["tanh"], 2 / (1 + np.exp(-2 * z)) - 1, atol=1e-15)
    np.testing.assert_array_equal(value["step"], z >= 0)
    assert np.flatnonzero(np.isnan(slope["step"])).tolist() == [middle - 1, middle], "at the jump"
    assert not np.nan_to_num(slope["step"]).any(), "level beside it"
    np.testing.assert_array_equal(slope["relu"], z > 0)
    np.testing.assert_allclose(slope["leaky_relu"], np.where(z > 0, 1, 0.01))
    assert (found.attrs["relu_kink"], found.attrs["leaky_kink"]) == (0, 0.01)
    for name in ("sigmoid", "tanh"):
        numeric = np.gradient(value[name], z)
        np.testing.assert_allclose(slope[name][1:-1], numeric[1:-1], atol=2e-4)


def test_the_jacobian_of_softmax(record: Record) -> None:
    found = record("activations")
    p = found.softmax.values
    np.testing.assert_allclose(p, np.exp(found.logit) / np.exp(found.logit).sum())
    np.testing.assert_allclose(found.jacobian, np.diag(p) - np.outer(p, p), atol=1e-15)
    np.testing.assert_allclose(found.jacobian.sum("class"), 0, atol=1e-15)


def test_one_unit_dies_and_the_other_recovers(record: Record) -> None:
    found = record("activations")
    relu, leaky = (found.sel(run=name) for name in ("relu", "leaky_relu"))
    np.testing.assert_array_equal(relu["sum"][0], leaky["sum"][0])
    died, silent, recovered = (found.attrs[key] for key in ("died", "silent", "recovered"))
    assert 0 < died < recovered <= found.attrs["n_steps"]
    assert (relu["sum"][:died] > 0).any("example").all()
    assert (relu["sum"][died:] <= 0).all()
    assert (relu.unit_gradient[died:] == 0).all(), "exactly"
    assert (relu["sum"][died:] == relu["sum"][died]).all(), "it never moves again"
    assert (leaky["sum"][silent] <= 0).all()
    assert (leaky.unit_gradient[silent:recovered] > 0).all()
    assert (leaky["sum"][recovered:] > 0).any("example").all()
    assert float(leaky.loss[-1]) < 0.02 < 0.4 < float(relu.loss[-1])
    mean = float(((found.y_train - found.y_train.mean()) ** 2).mean())
    assert float(relu.loss[-1]) == pytest.approx(mean, abs=1e-3), "all it can say is the mean"


def test_recorded_steps_are_gradient_descent(record: Record) -> None:
    """Each activation, loss and output belongs to the parameters that a plain loop reaches."""
    found = record("activations")
    x, y = (torch.from_numpy(found[name].values)[:, None] for name in ("x_train", "y_train"))
    for name, activation in (("relu", torch.nn.ReLU()), ("leaky_relu", torch.nn.LeakyReLU())):
        run = found.sel(run=name)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(found.attrs["seed"])
            net = torch.nn.Sequential(torch.nn.Linear(1, 1), activation, torch.nn.Linear(1, 1))
        net = net.double()
        rule = torch.optim.SGD(net.parameters(), lr=found.attrs["lr"])
        for step in range(found.attrs["n_steps"] + 1):
            hidden = net[0](x)
            loss = ((net(x) - y) ** 2).mean()
            rule.zero_grad()
            loss.backward()
            assert float(run.loss[step]) == pytest.approx(loss.item(), abs=1e-9)
            norm = torch.cat([p.grad.flatten() for p in net[0].parameters()]).norm()  # type: ignore[union-attr]
            assert float(run.unit_gradient[step]) == pytest.approx(norm.item(), abs=1e-9)
            expected = hidden.detach()[:, 0].numpy()
            np.testing.assert_allclose(run["sum"][step], expected, atol=1e-9)
            if step % 40 == 0:
                grid = torch.from_numpy(found.fit_x.values)[:, None]
                np.testing.assert_allclose(run.fit[step], outputs(net, grid), atol=1e-9)
            rule.step()
    data = load(specs.Data(name="hinge"))
    np.testing.assert_array_equal(found.x_train, data.x_train[:, 0])


def outputs(net: torch.nn.Module, x: torch.Tensor) -> np.ndarray:
    with torch.no_grad():
        return net(x)[:, 0].numpy()


def test_a_unit_that_lives_is_an_error(record: Record) -> None:
    with pytest.raises(RunError, match="does not die with seed 0"):
        record("activations", seed=0)
    with pytest.raises(RunError, match="recover in 60 steps"):
        record("activations", steps=60)


def test_the_figure_draws_the_recorded_curves(recorded: Recorded) -> None:
    fig, (found,) = drawn("activations", recorded)
    found = found.isel(x=np.abs(found.z.values) <= 2.5)
    colors = set()
    for k, name in enumerate(found.run_function.values.tolist()):
        one = found.sel(run_function=name)
        both = line(fig, "h", 2 * k), line(fig, "slope", 2 * k + 1)
        for curve, key in zip(both, ("value", "derivative"), strict=True):
            x, y = (np.asarray(part, dtype=float) for part in curve.get_data())
            here = ~np.isnan(x)
            np.testing.assert_array_equal(x[here], found.z)
            np.testing.assert_array_equal(y[here], one[key])
        assert both[0].get_color() == both[1].get_color(), "a function has one colour"
        colors.add(both[0].get_color())
        z = found.z.values
        dead = {
            "step": np.ones_like(z, dtype=bool), "relu": z <= 0,
        }.get(name, np.zeros_like(z, dtype=bool))  # fmt: skip
        for panel in (2 * k, 2 * k + 1):
            spans = [patch.get_bbox() for patch in fig.axes[panel].patches]
            shaded = np.zeros_like(z, dtype=bool)
            for box in spans:
                shaded |= (z >= box.x0) & (z <= box.x1)
            np.testing.assert_array_equal(shaded, dead, err_msg=name)
    assert len(colors) == found.sizes["run_function"]
    slim = narrow("activations", recorded)
    assert slim is not None
    for functions in (fig.axes[::2], slim.axes[::2]):
        units = np.array([np.ptp(ax.transData.transform([(0, 0), (1, 1)]), 0) for ax in functions])
        np.testing.assert_allclose(units, units[0, 0], err_msg="1 is as high as wide, and in all")
    assert fig.axes[0].get_yticks().tolist() == [0, 1]


def test_each_function_stands_under_its_own_name_and_over_its_formula(recorded: Recorded) -> None:
    fig, (found,) = drawn("activations", recorded)
    labels = {
        "step": ("step", "$1$ if $z\\geq 0$, else $0$"), "relu": ("ReLU", "$\\max(0,z)$"),
        "leaky_relu": ("leaky ReLU", "$\\max(0.01z,z)$"),
        "sigmoid": ("sigmoid", "$\\sigma(z)=\\dfrac{1}{1+e^{-z}}$"),
        "tanh": ("tanh", "$2\\sigma(2z)-1$"),
    }  # fmt: skip
    for k, name in enumerate(found.run_function.values.tolist()):
        name_and_formula = [text.get_text() for text in fig.axes[2 * k].texts][:2]
        assert tuple(name_and_formula) == labels[name]


def test_slopes_are_printed_as_calculus_has_them(recorded: Recorded) -> None:
    fig, (found,) = drawn("activations", recorded)
    shown = {
        name: [text.get_text().replace("\n", " ") for text in fig.axes[2 * k + 1].texts]
        for k, name in enumerate(found.run_function.values.tolist())
    }
    for name, words in (
        ("step", ["0: learns nothing"]), ("relu", ["0: learns nothing", "1"]),
        ("leaky_relu", ["0.01: learns a little", "1"]), ("sigmoid", ["0.25 at most"]),
        ("tanh", ["1 at most"]),
    ):  # fmt: skip
        assert [text for text in shown[name] if not text.startswith(("slope", "weighted"))] == words


def test_examples_are_filled_where_the_sum_is_above_zero(recorded: Recorded) -> None:
    both = xr.load_dataset(recorded("activations"))
    run = both.sel(run="leaky_relu")
    clock = ValueTracker(0)
    with theme.use("light"), telling("activations", both):
        (dots,) = (part for part in column("leaky_relu", both, clock).unit if type(part) is Bend)
        ink, paper = (rgb(theme.color(token)) for token in ("text", "muted"))
    for step in (0, run.attrs["silent"], run.attrs["recovered"]):
        clock.set_value(step)
        values = dots.now()
        np.testing.assert_array_equal(values[:, 0], run["sum"][step])
        np.testing.assert_array_equal(values[:, 1], run.activation[step])
        above = run["sum"].values[step] > 0
        fills = dots.fills(values)
        np.testing.assert_array_equal(fills[above], np.broadcast_to(ink, (above.sum(), 3)))
        np.testing.assert_array_equal(fills[~above], np.broadcast_to(paper, ((~above).sum(), 3)))


def column(
    name: str, both: xr.Dataset, clock: ValueTracker, opened: ValueTracker | None = None
) -> Column:
    opened = opened or ValueTracker(0)
    return Column(both.sel(run=name), both, 0, clock, opened, View(both))


def test_the_view_holds_all_that_happens(recorded: Recorded) -> None:
    """All sums are seen; magnified, all while both units are silent, as they lie in their place."""
    both = xr.load_dataset(recorded("activations"))
    view = View(both)
    silent = slice(max(both.attrs["died"], both.attrs["silent"]), both.attrs["recovered"])
    chart, small, large = view.chart(0), view.glass(0, 0), view.glass(0, 1)
    for seen, sums in ((chart, both["sum"]), (large, both["sum"].isel(step=silent))):
        assert np.abs(sums).max() < -seen.x[0] < 1.1 * np.abs(sums).max()
        places = seen.point(sums, np.maximum(sums, 0.01 * sums))
        assert seen.inside(places.reshape(-1, 2)).all(), "on the line too"
    assert small.x == large.x
    for corner in zip(small.x, small.y, strict=True):  # it grows out of where it lies
        np.testing.assert_allclose(small.point(*corner), chart.point(*corner))
    assert large.width == WIDE
    for across in (large.width / small.width, large.height / small.height):
        assert view.times() == pytest.approx(across), "as much wider as higher"


def test_the_glass_shows_the_units_own_dots_magnified(recorded: Recorded) -> None:
    both = xr.load_dataset(recorded("activations"))
    clock, opened = ValueTracker(both.attrs["recovered"] - 1), ValueTracker(1)
    for name in both.run.values.tolist():
        with theme.use("dark"), telling("activations", both):
            glass = column(name, both, clock, opened).glass
        assert isinstance(glass, Glass)
        np.testing.assert_array_equal(
            glass.now()[:, 0], both["sum"].sel(run=name)[both.attrs["recovered"] - 1]
        )
        assert glass.chart.inside(glass.chart.point(*glass.now().T)).all()


def test_the_film_tells_both_ends(recorded: Recorded) -> None:
    found = xr.load_dataset(recorded("activations"))
    sections = filmed("activations", recorded)
    for shown in ("0", "0.01"):
        for section in ("start", "silence", "verdict"):
            assert f"slope {shown}" in sections[section]
    assert "dead since step 10" in sections["silence"]
    assert f"back at step {found.attrs['recovered']}" in sections["verdict"]
    texts = sections["verdict"]
    assert f"step {found.attrs['n_steps']}" in texts
    errors = []
    for name in found.run.values.tolist():
        grid = found.fit.sel(run=name).isel(step=-1).values
        says = np.interp(found.x_train, found.fit_x, grid)
        errors.append(float(((says - found.y_train.values) ** 2).mean()))
    printed = [float(text) for text in texts if len(text) == 4 and text.startswith("0.")]
    np.testing.assert_allclose(printed[:2], errors, atol=0.01)
    assert any(text.startswith("The ReLU died at step 10,") for text in texts)


def test_the_film_shows_what_each_network_says(recorded: Recorded) -> None:
    both = xr.load_dataset(recorded("activations"))
    clock = ValueTracker(0)
    for name in both.run.values.tolist():
        with theme.use("dark"), telling("activations", both):
            answer = column(name, both, clock).answer
        (says,) = (part for part in answer if isinstance(part, fits.Line))
        np.testing.assert_array_equal(says.x, both.fit_x)
        for step in (0, both.attrs["died"], both.attrs["n_steps"]):
            clock.set_value(step)
            np.testing.assert_array_equal(says.now(), both.fit.sel(run=name)[step])


def test_one_chart_holds_the_points_and_both_answers(recorded: Recorded) -> None:
    """Each name and error stands beside its own line's colour, the leaky one's lower."""
    both = xr.load_dataset(recorded("activations"))
    clock = ValueTracker(both.attrs["n_steps"])
    with theme.use("dark"), telling("activations", both):
        (points,) = (part for part in both_learn(both) if isinstance(part, fits.Points))
        rows = []
        for name in ("relu", "leaky_relu"):
            line, key, label, error = column(name, both, clock).answer
            assert isinstance(line, fits.Line)
            np.testing.assert_allclose(points.now(), line.chart.point(both.x_train, both.y_train))
            rows.append(key.get_center()[1])
            assert abs(label.get_center()[1] - rows[-1]) < 0.1
            assert abs(error.get_center()[1] - rows[-1]) < 0.1
            assert label.text == {"relu": "ReLU", "leaky_relu": "leaky ReLU"}[name]
    assert rows[0] > rows[1]
