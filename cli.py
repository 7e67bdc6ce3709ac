"""The command line: ``teachnet COMMAND``, or ``python cli.py COMMAND`` in the clone.

Each command is a module of ``pipeline/commands/`` and is imported only when it is used, so help
and lists answer before torch, matplotlib or manim could have been loaded.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

COMMANDS = Path(__file__).resolve().parent / "pipeline" / "commands"


class Commands(click.Group):
    """The commands that have a module; and how errors are told."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take ``--debug`` from wherever it stands, and the rest as usual."""
        if "--debug" in args:
            args = ["--debug", *(arg for arg in args if arg != "--debug")]
        try:
            return super().parse_args(ctx, args)
        except click.exceptions.NoArgsIsHelpError:
            raise  # no error: the help is the answer
        except click.UsageError as error:
            _tell_usage(ctx, error)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the modules of ``pipeline/commands/``."""
        return sorted(path.stem for path in COMMANDS.glob("[!_]*.py"))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command's module; None if there is none."""
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"pipeline.commands.{name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error is one line, and a traceback is only for ``--debug``."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            _tell_usage(ctx, error)
        except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError):
            raise  # click knows what to do
        except KeyboardInterrupt:
            ctx.exit(130)  # what a shell expects of a program that Ctrl-C ended
        except Exception as error:
            if ctx.params["debug"]:
                raise
            _tell(ctx, error)


def _tell_usage(ctx: click.Context, error: click.UsageError) -> NoReturn:
    """Say in one line what click says in four."""
    said = error.format_message().rstrip(".")
    where = (error.ctx or ctx).command_path
    click.echo(f"teachnet: {said[:1].lower()}{said[1:]}; see {where} --help", err=True)
    ctx.exit(2)


def _tell(ctx: click.Context, error: Exception) -> None:
    from simulate.errors import UserError

    if isinstance(error, UserError):
        click.echo(f"teachnet: {error}", err=True)
        ctx.exit(2)
    text = " ".join(f"{type(error).__name__}: {error}".split())
    click.echo(f"teachnet: {text} (--debug shows where)", err=True)
    ctx.exit(1)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nExamples:\n  teachnet list\n  teachnet preview learning_rates\n  teachnet all",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error; may stand anywhere.")
@click.version_option(package_name="teaching-networks", prog_name="teachnet")
def cli(debug: bool) -> None:
    """Train real networks, record what happens, and make figures, tables and animations of it."""


def main() -> None:
    """Run the command line."""
    cli(prog_name="teachnet")


if __name__ == "__main__":
    main()
