"""``teachnet preview``: one frame, now."""

from __future__ import annotations

import math
import re

import click

from look.theme import THEMES
from pipeline.commands._options import examples, options
from pipeline.settings import Settings


class Seconds(click.ParamType[float]):
    """A time in an animation: ``3.2s`` or ``3.2``."""

    name = "SECONDS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the seconds; refuse what is none, naming it."""
        match = re.fullmatch(r"(\d+\.?\d*|\.\d+)\s*s?", str(value))
        if match is None or not math.isfinite(float(match[1])):
            self.fail(f"{value!r} is no time; give seconds from the start, such as 3.2s")
        return float(match[1])


@click.command(
    epilog=examples(
        "teachnet preview learning_rates",
        "teachnet preview network_forward --at 3.2s --watch",
    )
)
@click.argument("stem")
@click.option("--at", type=Seconds(), help="Time in the animation.  [default: the figure]")
@click.option("--watch", is_flag=True, help="Draw again at every save, until Ctrl-C.")
@click.option("--theme", type=click.Choice(list(THEMES)), default="dark", show_default=True)
@options("quality", "device", "media", "data", quality="draft")
def command(stem: str, at: float | None, watch: bool, theme: str, settings: Settings) -> None:
    """Draw one frame of a visual and print the PNG's path; record first where needed.

    Without --at it is the figure, or where there is none, the animation's poster, or the table.
    """
    if not watch:
        _draw(stem, at, theme, settings)
        return

    from watchfiles import PythonFilter
    from watchfiles import watch as changes

    from simulate import roots
    from simulate.registry import PROJECT

    _try(stem, at, theme, settings)
    folders = [PROJECT / name for name in ("simulate", "look", "figures", "scenes")]
    if (own := roots.own()) is not None:
        folders.append(own)
    for _ in changes(*folders, watch_filter=PythonFilter()):
        _try(stem, at, theme, settings)


def _try(stem: str, at: float | None, theme: str, settings: Settings) -> None:
    """Draw; where that cannot be, say so and let the next save try again."""
    from simulate.errors import UserError

    try:
        _draw(stem, at, theme, settings)
    except UserError as error:
        click.echo(f"teachnet: {error}", err=True)
    except click.exceptions.Exit:
        pass  # it has been said what failed


def _draw(stem: str, at: float | None, theme: str, settings: Settings) -> None:
    from pipeline import wanted
    from pipeline.items import Preview
    from pipeline.kinds import PREVIEW
    from simulate.errors import UserError

    entries = wanted.select_visuals([stem])
    if len(entries) > 1:
        raise UserError(f"{stem!r} matches {len(entries)} visuals; preview draws one")
    (entry,) = entries
    if at is not None and "animation" not in entry.modules:
        kind = next(iter(entry.modules))
        raise UserError(f"{entry.stem} has no animation; leave --at out to see its {kind}")
    needed = wanted.used_recordings(entries, settings, wanted.context(settings))
    wanted.run([*needed, Preview(settings, entry, PREVIEW, theme, seconds=at)], settings)
