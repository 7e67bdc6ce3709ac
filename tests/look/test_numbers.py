"""The number writer: what a form means, and that nothing else in a picture decides it."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np
import pytest
import xarray as xr

from look import numbers
from look.numbers import NARROW, form, number, written


def value(text: str) -> float:
    """Read a printed number back."""
    text = text.replace(",", "").replace("−", "-")
    match = re.fullmatch(r"(-?)(?:([\d.]+) × )?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    if match is None:
        return float(text)
    raised = match[3].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(f"{match[1]}1") * float(match[2] or 1) * 10.0 ** int(raised)


def test_a_number_is_read_back_to_its_digits() -> None:
    rng = np.random.default_rng(0)
    for x in 10 ** rng.uniform(-9, 12, 200) * rng.choice([-1, 1], 200):
        for digits in (1, 2, 3, 4):
            assert value(number(x, digits)) == pytest.approx(x, rel=0.51 * 10 ** (1 - digits))
    for n in (0, 7, -12, 12_345_678_901):
        assert value(number(n)) == n, "whole numbers in full"


@pytest.mark.parametrize(
    ("given", "spec", "text"),
    [
        (-2.5, "g", "−2.5"),
        (5.4e-5, ".1e", "5.4 × 10⁻⁵"),
        (1e-4, ".0e", "10⁻⁴"),
        (0.0001, "g", "0.0001"),
        (-0.001, ".2f", "0.00"),
        (-0.001, "+.2f", "0.00"),
        (0.01, "+.2f", "+0.01"),
        (0.802, ".1%", f"80.2{NARROW}%"),
        (-0.1, ".0%", f"−10{NARROW}%"),
        (math.nan, ".2f", "–"),
        (-math.inf, ".2f", "−∞"),
        (2000, ",", "2,000"),
        (2000, "", "2,000"),
        (0.123456, "", "0.123"),
        (0.123456, ".2n", "0.12"),
        (1287.0, ".2r", "1,300"),
        (0.1287, ".2r", "0.13"),
        (np.float32(0.5), ".1f", "0.5"),
        (xr.DataArray(3.0), ".1f", "3.0"),
        ("MNIST", "", "MNIST"),
        (12, "sub", "₁₂"),
        (1000, "kB", f"1{NARROW}kB"),
        (2**20, "MiB", f"1{NARROW}MiB"),
        (0.0123, "time", f"12{NARROW}ms"),
        (90.0, "time", f"90{NARROW}s"),
        (402, "time", f"6.7{NARROW}min"),
    ],
)
def test_forms(given: object, spec: str, text: str) -> None:
    assert form(given, spec) == text


def test_a_thousand_bytes_are_a_kilobyte() -> None:
    for n in (83_217, 1_234_000, 999):
        text, unit = numbers.size(n, "kB", 6).split(NARROW)
        assert (float(text.replace(",", "")), unit) == (float(Fraction(n, 1000)), "kB")


def test_words_by_a_value() -> None:
    rises = "{n:?never rises|rises once|rises {n} times}"
    assert [written(rises, {"n": n}) for n in (0, 1, 2, 9)] == [
        "never rises", "rises once", "rises 2 times", "rises 9 times",
    ]  # fmt: skip
    assert written("{ok:?no|yes}", {"ok": True}) == "yes"
    ends = "It {end:?settles=settles at {x:.1f}|leaves=leaves}."
    assert written(ends, {"end": "settles", "x": 2.0}) == "It settles at 2.0."
    with pytest.raises(ValueError, match="no words for 'swings'; there are words for settles"):
        written("{end:?settles=a}", {"end": "swings"})
