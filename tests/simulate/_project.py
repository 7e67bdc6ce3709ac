"""A throw-away copy of the project with tiny rows and an engine that needs no torch.

Registry, digests, store and recorder are the real ones; only what they find is small.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

CLONE = Path(__file__).resolve().parents[2]

# Copied as they are; the rest of simulate/ is replaced by the files below.
REAL = (
    "__init__.py errors.py recorder.py recording.py registry.py roots.py specs.py "
    "training/__init__.py storage/__init__.py storage/code.py storage/files.py "
    "storage/imports.py storage/netcdf.py storage/receipts.py storage/sources.py storage/store.py "
    "experiments/__init__.py experiments/_base.py experiments/_run.py "
    "data/__init__.py data/choice.py data/download.py data/folder.py data/pretrained.py"
)

FILES = {
    "simulate/training/device.py": '''
"""Nothing to settle without torch."""

def settle(device="cpu", threads=1):
    pass
''',
    "simulate/training/execute.py": '''
"""Divides by two where the real one trains; notes every run in EXECUTED, waits on HOLD."""

import time
from pathlib import Path

import numpy as np
import xarray as xr

from simulate import _arithmetic, recording, registry
from simulate.errors import RunError

def execute(spec, data, progress, checkpoint=None):
    project = Path(__file__).parent.parent.parent
    with (project / "EXECUTED").open("a") as log:
        log.write(spec.optimizer.name + "\\n")
    while (project / "HOLD").exists() and spec.optimizer.name in (project / "HOLD").read_text():
        time.sleep(0.02)
    if hasattr(spec, "data"):
        data.check()
    row = registry.load("optimizers", spec.optimizer.name)
    lr = {**row.defaults, **spec.optimizer.settings}["lr"]
    if lr > 1:
        raise RunError(f"loss became NaN at step 1 with lr {lr}")
    progress(1, 2, "loss 0.5")
    theta = _arithmetic.halved(row.build(lr), spec.steps)
    theta = recording.variable("step", theta, "parameter")
    return xr.Dataset({"theta": theta}, {"step": np.arange(spec.steps + 1)}, {"backend": "eager"})
''',
    "simulate/_arithmetic.py": '''
"""Helper of the engine."""

def halved(start, steps):
    # Each value is half of the one before.
    return [start / 2**step for step in range(steps + 1)]
''',
    "simulate/optimizers/__init__.py": "",
    "simulate/optimizers/_base.py": '''
"""The row."""

import dataclasses

@dataclasses.dataclass
class Optimizer:
    build: object
    defaults: dict
    label: str
    color: str
''',
    "simulate/surfaces/bowl.py": '''
"""A bowl."""

SURFACE = dict(start=(1.0, 2.0), label="Bowl", defaults={"depth": 1.0})
''',
    "simulate/models/line.py": '''
"""A line."""

MODEL = dict(label="line", defaults={"width": 1})
''',
    "simulate/data/mnist.py": '''
"""Digits."""

from simulate.data.choice import Choice

DATASET = dict(label="MNIST", takes=Choice)
''',
    "simulate/probes/scalars.py": '"""One number."""\n\nPROBE = dict(every=1)\n',
    "simulate/probes/evaluation.py": '"""Another."""\n\nPROBE = dict(every="epoch")\n',
    "simulate/probes/parameters.py": '"""All."""\n\nPROBE = dict(every="ends")\n',
    "simulate/data/xor.py": '"""Four points."""\n\nDATASET = dict(label="XOR", defaults={})\n',
    "simulate/experiments/chapter/_shared.py": '''
"""What the experiments of this chapter share."""

import xarray as xr

def together(runs):
    labels = list(runs)
    theta = xr.concat([runs[label].data.theta for label in labels], "run")
    return xr.Dataset({"theta": theta.transpose("run", "step")}, {"run": labels})
''',
    # every optimizer there is, at its own learning rate
    "simulate/experiments/chapter/race.py": '''
"""All of them."""

from __future__ import annotations

from simulate import registry, specs
from simulate.experiments import _base as base
from simulate.experiments.chapter import _shared

class Settings(base.Settings, frozen=True, kw_only=True):
    steps: specs.Count = 3

EXPERIMENT = base.Experiment(settings=Settings(), tiny=Settings(steps=1), label="Race")

def runs(settings):
    return {
        name: specs.Descend(
            surface="bowl", optimizer=specs.Optimizer(name=name), steps=settings.steps
        )
        for name in registry.names("optimizers")
    }

def record(runs, settings):
    return _shared.together(runs)
''',
    # one optimizer at rates of its own, on the digits
    "simulate/experiments/chapter/rates.py": '''
"""Two learning rates."""

from __future__ import annotations

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.chapter import _shared

class Settings(base.Settings, frozen=True, kw_only=True):
    slow: float = 0.25
    fast: float = 0.5
    steps: specs.Count = 3

EXPERIMENT = base.Experiment(settings=Settings(), tiny=Settings(steps=1), label="Rates")

def runs(settings):
    return {
        label: specs.Train(
            data=specs.Data(name="mnist"), model=specs.Model(name="line"), steps=settings.steps,
            optimizer=specs.Optimizer(name="adam", settings={"lr": lr}),
        )
        for label, lr in [("slow", settings.slow), ("fast", settings.fast)]
    }

def record(runs, settings, data):
    return _shared.together(runs).assign_attrs(dataset=data.label)
''',
}

OPTIMIZER = '''
"""{label}: divides."""

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=lambda lr: lr,
    defaults={{"lr": {lr}}},
    label="{label}",
    color="{color}",
)
'''


class Project:
    """The copy below `root`: edit its files, and ask what its own `simulate` makes of them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.media = root / "media"
        for name in REAL.split():
            target = root / "simulate" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CLONE / "simulate" / name, target)
        for name, text in FILES.items():
            self.write(name, text)
        self.add_optimizer("sgd", lr=0.5)
        self.add_optimizer("adam", lr=0.125)

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
        return path

    def add_optimizer(self, name: str, lr: float, color: str = "blue") -> Path:
        text = OPTIMIZER.format(label=name.upper(), lr=lr, color=color)
        return self.write(f"simulate/optimizers/{name}.py", text)

    def replace(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    def simulate(self, module: str) -> ModuleType:
        """Import one of the copy's modules from its files as they are now."""
        forget()
        importlib.invalidate_caches()
        return importlib.import_module(f"simulate.{module}")

    def _call(self, function: str, name: str, kwargs: dict[str, Any]) -> Any:
        recorder = self.simulate("recorder")
        store = importlib.import_module("simulate.storage.store").Store(self.media)
        choice = importlib.import_module("simulate.data.choice").Choice
        digest, label = kwargs.pop("data", "aa digits").split()
        data = choice(source=label, path=None, digest=digest, label=label)
        context = recorder.Context(data=data, device=kwargs.pop("device", "cpu"))
        return getattr(recorder, function)(name, store, context, **kwargs)

    def state(self, name: str, **kwargs: Any) -> list[str]:
        return self._call("state", name, kwargs)

    def plan(self, name: str, **kwargs: Any) -> Any:
        recorder_kwargs = dict(kwargs)
        recorder = self.simulate("recorder")
        choice = importlib.import_module("simulate.data.choice").Choice
        context = recorder.Context(data=choice.embedded())
        return recorder.plan(recorder.runs(name, context, **recorder_kwargs), context)

    def record(self, name: str, **kwargs: Any) -> list[str]:
        """Record, and return the optimizers of the runs that were computed for it."""
        log = self.root / "EXECUTED"
        log.write_text("")
        self._call("record", name, kwargs)
        return log.read_text().split()

    def load(self, name: str) -> Any:
        return self.simulate("storage.store").Store(self.media).load(name)


def forget() -> None:
    """Forget every imported module of `simulate`, so that the next import reads the files."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "simulate"]:
        del sys.modules[name]
