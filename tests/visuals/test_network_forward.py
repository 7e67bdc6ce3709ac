"""The film of the forward pass ends with the lines that lead to what was said and what is true."""

from __future__ import annotations

import re

import numpy as np
import pytest

from look import theme
from look.numbers import percent
from scenes.networks.network_forward import Pass
from scenes.parts.networks import Network
from scenes.parts.paint import rgb
from simulate import recording
from tests.figures._drawn import Recorded, drawn, telling
from tests.visuals._networks import filmed, value


@pytest.mark.parametrize("number", [0, 1])
def test_the_last_lines_that_remain_lead_to_guess_and_label(
    recorded: Recorded, number: int
) -> None:
    found = recording.load(recorded("network_forward")).isel(example=number)
    with theme.use("dark"), telling("network_forward", found):
        sharp = next(each for each in Pass(found).still if isinstance(each, Network)).sharp
    assert sharp is not None
    classes = sorted({int(found.label), int(found.prediction)})
    flow = found.contribution_3.values[:, classes]
    rows = np.linspace(1.95, -2.45, found.sizes["class"])[classes]
    assert set(sharp.ends[:, 1].round(9)) <= set(rows.round(9))
    strength = np.abs(flow) / np.abs(flow).max()
    assert len(sharp.ends) == (strength >= 0.03).sum()
    orange = np.array(rgb(theme.color("positive")))
    strongest = np.unravel_index(strength.argmax(), flow.shape)
    assert sharp.ends[-1, 1] == pytest.approx(rows[strongest[1]])
    assert np.allclose(sharp.colors[-1, :3], orange) == (flow[strongest] > 0)


def test_the_film_says_what_the_network_said_and_what_it_costs(recorded: Recorded) -> None:
    found = recording.load(recorded("network_forward"))
    sections = filmed("network_forward", recorded)
    right, wrong = (found.isel(example=i) for i in (0, 1))
    assert any(f"says {int(right.label)}," in text for text in sections["loss"])
    last = sections["larger loss"]
    assert any(f"says {int(wrong.prediction)}," in text for text in last)
    assert {"guess", "label"} <= set(last)
    assert any(text.startswith("before: loss") for text in last)


def test_the_printed_sums_give_the_printed_probabilities(recorded: Recorded) -> None:
    """In figure and film; of what is printed, not of what was recorded."""
    fig, (found,) = drawn("network_forward", recorded)
    wrong = found.isel(example=1)
    texts = [text.get_text() for text in fig.axes[1].texts]
    sums = np.array([value(t) for t in texts if re.fullmatch(r"−?\d+\.\d\d", t)])
    shares = [t for t in texts if t.endswith("%")]
    assert len(sums) == len(shares) == found.sizes["class"]
    np.testing.assert_allclose(sums, wrong.logit, atol=5e-3)
    expected = np.exp(sums) / np.exp(sums).sum()
    assert shares == [percent(share) for share in expected]
    sections = filmed("network_forward", recorded)
    assert [t for t in sections["larger loss"] if t in set(shares)] == shares
