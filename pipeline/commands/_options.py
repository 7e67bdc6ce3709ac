"""The options that commands share, each written once; a command takes those that mean something."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from look.theme import THEMES
from pipeline.qualities import QUALITIES
from pipeline.settings import Settings, check_media, default_jobs, default_media
from simulate import roots
from simulate.errors import UserError
from simulate.storage import sources
from simulate.training.device import DEVICES


class Folder(click.ParamType[Path]):
    """A folder: there or not, but with a name that can be shown in a line."""

    name = "DIR"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """Return the path; refuse an empty name (which Python takes for the current folder)."""
        if not str(value):
            self.fail("it names no folder; give one, such as '.' for the current", param, ctx)
        if not str(value).isprintable():
            self.fail(f"{str(value)!r} has unprintable characters; give another", param, ctx)
        try:
            Path(str(value)).exists()
        except OSError as error:  # thousands of characters, a folder of somebody else's
            self.fail(f"{str(value)[:60]!r}: {error.strerror}; give another", param, ctx)
        return Path(str(value))


_QUALITIES = ", ".join(f"{q.name} {q.width}×{q.height}@{q.fps}" for q in QUALITIES.values())

OPTIONS: dict[str, Callable[..., Any]] = {
    "quality": functools.partial(
        click.option, "-q", "--quality", type=click.Choice(list(QUALITIES)), show_default=True,
        help=f"Size of pictures: {_QUALITIES}.",
    ),
    "theme": functools.partial(
        click.option, "--theme", type=click.Choice([*THEMES, "both"]), default=None,
        help="[default: figures and tables in both, animations dark]",
    ),
    "device": functools.partial(
        click.option, "--device", type=click.Choice(DEVICES), default="cpu",
        envvar="TEACHNET_DEVICE", show_envvar=True, show_default=True,
        help="Where networks are trained.",
    ),
    "jobs": functools.partial(
        click.option, "-j", "--jobs", type=click.IntRange(min=1), default=None,
        envvar="TEACHNET_JOBS", show_envvar=True,
        help="Processes at once.  [default: one a core]",
    ),
    "force": functools.partial(
        click.option, "-f", "--force", is_flag=True, help="Make again what is fresh."
    ),
    "project": functools.partial(
        click.option, "--project", type=Folder(), default=None, metavar="DIR",
        envvar=roots.VARIABLE, show_envvar=True,
        help=f"Folder of rows of your own.  [default: the current one, if it has {roots.MARK}]",
    ),
    "media": functools.partial(
        click.option, "--media", type=Folder(), default=None, metavar="DIR",
        envvar="TEACHNET_MEDIA", show_envvar=True,
        help="Folder for all output.  [default: media/ in the project or the clone]",
    ),
    "data": functools.partial(
        click.option, "--data", type=Folder(), default=None, metavar="DIR|embedded",
        envvar="TEACHNET_DATA", show_envvar=True,
        help="Folder with mnist/ in it, or with other images in such files, or the digits that "
        "scikit-learn ships.  "
        "[default: what was chosen before]",
    ),
    "label": functools.partial(
        click.option, "--label", default=None, metavar="NAME",
        help="What the images of --data are called, where they aren't MNIST.",
    ),
    "download": functools.partial(
        click.option, "--download", is_flag=True, help="Fetch MNIST if it isn't here."
    ),
}  # fmt: skip


_FOLDERS = {"project": roots.VARIABLE, "media": "TEACHNET_MEDIA", "data": "TEACHNET_DATA"}


def changes(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--set`` and ``--as``, as `sets` and `name`; see `pipeline.variants`."""
    command = click.option(
        "--as", "name", metavar="NAME",
        help="Keep what --set changes under this name, beside the standard.",
    )(command)  # fmt: skip
    return click.option(
        "--set", "sets", metavar="KEY=VALUE", multiple=True,
        help="Change a setting of the experiment; see `teachnet show --settings`.",
    )(command)  # fmt: skip


def examples(*lines: str) -> str:
    """Return the end of a command's help; the mark at the start keeps click from refilling it."""
    return "\b\n" + "\n  ".join(["Examples:", *lines])


def options(*names: str, quality: str = "blog") -> Callable[[Callable[..., Any]], Any]:
    """Give a command the options `names`, and hand it their values as `settings`.

    Parameters
    ----------
    *names : str
        Keys of `OPTIONS`. With "media" comes "project", which decides where that is, and with
        "data" comes "label".
    quality : str
        The default of ``--quality``, and what a command without that option uses.
    """
    if "media" in names:
        at = names.index("media")
        names = (*names[:at], "project", *names[at:])

    if "data" in names:
        at = names.index("data") + 1
        names = (*names[:at], "label", *names[at:])

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(**values: Any) -> Any:
            chosen = {name: values.pop(name) for name in names}
            settings = _settings({"quality": quality} | chosen)
            sources.load_cache(settings.known_sources)  # before a command asks what visuals exist
            return function(settings=settings, **values)

        for name in reversed(names):
            extra = {"default": quality} if name == "quality" else {}
            call = OPTIONS[name](**extra)(call)
        return call

    return decorate


def _settings(chosen: dict[str, Any]) -> Settings:
    for name, variable in _FOLDERS.items():
        # click takes a variable that is set to nothing for one that isn't set.
        if chosen.get(name, "not asked") is None and os.environ.get(variable) == "":
            raise UserError(f"{variable} is empty; name a folder, or leave it out")
    if chosen.get("data") is not None:
        chosen["data"] = str(chosen["data"])  # it may be a word
    if (project := chosen.pop("project", None)) is not None:
        os.environ[roots.VARIABLE] = str(roots.checked(project))  # for the workers too
    chosen["quality"] = QUALITIES[chosen["quality"]]
    chosen["media"] = check_media((chosen.get("media") or default_media()).absolute())
    chosen["jobs"] = chosen.get("jobs") or default_jobs()
    return Settings(**chosen)
