"""Makes recordings: decides whether one is stale, runs what is missing, puts it together.

An experiment is a table of runs. Each run has an address that follows from what it computes
(`simulate.specs.address`), so a run that is in the store is never computed again, whichever
experiment asks for it and however often it is killed in between.

`record` does it all, one run after the other, in this process. A build does the same in four
pieces, for its workers do no more than compute: `runs` (which there are, asked of a process that
may import the experiment), `plan` (their addresses), `compute` (one run), `assemble` (the
recording). What they return is bytes, to be put into the store by whoever asked.
"""

from __future__ import annotations

import inspect
import json
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import msgspec

from simulate import registry, roots, specs
from simulate.data import pretrained
from simulate.data.choice import Choice
from simulate.errors import RunError, UserError
from simulate.storage import code, sources
from simulate.storage.files import SCHEMA
from simulate.storage.receipts import Stored
from simulate.storage.store import Store, run_name

if TYPE_CHECKING:
    import xarray as xr

_VALUES = ("data", "device", "pretrained", "settings", "schema")  # inputs that are no files

# done, total, what is going on
Progress = Callable[[int, int, str], object]
ENGINES = "engines"  # the kind, among the rows of a receipt, of what executes runs
TICKS = 1000  # that progress counts for each run


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same for all recordings of one build.

    Attributes
    ----------
    data : Choice
        Which handwritten digits.
    device : {"cpu", "cuda", "mps"}
        Where networks are trained.
    """

    data: Choice
    device: str = "cpu"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What recording an experiment comes to.

    Attributes
    ----------
    specs : dict of str to Run
        Its runs by label.
    addresses : dict of str to str
        Where the store has them, or will.
    rows : list of str
        The rows that they name, such as ``optimizers/adam``, and what executes them where that
        isn't the usual engine: ``engines/simulate.training.tuning``.
    """

    specs: dict[str, specs.Run]
    addresses: dict[str, str]
    rows: list[str]


class File(msgspec.Struct, frozen=True):
    """What a run or a recording is on disk.

    Attributes
    ----------
    content : bytes
        Of the NetCDF file.
    attrs : dict
        The dataset's attributes.
    """

    content: bytes
    attrs: dict[str, Any]


def state(
    name: str,
    store: Store,
    context: Context,
    *,
    tiny: bool = False,
    settings: Mapping[str, Any] | None = None,
    stored_as: str = "",
) -> list[str]:
    """Say why a recording is stale; imports neither torch nor the experiment.

    Parameters are those of `record`; `stored_as` is the recording's name where that isn't the
    experiment's.

    Returns
    -------
    list of str
        Reasons in words; empty if the recording is what `record` would make.

    Raises
    ------
    UserError
        If there is no such experiment.
    """
    registry.row("experiments", name)
    receipt = store.receipt(stored_as or name)
    if receipt is None:
        return ["never recorded"]
    if wrong := store.verify(stored_as or name):
        return [wrong]
    now = inputs(name, receipt.rows, context, variant(tiny, settings))
    return differences(receipt.inputs, now)


def record(
    name: str,
    store: Store,
    context: Context,
    *,
    tiny: bool = False,
    settings: Mapping[str, Any] | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Bring one recording up to date, computing only the runs that the store doesn't have.

    Call it in a process that has imported this project's code as it is now: a result is stored
    under the digest of the source, whatever older version of it is still in memory.

    Parameters
    ----------
    name : str
        An experiment of the registry.
    store : Store
        Where runs and recordings are kept.
    context : Context
        Which digits, which device.
    tiny : bool
        Take the experiment's tiny settings, for tests.
    settings : mapping of str to value, optional
        Changes to the experiment's settings.
    force : bool
        Compute and store everything again.
    progress : callable, optional
        Called now and then with what is done, what there is to do, and a few words.

    Returns
    -------
    Path
        The recording.

    Raises
    ------
    UserError
        If the experiment, one of its rows or a setting doesn't exist, or the store can't be
        written.
    RunError
        If a run failed, say because its loss became NaN. Runs done before it are kept.
    """
    tell = progress or (lambda done, total, text: None)
    with store.lock(name, waiting=lambda: tell(0, TICKS, "waiting for another process")):
        # Only now: the other process may have recorded it in the meantime.
        if not force and not state(name, store, context, tiny=tiny, settings=settings):
            return store.path(name)

        started = time.monotonic()
        with sources.reading_once():
            todo = plan(runs(name, context, tiny=tiny, settings=settings), context)
            made_from = inputs(name, todo.rows, context, variant(tiny, settings))
        if force or not all(map(store.has_run, todo.addresses.values())):
            _import_all(made_from)
        stored = {}
        for number, label in enumerate(todo.specs):
            part = _part(tell, number, label, len(todo.specs))
            try:
                stored[label] = _stored(label, todo, store, context, force, part)
            except RunError as error:
                raise RunError(f"{name}, run {label}: {error}") from error
        tell(TICKS * len(stored), TICKS * len(stored), "putting it together")
        file = assemble(name, stored, todo.addresses, context, tiny=tiny, settings=settings)
        store.put(
            name,
            file.content,
            made_from,
            runs=list(todo.addresses.values()),
            rows=todo.rows,
            seconds=time.monotonic() - started,
            attrs=file.attrs,
        )
    return store.path(name)


def runs(
    name: str,
    context: Context,
    *,
    tiny: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> dict[str, specs.Run]:
    """Return the runs of an experiment by label; imports the experiment.

    Parameters are those of `record`.
    """
    module, chosen = _experiment(name, tiny, settings)
    return {label: _on(context.device, spec) for label, spec in module.runs(chosen).items()}


def plan(found: dict[str, specs.Run], context: Context) -> Plan:
    """Return what runs come to: where the store has them, and the rows that they name."""
    with sources.reading_once():
        addresses = {
            label: specs.address(spec, data_digest=context.data.identity)
            for label, spec in found.items()
        }
    rows = {label for spec in found.values() for label in row_labels(spec)}
    engines = {specs.engine(spec) for spec in found.values()} - {specs.EXECUTE}
    rows |= {f"{ENGINES}/{module}" for module in engines}
    return Plan(specs=found, addresses=addresses, rows=sorted(rows))


def compute(
    spec: specs.Run,
    context: Context,
    progress: Progress | None = None,
    checkpoint: Path | None = None,
) -> File:
    """Compute one run.

    Parameters
    ----------
    spec : Train or Descend
        From `runs`.
    context : Context
        Which digits, which device.
    progress : callable, optional
        As for `record`.
    checkpoint : Path, optional
        Where a long run keeps its state, and goes on from after it was killed.

    Raises
    ------
    UserError
        If the spec names a row that doesn't exist, or the digits aren't those of the context.
    RunError
        If it failed, say because its loss became NaN.
    """
    from simulate import recording
    from simulate.training import device
    from simulate.training.execute import execute

    device.settle(context.device)
    tell = progress or (lambda done, total, text: None)
    if checkpoint is not None and checkpoint.exists():
        from simulate.training import checkpoints

        try:
            checkpoints.load(checkpoint)
        except UserError:  # this one is ours, and nobody has to be asked
            tell(0, 1, "its checkpoint is damaged, so it begins anew")
            checkpoint.unlink(missing_ok=True)
    dataset = execute(spec, context.data, tell, checkpoint)
    return File(recording.encoded(dataset), recording.plain_attrs(dataset))


def assemble(
    name: str,
    stored: Mapping[str, Stored],
    addresses: dict[str, str],
    context: Context,
    *,
    tiny: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> File:
    """Put an experiment's runs together to its recording.

    Parameters
    ----------
    name : str
        The experiment.
    stored : mapping of str to Stored
        Its runs by label, from the store.
    addresses : dict of str to str
        Their addresses, for the recording's attributes.
    context, tiny, settings
        As for `record`.

    Raises
    ------
    Damaged
        If a run isn't what was stored.
    RunError
        If what comes out is no recording.
    """
    from simulate import recording
    from simulate.experiments._run import Run
    from simulate.training import device

    module, chosen = _experiment(name, tiny, settings)
    device.settle(context.device)
    results = {label: recording.load(source) for label, source in stored.items()}
    combine = module.record
    more = {"data": context.data} if "data" in inspect.signature(combine).parameters else {}
    planned = {label: _on(context.device, spec) for label, spec in module.runs(chosen).items()}
    done = {label: Run(planned[label], data, context.data) for label, data in results.items()}
    dataset = combine(done, chosen, **more)
    dataset = dataset.assign_attrs(_provenance(name, chosen, planned, addresses, results, context))
    recording.check(dataset)
    return File(recording.encoded(dataset), recording.plain_attrs(dataset))


def _experiment(
    name: str, tiny: bool, settings: Mapping[str, Any] | None
) -> tuple[ModuleType, Any]:
    """Return an experiment's module, and its settings after all changes."""
    module = roots.load(registry.row("experiments", name).module)
    experiment = module.EXPERIMENT
    chosen = specs.updated(experiment.tiny if tiny else experiment.settings, settings or {})
    return module, chosen


def inputs(name: str, rows: Iterable[str], context: Context, chosen: str) -> dict[str, str]:
    """Return all that a recording depends on, in words, with a digest or a value of each.

    Parameters
    ----------
    name : str
        The experiment.
    rows : iterable of str
        The rows that its runs name, such as ``optimizers/adam``, and what executes them where
        that isn't the usual engine. Those that no longer exist are left out.
    context : Context
        Which digits, which device.
    chosen : str
        Which settings, from `variant`.
    """
    with sources.reading_once():
        kinds = {kind: registry.rows(kind) for kind in registry.KINDS}
        experiment = kinds["experiments"][name]
        own = code.closure(experiment.module, without=code.PLUMBING)
        pairs = [label.split("/", 1) for label in rows]
        engines = [module for kind, module in pairs if kind == ENGINES and code.module_path(module)]
        used = [kinds[kind][row] for kind, row in pairs if row in kinds.get(kind, ())]
        files = set(own)
        engines += [specs.EXECUTE] * bool(used)
        for module in [row.module for row in used] + engines:
            files.update(code.closure(module, without=code.PLUMBING))
        found = {code.label(path): code.digest(path) for path in files}
        for kind in code.row_listings(path for path in own if _is_of_experiments(path)):
            found[f"list of {kind}"] = " ".join(kinds[kind])
    datasets = [row for row in used if row.kind == "datasets"]
    if datasets:
        found["device"] = context.device
    if any(specs.is_digits(row.name) for row in datasets):
        found["data"] = f"{context.data.label}  {context.data.identity}"
    if registry.PROJECT / "simulate" / "data" / "pretrained.py" in files:
        # Where there is none a small network is trained instead: another recording.
        there = pretrained.is_there()
        found["pretrained"] = f"{pretrained.NAME}  {pretrained.DIGEST}" if there else "none"
    found["settings"] = chosen
    found["schema"] = str(SCHEMA)
    return dict(sorted(found.items()))


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return in words how inputs differ from those of a receipt; empty if they don't.

    Examples
    --------
    >>> differences({"a.py": "1", "data": "MNIST  7c"}, {"a.py": "2", "data": "digits  9f"})
    ['a.py changed', 'data changed from MNIST to digits']
    """
    reasons = []
    for label in sorted(set(old) | set(new)):
        before, after = old.get(label), new.get(label)
        if before == after:
            continue
        if label.startswith("list of "):
            reasons.append(f"{label} changed: {_changed_words(before or '', after or '')}")
        elif before is None:
            reasons.append(f"{label} is new")
        elif after is None:
            reasons.append(f"{label} is gone")
        elif label in _VALUES and _first(before) != _first(after):
            reasons.append(f"{label} changed from {_first(before)} to {_first(after)}")
        else:
            reasons.append(f"{label} changed")
    return reasons


def variant(tiny: bool, settings: Mapping[str, Any] | None) -> str:
    """Return in a word which settings are meant: ``full``, ``tiny``, ``full{"lr":0.2}``."""
    changes = msgspec.json.encode(settings, order="sorted").decode() if settings else ""
    return ("tiny" if tiny else "full") + changes


def _stored(
    label: str, todo: Plan, store: Store, context: Context, force: bool, tell: Progress
) -> Stored:
    """Return where one run's result is, after computing it where it isn't in the store."""
    name = run_name(todo.addresses[label])
    with store.lock(name, waiting=lambda: tell(0, 1, "waiting for another process")):
        # Read through, for a flipped bit changes neither size nor time.
        if force or store.verify(name, whole=True):
            started = time.monotonic()
            spec = todo.specs[label]
            checkpoint = store.checkpoint(name)
            file = compute(spec, context, tell, checkpoint)
            seconds = time.monotonic() - started
            store.put(name, file.content, {}, rows=row_labels(spec), seconds=seconds)
            checkpoint.unlink(missing_ok=True)
        return store.stored(name)


def _import_all(made_from: Iterable[str]) -> None:
    """Import every module that a recording depends on.

    Runs take minutes, and what is edited meanwhile must not get into those that are still to
    come: they are stored under the digests of the sources as they are now.
    """
    for label in made_from:
        if label.endswith(".py"):
            roots.load(code.module_name(label))


def _provenance(
    name: str,
    chosen: Any,
    planned: Mapping[str, specs.Run],
    addresses: dict[str, str],
    results: Mapping[str, xr.Dataset],
    context: Context,
) -> dict[str, Any]:
    """Return the attributes that say where a recording comes from."""
    backends = {str(result.attrs["backend"]) for result in results.values()}
    resolved = {label: specs.resolved(spec) for label, spec in planned.items()}
    found = {
        "experiment": name,
        "settings": specs.canonical(chosen).decode(),
        "spec": msgspec.json.encode(resolved, order="sorted").decode(),
        "runs": json.dumps(addresses),
        "versions": json.dumps(_versions()),
        "schema": SCHEMA,
        "device": context.device,
        "backend": ", ".join(sorted(backends)),
    }
    if any(specs.reads_digits(spec) for spec in planned.values()):
        found["data_digest"] = context.data.digest
    return found


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in ("numpy", "numba", "scikit-learn", "torch", "transformers", "xarray"):
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _on(device: str, spec: specs.Run) -> specs.Run:
    """Return the spec for a device; a spec that names another than the CPU keeps it."""
    if isinstance(spec, specs.Train) and spec.device == "cpu" != device:
        return specs.updated(spec, {"device": device})
    return spec


def _part(tell: Progress, number: int, label: str, count: int) -> Progress:
    """Return a progress for one run of `count`, which tells it as a part of the whole."""

    def tell_part(done: int, total: int, text: str) -> None:
        share = number + min(done / max(total, 1), 1)
        tell(int(TICKS * share), TICKS * count, f"run {number + 1}/{count} {label}, {text}")

    return tell_part


def row_labels(spec: specs.Run) -> list[str]:
    """Return the rows that a run names, such as ``optimizers/adam``."""
    return [f"{kind}/{name}" for kind, name in specs.named_rows(spec)]


def _is_of_experiments(path: Path) -> bool:
    return code.label(path).startswith(("simulate/experiments/", f"{roots.PACKAGE}/experiments/"))


def _changed_words(before: str, after: str) -> str:
    old, new = set(before.split()), set(after.split())
    return ", ".join(
        [f"+{word}" for word in sorted(new - old)] + [f"-{w}" for w in sorted(old - new)]
    )


def _first(value: str) -> str:
    """Return what a reader is told: of the digits their name, which may have spaces in it."""
    return value.partition("  ")[0]
