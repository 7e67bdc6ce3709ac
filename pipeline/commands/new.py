"""``teachnet new``: a project folder of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from pipeline.commands._options import examples

TEMPLATE = Path(__file__).resolve().parents[1] / "template"


@click.command(epilog=examples("teachnet new my-networks"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write a small working project: an optimizer, a surface, an experiment, a figure, a scene.

    DIR is made, or is empty. Call the other commands in it, or with --project DIR.
    """
    from simulate.errors import UserError

    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UserError(f"{folder} is there and not empty; name a new folder")
        shutil.copytree(
            TEMPLATE,
            folder,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__"),
            copy_function=shutil.copyfile,
        )
        (folder / "gitignore").rename(folder / ".gitignore")
    except OSError as error:
        raise UserError(
            f"cannot write {folder}: {error.strerror or error}; choose another place"
        ) from None
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            click.echo(path)
    click.echo(f"teachnet: next, `cd {folder}` and `teachnet render three_ways -q draft`", err=True)
