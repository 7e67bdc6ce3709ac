"""The command line itself: help, refusals, and how little it loads."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import cli
from simulate.registry import PROJECT

NAMES = cli.cli.list_commands(click.Context(cli.cli))
SLOW = ("torch", "xarray", "numpy", "matplotlib", "manim", "rich", "numba", "sklearn", "PIL")


def teachnet(*args: str) -> Result:
    return CliRunner().invoke(cli.cli, list(args))


def command(name: str) -> click.Command:
    found = cli.cli.get_command(click.Context(cli.cli), name)
    assert found is not None
    return found


def test_commands_are_those_of_the_design() -> None:
    wanted = "list record render preview all why show sheet clean doctor"
    assert set(wanted.split()) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_help_has_examples_that_parse(name: str) -> None:
    result = teachnet(name, "--help")
    assert result.exit_code == 0
    examples = result.output.partition("Examples:")[2].split("\n")[1:]
    examples = [line.strip() for line in examples if line.strip()]
    assert examples
    for example in examples:
        program, used, *args = shlex.split(example)
        assert (program, used) == ("teachnet", name)
        command(name).make_context(name, args)  # raises where an option is wrong


@pytest.mark.parametrize("name", NAMES)
def test_options_have_help(name: str) -> None:
    options = [p for p in command(name).params if isinstance(p, click.Option)]
    plain = [p.name for p in options if not p.help and not isinstance(p.type, click.Choice)]
    assert plain == []


def test_help_lists_every_command() -> None:
    result = teachnet("--help")
    for name in NAMES:
        assert f"\n  {name} " in result.output


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            "render lerning_rates",
            "no visual is called 'lerning_rates'; did you mean learning_rates",
        ),
        ("render lossurface", "did you mean loss_surface or loss_functions?"),
        ("render rae", "did you mean optimizer_race?"),  # by its other name
        ("render zzz", "no visual is called 'zzz'; see `teachnet list`"),
        ("record zzz", "no experiment is called 'zzz'; see `teachnet list experiments`"),
        ("list surfaces zzz", "no surface is called 'zzz'; see `teachnet list surfaces`"),
        ("show zzz", "no recording or run is called 'zzz'; see `teachnet list experiments`"),
        ("record sharpness --set rates=[] --as x", "give list of number, length at least 1"),
        ("record descent_paths --set n_steps=-1 --as x", "give whole number, at least 1"),
        ("rendr", "no such command 'rendr'; did you mean render?"),
        ("render --jobs 0", "0 is not in the range x>=1"),
        ("render --quality best", "'best' is not one of 'draft', 'blog', 'hd', '4k'"),
        ("render --theme blue", "'blue' is not one of 'dark', 'light', 'both'"),
        ("render --device tpu", "'tpu' is not one of"),
        ("preview learning_rates --at soon", "'soon' is no time; give seconds"),
        ("preview learning_rates --at -1", "'-1' is no time; give seconds"),
        ("sheet --frames 0", "0 is not in the range x>=1"),
        (f"all --media {Path(__file__)}", "is a file; give a folder"),
        ("list rows --kind X", "'X' is not one of 'F', 'T', 'A'"),
        ("render neuron --format svg --max-bytes 3MB", "--max-bytes is of gif, webm, webp; svg is"),
        ("render neuron --recording a.nc --format gif", "--format doesn't go with --recording"),
        (f"render neuron --recording a.nc --to {Path(__file__)}", "is a file"),
    ],
)
def test_refusals(args: str, said: str) -> None:
    result = teachnet(*shlex.split(args))
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_data_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = teachnet("record", "*", "--media", str(tmp_path), "--data", str(tmp_path / "none"))
    assert result.exit_code == 2
    assert str(tmp_path / "none") in result.output
    assert list(tmp_path.iterdir()) == []


def test_traceback_only_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> None:
        raise ZeroDivisionError("one line\nor two")

    monkeypatch.setattr("pipeline.wanted.visuals", breaks)
    result = teachnet("list")
    assert result.exit_code == 1
    assert result.output == ("teachnet: ZeroDivisionError: one line or two (--debug shows where)\n")
    for args in (["--debug", "list"], ["list", "--debug"]):
        assert isinstance(teachnet(*args).exception, ZeroDivisionError)


@pytest.mark.parametrize(
    "args", [["--help"], ["render", "--help"], ["list"], ["list", "optimizers"], ["why", "*"]]
)
def test_looking_loads_nothing_slow(args: list[str], tmp_path: Path) -> None:
    script = (
        "import sys, cli\n"
        f"try: cli.cli({args!r})\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        f"print([name for name in {SLOW!r} if name in sys.modules], file=sys.stderr)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env={"TEACHNET_MEDIA": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "[]\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["render", "--jobs", "0"], "0 is not in the range x>=1"),
        (["render", "-q", "ultra"], "'ultra' is not one of 'draft', 'blog', 'hd', '4k'"),
        (["frobnicate"], "no such command 'frobnicate'"),
        (["--loud"], "no such option"),
        (["--media", "there", "list"], "'--media' before the command; its own follow it"),
    ],
)
def test_wrong_usage_is_one_line(arguments, said):
    result = CliRunner().invoke(cli.cli, arguments, prog_name="teachnet")
    assert result.exit_code == 2
    assert said.lower() in result.output.lower()
    assert result.output.count("\n") == 1
    assert "--help" in result.output


def test_outside_the_environment_it_says_how_to_make_one() -> None:
    result = subprocess.run(
        [sys.executable, "-S", "cli.py", "list"],  # without what was installed
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "run `make setup` in the clone, then .venv/bin/teachnet" in result.stderr


def test_an_interrupt_prints_no_traceback() -> None:
    """As soon as the first line of ours has run, whatever is being loaded."""
    for module in ("difflib", "click", "simulate.errors", "pipeline.commands.list"):
        script = (
            "import sys\n"
            "class Interrupts:\n"
            "    def find_spec(self, name, *_):\n"
            f"        if name == {module!r}: raise KeyboardInterrupt\n"
            "sys.meta_path.insert(0, Interrupts())\n"
            "sys.argv = ['teachnet', 'list']\n"
            "import cli\n"
            "cli.main()\n"
        )
        result = subprocess.run(
            [sys.executable, "-c", script],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode in (1, 130)
        assert "Traceback" not in result.stderr
