"""A visual by its name: its row, its modules, what they read, and words for any recording.

For those who draw one visual of their own accord (``figures.draw``, ``scenes.film``); what visuals
there are, and in which state, is the pipeline's business.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from look import reads
from look.numbers import written
from look.words import Visual, row
from simulate import recording, registry, roots
from simulate.errors import RunError, UserError
from simulate.storage import code
from simulate.storage.sources import facts

if TYPE_CHECKING:
    import xarray as xr


def module(stem: str, package: str) -> str:
    """Return the name of a visual's module in ``"figures"`` or ``"scenes"``.

    Raises
    ------
    UserError
        If there is none; the message has the names that come near.
    """
    found = {path.stem: path for path in _files(package)}
    if stem not in found:
        near = difflib.get_close_matches(stem, found, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "see `teachnet list`"
        raise UserError(f"{package} has no visual called {stem!r}; {hint}")
    return code.module_name(code.label(found[stem]))


_PAGE = "page: "


def _files(package: str) -> list[Path]:
    folders = [registry.PROJECT / package]
    found: list[Path] = list(folders[0].glob("*/*.py"))
    if (own := roots.own()) is not None:
        found += [*(own / package).glob("*.py"), *(own / package).glob("*/*.py")]
    return [
        path
        for path in found
        if path.parent.name != registry.PARTS and not path.name.startswith(("_", "."))
    ]


def needs(path: Path, *, page: bool = False) -> dict[str, reads.Needs]:
    """Return what the module in a file reads of each recording, as its ``READS`` says.

    Parameters
    ----------
    path : Path
    page : bool
        Whether for its page, which may read more: what stands under ``"page: NAME"``.

    Raises
    ------
    UserError
        If that is no dict of lines; the message names the file.
    """
    text = facts(path).reads
    try:
        said = ast.literal_eval(text) if text else {}
        found = {name: reads.parsed(line) for name, line in said.items()}
        more = {name: found.pop(name) for name in list(found) if name.startswith(_PAGE)}
        if page:
            for name, extra in more.items():
                found[name.removeprefix(_PAGE)] |= extra
        return found
    except (ValueError, TypeError, AttributeError):
        raise UserError(f"{path}: READS is no literal dict of strings; see look/reads.py") from None
    except UserError as error:
        raise UserError(f"{path}: {error}") from None


@dataclass(frozen=True)
class Drawn:
    """A visual that is to be drawn from somebody's recordings.

    Attributes
    ----------
    module : str
        That draws it.
    row : Visual
        Its words, which are true of these recordings.
    recordings : dict of str to Dataset
        By the names that the row has for them.
    called : str
        What these are called in messages, such as ``mine.nc``.
    """

    module: str
    row: Visual
    recordings: dict[str, xr.Dataset]
    called: str

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """Say in one line what goes wrong within the block for want of something recorded."""
        try:
            yield
        except (UserError, RunError):
            raise
        except Exception as error:
            said = " ".join(f"{type(error).__name__}: {error}".split())
            stem = self.module.rpartition(".")[2]
            raise UserError(f"{stem} cannot be drawn from {self.called}: {said}") from error


def drawn(
    stem: str,
    package: str,
    given: Any,
    *,
    title: str | None = None,
    caption: str | None = None,
    page: bool = False,
) -> Drawn:
    """Return a visual with the recordings that it is to draw, having looked whether it can.

    Parameters
    ----------
    stem : str
        The visual.
    package : {"figures", "scenes"}
    given : Dataset or path, or dict of str to these
        The recording; for a visual of several, each by the name that its row has for it.
    title, caption : str, optional
        Words to put in the place of its own.
    page : bool
        Whether its page is to be made, which may read more.

    Raises
    ------
    UserError
        If there is no such visual, a recording is missing, or lacks something that the visual
        reads; the message names all that.
    """
    name = module(stem, package)
    words = row(stem)
    path = code.module_path(name)
    assert path is not None  # it was found a moment ago
    wanted = needs(path, page=page)
    data, called = {}, []
    for used, each in _by_name(stem, words.uses, given).items():
        data[used], known = _loaded(each, used)
        called.append(known)
        data[used] = reads.lifted(wanted.get(used, {}), data[used])
        reads.check(stem, wanted.get(used, {}), data[used], known)
    return Drawn(name, _words(stem, words, data, title, caption), data, " and ".join(called))


def _by_name(stem: str, uses: list[str], given: Any) -> dict[str, Any]:
    several = isinstance(given, Mapping) and not hasattr(given, "data_vars")
    found = dict(given) if several else {name: given for name in uses[:1]}
    if set(found) != set(uses):
        listed = ", ".join(uses) or "no recording"
        raise UserError(
            f"{stem} draws {listed}; given was {', '.join(map(str, found)) or 'nothing'}"
            + ("" if len(uses) < 2 else ": give a dict with a recording for each")
        )
    return {name: found[name] for name in uses}


def _loaded(given: Any, name: str) -> tuple[xr.Dataset, str]:
    """Return a recording, and what to call it in a message."""
    if isinstance(given, str | Path):
        path = Path(given).expanduser()
        return recording.load(path), path.name
    if hasattr(given, "data_vars"):
        return given, "the recording" if "experiment" not in given.attrs else name
    raise UserError(
        f"{name} is {type(given).__name__}; give an xarray.Dataset, or the path of a recording"
    )


def _words(
    stem: str,
    visual: Visual,
    data: Mapping[str, xr.Dataset],
    title: str | None,
    caption: str | None,
) -> Visual:
    """Return a visual's row with words that are true of these recordings.

    A row's own words are about its own experiment. Of anybody else's recording they may be wrong,
    so there they give way to plain ones: the visual's name, and what the recording says of itself.
    """
    changes: dict[str, str] = {}
    if any(part.attrs.get("experiment") != name for name, part in data.items()):
        plain = stem.replace("_", " ")
        about = "; ".join(filter(None, map(told, data.values())))
        changes = {
            "title": f"{plain[:1].upper()}{plain[1:]}",
            "subtitle": about,
            "alt": f"{plain[:1].upper()}{plain[1:]}{': ' * bool(about)}{about}",
            "caption": about,
        }
    changes |= {
        word: said for word, said in (("title", title), ("caption", caption)) if said is not None
    }
    # They are templates, as a row's words are.
    escaped = {word: braced(said) for word, said in changes.items()}
    return msgspec.structs.replace(visual, **escaped)


def braced(text: str) -> str:
    """Return a text as the template that is filled to it."""
    return text.replace("{", "{{").replace("}", "}}")


_READ = (
    "{model}: {n_layers:?|one layer|{n_layers} layers} of {n_heads} heads"
    "{shared:?|, which share {key_heads} sets of keys}; a token may look "
    "{causal:?both ways|back only}"
)


def told(data: xr.Dataset) -> str:
    """Return what a recording says of itself, in a few words; empty if it says nothing.

    Examples
    --------
    >>> import xarray as xr
    >>> told(xr.Dataset(attrs={"optimizer": "adam", "lr": 0.05, "dataset": "XOR", "n_steps": 2000}))
    'Adam, η = 0.05, on XOR, 2,000 steps'
    """
    attrs = recording.plain_attrs(data)
    if "key_heads" in attrs:  # of `simulate.attention`
        shared = int(attrs["n_heads"] > attrs["key_heads"])
        return written(_READ, {**attrs, "shared": shared})
    optimizer = attrs.get("optimizer")
    known = registry.rows("optimizers").get(str(optimizer))
    parts = [
        "" if optimizer is None else known.label if known is not None else str(optimizer),
        written("η = {lr:g}", attrs) if isinstance(attrs.get("lr"), int | float) else "",
        f"on {attrs['dataset']}" if attrs.get("dataset") else "",
        f"{attrs['n_steps']:,} steps" if isinstance(attrs.get("n_steps"), int) else "",
    ]
    return ", ".join(filter(None, parts))
