"""adam_moments: torch's own state, corrections computed from it, and arithmetic that adds up."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import torch
import xarray as xr

from simulate.errors import UserError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
from tests.visuals._networks import filmed, said, value

FULL = {"n_steps": 60}


@pytest.fixture(scope="module")
def full(record: Record) -> xr.Dataset:
    return record("adam_moments", **FULL)


def test_the_moments_are_torchs_state_and_the_corrections_follow(full: xr.Dataset) -> None:
    theta = torch.tensor([-2.5], dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([theta], lr=0.1, betas=(0.9, 0.999), eps=1e-8)
    for k in range(60):
        assert float(full.theta[k]) == pytest.approx(theta.item(), rel=1e-12)
        adam.zero_grad()
        (0.5 * theta**2).sum().backward()
        assert theta.grad is not None
        assert float(full.gradient[k]) == pytest.approx(theta.grad.item(), rel=1e-12)
        adam.step()
        state = adam.state[theta]
        m, v = state["exp_avg"].item(), state["exp_avg_sq"].item()
        assert float(full.m[k]) == pytest.approx(m, rel=1e-12)
        assert float(full.v[k]) == pytest.approx(v, rel=1e-12)
        m_hat, v_hat = m / (1 - 0.9 ** (k + 1)), v / (1 - 0.999 ** (k + 1))
        assert float(full.m_hat[k]) == pytest.approx(m_hat, rel=1e-9)
        assert float(full.v_hat[k]) == pytest.approx(v_hat, rel=1e-9)
        assert float(full.move[k]) == pytest.approx(
            -0.1 * m_hat / (math.sqrt(v_hat) + 1e-8), rel=1e-9
        )
        assert float(full.plain_ratio[k]) == pytest.approx(m / (math.sqrt(v) + 1e-8), rel=1e-9)


def test_the_first_step_is_eta_on_any_slope(full: xr.Dataset) -> None:
    assert full.attrs["same"]
    assert full.attrs["alike"]
    np.testing.assert_allclose(full.steep_move, full.move, rtol=1e-5, atol=1e-9)
    assert float(full.move[0]) == pytest.approx(0.1, rel=1e-7)
    assert full.attrs["first_slope"] == 2.5
    assert full.attrs["steep_slope"] == 250
    assert full.attrs["plain_first"] == pytest.approx(0.1 / math.sqrt(0.001), rel=1e-5)


def test_a_large_epsilon_makes_the_first_step_shorter_and_the_title_says_less(
    record: Record,
) -> None:
    found = record("adam_moments", eps=0.5)
    assert not found.attrs["same"]
    assert not found.attrs["alike"]
    assert found.attrs["first_size"] == pytest.approx(2.5 / 3.0)
    assert found.attrs["steep_size"] == pytest.approx(250 / 250.5)


def test_the_minimum_is_no_start(record: Record) -> None:
    with pytest.raises(UserError, match="start is 0, where the slope is 0"):
        record("adam_moments", start=0.0)


NUMBER = r"\(?(−?[\d.]+)\)?"


def stated(latex: str) -> str:
    """Return a set formula as a line again."""
    hats = latex.replace(r"\hat{m}", "m\u0302").replace(r"\hat{v}", "v\u0302")
    line = re.sub(r"\\dfrac\{([^{}]*)\}\{([^{}]*)\}", r"\1 / \2", hats)
    line = re.sub(r"\\sqrt\{([^{}]*)\}", r"√\1", line).replace(r"\cdot", "·")
    line = line.replace("^{2}", "²").replace(r"\Delta \theta", "Δθ").replace("-", "−")
    return re.sub(r"\( ?(.*?) ?\)", r"(\1)", line).strip("$").replace(" )", ")")


def test_what_is_printed_of_the_first_step_adds_up(recorded: Recorded) -> None:
    fig, _ = drawn("adam_moments", recorded)
    texts = [stated(text) for text in said(fig)]

    def printed(pattern: str) -> list[float]:
        (found,) = (re.fullmatch(pattern, text) for text in texts if re.fullmatch(pattern, text))
        assert found is not None
        return [value(group) for group in found.groups()]

    rest, g, m = printed(rf"m = {NUMBER} · {NUMBER} = {NUMBER}")
    assert rest * g == pytest.approx(m, abs=1e-12)
    top, lack, m_hat = printed(rf"m̂ = {NUMBER} / {NUMBER} = {NUMBER}")
    assert (top, top / lack) == pytest.approx((m, m_hat))
    rest, g2, v = printed(rf"v = {NUMBER} · {NUMBER}² = {NUMBER}")
    assert (g2, rest * g**2) == pytest.approx((g, v))
    top, lack, v_hat = printed(rf"v̂ = {NUMBER} / {NUMBER} = {NUMBER}")
    assert (top, top / lack) == pytest.approx((v, v_hat))
    under, root = printed(rf"√v̂ = √{NUMBER} = {NUMBER}")
    assert (under, root**2) == pytest.approx((v_hat, v_hat))
    lr, top, under, move = printed(rf"Δθ = −{NUMBER} · {NUMBER} / {NUMBER} = {NUMBER}")
    assert (top, under, -lr * top / under) == pytest.approx((m_hat, root, move))


def test_what_the_film_works_out_adds_up(recorded: Recorded) -> None:
    sections = filmed("adam_moments", recorded)
    for name, t in (("first", 1), ("second", 2)):
        lines = {text.split(" = ")[0]: text for text in sections[name] if " = " in text}
        for symbol, power in (("m", 1), ("v", 2)):
            beta, before, rest, g, result = (
                value(each) for each in re.findall(r"−?[\d.]+", lines[symbol])
            )
            exact = beta * before + rest * g**power
            decimals = len(lines[symbol].rpartition(".")[2])
            assert round(exact, decimals) == pytest.approx(result), lines[symbol]
            hat = lines[symbol + "\N{COMBINING CIRCUMFLEX ACCENT}"]
            top, lack, corrected = (value(each) for each in re.findall(r"−?[\d.]+", hat))
            assert top == result
            assert lack == pytest.approx(1 - beta**t, abs=5e-7)
            assert f"{top / lack:.3g}" == f"{corrected:.3g}", hat
        lr, up, under, step = (value(each) for each in re.findall(r"−?[\d.]+", lines["step"]))
        assert f"{lr * up / math.sqrt(under):.3g}" == f"{step:.3g}"  # −0.1: the rule's own minus


def test_bars_and_averages_are_drawn_as_recorded(recorded: Recorded) -> None:
    fig, (found,) = drawn("adam_moments", recorded)
    heights = [bar.get_height() for bar in fig.axes[0].patches]
    np.testing.assert_allclose(heights, found.move / 0.1)
    np.testing.assert_array_equal(line(fig, "plain step").get_ydata(), -found.plain_ratio)
    np.testing.assert_allclose(line(fig, "steep").get_ydata() * 0.1, found.steep_move)
