from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from look.words import Visual, fill, merge
from simulate.errors import UserError


def row(**words: str) -> Visual:
    return msgspec.structs.replace(Visual(uses=["race"], title="", alt="", caption=""), **words)


def test_words_are_filled_from_attributes() -> None:
    visual = row(title="{steps:,} steps", subtitle="on {dataset}", alt="{steps}", caption="{lr:g}")
    filled = fill(visual, {"steps": np.int64(2000), "dataset": "MNIST", "lr": 0.10})
    assert (filled.title, filled.subtitle, filled.alt, filled.caption) == (
        "2,000 steps",
        "on MNIST",
        "2,000",
        "0.1",
    )
    assert filled.uses == ["race"]
    assert visual.title == "{steps:,} steps"


def test_a_percent_sign_stands_behind_a_narrow_space() -> None:
    filled = fill(
        row(title="{share:.1%} right", caption="100% of {steps}"), {"share": 0.802, "steps": 3}
    )
    assert filled.title == "80.2\N{NARROW NO-BREAK SPACE}% right"
    assert filled.caption == "100% of 3"  # what is written out is left as it is


def test_a_missing_attribute_names_template_and_field() -> None:
    with pytest.raises(UserError, match=r"title '\{epochs\} epochs'.*\{epochs\}.*race.*lr, steps"):
        fill(row(title="{epochs} epochs"), {"steps": 1, "lr": 0.1})


@pytest.mark.parametrize("template", ["{dataset:.2f}", "{}", "{steps", "{steps.total}"])
def test_a_template_that_cannot_be_filled_is_a_user_error(template: str) -> None:
    with pytest.raises(UserError, match="caption"):
        fill(row(caption=template), {"dataset": "MNIST", "steps": 3})


def test_a_later_recording_wins() -> None:
    assert merge([{"lr": 0.1, "steps": 5}, {"lr": 0.2}]) == {"lr": 0.2, "steps": 5}


def test_reading_rows_imports_no_matplotlib() -> None:
    code = (
        "import sys, look.theme, look.words;"
        "sys.exit(bool({'matplotlib', 'numpy', 'xarray', 'manim'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_drawing_a_figure_imports_nothing_that_it_does_not_use(
    recorded: Callable[[str], Path],
) -> None:
    code = (
        f"import sys, figures; figures.draw('neuron', {str(recorded('neuron'))!r});"
        "print(*{'torch', 'manim', 'scipy', 'matplotlib.pyplot'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""
