"""How three famous language models were trained, as their papers say it.

What a paper doesn't state is "not stated" here, and nothing is filled in from other places. The
rates of the Transformer, for which its paper has a formula and no number, are those of the schedule
that trains here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """Nothing that could be set: these are facts."""


EXPERIMENT = base.Experiment(
    settings=Settings(), tiny=Settings(), label="the recipes of three papers"
)

SILENT = ("not stated", "")
# Paper, model, and the schedule here that has this course.
RECIPES = {
    "transformer": ("Attention Is All You Need", "Transformer, base", "inverse_sqrt"),
    "gpt3": ("GPT-3", "175B", "warmup_cosine"),
    "llama": ("LLaMA", "65B", "warmup_cosine"),
}
SOURCES = {
    "transformer": "Vaswani et al. 2017, arXiv:1706.03762",
    "gpt3": "Brown et al. 2020, arXiv:2005.14165",
    "llama": "Touvron et al. 2023, arXiv:2302.13971",
}
# What it is -> for each recipe, what the paper says and where.
FACTS: dict[str, tuple[tuple[str, str], ...]] = {
    "optimizer": (("Adam", "section 5.3"), ("Adam", "appendix B"), ("AdamW", "section 2.3")),
    "β₁": (("0.9", "section 5.3"), ("0.9", "appendix B"), ("0.9", "section 2.3")),
    "β₂": (("0.98", "section 5.3"), ("0.95", "appendix B"), ("0.95", "section 2.3")),
    "ε": (("10⁻⁹", "section 5.3"), ("10⁻⁸", "appendix B"), SILENT),
    "weight decay": (SILENT, ("0.1", "appendix B"), ("0.1", "section 2.3")),
    "gradient clipping": (SILENT, ("1.0", "appendix B"), ("1.0", "section 2.3")),
    "warm-up": (
        ("linear, 4,000 steps", "section 5.3"),
        ("linear, 375 million tokens", "appendix B"),
        ("2,000 steps", "section 2.3"),
    ),
    "highest rate": (
        ("", "at step 4,000, by equation 3"),
        ("0.6 × 10⁻⁴", "table 2.1"),
        ("1.5 × 10⁻⁴", "table 2"),
    ),
    "then": (
        ("one over the root of the step", "equation 3"),
        ("cosine, over 260 billion tokens", "appendix B"),
        ("cosine", "section 2.3"),
    ),
    "ends at": (
        ("", "at step 100,000, by equation 3"),
        ("10 % of the highest", "appendix B"),
        ("10 % of the highest", "section 2.3"),
    ),
    "batch": (
        ("about 25,000 source and 25,000 target tokens", "section 5.1"),
        ("3.2 million tokens, from 32 thousand at first", "table 2.1, appendix B"),
        ("4 million tokens", "table 2"),
    ),
    "length": (
        ("100,000 steps", "section 5.2"),
        ("300 billion tokens", "table 2.1"),
        ("1.4 trillion tokens", "table 2"),
    ),
}
WIDTH, WARM_UP, STEPS = 512, 4_000, 100_000  # of the base Transformer: table 3, sections 5.3, 5.2
USUAL_BETA2 = 0.999  # Kingma and Ba 2015, and torch
# Steps until the rate comes to its end, of them the warm-up, and where in the training that is:
# GPT-3's are of a million tokens each here, the others are the papers' own.
COURSES = {
    "transformer": (STEPS, WARM_UP, 1.0),
    "gpt3": (260_000, 375, 260 / 300),
    "llama": (350_000, 2_000, 1.0),  # 1.4 trillion tokens in batches of 4 million
}
N_COURSE = 401  # places of a course


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return nothing: nobody trains these here."""
    return {}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay the facts side by side.

    ``said`` and ``where`` (component, run): what a paper states, and in which part; "" where the
    number follows from a formula: ``peak`` and ``end``, the Transformer's highest and last rate.
    ``paper``, ``model``, ``schedule``, the label of it, and ``source`` (run). ``course`` (run, x):
    the rate as a share of its highest, over the whole training. Attributes also: ``n_recipes``,
    ``n_silent``, how many facts are not stated, and whether ``all_adam``, ``all_warm_up`` and
    ``all_below``, β₂ below ``usual_beta2``.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate import registry
    from simulate.recording import variable
    from simulate.schedules import _base as schedules

    highest = (WIDTH * WARM_UP) ** -0.5
    optimizer = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=highest)
    factors = {}
    for name, (_, _, row) in RECIPES.items():
        n_steps, rising, _ = COURSES[name]
        made = schedules.make(row, optimizer, n_steps, {"share": rising / n_steps})
        factors[name] = made.lr_lambdas[0]  # type: ignore[attr-defined]
    factor = factors["transformer"]
    said = np.array([[what for what, _ in facts] for facts in FACTS.values()])
    where = np.array([[place for _, place in facts] for facts in FACTS.values()])
    x = np.linspace(0, 1, N_COURSE)
    course = {name: [factors[name](step) for step in _steps(x, name)] for name in RECIPES}
    each = ("component", "run")
    papers, models, rows = zip(*RECIPES.values(), strict=True)
    return xr.Dataset(
        {
            "said": variable(each, said.astype(object), "what the paper says"),
            "where": variable(each, where.astype(object), "where it says so"),
            "paper": variable("run", list(papers), "paper"),
            "model": variable("run", list(models), "model"),
            "schedule": variable(
                "run", [registry.row("schedules", row).label for row in rows], "schedule"
            ),
            "course": variable(("run", "x"), list(course.values()), "share of highest rate"),
            "source": variable("run", [SOURCES[name] for name in RECIPES], "source"),
        },
        coords={"component": list(FACTS), "run": list(RECIPES)},
        attrs={
            "peak": highest * factor(WARM_UP - 1),  # steps count from 0 here
            "end": highest * factor(STEPS - 1),
            "width": WIDTH,
            "n_recipes": len(RECIPES),
            "n_silent": int((said == SILENT[0]).sum()),
            "all_adam": int(all("Adam" in what for what, _ in FACTS["optimizer"])),
            "all_warm_up": int(all(what != SILENT[0] for what, _ in FACTS["warm-up"])),
            "all_below": int(all(float(what) < USUAL_BETA2 for what, _ in FACTS["β₂"])),
            "usual_beta2": USUAL_BETA2,
        },
    )


def _steps(x: np.ndarray, name: str) -> list[int]:
    """Return the steps, counted from 0, at shares of a training; at its end a rate stays there."""
    import numpy as np

    n_steps, _, end = COURSES[name]
    return np.clip(np.round(x / end * n_steps) - 1, 0, n_steps - 1).astype(int).tolist()
