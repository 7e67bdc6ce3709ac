"""What an experiment is: a table of runs, and how their results become one recording.

An experiment's module defines three things::

    EXPERIMENT = base.Experiment(settings=Settings(...), tiny=Settings(...), label="...")

    def runs(settings): ...            # dict of str to Train or Descend
    def record(runs, settings): ...    # dict of str to Run -> one Dataset

A `Run` has what was recorded (``.data``), the network as it was at any snapshot (``.model(at=8)``)
and the examples (``.dataset``). ``record`` may take a third parameter, ``data``, and is then given
which digits were chosen (`simulate.data.choice.Choice`). It combines and computes, but trains
nothing: what takes long is a run, and a run is kept. Only what is measured is done there, all in
one go.
"""

from __future__ import annotations

import msgspec

from simulate import specs
from simulate.experiments._run import Run, examples, network, surface

__all__ = ["Experiment", "Run", "Settings", "examples", "network", "surface"]


class Settings(specs.Spec, frozen=True, kw_only=True):
    """Base of an experiment's own settings; each is a field with a type and a default.

    ``teachnet record EXPERIMENT`` takes changes to them by name.
    """


class Experiment(msgspec.Struct, frozen=True, kw_only=True):
    """A row: one experiment.

    Attributes
    ----------
    settings : Settings
        What the product records.
    tiny : Settings
        The same in less than a second, for tests: real numbers, few of them.
    label : str
        What it is about, in a few words.
    alone : bool
        Whether it measures time and so must have the machine to itself.
    """

    settings: Settings
    tiny: Settings
    label: str
    alone: bool = False
