"""``teachnet clean``: delete what is of no use any more."""

from __future__ import annotations

import sys

import click

from pipeline.commands._options import examples, options
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet clean --dry-run",
        "teachnet clean",
        "teachnet clean --yes --caches",
    )
)
@click.option("--dry-run", is_flag=True, help="Only list it.")
@click.option("-y", "--yes", is_flag=True, help="Delete without asking.")
@click.option("--caches", is_flag=True, help="Also what all media folders share: compiled strings.")
@options("media")
def command(dry_run: bool, yes: bool, caches: bool, settings: Settings) -> None:
    """List orphans in the media folder with what they weigh, ask, and delete them.

    These are runs that no recording uses (also those of a recording that was interrupted, and the
    states from which such runs would go on), recordings and pictures of names that no longer
    exist, half-made files, logs and caches. Only what teachnet made itself is touched, and nothing
    that was changed since; a downloaded MNIST stays.
    """
    from pipeline import catalogue, orphans, ours
    from pipeline.display import relative
    from simulate import registry
    from simulate.errors import UserError

    media = settings.media
    ours.check_marked(media)
    stems, experiments = catalogue.visuals(), registry.names("experiments")

    def find() -> orphans.Orphans:
        if ours.abandoned(media)[1] and not dry_run:
            raise UserError(f"a build is at work in {relative(media)}; clean when it is done")
        return orphans.find(media, stems, experiments, caches=caches)

    found = find()
    killed = dict.fromkeys(found.half_made, "left by a build that was killed")
    listed = killed | found.why
    total = 0
    for path, reason in listed.items():
        size = orphans.weight(path)
        total += size
        click.echo(f"{size / 1e6:8.2f} MB  {relative(path)}  {reason}")
    for line in found.kept:
        click.echo(f"teachnet: {line}", err=True)
    weighs = f"{total / 1e6:.2f} MB in {len(listed)} places"
    if not listed:
        click.echo("teachnet: nothing to delete", err=True)
        return
    if dry_run:
        click.echo(f"teachnet: {weighs} to delete", err=True)
        return
    if not yes:
        if not sys.stdin.isatty():
            raise UserError(f"{weighs} to delete; nobody is here to be asked, so say --yes")
        if not click.confirm(f"Delete {weighs}?", err=True):
            click.echo("teachnet: nothing deleted", err=True)
            return
        # Somebody may have changed a file, or begun a build, while the question stood.
        still = find().why
        found.why = {path: reason for path, reason in found.why.items() if path in still}
    ours.clear(media)
    for path in found.why:
        try:
            ours.remove(path)
        except OSError as error:
            raise UserError(f"cannot delete {path}: {error.strerror}; check who owns it") from None
    click.echo(f"teachnet: {weighs} deleted", err=True)
