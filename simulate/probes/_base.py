"""What a probe's row is, and how any function of a step becomes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulate import specs
from simulate.errors import UserError

# What a probe returns: by name, dimensions and values, and (if it likes) attributes.
Found = dict[str, tuple[Any, ...]]
Every = int | str | None


@dataclass(frozen=True)
class Probe:
    """A row: what to record of a step, and how often.

    Attributes
    ----------
    record : callable
        ``record(step, **settings) -> {name: (dims, values)}``, or with a third part, attributes
        such as `said` returns. `dims` are names of `simulate.recording.DIMS`, one for each axis of
        the values; the steps come before them. A name that is one of its own dimensions is that
        dimension's coordinate, and the same at every step. It must not move anything: see
        `simulate.Step.still`.
    label : str
        What it records, in a few words.
    every : int, "epoch" or "ends"
        Steps between two records, the last step being recorded as well; at the start of every
        epoch; at the first step and the last.
    defaults : dict
        The settings that `record` takes, and what holds unless others are given.
    along : str
        The dimension of the recorded steps, where it isn't ``step`` (or ``epoch``).
    looks_back : bool
        Whether it may enter `simulate.Step.still`, for which buffers and torch's generators are
        kept before the step.
    """

    record: Callable[..., Found]
    label: str
    every: int | str = 1
    defaults: dict[str, Any] = field(default_factory=dict)
    along: str = ""
    looks_back: bool = True


@dataclass(frozen=True)
class Own:
    """Somebody's function of a step, with a stride and settings."""

    function: Callable[..., Found]
    name: str
    every: int | str = 1
    settings: dict[str, Any] = field(default_factory=dict)


def probe(what: str | Callable[..., Found], every: Every = None, **settings: Any) -> Any:
    """Return a probe with a stride and settings of its own, for `simulate.train`'s `record`.

    Parameters
    ----------
    what : str or callable
        A row of ``simulate/probes``, or a function of the step that returns
        ``{name: (dims, values)}``.
    every : int, "epoch", "ends" or None
        Steps between two records; at the start of every epoch; first and last step. None takes
        the row's own, for a function every step.
    **settings
        Given to the probe.

    Raises
    ------
    UserError
        If there is no such probe or stride.

    Examples
    --------
    >>> probe("parameters", every=10).every
    10
    >>> def bias(step):
    ...     return {"bias": ((), step.model.bias)}
    >>> probe(bias, every="epoch").name
    'bias'
    """
    if isinstance(what, str):
        return specs.Probe(name=what, every=every, settings=settings)  # type: ignore[arg-type]
    if not callable(what):
        raise UserError(f"probe is {what!r}; it takes the name of one or a function of the step")
    checked = specs.Probe(name="own", every=every)  # type: ignore[arg-type]
    name = getattr(what, "__name__", type(what).__name__).strip("<>")
    return Own(what, name, checked.every or 1, settings)


def state_buffers(model: Any) -> dict[str, Any]:
    """Return the buffers that belong to a model's state (its ``state_dict``), by name."""
    state = model.state_dict()
    return {name: buffer for name, buffer in model.named_buffers() if name in state}


def said(long_name: str, units: str = "", *, measured: bool = False) -> dict[str, Any]:
    """Return the attributes of a recorded variable; see `simulate.recording.variable`."""
    return {"long_name": long_name, "units": units, **({"measured": 1} if measured else {})}
