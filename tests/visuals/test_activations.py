"""Activations: derivatives are true, the ReLU unit really dies, pictures draw what is recorded."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker

from look import theme
from scenes.networks.activations import Bend, Row, View
from scenes.parts import fits
from scenes.parts.paint import rgb
from simulate import specs
from simulate.data._load import load
from simulate.errors import RunError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling
from tests.visuals._networks import filmed, said


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
    last, lens = len(fig.axes) - 2, len(fig.axes) - 1
    colors = set()
    for panel, name in enumerate(found.run_function.values.tolist()):
        one = found.sel(run_function=name)
        both = line(fig, "h", panel), line(fig, f"slope of {name}", last)
        for curve, key in zip(both, ("value", "derivative"), strict=True):
            x, y = (np.asarray(part, dtype=float) for part in curve.get_data())
            here = ~np.isnan(x)
            np.testing.assert_array_equal(x[here], found.z)
            np.testing.assert_array_equal(y[here], one[key])
        magnified = line(fig, f"slope of {name}", lens)
        np.testing.assert_array_equal(magnified.get_xydata(), np.stack([found.z, one[key]], 1))
        assert both[0].get_color() == both[1].get_color(), "a function has one colour"
        colors.add(both[0].get_color())
    assert len(colors) == found.sizes["run_function"]


def test_slopes_are_printed_as_calculus_has_them(recorded: Recorded) -> None:
    fig, _ = drawn("activations", recorded)
    texts = said(fig)
    for words in (
        "sigmoid: 0.25 at most", "tanh: 1 at most", "ReLU and leaky ReLU: 1",
        "step: 0 on both sides", "ReLU: 0, so nothing is learned here",
        "leaky ReLU: 0.01, so it learns a little",
    ):  # fmt: skip
        assert words in texts


def test_every_name_is_at_its_own_curve(recorded: Recorded) -> None:
    """Each small chart says its own function; each slope's words hang on a curve of that height."""
    fig, (found,) = drawn("activations", recorded)
    names = found.run_function.values.tolist()
    labels = dict(zip(names, ("step", "ReLU", "leaky ReLU", "sigmoid", "tanh"), strict=True))
    formulas = {"step": "$1$ if $z\\geq 0$, else $0$", "relu": "$\\max(0,z)$",
                "leaky_relu": "$\\max(0.01z,z)$", "sigmoid": "$\\dfrac{1}{1+e^{-z}}$",
                "tanh": "$2\\sigma(2z)-1$"}  # fmt: skip
    for ax, name in zip(fig.axes, names, strict=False):
        assert [text.get_text() for text in ax.texts] == [labels[name], formulas[name]]
    chart, lens = fig.axes[-2:]
    z = found.z.values
    slope = {name: np.nan_to_num(found.derivative.sel(run_function=name).values) for name in names}
    told = {text.get_text(): text.xy for text in chart.texts if text.get_text()}
    of = {
        "tanh: 1 at most": "tanh", "sigmoid: 0.25 at most": "sigmoid",
        "ReLU and leaky ReLU: 1": "relu", "step: 0 on both sides": "step",
        "ReLU: 0, so nothing is learned here": "relu",
    }  # fmt: skip
    assert set(told) == {*of, "slope $h\\prime(z)$"}
    for words, name in of.items():
        x, y = told[words]
        assert np.interp(x, z, slope[name]) == pytest.approx(y, abs=1e-6), words
    rings = {
        tuple(each.get_xydata()[0]): each.get_markeredgecolor()
        for each in chart.get_lines()
        if len(each.get_xdata()) == 1
    }
    hue = {name: line(fig, f"slope of {name}", len(fig.axes) - 2).get_color() for name in names}
    assert rings == {(0.0, 0.0): hue["relu"], (0.0, 0.01): hue["leaky_relu"]}
    assert [text.get_text() for text in lens.texts] == [
        "leaky ReLU: 0.01, so it learns a little", "0", "0.01"
    ]  # fmt: skip
    assert [text.xy[1] for text in lens.texts][1:] == [0, 0.01]
    assert {line(fig, f"slope of {name}", len(fig.axes) - 1).get_color() for name in names} == set(
        hue.values()
    )


def test_examples_are_filled_where_the_sum_is_above_zero(recorded: Recorded) -> None:
    both = xr.load_dataset(recorded("activations"))
    run = both.sel(run="leaky_relu")
    clock = ValueTracker(0)
    with theme.use("light"), telling("activations", both):
        (dots,) = (part for part in row("leaky_relu", both, clock) if isinstance(part, Bend))
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


def row(name: str, both: xr.Dataset, clock: ValueTracker) -> list:
    return Row(both.sel(run=name), both, 0, clock, View(both, ValueTracker(0))).parts


def test_the_view_holds_all_that_happens(recorded: Recorded) -> None:
    """From far away all sums; magnified, all while both units are silent, and hardly more."""
    both = xr.load_dataset(recorded("activations"))
    zoom = ValueTracker(0)
    view = View(both, zoom)
    silent = slice(max(both.attrs["died"], both.attrs["silent"]), both.attrs["recovered"])
    for share, sums in ((0, both["sum"]), (1, both["sum"].isel(step=silent))):
        zoom.set_value(share)
        chart = view.chart(0)
        assert np.abs(sums).max() < chart.x[1] < 1.1 * np.abs(sums).max()
        assert view.times() == pytest.approx(1.06 * float(np.abs(both["sum"]).max()) / chart.x[1])
        places = chart.point(sums, np.maximum(sums, 0.01 * sums))
        assert chart.inside(places.reshape(-1, 2)).all(), "on the line too"


def test_the_film_tells_both_ends(recorded: Recorded) -> None:
    found = xr.load_dataset(recorded("activations"))
    sections = filmed("activations", recorded)
    for name, shown in (("relu", "0"), ("leaky_relu", "0.01")):
        for section in ("start", "silence", "verdict"):
            assert f"slope {shown}" in sections[section], name
    assert "gradient 0.00" in sections["start"], "dead before the text says so"
    assert "gradient 0.00" in sections["verdict"]
    assert "dead since step 10" in sections["silence"]
    assert f"back at step {found.attrs['recovered']}" in sections["verdict"]
    texts = sections["verdict"]
    assert f"step {found.attrs['n_steps']}" in texts
    assert f"gradient {float(found.unit_gradient[1, -1]):.2f}" in texts
    assert any(text.startswith("The ReLU died at step 10,") for text in texts)


def test_the_film_shows_what_each_network_says(recorded: Recorded) -> None:
    both = xr.load_dataset(recorded("activations"))
    clock = ValueTracker(0)
    for name in both.run.values.tolist():
        with theme.use("dark"), telling("activations", both):
            (says,) = (part for part in row(name, both, clock) if isinstance(part, fits.Line))
        np.testing.assert_array_equal(says.x, both.fit_x)
        for step in (0, both.attrs["died"], both.attrs["n_steps"]):
            clock.set_value(step)
            np.testing.assert_array_equal(says.now(), both.fit.sel(run=name)[step])
