"""How every picture writes numbers: a true minus, powers of ten, narrow spaces."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from numbers import Number
from string import Formatter
from typing import Any

NARROW = "\N{NARROW NO-BREAK SPACE}"
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float, digits: int = 3) -> str:
    """Write a number as a reader would, with a true minus; very large and small as powers of ten.

    Examples
    --------
    >>> [number(v) for v in (0.1, 1000, -2, 12.3456, 2.5e-7)]
    ['0.1', '1,000', '−2', '12.3', '2.5 × 10⁻⁷']
    """
    if value == 0 or not math.isfinite(value):
        return {math.inf: "∞", -math.inf: "−∞"}.get(value, f"{value:g}")
    if not 9.99e-4 <= abs(value) < 1e7:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        head = {"1": "", "-1": "−"}.get(mantissa, f"{mantissa} × ")
        return head.replace("-", "−") + "10" + str(int(exponent)).translate(_RAISED)
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def percent(share: float, digits: int = 0) -> str:
    """Write a share as a percentage with a narrow space, as templates do: 80.2 %."""
    return f"{100 * share:.{digits}f}{NARROW}%".replace("-", "−")


class _Words(Formatter):
    """Writes −2.5 with a true minus, 5 × 10⁻⁵ as a power of ten, and 80.2 % with its space."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        if not isinstance(value, Number):
            return text
        text = re.sub(r"(?P<digits>[\d.]+)e(?P<power>[-+]\d+)", _with_power, text)
        return text.replace("-", "−").replace("%", NARROW + "%")


def _with_power(match: re.Match[str]) -> str:
    power = str(int(match["power"])).translate(_RAISED)
    return f"10{power}" if match["digits"] == "1" else f"{match['digits']} × 10{power}"


def written(template: str, attrs: Mapping[str, Any]) -> str:
    """Return a template filled as every picture writes numbers.

    Examples
    --------
    >>> written("{a:g}, {b:.1e}, {c:.0f}", {"a": -2.5, "b": 5.4e-5, "c": 3.0})
    '−2.5, 5.4 × 10⁻⁵, 3'
    """
    return _Words().vformat(template, (), attrs)


def fixed(value: float, decimals: int, *, sign: bool = False) -> str:
    """Write a number with all its decimals and a true minus, or with its sign in any case.

    Examples
    --------
    >>> fixed(-0.4, 1), fixed(2.08, 2, sign=True), fixed(-1e-12, 1)
    ('−0.4', '+2.08', '0.0')
    """
    value = round(float(value), decimals) + 0.0  # no negative zero
    return f"{value:{'+' if sign and value else ''}.{decimals}f}".replace("-", "−")
