"""What to run, as validated data: a spec says everything that a run's numbers follow from.

A spec that can't be run can't be made: a value of the wrong type or out of range is a
`UserError` that names the field. A run's `address` is a digest of its spec and of the code that
the run truly depends on.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_type_hints

import msgspec

from simulate import registry
from simulate.errors import UserError
from simulate.storage import code
from simulate.storage.files import SCHEMA

Count = Annotated[int, msgspec.Meta(ge=1)]
Seed = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Strength = Annotated[float, msgspec.Meta(ge=0)]
Penalty = dict[Literal["l1", "l2"], Strength]
Name = Annotated[str, msgspec.Meta(min_length=1)]


_encoder = msgspec.json.Encoder(order="sorted")


@functools.cache
def _types(struct: type) -> dict[str, Any]:
    hints = get_type_hints(struct, include_extras=True)
    return {field: hints[field] for field in struct.__struct_fields__}  # type: ignore[attr-defined]


def _is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_finite, value))
    return True


class Spec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all specs and of every experiment's settings: frozen, and checked when made.

    Raises
    ------
    UserError
        If a value has the wrong type, is out of range, isn't finite, or can't be written as
        JSON. The message has the field's name, the value and what is allowed.
    """

    def __post_init__(self) -> None:
        # msgspec checks what it decodes, but not what Python constructs.
        for field, wanted in _types(type(self)).items():
            value = getattr(self, field)
            try:
                converted = msgspec.convert(value, wanted)
                _encoder.encode(converted)
                if not _is_finite(converted):
                    raise ValueError("Expected finite numbers")
            except (msgspec.ValidationError, TypeError, ValueError) as error:
                said = str(error)
                raise UserError(
                    f"{type(self).__name__}.{field} is {value!r}: {said[:1].lower()}{said[1:]}"
                ) from None
            if converted is not value:  # a list given for a tuple, an int for a float
                msgspec.structs.force_setattr(self, field, converted)


class Data(Spec, frozen=True, kw_only=True):
    """Which examples: a row of ``simulate/data``, how many of them, and which draw.

    Attributes
    ----------
    name : str
        The dataset's row.
    n_train, n_test : int or None
        Numbers of examples; None takes the row's own.
    seed : int
        Of the choice of examples, or of their making.
    settings : dict
        Merged over the row's defaults.
    """

    name: Name
    n_train: Count | None = None
    n_test: Count | None = None
    seed: Seed = 0
    settings: dict[str, Any] = {}


class Model(Spec, frozen=True, kw_only=True):
    """Which network: a row of ``simulate/models``, settings merged over its defaults."""

    name: Name
    settings: dict[str, Any] = {}


class Optimizer(Spec, frozen=True, kw_only=True):
    """Which optimizer: a row of ``simulate/optimizers``, settings merged over its defaults."""

    name: Name
    settings: dict[str, Any] = {}


class Schedule(Spec, frozen=True, kw_only=True):
    """Which schedule of the learning rate: a row of ``simulate/schedules``."""

    name: Name
    settings: dict[str, Any] = {}


class Probe(Spec, frozen=True, kw_only=True):
    """What to record of a training run: a row of ``simulate/probes``, and how often.

    Attributes
    ----------
    name : str
        The probe's row.
    every : int, "epoch", "ends" or None
        Steps between two records, the last step being recorded as well; at the start of every
        epoch; at the first step and the last. None takes the row's own.
    settings : dict
        Merged over the row's defaults.
    """

    name: Name
    every: Count | Literal["epoch", "ends"] | None = None
    settings: dict[str, Any] = {}


def record(*names: str, **every: int | str) -> tuple[Probe, ...]:
    """Return probes: those named with their rows' own strides, the others as often as said.

    Examples
    --------
    >>> [(probe.name, probe.every) for probe in record("scalars", parameters=5)]
    [('scalars', None), ('parameters', 5)]
    """
    found = [Probe(name=name) for name in names]
    return (*found, *(Probe(name=name, every=value) for name, value in every.items()))  # type: ignore[arg-type]


class Train(Spec, tag="train", tag_field="kind", frozen=True, kw_only=True):
    """Train a network on a dataset.

    Attributes
    ----------
    batch_size : int or None
        Examples per step; None takes the whole training set.
    replacement : bool
        Whether batches are drawn with replacement, rather than by shuffling every epoch.
    in_order : bool
        Whether examples are a stream in the order of time, rather than shuffled.
    epochs, steps : int or None
        How long; exactly one of them is given.
    seed : int
        Of the initial weights, of the order of the examples, and of what is random in training.
    record : tuple of Probe
        What is recorded; see `record`.
    allow_divergence : bool
        Whether a loss that is no longer finite is recorded as it is; else it is a `RunError`.
    zero_grad : bool
        Whether gradients are cleared before each backward pass, rather than added up.
    penalty : dict of {"l1", "l2"} to float
        Added to the loss for the size of the weights: λ Σ|w| or λ Σw², with these λ. Recorded
        losses are without it.
    backend : {"auto", "eager", "fused"}
        "auto" takes the fastest that can run this spec.
    """

    data: Data
    model: Model
    optimizer: Optimizer
    loss: Name = "cross_entropy"
    schedule: Schedule | None = None
    batch_size: Count | None = None
    replacement: bool = False
    in_order: bool = False
    epochs: Count | None = None
    steps: Count | None = None
    seed: Seed = 0
    record: tuple[Probe, ...] = record("scalars", "evaluation", "parameters")
    allow_divergence: bool = False
    zero_grad: bool = True
    penalty: Penalty = {}
    backend: Literal["auto", "eager", "fused"] = "auto"
    device: Literal["cpu", "cuda", "mps"] = "cpu"
    dtype: Literal["float32", "float64"] = "float32"

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.epochs is None) == (self.steps is None):
            raise UserError(
                f"Train.epochs is {self.epochs} and Train.steps is {self.steps}: "
                "give exactly one of them"
            )


class Descend(Spec, tag="descend", tag_field="kind", frozen=True, kw_only=True):
    """Walk down a surface, a function of a few parameters.

    Attributes
    ----------
    surface : str
        A row of ``simulate/surfaces``.
    start : tuple of float or None
        Where to begin, one number a parameter; None takes the row's own start.
    steps : int
        Number of updates; one more point than this is recorded.
    settings : dict
        The surface's settings, merged over its row's defaults.
    """

    surface: Name
    optimizer: Optimizer
    steps: Count
    start: tuple[float, ...] | None = None
    schedule: Schedule | None = None
    settings: dict[str, Any] = {}
    dtype: Literal["float32", "float64"] = "float64"


class Tune(Spec, tag="tune", tag_field="kind", frozen=True, kw_only=True):
    """Search every optimizer's learning rate, and momentum, on surfaces, all by the same rules.

    Attributes
    ----------
    surfaces : tuple of str
        Rows of ``simulate/surfaces`` with the same number of parameters.
    optimizers : tuple of Optimizer
        Who is tuned; settings other than rate and momentum hold throughout.
    rates : tuple of float
        The grid, the same for all.
    momenta : tuple of float
        Who has a momentum is tried at each of these too, at every rate.
    steps : int
        The budget of each descent.
    starts, spread, seed
        How many starts: the surface's own, and others drawn around it, with a standard deviation
        of `spread` times the diagonal of the surface's box.
    near : float
        What is near a minimum, as a share of that diagonal.
    alone : tuple of str
        Surfaces on which the descents at the best rates are recorded each by itself.
    quarters : int
        From so many middles of the box's quarters, those farthest from the surface's own start, the
        descents at the best rates are recorded too.
    """

    surfaces: tuple[Name, ...]
    optimizers: tuple[Optimizer, ...]
    rates: tuple[float, ...]
    steps: Count
    starts: Count = 8
    spread: float = 0.03
    near: float = 0.01
    seed: Seed = 0
    alone: tuple[Name, ...] = ()
    quarters: int = 0
    momenta: tuple[float, ...] = ()


class TuneTraining(Spec, tag="tune_training", tag_field="kind", frozen=True, kw_only=True):
    """Search the learning rate of a training, and its momentum, and train at the best from seeds.

    In two stages, the same for every optimizer: first every rate at its own momentum; then, if it
    has one (or a β₁), each of the momenta at the best rate and its two neighbours in the grid. A
    grid of all pairs, as `Tune` walks it, would be twice as many trainings.

    Attributes
    ----------
    run : Train
        What is tuned; its rate and its seed don't count.
    rates : tuple of float
        The grid, ascending.
    momenta : tuple of float
        The grid of the second stage, less the optimizer's own; empty leaves it at that.
    search_seed : int
        Of the trainings of the search.
    seeds : tuple of int
        Of the trainings at the best rate and momentum.
    last : int
        The criterion is the mean loss of so many batches at the end; 0 takes the loss on all
        training examples after the last step.
    """

    run: Train
    rates: tuple[float, ...]
    seeds: tuple[Seed, ...]
    search_seed: Seed = 1000
    last: Annotated[int, msgspec.Meta(ge=0)] = 20
    momenta: tuple[float, ...] = ()


class Attend(Spec, tag="attend", tag_field="kind", frozen=True, kw_only=True):
    """Let a pretrained model read texts, and record what attends to what.

    Attributes
    ----------
    texts : tuple of str
        Read one after the other.
    sources, targets : tuple of tuple of str
        Of each text, words: how much more these attend to those is measured.
    against : {"sources", "targets"}
        More than other words do, or more than to other words; see `simulate.attention`.
    pretrained : str
        The model.
    digest : str
        SHA-256 of its weights: with others it would be another run.
    """

    texts: tuple[Name, ...]
    sources: tuple[tuple[Name, ...], ...]
    targets: tuple[tuple[Name, ...], ...]
    pretrained: Name
    digest: Name
    against: Literal["sources", "targets"] = "sources"

    def __post_init__(self) -> None:
        super().__post_init__()
        counts = {len(self.texts), len(self.sources), len(self.targets)}
        if len(counts) != 1 or 0 in counts:
            raise UserError(
                f"Attend has {len(self.texts)} texts, {len(self.sources)} sources and "
                f"{len(self.targets)} targets: give as many of each, at least one"
            )


Run = Train | Descend | Tune | TuneTraining | Attend
AnySpec = TypeVar("AnySpec", bound=Spec)


def canonical(spec: Spec) -> bytes:
    """Return a spec as JSON that is the same for equal specs, all fields written out."""
    return _encoder.encode(spec)


def decode(text: bytes | str, kind: Any = Run) -> Any:
    """Return the spec that JSON describes; `UserError` naming the place if it describes none.

    Parameters
    ----------
    text : bytes or str
        JSON, such as `canonical` returns.
    kind : type, default: `Run`
        What it should be: a `Spec`, a union of them, a dict of them.
    """
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise UserError(f"not a valid spec: {error}") from None


def updated(spec: AnySpec, changes: Mapping[str, Any]) -> AnySpec:
    """Return a spec with some fields changed; `UserError` if it has no such field."""
    known = spec.__struct_fields__
    for field in changes:
        if field not in known:
            near = difflib.get_close_matches(field, known, n=3, cutoff=0.5) or known
            raise UserError(f"no setting is called {field!r}; there is {', '.join(near)}")
    return type(spec)(**{**{field: getattr(spec, field) for field in known}, **changes})


def named_rows(spec: Run) -> list[tuple[str, str]]:
    """Return the (kind, name) of every row that a run is made of."""
    if isinstance(spec, TuneTraining):
        return named_rows(spec.run)
    if isinstance(spec, Attend):
        return []  # a pretrained model is known by its digest
    if isinstance(spec, Tune):
        rows = [("surfaces", name) for name in spec.surfaces]
        return rows + [("optimizers", optimizer.name) for optimizer in spec.optimizers]
    if isinstance(spec, Train):
        rows = [("datasets", spec.data.name), ("models", spec.model.name)]
        rows += [("probes", probe.name) for probe in spec.record]
        if ground := spec.model.settings.get("surface"):  # what the model `point` stands on
            rows.append(("surfaces", ground))
    else:
        rows = [("surfaces", spec.surface)]
    rows.append(("optimizers", spec.optimizer.name))
    if spec.schedule is not None:
        rows.append(("schedules", spec.schedule.name))
    return rows


def resolved(spec: Run) -> Run:
    """Return the spec with what its rows would fill in, as far as they say it in literals.

    A run that gives its own learning rate is thus the same run whatever rate its optimizer's
    row has by default; and one that doesn't give any isn't.
    """
    if isinstance(spec, TuneTraining):
        return updated(spec, {"run": resolved(spec.run)})
    if isinstance(spec, Tune):
        return updated(spec, {"optimizers": tuple(map(_resolved_optimizer, spec.optimizers))})
    changes: dict[str, Any] = {}
    kinds = {"data": "datasets", "model": "models", "optimizer": "optimizers"}
    for field, kind in (kinds | {"schedule": "schedules"}).items():
        part = getattr(spec, field, None)
        if part is not None:
            changes[field] = updated(part, {"settings": _settings(kind, part.name, part.settings)})
    if isinstance(spec, Train):
        changes["record"] = tuple(_resolved_probe(probe) for probe in spec.record)
    if isinstance(spec, Descend):
        changes["settings"] = _settings("surfaces", spec.surface, spec.settings)
        if spec.start is None:
            changes["start"] = registry.row("surfaces", spec.surface).fields.get("start")
    return updated(spec, changes)


def _resolved_optimizer(part: Optimizer) -> Optimizer:
    return updated(part, {"settings": _settings("optimizers", part.name, part.settings)})


def _resolved_probe(probe: Probe) -> Probe:
    every = registry.row("probes", probe.name).fields.get("every")
    changes = {"settings": _settings("probes", probe.name, probe.settings)}
    return updated(probe, changes | ({"every": every} if probe.every is None else {}))


def reads_digits(spec: Run) -> bool:
    """Tell whether a run's data depend on which digits were chosen (MNIST or scikit-learn's)."""
    training = spec.run if isinstance(spec, TuneTraining) else spec
    return isinstance(training, Train) and is_digits(training.data.name)


def is_digits(dataset: str) -> bool:
    """Tell whether a dataset is made of the chosen digits: its row imports `Choice` to take one."""
    files = code.closure(registry.row("datasets", dataset).module)
    return code.module_path("simulate.data.choice") in files


def address(spec: Run, *, data_digest: str | None) -> str:
    """Return the name of a run's result in the store.

    Parameters
    ----------
    spec : Train or Descend
        The run.
    data_digest : str or None
        Digest of the chosen digits; it counts only for runs that read them.

    Returns
    -------
    str
        20 hexadecimal digits of the SHA-256 over the resolved spec, the digits' digest, the
        store's schema, and the code of the engine and of all rows that the spec names.

    Raises
    ------
    UserError
        If the spec names a row that doesn't exist.
    """
    rows = {registry.row(kind, name).path for kind, name in named_rows(spec)}
    digests = {
        code.label(path): code.digest(path, by_spec=path not in rows) for path in files(spec)
    }
    parts = {
        "schema": SCHEMA,
        "spec": resolved(spec),
        "data": data_digest if reads_digits(spec) else None,
        "code": digests,
    }
    return hashlib.sha256(_encoder.encode(parts)).hexdigest()[:20]


EXECUTE = "simulate.training.execute"  # the engine of trainings and descents


def files(spec: Run) -> set[Path]:
    """Return the source files that a run depends on: what executes it, and the rows it names."""
    modules = [registry.row(kind, name).module for kind, name in named_rows(spec)]
    todo = [engine(spec), *modules]
    return {path for module in todo for path in code.closure(module, without=code.PLUMBING)}


def engine(spec: Run) -> str:
    """Return the module that does what a run says.

    Each kind of work has its own, so that an edit of the one makes no other stale.
    """
    does = {
        Tune: "simulate.training.tuning",
        TuneTraining: "simulate.training.tuning_trainings",
        Attend: "simulate.measures.attention",
    }
    return does.get(type(spec), EXECUTE)


def _settings(kind: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    return {**registry.row(kind, name).fields.get("defaults", {}), **given}
