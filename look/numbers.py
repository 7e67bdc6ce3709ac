"""How every picture writes numbers: minus signs, powers of ten, spaces, rounding, units.

Templates write a value by what stands behind its colon; drawing code calls the same functions.
Nothing else decides how a number looks, and all of it is plain text, so that a figure, a film, a
table and a caption can print the same string.

======================  ===========================================================
``{x}``, ``{x:.2n}``    three digits that count, or two; whole numbers in full
``{x:.2r}``             the same, zeros before the point too: 1,300 for 1,287
``{x:.3f}``, ``{x:+.2f}``, ``{x:,}``, ``{x:.0%}``, ``{x:g}``, ``{x:.1e}``  as Python does it
``{x:kB}``, ``{x:bytes}``  a size given in bytes: in thousands; in MiB or GiB
``{x:time}``            a time given in seconds: 12 ms, 2.6 s, 6.7 min
``{x:counter}``         a loss that follows a clock: never longer than seven characters
``{x:share}``, ``{x:p}``  a share in percent, a probability, never rounded to none or to all
``{x:sub}``             as an index: x₁₂
``{x:(.1f)}``, ``{x:±.2f}``  in brackets where negative; after a sign of its own: "− 0.52"
``{x:cap}``             words, with a capital
``{x:?none|one|many}``  words by a count or a truth; by a name, ``{x:?left=…|right=…}``
======================  ===========================================================
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Number
from string import Formatter
from typing import Any

NARROW = "\N{NARROW NO-BREAK SPACE}"
_RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("-−0123456789", "₋₋₀₁₂₃₄₅₆₇₈₉")


def number(value: Any, digits: int = 3) -> str:
    """Write a number as a reader would: a whole one in full, others with `digits` that count.

    Very large and very small ones are powers of ten.

    Examples
    --------
    >>> [number(v) for v in (0.1, 1000, -2, 12.3456, 50_890, 2.5e-7, 1e7, math.nan)]
    ['0.1', '1,000', '−2', '12.3', '50,890', '2.5 × 10⁻⁷', '10⁷', '–']
    """
    value = _plain(value)
    if isinstance(value, Integral):
        return _typed(f"{int(value):,}")
    if value == 0 or not math.isfinite(value):
        return _typed(f"{abs(value) if value == 0 else value:g}")
    if not 9.99e-4 <= abs(value) < 1e7:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return _typed(_power(_cut(mantissa), int(exponent)))
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return _typed(_cut(f"{value:,.{places}f}"))


def fixed(value: Any, decimals: int, *, sign: bool = False) -> str:
    """Write a number with all its decimals, or with its sign in any case.

    Examples
    --------
    >>> fixed(-0.4, 1), fixed(2.08, 2, sign=True), fixed(-1e-12, 1), fixed(1234.5, 1)
    ('−0.4', '+2.08', '0.0', '1,234.5')
    """
    return form(value, f"{'+' if sign else ''},.{decimals}f")


def percent(share: Any, decimals: int = 0) -> str:
    """Write a share as a percentage; one that is not quite none or all is never rounded to that.

    Examples
    --------
    >>> [percent(share, 1).replace(NARROW, " ") for share in (0.8021, 1.0, 0.99996, 0.00004)]
    ['80.2 %', '100.0 %', '> 99.9 %', '< 0.1 %']
    """
    share, least = float(_plain(share)), 10.0 ** -(decimals + 2)
    if 0 < share < least / 2:
        return _said("< " + form(least, f".{decimals}%"))
    if 1 - least / 2 < share < 1:
        return _said("> " + form(1 - least, f".{decimals}%"))
    return form(share, f".{decimals}%")


def probability(value: Any, decimals: int = 3) -> str:
    """Write a probability or an error; one that is not quite 0 is never printed as 0.

    Examples
    --------
    >>> probability(0.25), probability(0.0002), probability(0.0)
    ('0.250', '< 0.001', '0.000')
    """
    value, least = _plain(value), 10.0**-decimals
    if 0 < value < least / 2:
        return _said(f"< {fixed(least, decimals)}")
    return fixed(value, decimals)


def counter(value: Any) -> str:
    """Write a loss that follows a clock: three digits that count, in at most seven characters.

    Examples
    --------
    >>> [counter(value) for value in (0.69315, 0.00042, 31.26, 7.1e8, 1e-9, 0, math.inf)]
    ['0.693', '0.00042', '31.3', '> 10⁶', '≈ 0', '0', '∞']
    """
    value = _plain(value)
    if not math.isfinite(value) or value == 0:
        return number(value)
    if value > 1e6:
        return _typed("> 10⁶")
    if value < 1e-5:
        return _typed("≈ 0")  # in glyphs that the films' font has
    return form(value, f",.{min(5, max(0, 2 - math.floor(math.log10(value))))}f")


def duration(seconds: Any, digits: int = 2) -> str:
    """Write a time with its unit.

    Examples
    --------
    >>> [duration(s).replace(NARROW, " ") for s in (0.0123, 2.61, 402.0)]
    ['12 ms', '2.6 s', '6.7 min']
    """
    seconds = float(_plain(seconds))
    unit, name = (1e-3, "ms") if seconds < 1 else (1, "s") if seconds < 100 else (60, "min")
    return _measured(seconds / unit, digits, name)


def size(n_bytes: Any, unit: str, digits: int = 3) -> str:
    """Write a number of bytes in a unit: kB are thousands, MiB are 2^20.

    Examples
    --------
    >>> size(83_200, "kB").replace(NARROW, " "), size(2**29, "MiB").replace(NARROW, " ")
    ('83.2 kB', '512 MiB')
    """
    return _measured(float(_plain(n_bytes)) / _BYTES[unit], digits, unit)


_BYTES = {"kB": 1e3, "MB": 1e6, "KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30}


def subscript(value: Any) -> str:
    """Write a whole number as an index.

    Examples
    --------
    >>> "θ" + subscript(12)
    'θ₁₂'
    """
    return _typed(str(int(_plain(value)))).translate(_LOWERED)


def form(value: Any, spec: str = "") -> str:
    """Write one value of a template by its format; see the top of this module."""
    value = _plain(value)
    if spec.startswith("?"):
        return _chosen(value, spec[1:])
    if not isinstance(value, Number) or isinstance(value, complex):
        text = str(value)
        return text[:1].upper() + text[1:] if spec == "cap" else format(value, spec)
    if spec[:1] == "(":
        text = form(value, spec[1:-1])
        return f"({text})" if text.startswith("−") else text
    if spec[:1] == "±":
        text = form(value, spec[1:])
        return f"− {text[1:]}" if text.startswith("−") else f"+ {text}"
    if spec in _FORMS:
        return _FORMS[spec](value)
    if digits := re.fullmatch(r"(?:\.(\d+)([nr]))?", spec):
        n = int(digits[1] or 3)
        return number(_rounded(value, n) if digits[2] == "r" else value, n)
    text = re.sub(r"([\d.]+)e([-+]\d+)", _as_power, format(value, spec))
    return _typed(re.sub(r"^[-+](?=[0.]*%?$)", "", text))  # no sign before a zero


_FORMS: dict[str, Callable[[Any], str]] = {
    "counter": counter,
    "bytes": lambda n_bytes: size(n_bytes, "GiB" if n_bytes >= 2**30 else "MiB"),
    "share": lambda share: percent(share, 1),
    "p": probability,
    "sub": subscript,
    "time": duration,
    **{unit: lambda value, unit=unit: size(value, unit) for unit in _BYTES},  # type: ignore[misc]
}


class _Template(Formatter):
    def vformat(self, template: str, args: Any, fields: Mapping[str, Any]) -> str:
        # Words within words: Formatter itself allows one level, {a:?no|{b:.2f}}.
        return str(self._vformat(template, args, fields, set(), 5)[0])

    def format_field(self, value: Any, format_spec: str) -> str:
        return form(value, format_spec)


def written(template: str, attrs: Mapping[str, Any]) -> str:
    """Return a template filled.

    Examples
    --------
    >>> attrs = {"a": -2.5, "b": 5.4e-5, "c": 3, "of": 8}
    >>> written("{a:g}, {b:.1e}, {c:?none|one|{c} of {of}}", attrs)
    '−2.5, 5.4 × 10⁻⁵, 3 of 8'
    """
    return _said(_Template().vformat(template, (), attrs))


def joined(parts: Iterable[str], between: str = " ") -> str:
    """Return pieces that are written already as one text, such as the terms of a sum."""
    return _said(between.join(parts))


def _chosen(value: Any, options: str) -> str:
    """Return the words for a value: by its name, or by its count, the last for all larger ones."""
    found = options.split("|")
    if isinstance(value, str):
        named = dict(option.split("=", 1) for option in found if "=" in option)
        if value not in named:
            raise ValueError(f"no words for {value!r}; there are words for {', '.join(named)}")
        return named[value]
    return found[min(max(int(value), 0), len(found) - 1)]


def _plain(value: Any) -> Any:
    """Return an array of one value as that value."""
    return value.item() if hasattr(value, "item") else value


def _cut(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _measured(value: float, digits: int, unit: str) -> str:
    return _said(f"{number(_rounded(value, digits), digits)}{NARROW}{unit}")


def _rounded(value: Any, digits: int) -> float:
    """Round to so many digits, before the point too: what is measured is no surer."""
    return float(f"{value:.{digits}g}") if math.isfinite(value) else value


def _power(mantissa: str, exponent: int) -> str:
    power = "10" + str(exponent).translate(_RAISED)
    return {"1": power, "-1": f"-{power}"}.get(mantissa, f"{mantissa} × {power}")


def _as_power(match: re.Match[str]) -> str:
    return _power(match[1], int(match[2]))


def _typed(text: str) -> str:
    """Set a number as a typesetter does; every number that a picture shows comes through here."""
    text = text.replace("-", "−").replace("%", f"{NARROW}%")
    return text.replace("inf", "∞").replace("nan", "–")


def _said(text: str) -> str:
    """Return words; every template that a picture shows comes through here."""
    return text
