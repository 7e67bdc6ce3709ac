"""Pretrained transformers: found, loaded without running anybody's code, and looked into.

Fused kernels give no attention weights. So a model is loaded with an attention function of ours,
which calls the model's own plain one (eager) on a block of queries after the other and hands the
weights of each to whoever looks: of a long text, no map of all heads is ever in memory at once.
Models that don't take such a function are asked for all their maps.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from simulate.data import pretrained
from simulate.errors import UserError
from simulate.storage.files import sha256

BLOCK = 256  # queries of a long text whose weights are in memory at once
_FUNCTION = "teachnet"  # what transformers knows our attention function as
# What a hub's repository is asked for: no code, no pickles.
_TOKENIZERS = ("tokenizer.json", "vocab.json", "vocab.txt", "tokenizer.model", "spiece.model")
_PATTERNS = ["*.json", "*.safetensors", "*.txt", "*.model"]

# Of a layer: the first query's number, weights (head, query, key), and heads with their own keys.
See = Callable[[int, int, torch.Tensor, int], None]


@dataclass(frozen=True)
class Pretrained:
    """A model that is ready to read.

    Attributes
    ----------
    name : str
        What pictures call it.
    revision : str
        The commit on the hub; "" for a folder.
    digest : str
        SHA-256 of its weights; of several files, of their digests.
    longest : int or None
        Tokens that it can read at once.
    """

    model: Any
    tokenizer: Any
    name: str
    revision: str
    digest: str
    longest: int | None
    is_watched: bool  # whether it calls our function

    def look(self, ids: list[int], see: See) -> None:
        """Read some tokens, and show the weights of each layer in turn, in blocks of queries."""
        inputs = torch.tensor([ids], device=next(self.model.parameters()).device)
        with torch.no_grad():
            if not self.is_watched:
                self._ask(inputs, see)
                return
            token = _looking.set(_Layers(see))
            try:
                self.model(input_ids=inputs, use_cache=False)
                seen = _looking.get()
            finally:
                _looking.reset(token)
        if seen is None or seen.count == 0:
            raise UserError(f"{self.name} has no attention that can be looked at")

    def _ask(self, inputs: torch.Tensor, see: See) -> None:
        found = self.model(input_ids=inputs, output_attentions=True)
        maps = [each for each in getattr(found, "attentions", None) or () if each is not None]
        if not maps:
            raise UserError(f"{self.name} has no attention that can be looked at")
        for layer, weights in enumerate(maps):
            see(layer, 0, weights[0].float(), weights.shape[1])


@contextmanager
def opened(name: str, revision: str | None = None) -> Iterator[Pretrained]:
    """Give a model within a block.

    Parameters
    ----------
    name : str
        That of the packaged model, a folder, or an id of the hub such as ``"gpt2"``.
    revision : str or None
        A commit, branch or tag of the hub.

    Raises
    ------
    UserError
        If there is no such model, or it can't be read: which of that, in a line.
    """
    _check_transformers(name)
    if name == pretrained.NAME:
        with tempfile.TemporaryDirectory(prefix="teachnet-model-") as unpacked:
            pretrained.unpack(Path(unpacked))
            yield _loaded(Path(unpacked), name, "", pretrained.DIGEST)
        return
    folder = Path(name).expanduser()
    if folder.is_dir():
        yield _loaded(folder, folder.resolve().name, "", _digest(folder, name))
        return
    if folder.exists() or name.startswith(("/", ".", "~")):
        what = "is a file" if folder.exists() else "is not there"
        raise UserError(f"model {name!r} {what}; give a folder with config.json and safetensors")
    folder, commit = _fetched(name, revision)
    yield _loaded(folder, name, commit, _digest(folder, name))


def _check_transformers(name: str) -> None:
    try:
        import transformers  # noqa: F401
    except ImportError:
        raise UserError(
            f"the model {name!r} needs transformers; in the clone: pip install -e '.[hub]'"
        ) from None


def _fetched(name: str, revision: str | None) -> tuple[Path, str]:
    """Return the folder and the commit of a model of the hub, from its cache where it is there."""
    import huggingface_hub
    from huggingface_hub import errors

    try:
        folder = huggingface_hub.snapshot_download(
            name, revision=revision, allow_patterns=_PATTERNS
        )
    except errors.HFValidationError:
        raise UserError(
            f"model {name!r} is no folder, and no id of the hub such as 'gpt2'"
        ) from None
    except errors.GatedRepoError:
        raise UserError(
            f"the model {name!r} is gated; ask for access on the hub and log in there"
        ) from None
    except errors.RepositoryNotFoundError:
        raise UserError(f"no model is called {name!r}: neither a folder nor on the hub") from None
    except errors.RevisionNotFoundError:
        raise UserError(f"the model {name!r} has no revision {revision!r}") from None
    except (errors.LocalEntryNotFoundError, errors.HfHubHTTPError, OSError):
        raise UserError(
            f"no network, and the hub's cache has no model {name!r}; give a folder, or leave the "
            f"model out to take {pretrained.NAME}"
        ) from None
    return Path(folder), Path(folder).name


def _digest(folder: Path, name: str) -> str:
    import hashlib

    if not (folder / "config.json").is_file():
        raise UserError(f"model {name!r} has no config.json: it is no model of transformers")
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise UserError(f"model {name!r} has no safetensors weights, and others aren't read")
    digests = [sha256(path) for path in weights]
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _loaded(folder: Path, name: str, revision: str, digest: str) -> Pretrained:
    from transformers import AutoConfig, AutoTokenizer

    given: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    with _quiet():
        try:
            config = AutoConfig.from_pretrained(folder, **given)
        except (OSError, ValueError, KeyError) as error:
            raise UserError(f"model {name!r} can't be read: {_first_line(error)}") from None
        if config.is_encoder_decoder:
            raise UserError(
                f"{name} reads one text and writes another; give a causal or a masked model"
            )
        if not any((folder / file).is_file() for file in _TOKENIZERS):
            raise UserError(f"{name} has no tokenizer: none of {', '.join(_TOKENIZERS)}")
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, **given)
        except Exception as error:  # each tokenizer raises its own
            raise UserError(f"{name} has no tokenizer: {_first_line(error)}") from None
        if not getattr(tokenizer, "is_fast", False):
            raise UserError(
                f"the tokenizer of {name} doesn't tell where its tokens are in the text; give a "
                "model with a tokenizer.json"
            )
        model, is_watched = _model(folder, config, name, given)
    places = getattr(config, "max_position_embeddings", None)
    limits = [n for n in (places, tokenizer.model_max_length) if n and 0 < n < 10**9]
    return Pretrained(
        model, tokenizer, name, revision, digest, min(limits, default=None), is_watched
    )


def _model(folder: Path, config: Any, name: str, given: dict[str, Any]) -> tuple[Any, bool]:
    from transformers import AutoModel

    _register()
    how = {**given, "config": config, "use_safetensors": True, "dtype": torch.float32}
    refused: Exception | None = None
    for implementation in (_FUNCTION, "eager"):
        try:
            model = AutoModel.from_pretrained(folder, attn_implementation=implementation, **how)
        except (ValueError, ImportError, KeyError) as error:
            refused = error
            continue
        except (OSError, RuntimeError) as error:
            raise UserError(f"model {name!r} can't be read: {_first_line(error)}") from None
        return model.eval(), implementation == _FUNCTION
    raise UserError(f"model {name!r} can't be looked into: {_first_line(refused)}")


def _first_line(error: BaseException | None) -> str:
    return " ".join(str(error).split())[:200]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers from reporting: what goes wrong is said by us, in a line."""
    from transformers.utils import logging

    before, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(logging.CRITICAL)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(before)
        if bars:
            logging.enable_progress_bar()


class _Layers:
    """Counts the layers that were seen."""

    def __init__(self, see: See) -> None:
        self.see, self.count = see, 0


_looking: ContextVar[_Layers | None] = ContextVar("looking", default=None)


def _register() -> None:
    from transformers import AttentionInterface
    from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS, eager_mask

    AttentionInterface.register(_FUNCTION, _attend)
    ALL_MASK_ATTENTION_FUNCTIONS.register(_FUNCTION, eager_mask)


def _attend(
    module: Any,
    query: torch.Tensor,  # (1, head, query, feature)
    key: torch.Tensor,  # (1, head with keys, key, feature)
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    **more: Any,
) -> tuple[torch.Tensor, None]:
    """Do as the model's own plain attention does, and show its weights."""
    source = sys.modules[type(module).__module__]
    plain = getattr(source, "eager_attention_forward", None)
    seen = _looking.get()
    if plain is None:
        raise UserError(f"{type(module).__name__} has no plain attention that can be looked at")
    n_queries = query.shape[2]
    # What else has a row for each query must not be cut wrongly: then all goes at once.
    whole = any(isinstance(each, torch.Tensor) and each.ndim > 2 for each in more.values())
    step = n_queries if whole else BLOCK
    mixed = []
    for start in range(0, n_queries, step):
        rows = slice(start, start + step)
        mask = attention_mask
        if mask is not None and mask.shape[-2] == n_queries:
            mask = mask[..., rows, :]
        part, weights = plain(module, query[:, :, rows], key, value, mask, **more)
        mixed.append(part)
        if seen is not None:
            seen.see(seen.count, start, weights[0].float(), key.shape[1])
    if seen is not None:
        seen.count += 1
    return torch.cat(mixed, dim=1), None
