"""momentum_effective_rate: η/(1 − μ) and η, and how soon; what is drawn is what was stepped."""

from __future__ import annotations

import math

import numpy as np
import pytest

from figures.layout import problems
from simulate.errors import RunError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow
from tests.visuals._networks import said
from tests.visuals._whole import colored, labels, nearest, tidy


def test_the_classical_form_grows_and_the_averaging_one_does_not(record: Record) -> None:
    found = record("momentum_effective_rate", low=0.9, high=0.99, n_steps=470)
    n = found.step.values
    for name, mu, after in (("low", 0.9, 44), ("high", 0.99, 459)):
        run = found.sel(run=name)
        np.testing.assert_allclose(run.classical, (1 - mu**n) / (1 - mu), rtol=1e-9)
        np.testing.assert_allclose(run.from_zero, 1 - mu**n, rtol=1e-9)
        np.testing.assert_allclose(run.averaging, 1, rtol=1e-9)
        assert float(run.limit) == pytest.approx(1 / (1 - mu))
        assert int(run.within) == after == math.ceil(math.log(0.01) / math.log(mu))
        for curve, limit in ((run.classical, 1 / (1 - mu)), (run.from_zero, 1.0)):
            off = 1 - curve / limit
            assert (off.sel(step=slice(after, None)) < 0.01).all()
            assert off.sel(step=after - 1) >= 0.01


def test_rate_and_gradient_do_not_matter(record: Record) -> None:
    one, other = record("momentum_effective_rate"), record("momentum_effective_rate", slope=-3.0,
                                                           lr=0.2)  # fmt: skip
    for name in ("classical", "averaging", "from_zero"):
        np.testing.assert_allclose(one[name], other[name], rtol=1e-9)


def test_a_run_too_short_is_refused(record: Record) -> None:
    with pytest.raises(RunError, match=r"at momentum 0.99, the step is not within 0.01"):
        record("momentum_effective_rate", high=0.99)


def test_curves_marks_and_words_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("momentum_effective_rate", recorded)
    for name in ("low", "high"):
        run = found.sel(run=name)
        curve = line(fig, f"classical {name}")
        np.testing.assert_array_equal(curve.get_xdata(), found.step)
        np.testing.assert_array_equal(curve.get_ydata(), run.classical)
    assert line(fig, "none").get_ydata().tolist() == [1, 1]
    dots = [each.get_xydata()[0].tolist() for each in fig.axes[0].get_lines() if
            each.get_marker() == "o"]  # fmt: skip
    mu = {"low": 0.5, "high": 0.8}
    expected = []
    for name in ("low", "high"):
        step = math.ceil(math.log(0.01) / math.log(mu[name]))
        grown = 1 - mu[name] ** step
        expected.append([step, grown / (1 - mu[name])])
    np.testing.assert_allclose(dots, expected)
    texts = said(fig)
    assert "step 7: within 1\N{NARROW NO-BREAK SPACE}%" in texts
    assert "step 21: within 1\N{NARROW NO-BREAK SPACE}%" in texts
    assert {r"$\mu = 0.8$", "× 5", r"$\mu = 0.5$: × 2"} <= set(texts)
    assert found.attrs["high_limit"] == pytest.approx(5)


def test_all_words_stand_at_their_curves(recorded: Recorded) -> None:
    wide, (found,) = drawn("momentum_effective_rate", recorded)
    slim = narrow("momentum_effective_rate", recorded)
    assert slim is not None
    last = float(found.step[-1])
    limits = {r"$\mu = 0.5$: × 2": 2.0, r"$\mu = 0.8$": 5.0, "no momentum: × 1": 1.0}
    within = {
        f"step {step}: within 1\N{NARROW NO-BREAK SPACE}%": (step, (1 - mu**step) / (1 - mu))
        for mu in (0.5, 0.8) for step in [math.ceil(math.log(0.01) / math.log(mu))]
    }  # fmt: skip
    for fig in (wide, slim):
        (ax,) = fig.axes
        words = [*limits, *within, "× 5", r"length of a step, in $\eta g$"]
        assert labels(ax) == tidy(words)
        bracket = line(fig, "times").get_xydata()
        assert bracket[:, 1].tolist() == [1, float(found.sel(run="high").limit)]
        assert bracket[0, 0] == bracket[1, 0] > last
        shafts = [each for each in ax.get_lines() if each.get_xdata()[0] == bracket[0, 0]]
        assert any(colored(each.get_color(), "purple") for each in shafts)
        assert nearest(ax, tuple(bracket.mean(0)), ["× 5", *within]) == "× 5"
        assert problems(fig) == []
        for text, limit in limits.items():
            assert nearest(ax, (last, limit), limits) == text
        for text, at in within.items():
            there = {" ".join(each.get_text().split()): each.get_text() for each in ax.texts}
            assert nearest(ax, at, [there[each] for each in tidy(within)]) == there[tidy([text])[0]]
        for name, token in (("classical low", "green"), ("classical high", "purple"),
                            ("none", "muted")):  # fmt: skip
            assert colored(line(fig, name).get_color(), token)
            ends = line(fig, name).get_xdata()[[0, -1]].tolist()
            assert ends == [float(found.step[0]), last]
