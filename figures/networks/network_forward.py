"""A digit flows through a trained network: the architecture with one pass in it.

Source  000, placeholder NEURAL NETWORK MANIM; 001; 004
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    Canvas,
    is_narrow,
    px,
    text_width,
    wrap,
)
from figures.parts.colors import halo
from figures.parts.networks import bar, digit, edges, units
from look.numbers import percent
from look.runs import series
from look.theme import color
from look.votes import ahead, lead, pieces
from look.words import Visual, say, short

READS = {
    "network_forward": "image (example, y, x), logit (example, class), "
    "probability (example, class), label (example), prediction (example), loss (example), "
    "pixel_contribution (example, unit_1, feature), "
    "activation_1 (example, unit_1), contribution_2 (example, unit_1, unit_2), "
    "activation_2 (example, unit_2), contribution_3 (example, unit_2, class), class (class), "
    "n_lines, n_pixels",
}

VISUAL = Visual(
    uses=["network_forward"],
    aliases=["NEURAL NETWORK MANIM"],
    title="The label says {wrong_label}, the network says {wrong_prediction}",
    subtitle="One test {one} in a trained network. Each unit of the last layer gives more to "
    "{wrong_prediction} or more to {wrong_label}: the wider its line, the more. The sums decide.",
    alt="An image of a {one}, labelled {wrong_label}. Lines run from its strongest "
    "pixels to one layer of hidden units and to a second one; from each of these one leads to "
    "{wrong_prediction} or to {wrong_label}, of {n_classes} classes, each with a bar. The longest "
    "bar is that of {wrong_prediction}, not that of {wrong_label}. Below, the widths of the last "
    "lines lie end to end, a hollow piece for the biases with them: those to {wrong_prediction} "
    "are longer together.",
    caption="One test {one} ({dataset}) in a network of {n_params:,} parameters that gets "
    "{test_accuracy_all:.1%} of all {n_test_all:,} test {many} right. From the pixels, only "
    "the {n_lines} strongest products (weight × brightness) are drawn; biases are not drawn. "
    "Widths are relative to the strongest line of each layer. A last line leads to the one of the "
    "two classes to which its unit gives more, and is as wide as the difference; the hollow "
    "piece of a sum is that of the biases, which are no lines. The {one} is the "
    "most legible of those that the network gets wrong: nearest, by the mean training images, to "
    "its own class rather than to another.",
    words={
        "question": "The label says {wrong_label}. What will a trained network say?\n"
        "Orange raises a unit’s sum, blue lowers it. Of the pixels’ lines, {n_lines} are drawn.",
        "pixels": "{n_pixels} pixels",
        "strongest": "{n_lines} strongest lines",
        "hidden": "{n} hidden units",
        "units": "{n} units",
        "vote": "+{more:.1f} for {name}",
        "piece": "{more:.1f}",
        "probability": "probability",
        "all votes": "the last lines’ widths, end to end; hollow: the biases",
        "lead": "{said} leads by {lead:.1f}: {p_said} against {p_label}",
        "loss": "loss: −log {p:.3n} = {loss:counter}",
        "whose": "{role} {name}",
        "total": "{more:.1f}",
        "all more": "more for {name} than for {other}",
        "answer": "It says {said}: {p_said}, and {p_label} for {label}\n"
        "Loss: −log {p:.3n} = {loss:counter}. A last unit gives more to {said} or to {label}: the "
        "wider, the more.",
        "sums": "All together give more to {said}: {more} against {less}\n"
        "The lines’ widths, end to end; hollow: the biases.",
    },
    series={
        "label": ["label", "green"],
        "guess": ["guess", "text"],
    },
)


Place = tuple[float, float]


class Columns(NamedTuple):
    """Where the parts of a class's row stand; CSS pixels."""

    name: float  # its right end
    bar: tuple[float, float]
    tag: float


TOP, PITCH = 18.0, 24.5  # middle of the first row of units, and from row to row, CSS pixels
SIDE = 148.0  # of the image
UNDER = 84.0  # from the lowest unit to the first sum's bar
HIDDEN, CLASSES = (244.0, 354.0), 486.0  # middles of the columns
WIDE = Columns(CLASSES + 5, (503, 600), 652)
# On the narrow sheet the digit flows down: layers are rows, over standing bars of the classes.
LAYERS, STANDING = (238.0, 338.0, 432.0), 70.0
THICK = 26.0  # of the sums of all that the units give
LONGEST, LETTER = 11, 8.0  # letters of a class; width of one, CSS pixels
FADED = 0.18  # opacity of lines that only stand in the background


def draw(recording: xr.Dataset) -> Figure:
    """Return the pass of the digit that the network gets wrong."""
    wrong = (recording.label != recording.prediction).values
    example = recording.isel(example=int(np.argmax(wrong)))
    sizes = [recording.sizes[each] for each in ("unit_1", "unit_2", "class")]
    narrow, n = is_narrow(), sizes[-1]
    names = [short(name, LONGEST) for name in example["class"].values.tolist()]
    middle = TOP + (max(sizes) - 1) / 2 * PITCH
    lowest = TOP + (max(sizes) - 1) * PITCH
    below = LAYERS[2] + 204 if narrow else lowest + UNDER  # middle of the first sum's bar
    foot = below + THICK + (57 if narrow else 18)
    fig = Canvas(max(foot, middle + SIDE) + 14, narrow=foot + 26)
    if narrow:
        left, top = (NARROW - SIDE) / 2, 6.0
        *hidden, ends = (_row(y, size) for y, size in zip(LAYERS, sizes, strict=True))
    else:
        left, top = MARGIN, middle - SIDE / 2
        hidden = [_column(x, size, middle) for x, size in zip(HIDDEN, sizes[:2], strict=True)]
        listed = _column(CLASSES, n, middle)
        ends = listed - [12 + LETTER * (max(map(len, names)) - 1), 0]
    height = fig.height - fig.head
    tile = fig.place(left, top, SIDE, SIDE)
    ax = fig.place(0, 0, fig.width, height)
    ax.set(xlim=(0, fig.width), ylim=(height, 0))  # data units are CSS pixels
    ink = fig.place(left, top, SIDE, SIDE)  # over the lines: the digit stays whole
    for each in (tile, ax, ink):
        each.axis("off")
    digit(tile, 0 * example.image).axes.autoscale(False)
    digit(ink, example.image, tile=False)

    _from_pixels(ax, tile, example, (left, top), hidden[0])
    edges(ax, *_every(*hidden), example.contribution_2.values.ravel(), opacity=FADED)
    _votes(ax, example, hidden[1], ends, names)
    for i, places in enumerate(hidden, 1):
        units(ax, places, example[f"activation_{i}"])
    _name(ax, example, (left, top), hidden)
    if narrow:
        _standing(ax, example, names, ends)
    else:
        _bars(ax, example, names, listed)
    margin = NARROW_MARGIN if narrow else MARGIN
    right = fig.width - margin
    _sums(ax, example, names, below, (margin, right))

    label, guess = int(example.label), int(example.prediction)
    p_said, p_label = (percent(float(example.probability[each])) for each in (guess, label))
    more = say("lead", said=names[guess], lead=ahead(example), p_label=p_label, p_said=p_said)
    ax.text(right, foot if narrow else below - THICK / 2 - 10, more, ha="right", va="baseline")
    return fig


def _column(x: float, size: int, middle: float) -> np.ndarray:
    """Return the places of a layer's units, shape (unit, 2)."""
    return np.stack([np.full(size, x), middle + (np.arange(size) - (size - 1) / 2) * PITCH], axis=1)


def _row(y: float, size: int) -> np.ndarray:
    """Return the places of a layer's units on the narrow sheet, shape (unit, 2)."""
    reach = min(NARROW / 2 - NARROW_MARGIN - 9, (size - 1) / 2 * 1.3 * PITCH)
    return np.stack([NARROW / 2 + np.linspace(-reach, reach, size), np.full(size, y)], axis=1)


def _name(ax: Axes, example: xr.Dataset, corner: Place, hidden: list[np.ndarray]) -> None:
    """Say how many pixels, lines and units there are."""
    left, top = corner
    muted = {"color": color("muted"), "va": "baseline"}
    pixels = [say("pixels"), say("strongest")]
    if is_narrow():
        for i, line in enumerate(wrap(say("pixels"), LABEL, left - NARROW_MARGIN - 8)):
            ax.text(left - 8, top + 14 + 19 * i, line, ha="right", **muted)
        return
    for i, line in enumerate(pixels):
        ax.text(left + SIDE / 2, top + SIDE + 22 + 19 * i, line, ha="center", **muted)
    lowest = max(float(places[-1, 1]) for places in hidden)
    for places in hidden:
        ax.text(places[0, 0], lowest + 36, say("hidden", n=len(places)), ha="center", **muted)


def _from_pixels(
    ax: Axes, tile: Axes, example: xr.Dataset, corner: Place, hidden: np.ndarray
) -> None:
    """Draw the strongest weight × pixel, each from its own pixel, faint as long as it is inside."""
    flow = example.pixel_contribution.values  # (unit_1, feature)
    strongest = np.argsort(np.abs(flow), axis=None, kind="stable")[-int(example.attrs["n_lines"]) :]
    unit, feature = np.unravel_index(strongest, flow.shape)
    row, column = np.divmod(feature, example.sizes["x"])
    pixel = SIDE / example.sizes["x"]
    starts = corner + (np.stack([column, row], axis=1) + 0.5) * pixel
    ends, values = hidden[unit], flow[unit, feature]
    ways = ends - starts
    with np.errstate(divide="ignore", invalid="ignore"):
        sides = (np.where(ways > 0, SIDE, 0) + corner - starts) / ways
    share = np.nanmin(sides, axis=1, keepdims=True)  # of the way at which a line leaves the image
    edges(ax, starts + share * ways, ends, values, width=1.6, opacity=FADED)
    # The tile's axes clip their lines at its edge; their units are pixels of the image.
    first, last = ((each - corner) / pixel - 0.5 for each in (starts, ends))
    edges(tile, first, last, values, width=1.0, opacity=0.3)


def _every(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the starts and the ends of all lines between two layers."""
    return np.repeat(left, len(right), axis=0), np.tile(right, (len(left), 1))


def _votes(
    ax: Axes, example: xr.Dataset, units: np.ndarray, ends: np.ndarray, names: list[str]
) -> None:
    """Draw of each unit the line to the one of the two classes to which it gives more.

    The strongest for each has its number, at its unit.
    """
    label, said = int(example.label), int(example.prediction)
    more = lead(example)
    to = ends[np.where(more > 0, said, label)]
    edges(ax, units, to, more, width=7, inks=(series("guess").token, series("label").token))
    above = 0.0
    for unit, towards, role in ((int(more.argmax()), said, "guess"),
                                (int(more.argmin()), label, "label")):  # fmt: skip
        if to[unit].tolist() != ends[towards].tolist():
            continue  # no unit gives more to this one
        words = say("vote", more=abs(more[unit]), name=names[towards])
        (x, y), style = units[unit], {"ha": "right", "va": "center_baseline"}
        if is_narrow():
            half = text_width(words, LABEL, "semibold") / 2
            x = min(max(x, NARROW_MARGIN + half), NARROW - NARROW_MARGIN - half)
            y, style["ha"] = y - 20, "center"
            if above and abs(x - above) < 2 * half + 10:  # there is the other's number
                y -= 18
            above = x
        else:
            x -= 14
        ax.text(x, y, words, weight="semibold", color=series(role).color, zorder=5,
                path_effects=halo(3.5), **style)  # fmt: skip


def _sums(
    ax: Axes, example: xr.Dataset, names: list[str], y: float, ends: tuple[float, float]
) -> None:
    """Lay all that speaks for each of the two end to end, with the sums."""
    said, label = pieces(example)
    rows = [("guess", said, names[int(example.prediction)]),
            ("label", label, names[int(example.label)])]  # fmt: skip
    if is_narrow():  # no row of a class says it
        rows = [(role, parts, say("whose", role=series(role).label, name=name))
                for role, parts, name in rows]  # fmt: skip
    start = ends[0] + 8 + max(text_width(name, 15, "semibold") for *_, name in rows)
    unit = (ends[1] - 46 - start) / max(said.sizes.sum(), label.sizes.sum())  # CSS pixels
    for k, row in enumerate(reversed(wrap(say("all votes"), LABEL, ends[1] - start))):
        ax.text(start, y - THICK / 2 - 10 - 17 * k, row, va="baseline", color=color("muted"))
    for k, (role, parts, name) in enumerate(rows):
        at, level = start, y + k * (THICK + 8)
        strong = {"va": "center_baseline", "weight": "semibold"}
        ax.text(start - 8, level, name, ha="right", fontsize=px(15), **strong)
        for part, which in zip(*parts, strict=True):
            hollow = which == example.sizes["unit_2"]  # the biases': there is no line
            ink, back = series(role).color, color("background")
            ax.add_patch(Rectangle((at, level - THICK / 2), part * unit, THICK, label=role,
                                   facecolor=back if hollow else ink, linewidth=px(1.2),
                                   edgecolor=ink if hollow else back, zorder=2))  # fmt: skip
            words = say("piece", more=part)
            if part >= 1 and part * unit > text_width(words, TICK, "semibold") + 8:
                ax.text(at + part * unit / 2, level, words, ha="center", color=color("background"),
                        fontsize=px(TICK), zorder=3, **strong)  # fmt: skip
            at += part * unit
        ax.text(at + 8, level, say("total", more=parts.sizes.sum()), **strong)


def _bars(ax: Axes, example: xr.Dataset, names: list[str], places: np.ndarray) -> None:
    """Draw a row a class, with its probability."""
    left, right = WIDE.bar
    for k, (_, y) in enumerate(places):
        share, role, fill = _share(example, k)
        bar(ax, left, right, y, 1.0, color=color("quiet"))
        bar(ax, left, right, y, share, color=color(fill))
        style = {
            "va": "center_baseline",
            "color": color("text" if role else "muted"),
            "weight": "semibold" if role else "normal",
        }
        ax.text(WIDE.name, y, names[k], ha="right", fontsize=px(15), **style)
        ax.text(WIDE.tag - 6, y, percent(share), ha="right", fontsize=px(TICK), **style)
        ax.text(WIDE.tag, y, series(role).label if role else "", fontsize=px(TICK), **style)
    ax.text(left, places[0, 1] - 20, say("probability"), va="baseline", color=color("muted"))
    ax.text(left, places[-1, 1] + 34, _loss(example), va="baseline", color=color("muted"))


def _standing(ax: Axes, example: xr.Dataset, names: list[str], places: np.ndarray) -> None:
    """Draw a column a class under the end of its lines, with the shares of the two."""
    for k, (x, y) in enumerate(places):
        share, role, fill = _share(example, k)
        style = {"ha": "center", "weight": "semibold" if role else "normal"}
        ink = color("text" if role else "muted")
        ax.text(x, y + 14, short(names[k], 3), va="center_baseline", color=ink, **style)
        foot, wide = y + 30 + STANDING, 16.0
        for part, hue in ((1.0, "quiet"), (share, fill)):
            ax.add_patch(
                Rectangle((x - wide / 2, foot), wide, -part * STANDING, linewidth=0,
                          facecolor=color(hue), label="probability", zorder=2)
            )  # fmt: skip
        if role:
            ax.text(x, foot + 16, percent(share), va="center_baseline", **style)
    style = {"va": "baseline", "color": color("muted")}
    ax.text(NARROW_MARGIN, foot + 36, say("probability"), **style)
    ax.text(NARROW - NARROW_MARGIN, foot + 36, _loss(example), ha="right", **style)


def _loss(example: xr.Dataset) -> str:
    """Say the cross-entropy as it follows from the label's probability."""
    chance = float(example.probability[int(example.label)])
    return say("loss", p=chance, loss=float(example.loss))


def _share(example: xr.Dataset, k: int) -> tuple[float, str, str]:
    """Return a class's probability, what it is of the two, if it is, and its colour."""
    role = {int(example.prediction): "guess", int(example.label): "label"}.get(k, "")
    return float(example.probability[k]), role, series(role).token if role else "muted"
