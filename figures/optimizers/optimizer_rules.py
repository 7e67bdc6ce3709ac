"""Every optimizer's rule, its usual settings, and where it comes from.

What a rule shares with another is written once, with the simplest of those that have it.

Source  001; 004
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np
import xarray as xr

from figures.parts.table import Cell, Column, Table
from look.numbers import joined, number
from look.runs import row
from look.words import Visual, say

READS = {
    "optimizer_table": "state (run), value (run, component), run (run), component (component)",
}

VISUAL = Visual(
    uses=["optimizer_table"],
    title="{n_optimizers} optimizers: what each does at a step that the others don’t",
    subtitle="First those to know, then the others by how much they remember. θ: parameters, "
    "g: their gradient, η: learning rate, t: number of the step.",
    alt="A table of {n_optimizers} optimizers, some to know first, then from those that remember "
    "nothing to {most_label}: what is new about each in words, and its update rule with its source "
    "and usual settings. What a rule shares with that of another is written there.",
    caption="What isn’t said to start otherwise starts at 0. Bias correction divides by 1 − βᵗ and "
    "never feeds back into the averages; where gradients are divided by a root, the average "
    "already holds squares, and ε is added outside of the root; AdaMax divides by a maximum, "
    "without a root. A test reads each rule and takes the steps that it says.",
    words={
        "letter": "{letter} = {value}",
        "clause": "{formula}",
        "kin": "{letters} as in {who}",
        "meaning": "what is new about it",
        "settings": "its usual settings, and where it comes from",
        "first": "Know these {n:?|one|two|three|four|five|six|{n}} first",
        "letters": "A letter means the same in all rules: $m$ and $v$ are running averages of $g$ "
        "and of $g²$ if their row says nothing else, $b$ is a sum that fades, $u$ a maximum, and a "
        "hat corrects for the start at 0. Settings that are not stated are those of the rule that "
        "is named.",
        "group": "{n:?Others that remember next to nothing|Others that remember one number for "
        "each parameter|Others that remember two numbers for each parameter|Others that remember "
        "three numbers and more}",
        # what is new about a rule, by the optimizer's name
        "new in adadelta": "Its own steps so far are the unit, so that η = 1 may do.",
        "new in adafactor": "Averages squares by rows and columns only.",
        "new in adagrad": "The larger a parameter’s gradients so far, the smaller its steps.",
        "new in adam": "Averages gradients and their squares, and divides one by the other.",
        "new in adamax": "Divides by the largest gradient of late.",
        "new in adamw": "Shrinks the parameters apart from the gradient’s step.",
        "new in amsgrad": "What it divides by never falls.",
        "new in asgd": "The rate falls, and all points are averaged.",
        "new in lbfgs": "Learns from its last steps how the slope bends.",
        "new in lion": "Only the sign of an average counts.",
        "new in momentum": "Goes on where it was going.",
        "new in momentum_averaged": "Momentum as an average, so that steps don’t grow.",
        "new in muon": "Steps as far in all directions of a matrix.",
        "new in nadam": "Looks ahead as Nesterov does.",
        "new in nesterov": "Steps as if momentum had moved it already.",
        "new in prodigy": "Finds its rate from how far it has come.",
        "new in radam": "Waits until it can trust its squares.",
        "new in rmsprop": "Divides by the size of gradients of late.",
        "new in rmsprop_centred": "Divides by how much gradients vary.",
        "new in rmsprop_momentum": "Momentum of divided gradients.",
        "new in rprop": "Each parameter has a step of its own, longer as long as the sign stays.",
        "new in schedule_free": "Averages points in place of a falling rate.",
        "new in sgd": "Steps downhill.",
        "new in sign_descent": "All parameters step as far: only the sign counts.",
        # what a letter or a word of the rule means
        "of adafactor": "$v$: a mean for each row and each column of a matrix. rms: root of the "
        "mean square.",
        "of asgd": "In the end the mean of all points $θ$ is taken, which it keeps on the side.",
        "of lbfgs": "$H$ turns a change of slope, $Δg$, back into the step $Δθ$ that made it.",
        "of muon": "For matrices; other parameters make AdamW’s steps, with $β₁$, $β₂$, $ε$. "
        "$U Vᵀ$: a matrix without its stretches $Σ$. Larger side: its rows or columns, whichever "
        "are more.",
        "of nadam": "$μ$: momentum of this step, $κ$ of the next. $M$: product of all $μ$ so far.",
        "of prodigy": "$m$ and $v$ average $L g$ and $L² g²$. $L₋$: $L$ before the step. "
        "$⟨x, y⟩$: sum of products. $‖s‖₁$: sum of sizes.",
        "of radam": "$N$: how many gradients $v$ averages by now, and $R$ in the end.",
        "of rprop": "$δ$: a length of step for each parameter. $p$: the gradient before.",
        "of schedule_free": "$z$: where steps alone would lead. $θ$ is held near the mean of all "
        "$z$.",
    },
)

FIRST = ("sgd", "momentum", "rmsprop", "adam", "adamw")  # in this order; most others vary these
FEW = 3  # clauses that are read in one go
MORE = {"d": "k"}  # settings that other tables have no letter for


def maths(name: str, **values: object) -> str:
    """Return words that are a formula."""
    return joined(["$", say(name, **values), "$"], "")


def clauses(rule: str) -> list[str]:
    """Return the parts of a rule, in their order."""
    return re.split(r",  |, (?=\S+ = )", rule)


def target(clause: str) -> str:
    """Return what a clause sets."""
    return clause.replace(" = ", " ← ").partition(" ← ")[0]


def kin(rules: dict[str, str]) -> dict[str, str]:
    """Return for a rule the one in which what they share is written; itself, if there is none.

    It is the one that shares the most with it, of those that share the most with all; the step of
    the parameters itself, which ends a rule, makes none kin.
    """
    parts = {name: clauses(rule) for name, rule in rules.items()}
    common = Counter(part for each in parts.values() for part in each[:-1])

    def shared(names: Iterable[str]) -> int:
        return sum(common[part] - 1 for part in names)

    order = sorted(rules, key=lambda name: (-shared(parts[name][:-1]), len(parts[name]), name))
    found = {}
    for i, name in enumerate(order):
        own = set(parts[name][:-1])
        alike = {other: sum(map(len, own & set(parts[other][:-1]))) for other in order[:i]}
        best = max(alike, key=alike.__getitem__, default=name)
        found[name] = best if alike.get(best) else name
    return {name: found[found[name]] for name in rules}


def _lines(rule: str, other: str, who: str) -> str:
    """Return a rule's clauses; after more than `FEW`, that of the parameters on a line of its own.

    What `other`, the rule of `who`, has too is said by its letters: at last if the step of the
    parameters is among it, and first otherwise.
    """
    there = set(clauses(other))
    own = [part for part in clauses(rule) if part not in there]
    same = [part for part in clauses(rule) if part in there]
    said = ""
    for clause in own:
        moves = clause.startswith("θ ←")
        between = "" if not said else "\n" if moves and len(own) > FEW else ", "
        said = joined([said, maths("clause", formula=clause)], between)
    if not same:
        return said
    letters = joined([maths("clause", formula=target(part)) for part in same], ", ")
    alike = say("kin", letters=letters, who=who)
    last = target(same[-1]) == "θ"
    if not said:
        return alike
    return joined([said, alike], "\n") if last else joined([alike, said], "; ")


def table(recording: xr.Dataset) -> Table:
    """Return a row for each optimizer: `FIRST`, then those that remember least, kin together."""
    names = recording.run.values.tolist()
    shown = {name: row("optimizers", name) for name in names}
    rules = {name: shown[name]["rule"] for name in names}
    heads = kin(rules)
    kept = {name: round(float(recording.state.sel(run=name))) for name in names}
    first = [name for name in FIRST if name in names]
    groups = {name: say("group", n=min(kept[name], 3)) for name in names}
    groups |= dict.fromkeys(first, say("first", n=len(first)))

    def place(name: str) -> tuple[object, ...]:
        if name in first:
            return (-1, first.index(name))
        head = heads[name]
        return min(kept[name], 3), len(rules[head]), head, name != head, name

    rows = []
    for name in sorted(names, key=place):
        own, head = shown[name], heads[name]
        settings = [
            maths("letter", letter=letter, value=number(value))
            for letter, value in zip(
                recording.component.values.tolist(), recording.value.sel(run=name).values,
                strict=True,
            )
            if np.isfinite(value)
            and (head == name or value != recording.value.sel(run=head, component=letter))
        ]  # fmt: skip
        settings += [
            maths("letter", letter=letter, value=number(own["defaults"][setting]))
            for setting, letter in MORE.items()
            if setting in own["defaults"]
        ]
        rule = _lines(rules[name], rules[head] if head != name else "", shown[head]["label"])
        new, explained = (
            [say(key) for key in [f"{what} {name}"] if key in VISUAL.words]
            for what in ("new in", "of")
        )
        settled = joined([joined(settings, ", ")] * bool(settings) + [own["source"]], "  ·  ")
        rows.append(
            [
                Cell(own["label"], note=joined(new), tint=name in first),
                Cell(rule, note=joined([*explained, settled], "\n"), tint=name in first),
            ]
        )
    columns = [
        Column("optimizer", note=say("meaning")),
        Column("update rule", note=say("settings")),
    ]
    groups_in_order = [groups[name] for name in sorted(names, key=place)]
    return Table(columns, rows, groups_in_order, [say("letters")])
