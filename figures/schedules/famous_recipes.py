"""Optimizer and schedule of three famous papers, with the place where each number stands.

Source  001, the questions on Attention Is All You Need, GPT-3 and LLaMA
"""

from __future__ import annotations

import xarray as xr

from figures.parts.table import Cell, Column, Table
from look.words import Visual, say

READS = {
    "famous_recipes": "said (component, run), where (component, run), paper (run), model (run), "
    "schedule (run), source (run), component (component), run (run), peak, end",
}

VISUAL = Visual(
    uses=["famous_recipes"],
    title="{n_recipes:?No|One|Two|Three} famous recipes: "
    "{all_adam:?several optimizers|Adam or AdamW every time}, "
    "{all_warm_up:?not always with|always with} a warm-up, and β₂ "
    "{all_below:?as usual|below its usual {usual_beta2:g}}",
    subtitle="As the papers state it, and where. Computed are only the Transformer’s rates, by its "
    "equation; one row names the schedules of this project.",
    alt="A table with a column each for Attention Is All You Need, GPT-3, LLaMA. Its rows: "
    "optimizer, its settings, weight decay and clipping; warm-up, highest rate, how it falls and "
    "where it ends; batch and length. Under each entry stands the section or table of the paper; "
    "{n_silent} entries are not stated.",
    caption="{n_silent} of the entries are not stated in the papers. The Transformer’s rates "
    "follow from its equation 3 with d = {width}, computed by the schedule inverse_sqrt: "
    "{peak:.1e} at its highest.",
    words={
        "optimizer": "Optimizer",
        "schedule": "Learning rate",
        "amount": "Amount",
        "rate": "{rate:.1e}",
        "symbol": "${of}$",
        "row": "here the schedule",
        "sources": "{list}.",
    },
)

GROUPS = {
    "optimizer": ["optimizer", "β₁", "β₂", "ε", "weight decay", "gradient clipping"],
    "schedule": ["warm-up", "highest rate", "then", "ends at"],
    "amount": ["batch", "length"],
}


def table(recording: xr.Dataset) -> Table:
    """Return the facts, a column a paper."""
    names = recording.run.values.tolist()
    papers, models = recording.paper.values.tolist(), recording.model.values.tolist()
    columns = [Column(paper, note=model) for paper, model in zip(papers, models, strict=True)]
    rows: list[list[object]] = []
    groups = []
    for group, facts in GROUPS.items():
        for fact in facts:
            named = say("symbol", of=fact) if len(fact) <= 2 else fact  # a letter is mathematics
            rows.append([named, *(_cell(recording, fact, name) for name in names)])
            groups.append(say(group))
    rows.insert(
        len(GROUPS["optimizer"]) + len(GROUPS["schedule"]),
        [say("row"), *(str(recording.schedule.sel(run=name).item()) for name in names)],
    )
    groups.insert(len(GROUPS["optimizer"]), say("schedule"))
    sources = "; ".join(recording.source.values.tolist())
    return Table([Column(""), *columns], rows, groups, notes=[say("sources", list=sources)])


def _cell(recording: xr.Dataset, fact: str, name: str) -> Cell:
    """Return what is said, or follows, and under it where."""
    said = str(recording.said.sel(component=fact, run=name).item())
    if not said:
        said = say("rate", rate=recording.attrs["peak" if fact == "highest rate" else "end"])
    return Cell(said, note=str(recording["where"].sel(component=fact, run=name).item()))
