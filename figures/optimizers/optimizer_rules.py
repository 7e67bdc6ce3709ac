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
    subtitle="By how much they remember. θ: parameters, g: their gradient, η: learning rate, "
    "t: number of the step.",
    alt="A table of {n_optimizers} optimizers, from those that remember nothing to {most_label}: "
    "update rule with its source, usual settings. What a rule shares with that of another is "
    "written there.",
    caption="What isn’t said to start otherwise starts at 0. Bias correction divides by 1 − βᵗ and "
    "never feeds back into the averages; where gradients are divided by a root, the average "
    "already holds squares, and ε is added outside of the root; AdaMax divides by a maximum, "
    "without a root. A test reads each rule and takes the steps that it says.",
    words={
        "letter": "{letter} = {value}",
        "clause": "{formula}",
        "kin": "{letters} as in {who}",
        "source": "{of}",
        "settings": "with its usual settings",
        "group": "{n:?Remember next to nothing|Remember one number for each parameter|Remember two "
        "numbers for each parameter|Remember three numbers and more}",
        # what a letter or a word of the rule means, by the optimizer's name
        "of adafactor": "$S$: a mean for each row and each column of a matrix. rms: root of the "
        "mean square.",
        "of asgd": "In the end the mean of all points $θ$ is taken, which it keeps on the side.",
        "of lbfgs": "$H$ turns a change of slope, $Δg$, back into the step $Δθ$ that made it.",
        "of muon": "For matrices; other parameters make AdamW’s steps, with $β₁$, $β₂$, $ε$. "
        "$U Vᵀ$: a matrix without its stretches $Σ$. Larger side: its rows or columns, whichever "
        "are more.",
        "of nadam": "$μ$: momentum of this step, $κ$ of the next. $M$: product of all $μ$ so far.",
        "of prodigy": "$d₋$: $d$ before the step. $⟨a, b⟩$: sum of products. $‖s‖₁$: sum of sizes.",
        "of radam": "$ρ$: how many gradients $v$ averages by now, and $R$ in the end.",
        "of rprop": "$δ$: a length of step for each parameter. $p$: the gradient before.",
        "of schedule_free": "$z$: where steps alone would lead. $θ$ is held near the mean of all "
        "$z$.",
    },
)

FEW = 3  # clauses that are read in one go
MORE = {"d": "d"}  # settings that other tables have no letter for


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
    """Return a row for each optimizer, those that remember least first, kin together."""
    names = recording.run.values.tolist()
    shown = {name: row("optimizers", name) for name in names}
    rules = {name: shown[name]["rule"] for name in names}
    heads = kin(rules)
    kept = {name: round(float(recording.state.sel(run=name))) for name in names}
    groups = {name: say("group", n=min(kept[name], 3)) for name in names}

    def place(name: str) -> tuple[object, ...]:
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
        ]  # fmt: skip
        settings += [
            maths("letter", letter=letter, value=number(own["defaults"][setting]))
            for setting, letter in MORE.items()
            if setting in own["defaults"]
        ]
        rule = _lines(rules[name], rules[head] if head != name else "", shown[head]["label"])
        notes = [say(key) for key in [f"of {name}"] if key in VISUAL.words]
        notes.append(say("source", of=own["source"]))
        rows.append(
            [
                Cell(own["label"], note=joined(settings, ", ")),
                Cell(rule, note=joined(notes, "\n")),
            ]
        )
    columns = [Column("optimizer", note=say("settings")), Column("update rule")]
    return Table(columns, rows, [groups[name] for name in sorted(names, key=place)])
