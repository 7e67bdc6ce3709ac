"""``teachnet clean``: delete what is of no use any more."""

from __future__ import annotations

import shutil

import click

from pipeline.commands._options import examples, options
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet clean --dry-run",
        "teachnet clean",
    )
)
@click.option("--dry-run", is_flag=True, help="Only list it.")
@options("media")
def command(dry_run: bool, settings: Settings) -> None:
    """Delete orphans and caches in the media folder, and list what they weigh.

    These are runs that no recording uses (also those of a recording that was interrupted),
    recordings and pictures of names that no longer exist, half-made files, logs and caches (also
    that of compiled strings, which lies in the user's cache folder; a downloaded MNIST stays).
    """
    from pipeline import catalogue
    from pipeline.build import abandoned
    from pipeline.display import relative
    from pipeline.orphans import orphans, weight
    from simulate import registry
    from simulate.errors import UserError

    media = settings.media
    if abandoned(media)[1] and not dry_run:
        raise UserError(f"a build is at work in {relative(media)}; clean when it is done")
    total = 0
    found = orphans(media, catalogue.visuals(), registry.names("experiments"))
    for path, reason in found.items():
        size = weight(path)
        total += size
        click.echo(f"{size / 1e6:8.2f} MB  {relative(path)}  {reason}")
        if dry_run:
            continue
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError as error:
            raise UserError(f"cannot delete {path}: {error.strerror}; check who owns it") from None
    verb = "to delete" if dry_run else "deleted"
    click.echo(f"teachnet: {total / 1e6:.2f} MB {verb} in {len(found)} places", err=True)
