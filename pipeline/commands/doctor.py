"""``teachnet doctor``: what this machine has and lacks."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module, metadata
from typing import Any

import click

from pipeline.commands._options import examples, options
from pipeline.settings import Settings, default_jobs, make_writable
from simulate.errors import UserError

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
    yield "planes", *_try(partial(_planes, settings), INSTALL)
    yield "drawing", *_try(_drawing, INSTALL)
    yield "media", *_try(partial(_media, settings), "choose another with --media")
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
    from simulate import specs
    from simulate.training.execute import execute

    run = specs.Train(
        data=specs.Data(name="xor"),
        model=specs.Model(name="mlp", settings={"widths": [2, 4, 2]}),
        optimizer=specs.Optimizer(name="sgd"),
        batch_size=1,
        steps=2,
    )
    ran = execute(run).attrs["backend"]
    return f"batches of one take the {ran} loop, all else PyTorch's"


def _planes(settings: Settings) -> str:
    import torch

    from simulate.measures import planes
    from simulate.training import device

    where = device.choose(settings.device)
    net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU(), torch.nn.Linear(2, 2))
    tiny = planes.loss_plane(net, (torch.eye(2), torch.arange(2)), points=2, device=where)
    return f"sequences of plain layers take the {tiny.attrs['backend']} way"


def _drawing() -> str:
    import numpy as np

    from scenes.parts import raster

    pixels = np.zeros((2, 2, 4), np.uint8)
    raster.yuv420(pixels, *(np.empty((n, n), np.uint8) for n in (2, 1, 1)))
    return f"painters and colours compiled by numba {metadata.version('numba')}"


def _media(settings: Settings) -> str:
    make_writable(settings.media)
    free = shutil.disk_usage(settings.media).free / 1e9
    return f"{settings.media}, {free:.0f} GB free"


def _digits(settings: Settings) -> str:
    from simulate.data import choice

    chosen = choice.choose(settings.media, settings.data, remember=False).check()
    return f"{chosen.label} from {chosen.path or 'scikit-learn'}"
