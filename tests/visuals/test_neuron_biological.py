"""The drawing of a nerve cell: it needs no recording, and its parts stand over the model's."""

from __future__ import annotations

import pytest

from figures.layout import drawn_texts
from figures.networks import neuron_biological as figure
from pipeline import catalogue
from tests.figures._drawn import Recorded, drawn, visual

PAIRS = {
    "dendrites": "inputs",
    "synapses": "weights",
    "soma": "sum, activation",
    "axon": "output",
}


def test_it_uses_no_recording(recorded: Recorded) -> None:
    assert visual("neuron_biological").uses == []
    entry = catalogue.visuals()["neuron_biological"]
    assert (entry.kinds, entry.chapter) == ("F", "networks")
    _, recordings = drawn("neuron_biological", recorded)
    assert recordings == []


def test_parts_stand_over_their_counterparts(recorded: Recorded) -> None:
    fig, _ = drawn("neuron_biological", recorded)
    places = {text.get_text(): text.get_position() for text in drawn_texts(fig)}
    for (grown, calculated), x in zip(
        PAIRS.items(), (figure.INPUT, figure.WEIGHT, figure.SUM, figure.OUTPUT), strict=True
    ):
        assert places[grown][0] == places[calculated][0] == x
        assert places[grown][1] < places[calculated][1], "above: y runs down"
        leaders = [
            line
            for line in fig.axes[0].get_lines()
            if list(line.get_xdata()) == [x, x] and line.get_zorder() == pytest.approx(1.2)
        ]
        assert len({line.get_color() for line in leaders}) == 1
        assert len(leaders) == 2
        ends = max(float(max(line.get_ydata())) for line in leaders)
        if grown == "synapses":  # tied to the lowest of the three weights
            dots = [line for line in fig.axes[0].get_lines() if line.get_marker() == "o"]
            assert ends == pytest.approx(
                max(float(d.get_ydata()[0]) for d in dots if d.get_xdata()[0] == x)
            )
        if grown == "axon":
            assert ends == pytest.approx(figure.MODEL, abs=3), "it ends at the arrow"


def test_it_shows_no_numbers(recorded: Recorded) -> None:
    fig, _ = drawn("neuron_biological", recorded)
    words = [text.get_text() for text in drawn_texts(fig)]
    # The indices of names, x₁, count nothing.
    assert not any(char in "0123456789" for text in words if "$" not in text for char in text)
