"""``teachnet doctor``: what this machine has and lacks."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module, metadata
from importlib.util import find_spec
from typing import Any

import click

from pipeline.commands._options import examples, options
from pipeline.settings import Settings, default_jobs, make_writable
from simulate.errors import UserError
from simulate.storage.files import cache_directory, compiled_directory

INSTALL = "run `make media` in the clone"
PACKAGES = ("torch", "numpy", "xarray", "h5netcdf", "numba", "matplotlib", "manim", "typst", "rich")
# Those that stand on the system's libraries, tried in earnest.
COMPILED = {"cairo": "pycairo", "manimpango": "ManimPango", "av": "av", "h5py": "h5py"}

Finding = tuple[str, str, str]  # what it is, what is found, the remedy ("" if nothing lacks)


@click.command(
    epilog=examples(
        "teachnet doctor",
        "teachnet doctor --device cuda --data ~/data",
    )
)
@options("device", "media", "data")
def command(settings: Settings) -> None:
    """Say what this machine has and lacks, and how to mend it; status 1 if something lacks."""
    lacking = 0
    for what, found, remedy in _findings(settings):
        mark = click.style("lacks", fg="red") if remedy else click.style("ok   ", fg="green")
        click.echo(f"{mark} {what:<10} {found}{'; ' + remedy if remedy else ''}")
        lacking += bool(remedy)
    if lacking:
        click.get_current_context().exit(1)


def _findings(settings: Settings) -> Iterator[Finding]:
    yield "python", ".".join(map(str, sys.version_info[:3])), ""
    for package in PACKAGES:
        yield package, *_try(partial(metadata.version, package), INSTALL)
    for module, package in COMPILED.items():
        yield module, *_try(partial(_load, module, package), INSTALL)
    yield "encoder", *_try(_encoder, "install a build of av with libx264")
    yield "fonts", *_try(_fonts, INSTALL)
    yield "cores", str(default_jobs()), ""
    yield "device", *_try(partial(_device, settings), "choose another with --device")
    yield "training", *_try(_training, INSTALL)
    yield "planes", *_try(_planes, INSTALL)
    yield "compiled", *_try(_compiled, "nothing can be recorded or filmed until then")
    yield "media", *_try(partial(_media, settings), "nothing can be made until then")
    yield "attention", _attention(), ""
    yield "digits", *_try(partial(_digits, settings), "choose with --data DIR or --data embedded")


def _try(look: Callable[[], str], remedy: str) -> tuple[str, str]:
    """Return what is found and "", or what is wrong and the remedy."""
    try:
        return look(), ""
    except UserError as error:
        return str(error), remedy
    except Exception as error:  # whatever breaks here is what the reader came to hear
        return f"{type(error).__name__}: {error}", remedy


def _load(module: str, package: str) -> str:
    import_module(module)
    return metadata.version(package)


def _encoder() -> str:
    av: Any = import_module("av")
    av.codec.Codec("libx264", "w")
    return "libx264"


def _fonts() -> str:
    from look import theme

    fonts = sorted(theme.font_directory().glob("SourceSansPro-*.ttf"))
    return f"{theme.FONT}, {len(fonts)} weights and slopes"


def _device(settings: Settings) -> str:
    from simulate.training import device

    chosen = device.choose(settings.device)
    return f"{chosen} of {', '.join(device.available())}"


def _training() -> str:
    _find_compiler()
    return "on the CPU, batches of one take the fused loop; all else takes PyTorch's"


def _planes() -> str:
    _find_compiler()
    return "on the CPU, sequences of plain layers take the compiled way"


def _attention() -> str:
    """Say which model is shown; without one, a small transformer that is trained here."""
    from simulate.data import pretrained

    if find_spec("transformers") is None:
        return "of a small transformer trained here; with `pip install -e '.[hub]'` of others too"
    if pretrained.archive() is None:
        return f"of a small transformer trained here; for {pretrained.NAME}: {pretrained.INSTALL}"
    return f"of {pretrained.NAME}, and of models in folders or on the hub"


def _find_compiler() -> None:
    """Look for what the fast paths stand on; to try them would take seconds to compile."""
    for package in ("numba", "llvmlite"):
        if find_spec(package) is None:
            raise UserError(f"no {package}, so nothing can be compiled")


def _compiled() -> str:
    folder = compiled_directory()
    if folder is None:
        return "kept beside the source"
    kept = folder.is_relative_to(cache_directory())
    return f"kept in {folder}{'' if kept else '; set TEACHNET_CACHE to keep it for longer'}"


def _media(settings: Settings) -> str:
    make_writable(settings.media)
    free = shutil.disk_usage(settings.media).free / 1e9
    return f"{settings.media}, {free:.0f} GB free"


def _digits(settings: Settings) -> str:
    from simulate.data import choice

    chosen = choice.choose(
        settings.media, settings.data, label=settings.label, remember=False
    ).check()
    return f"{chosen.label} from {chosen.path or 'scikit-learn'}"
