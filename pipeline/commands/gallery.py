"""``teachnet gallery``: one page with every visual."""

from __future__ import annotations

import click

from pipeline.commands._options import examples, options
from pipeline.settings import Settings
from simulate.errors import UserError


@click.command(
    epilog=examples(
        "teachnet gallery",
        "teachnet gallery --serve",
        "teachnet gallery --base-url /assets/teachnet",
    )
)
@click.option(
    "--base-url", metavar="URL",
    help="Where posts find the media, in what is copied.  [default: paths beside the page]",
)  # fmt: skip
@click.option("--serve", is_flag=True, help="Show it at an address of this machine, until Ctrl-C.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8017, show_default=True,
    help="With --serve; 0 takes any that is free.",
)  # fmt: skip
@options("quality", "force", "media")
def command(base_url: str | None, serve: bool, port: int, settings: Settings) -> None:
    """Write index.html in the media folder: every visual, how it was made, and how to embed it.

    A visual that isn't rendered yet is there with the command that renders it. The page needs no
    server and no network; --serve is for browsers that show no films from files.
    """
    from pipeline import wanted
    from pipeline.gallery.item import Gallery

    gallery = Gallery(settings, base_url)
    if gallery.theirs and not settings.force:
        raise UserError(f"{gallery.theirs}, or write over it with --force")
    wanted.run([gallery], settings)
    if serve:
        from pipeline.gallery import server

        server.serve(gallery.path, port, click.echo)
