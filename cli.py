"""The command line: ``teachnet COMMAND``, or ``python cli.py COMMAND`` in the clone.

Each command is a module of ``pipeline/commands/`` and is imported only when it is used, so help
and lists answer before torch, matplotlib or manim could have been loaded.
"""

from __future__ import annotations

try:
    import difflib
    import errno
    import os
    import sys
    from importlib import import_module
    from pathlib import Path
    from typing import Any, NoReturn

    import click
except KeyboardInterrupt:  # Ctrl-C before `main`; before this file it is Python's own to tell
    raise SystemExit(130) from None
except ModuleNotFoundError:
    raise SystemExit(
        f"teachnet: {sys.executable} lacks what teachnet needs; "
        "run `make setup` in the clone, then .venv/bin/teachnet"
    ) from None

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
        except click.NoSuchOption as error:
            said = f"no such option {error.option_name!r} before the command; its own follow it"
            _tell_usage(ctx, click.UsageError(said, ctx))
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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is asked for; if there is none, say which come near."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=2, cutoff=0.6)
            if near and not args[0].startswith("-"):
                said = f"no such command {args[0]!r}; did you mean {' or '.join(near)}?"
                raise click.UsageError(said, ctx) from error
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error is one line, and a traceback is only for ``--debug``."""
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        try:
            _check_folder()
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
    said = error.format_message().rstrip(".").replace(". Did you", "; did you")
    where = (error.ctx or ctx).command_path
    stop = "" if said.endswith("?") else ";"
    click.echo(f"teachnet: {said[:1].lower()}{said[1:]}{stop} see {where} --help", err=True)
    ctx.exit(2)


def _check_folder() -> None:
    """Refuse to work in a folder that somebody deleted: relative paths mean nothing there."""
    from simulate.errors import UserError

    try:
        os.getcwd()
    except FileNotFoundError:
        raise UserError("the current folder is deleted; change to another") from None


def _tell(ctx: click.Context, error: Exception) -> None:
    from simulate.errors import UserError

    if isinstance(error, UserError):
        click.echo(f"teachnet: {' '.join(str(error).split())}", err=True)
        ctx.exit(2)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC and error.filename is None:
        _cannot_print(error)
        ctx.exit(1)
    if isinstance(error, ModuleNotFoundError):
        error = ModuleNotFoundError(f"{error}; run `make setup` in the clone")
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
    try:
        _open_streams()
        try:
            cli(prog_name="teachnet")
        finally:
            _flush()
    except KeyboardInterrupt:
        sys.exit(130)


def _open_streams() -> None:
    """Make sure that there are three standard streams, which can say anything.

    One that the caller closed becomes nothing: else the next file that is opened would take its
    place, and what is printed would go there. What an encoding lacks is written as an escape.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free; for the workers too.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if getattr(stream, "errors", "") == "strict" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _flush() -> None:
    """Write out what was printed; where that cannot be, say so in a line."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _cannot_print(error)
        sys.exit(1)


def _cannot_print(error: OSError) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python tries again at its end
    if not isinstance(error, BrokenPipeError):
        click.echo(f"teachnet: cannot print: {error.strerror}", err=True)


if __name__ == "__main__":
    main()
