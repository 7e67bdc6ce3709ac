"""What attends to what: the weights of every layer and head on a text, and numbers of each head.

A row of weights says how a token, the query, mixes what the others, the keys, have to say: none is
negative and they sum to 1. Two numbers of each head are recorded with the maps, over all queries
that are no special tokens. ``share``: how much goes to the token itself, the one before, the one
after, the ends (special tokens, or the first token where a model has none: heads with nothing to
say look there) and the others. ``ratio``, if words are named: how much more certain words attend
to certain others than is usual in the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import xarray as xr
from torch import nn

from simulate import specs
from simulate.data import pretrained as packaged
from simulate.errors import UserError
from simulate.measures import pretrained
from simulate.probes.attention import Maps
from simulate.recording import variable
from simulate.training import arguments
from simulate.training.still import undisturbed

DENSE = 128  # tokens up to which whole maps are kept; of longer texts, the top of each row
TOP = 32  # keys of a row that are kept then
KINDS = ("itself", "previous", "next", "ends", "others")
AGAINST = ("sources", "targets")


def attention(
    what: str | nn.Module,
    tokens: Any = None,
    *,
    model: str = packaged.NAME,
    revision: str | None = None,
    layers: Sequence[int] | None = None,
    words: Sequence[str] | None = None,
    sources: Sequence[str] = (),
    targets: Sequence[str] = (),
    against: str = "sources",
) -> xr.Dataset:
    """Return how much each token of a text attends to each other one, in every layer and head.

    Parameters
    ----------
    what : str or nn.Module
        A text for a pretrained model to read; or a network of one's own, whose attention is seen
        in ``nn.MultiheadAttention`` and in calls of ``scaled_dot_product_attention``.
    tokens : array, optional
        For one's own network: its inputs, one sequence, shape (n_tokens, …) or (1, n_tokens, …).
    model : str
        For a text: the model that the package ships, a folder of a Hugging Face causal or masked
        language model, or its id on the hub, ``"gpt2"``. Only safetensors are read, and no code.
    revision : str, optional
        A commit, branch or tag of the hub.
    layers : sequence of int, optional
        Which layers, from 0; all where left out.
    words : sequence of str, optional
        What the tokens of one's own network are called.
    sources, targets : sequence of str
        Words of the text: how much more these attend to those is measured for every head.
    against : {"sources", "targets"}
        More than other words do attend to the targets; or more than the sources do attend to
        other words. Only words that may look there count.

    Returns
    -------
    Dataset
        ``attention`` (layer, head, query, key); of a text of more than 128 tokens instead
        ``top_weight`` and ``top_key`` (layer, head, query, key_top), the largest of each row, in
        order. ``share`` (layer, head, class) and ``ratio`` (example, layer, head), NaN without
        words to compare; of each token (position) ``token``, where it is in the text (``start``,
        ``stop``), the number of its ``word``, and whether it is ``special`` or ``continues`` the
        word of the token before. Attributes say which model, and whether it is ``causal``.

    Raises
    ------
    UserError
        If there is no such model, it can't be looked into, or the text or a word is not for it.

    Examples
    --------
    >>> net = nn.TransformerEncoderLayer(8, nhead=2, batch_first=True)
    >>> maps = attention(net, torch.ones(5, 8)).attention
    >>> maps.shape, float(maps.sum("key").min().round(5))
    ((1, 2, 5, 5), 1.0)
    """
    if against not in AGAINST:
        raise UserError(f"against is {against!r}; it takes {' or '.join(map(repr, AGAINST))}")
    if isinstance(what, str):
        if tokens is not None or words is not None:
            raise UserError("a text has its own tokens; leave tokens and words out")
        with pretrained.opened(model, revision) as read:
            return _of_text(what, read, layers, (sources, targets, against))
    arguments.model(what)
    if tokens is None:
        raise UserError("tokens are missing: give the inputs of one sequence, (n_tokens, …)")
    return _of_module(what, tokens, layers, words, (sources, targets, against))


def execute(spec: specs.Attend, *_: Any) -> xr.Dataset:
    """Do what a spec says: one model reads all its texts; variables of text i end in ``_i``."""
    found = []
    with pretrained.opened(spec.pretrained) as read:
        if read.digest != spec.digest:
            raise UserError(
                f"the weights of {spec.pretrained} have SHA-256 {read.digest}, not {spec.digest}"
            )
        for number, text in enumerate(spec.texts):
            asked = (spec.sources[number], spec.targets[number], spec.against)
            data = _of_text(text, read, None, asked)
            found.append(numbered(data, number))
    attrs = {"backend": "eager", "backend_reason": "fused kernels give no weights"}
    said = {key: value for data in found for key, value in data.attrs.items()}
    return xr.merge(found, combine_attrs="override").assign_attrs({**said, **attrs})


_ALONG = ("position", "query", "key", "key_top")  # dimensions that each text has its own of


def numbered(data: xr.Dataset, number: int) -> xr.Dataset:
    """Return a recording of one text as that of text number so and so, to lie beside others."""
    along = [name for name in _ALONG if name in data.dims]
    names = {str(name): f"{name}_{number}" for name in (*data.data_vars, *along)}
    own = ("text", "n_tokens", "asked", "sources", "targets")
    own += tuple(name for name in data.attrs if name.startswith(("shown_", "place_")))
    changed = {f"{key}_{number}" if key in own else key: value for key, value in data.attrs.items()}
    return data.rename(names).drop_attrs(deep=False).assign_attrs(changed)


def single(data: xr.Dataset, number: int) -> xr.Dataset:
    """Return one text's part of a recording of several, the inverse of `numbered`."""
    end = f"_{number}"
    names = [name for name in data.data_vars if str(name).endswith(end)]
    part = data[names]
    renamed = {name: str(name).removesuffix(end) for name in (*names, *part.dims)}
    attrs = {
        key.removesuffix(end) if key.endswith(end) else key: value
        for key, value in data.attrs.items()
    }
    return part.rename(renamed).drop_attrs(deep=False).assign_attrs(attrs)


def beside(read: Sequence[xr.Dataset]) -> xr.Dataset:
    """Return the recording of the first text, with those of others by one model beside it."""
    first, *others = read
    ratio = np.concatenate([data.ratio.values for data in read])
    sentences = [text for data in read for text in data.sentence.values.tolist()]
    found = xr.merge(
        [first.drop_vars(["ratio", "sentence"]),
         *(numbered(data.drop_vars(["ratio", "sentence"]), i) for i, data in enumerate(others, 1))],
        combine_attrs="override",
    )  # fmt: skip
    found["ratio"] = variable(("example", "layer", "head"), ratio, first.ratio.attrs["long_name"])
    found["sentence"] = variable("example", sentences, "text")
    return shown(found)


def shown(data: xr.Dataset, layer: int | None = None, head: int | None = None) -> xr.Dataset:
    """Return a recording with attributes that tell pictures which layer and head to show.

    Parameters
    ----------
    data : Dataset
        Of `attention`.
    layer : int, optional
        Its number in the model, from 0; the first that was recorded where left out.
    head : int, optional
        From 0. Left out, the one whose ``ratio`` on the first text is largest; where no words were
        compared, the one that looks most at other tokens than neighbours and ends. Another one is
        always named by ``place_head``, that with the largest share on one place (``place_kind``).

    Raises
    ------
    UserError
        If there is no such layer or head.
    """
    numbers = data.layer.values.tolist()
    if layer is not None and layer not in numbers:
        raise UserError(f"layer is {layer}; there are {numbers[0]} to {numbers[-1]}")
    at = 0 if layer is None else numbers.index(layer)
    heads = data.sizes["head"]
    if head is None:
        ratio, share = data.ratio.values[0, at], data.share.values[at]
        by = ratio if np.isfinite(ratio).all() else share[:, KINDS.index("others")]
        head = int(np.argmax(by))
    if not 0 <= head < heads:
        raise UserError(f"head is {head}; there are 0 to {heads - 1}")
    # The head that is most bound to a place: all but the last kind are places.
    bound = data.share.values[at][:, :-1]
    place, kind = np.unravel_index(bound.argmax(), bound.shape)
    others = np.delete(bound.max(1), place)
    return data.assign_attrs(
        shown_layer=at,
        shown_head=head,
        place_head=int(place),
        place_kind=KINDS[int(kind)],
        place_share=float(bound.max()),
        place_alone=int(len(others) > 0 and others.max() < bound.max() / 2),
    )


# ---------------------------------------------------------------------------- tokens


class Tokens:
    """The tokens of a text: what each is, and where.

    Parameters
    ----------
    text : str
    names : sequence of str
        Of each token: its piece of the text, or the name of a special one.
    places : sequence of (int, int)
        Where it is in the text; (−1, −1) for one that isn't.
    word_numbers : sequence of int
        Of the word that it is a piece of; −1 for special ones.
    """

    def __init__(
        self,
        text: str,
        names: Sequence[str],
        places: Sequence[tuple[int, int]],
        word_numbers: Sequence[int],
    ) -> None:
        self.text, self.names, self.places = text, list(names), list(places)
        self.word = np.array(word_numbers, dtype=np.int64)
        self.special = self.word < 0
        before = np.concatenate([[-1], self.word[:-1]])
        self.continues = ~self.special & (self.word == before)

    def __len__(self) -> int:
        return len(self.names)

    def of_words(self, wanted: Sequence[str], what: str) -> np.ndarray:
        """Return which tokens belong to these words, shape (n_tokens,), bool."""
        found = np.zeros(len(self), dtype=bool)
        said = {number: self.spelled(number) for number in sorted(set(self.word.tolist()) - {-1})}
        for word in wanted:
            numbers = [n for n, text in said.items() if text.casefold() == word.casefold()]
            if not numbers:
                there = " ".join(said.values())
                raise UserError(f"{what} has {word!r}, which is no word of {there[:200]!r}")
            found |= np.isin(self.word, numbers)
        return found

    def spelled(self, number: int) -> str:
        """Return a word of the text."""
        pieces = [self.places[i] for i in np.flatnonzero(self.word == number)]
        return self.text[pieces[0][0] : pieces[-1][1]].strip()

    @property
    def is_said(self) -> np.ndarray:
        """Which tokens are pieces of words with a letter or digit in them: no punctuation."""
        heard = {n: any(map(str.isalnum, self.spelled(n))) for n in set(self.word.tolist()) - {-1}}
        return np.array([heard.get(number, False) for number in self.word.tolist()], dtype=bool)

    def count(self, which: np.ndarray) -> int:
        """Return how many words these tokens belong to."""
        return len(set(self.word[which].tolist()))


def _tokens(text: str, read: pretrained.Pretrained) -> tuple[list[int], Tokens]:
    """Return a text as a model sees it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UserError(
            "the text has half a character (a surrogate), which no model reads"
        ) from None
    found = read.tokenizer(text, return_offsets_mapping=True, return_special_tokens_mask=True,
                           verbose=False)  # fmt: skip
    ids, offsets = found["input_ids"], found["offset_mapping"]
    if not ids or all(found["special_tokens_mask"]):
        raise UserError("the text is empty; give some words")
    if read.longest is not None and len(ids) > read.longest:
        raise UserError(
            f"the text has {len(ids):,} tokens, and {read.name} reads at most {read.longest:,}"
        )
    known = read.tokenizer.convert_ids_to_tokens(ids)
    unknown = read.tokenizer.unk_token_id
    given = found.word_ids()
    tells = len(set(given) - {None}) > 1  # some tokenizers take the whole text for one word
    names, places, numbers = [], [], []
    number = -1
    for i, (start, stop) in enumerate(offsets):
        special = bool(found["special_tokens_mask"][i])
        while start < stop and text[start].isspace() and text[start:stop].strip():
            start += 1  # a token's own space is no part of its name
        if special or start == stop:
            names.append(known[i])
            places.append((-1, -1))
            numbers.append(-1)
            continue
        goes_on = bool(places) and places[-1][1] >= 0 and (
            given[i] == given[i - 1] if tells else _joined(text, places[-1], start)
        )  # fmt: skip
        number += not goes_on
        names.append(known[i] if ids[i] == unknown else text[start:stop])
        places.append((start, stop))
        numbers.append(number)
    return ids, Tokens(text, names, places, numbers)


def _joined(text: str, before: tuple[int, int], start: int) -> bool:
    """Tell whether a token goes on a word: no space between, letters on both sides."""
    return start <= before[1] and text[start].isalnum() and text[before[1] - 1].isalnum()


# ---------------------------------------------------------------------------- weights


Asked = tuple[Sequence[str], Sequence[str], str]


class _Layer:
    """What is kept of a layer, as its rows come in."""

    def __init__(self, n_heads: int, n: int) -> None:
        self.dense = np.zeros((n_heads, n, n), np.float32) if n <= DENSE else None
        kept = min(TOP, n)
        self.top_weight = np.zeros((n_heads, n, kept), np.float32)
        self.top_key = np.zeros((n_heads, n, kept), np.int32)
        self.shares = np.zeros((n_heads, len(KINDS), n))  # by query
        self.on = np.zeros((2, n_heads, n))  # by query: weight on a target, on another word
        self.ahead = False


class _Seen:
    """Takes the weights of the layers that are wanted, block by block."""

    def __init__(self, tokens: Tokens, wanted: Sequence[int] | None, asked: Asked) -> None:
        self.tokens = tokens
        self.wanted = None if wanted is None else set(wanted)
        self.layers: dict[int, _Layer] = {}
        self.key_heads, self.count = 0, 0
        n = len(tokens)
        sources, targets, self.against = asked
        self.words = [list(sources), list(targets)]
        self.sources = tokens.of_words(sources, "sources")
        self.targets = tokens.of_words(targets, "targets")
        self.asked = bool(self.sources.any() and self.targets.any())
        self.others = tokens.is_said & ~self.sources & ~self.targets
        self.ends = tokens.special if tokens.special.any() else np.arange(n) == 0

    def see(self, layer: int, first: int, weights: torch.Tensor, key_heads: int) -> None:
        """Take the weights of a block of queries, shape (head, query, key)."""
        n = len(self.tokens)
        if weights.ndim != 3 or weights.shape[2] != n or first + weights.shape[1] > n:
            raise UserError(
                f"layer {layer} has attention of shape {tuple(weights.shape)}, not from {n} tokens "
                "to themselves"
            )
        self.count = max(self.count, layer + 1)
        if self.wanted is not None and layer not in self.wanted:
            return
        self.key_heads = key_heads
        kept = self.layers.setdefault(layer, _Layer(weights.shape[0], n))
        if kept.shares.shape[0] != weights.shape[0]:
            raise UserError(f"layer {layer} has attention of other shapes at one time and another")
        w = weights.cpu().numpy()
        rows = np.arange(first, first + w.shape[1])
        if kept.dense is not None:
            kept.dense[:, rows] = w
        else:
            top = weights.topk(kept.top_key.shape[2], dim=-1)
            kept.top_weight[:, rows] = top.values.cpu().numpy()
            kept.top_key[:, rows] = top.indices.cpu().numpy()
        kept.shares[:, :, rows] = self._shares(w, rows)
        for part, which in enumerate((self.targets, self.others)):
            if which.any():
                kept.on[part][:, rows] = w[..., which].sum(-1) / self.tokens.count(which)
        kept.ahead |= bool((np.triu(w, 1 + first) > 0).any())

    def _shares(self, w: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return the weight by `KINDS` of each query, (head, kind, query); no key is in two."""
        n = w.shape[2]
        at = np.arange(len(rows))
        free = np.where(self.ends, 0.0, 1.0)
        found = np.zeros((w.shape[0], len(KINDS), len(rows)))
        for kind, away in (("itself", 0), ("previous", -1), ("next", 1)):
            key = rows + away
            there = (key >= 0) & (key < n)
            key = np.clip(key, 0, n - 1)
            found[:, KINDS.index(kind)] = w[:, at, key] * free[key] * there
        found[:, KINDS.index("ends")] = w[..., self.ends].sum(-1)
        found[:, KINDS.index("others")] = w.sum(-1) - found.sum(1)
        return found

    def dataset(self, attrs: dict[str, Any]) -> xr.Dataset:
        tokens, numbers = self.tokens, sorted(self.layers)
        if self.wanted is not None and (missing := self.wanted - set(numbers)):
            raise UserError(
                f"layers has {min(missing)}; there are {self.count}, 0 to {self.count - 1}"
            )
        layers = [self.layers[number] for number in numbers]
        heads = {layer.shares.shape[0] for layer in layers}
        if len(heads) != 1:
            raise UserError(f"the layers have {sorted(heads)} heads; give layers of one kind")
        causal = not any(layer.ahead for layer in layers) and len(tokens) > 1
        asking = ~tokens.special if not tokens.special.all() else np.ones(len(tokens), bool)
        if not tokens.special.any() and len(tokens) > 1:
            asking = asking & ~self.ends  # the first token has nowhere else to look
        maps = ("layer", "head", "query")
        found = {
            "share": variable(
                ("layer", "head", "class"),
                np.stack([layer.shares[..., asking].mean(-1) for layer in layers]),
                "share of the weight",
            ),
            "ratio": variable(("example", "layer", "head"), self._ratios(layers, causal)[None],
                              "how much more certain words attend to certain others"),
            "sentence": variable("example", [tokens.text], "text"),
            "token": variable("position", tokens.names, "token"),
            "start": variable("position", [a for a, _ in tokens.places], "first character"),
            "stop": variable("position", [b for _, b in tokens.places], "end in the text"),
            "word": variable("position", tokens.word, "number of the word"),
            "special": variable("position", tokens.special.astype(np.int8), "is no text"),
            "continues": variable("position", tokens.continues.astype(np.int8), "goes on a word"),
            "role": variable("position", self._roles(), "part in what is compared"),
        }  # fmt: skip
        if layers[0].dense is not None:
            dense = np.stack([layer.dense for layer in layers if layer.dense is not None])
            found["attention"] = variable((*maps, "key"), dense, "attention weight")
        else:
            top = (*maps, "key_top")
            found["top_weight"] = variable(
                top, np.stack([layer.top_weight for layer in layers]), "attention weight"
            )
            found["top_key"] = variable(
                top, np.stack([layer.top_key for layer in layers]), "token that is attended to"
            )
        data = xr.Dataset(
            found,
            coords={
                "layer": numbers,
                "head": np.arange(heads.pop()),
                "class": list(KINDS),
            },
            attrs={
                "text": tokens.text,
                "n_tokens": len(tokens),
                "n_layers": self.count,
                "n_heads": layers[0].shares.shape[0],
                "key_heads": self.key_heads,
                "causal": int(causal),
                "asked": int(self.asked),
                "against": self.against,
                "sources": _listed(self.words[0]),
                "targets": _listed(self.words[1]),
                **attrs,
            },
        )
        return shown(data)

    def _roles(self) -> list[str]:
        return [
            "source" if s else "target" if t else "other" if o else "none"
            for s, t, o in zip(self.sources, self.targets, self.others, strict=True)
        ]

    def _ratios(self, layers: list[_Layer], causal: bool) -> np.ndarray:
        """Return, for each layer and head, by how much sources attend more to targets."""
        if not self.asked:
            return np.full((len(layers), layers[0].shares.shape[0]), np.nan)
        at = np.arange(len(self.tokens))
        found = []
        for layer in layers:
            on_target, on_other = layer.on
            here = on_target[:, self.sources].mean(1)
            if self.against == "sources":
                # In a model that looks back, words before the target can't look there.
                able = self.others & (at > np.flatnonzero(self.targets).max() if causal else True)
                usual = on_target[:, able].mean(1) if able.any() else np.full(len(here), np.nan)
            else:
                usual = on_other[:, self.sources].mean(1)
            with np.errstate(divide="ignore", invalid="ignore"):
                found.append(here / usual)
        return np.stack(found)


def _listed(words: list[str]) -> str:
    *some, last = words or [""]
    return f"{', '.join(some)} and {last}" if some else last


def _of_text(
    text: str, read: pretrained.Pretrained, layers: Sequence[int] | None, asked: Asked
) -> xr.Dataset:
    ids, tokens = _tokens(text, read)
    seen = _Seen(tokens, layers, asked)
    read.look(ids, seen.see)
    return seen.dataset(
        {"model": read.name, "model_digest": read.digest, "model_revision": read.revision}
    )


def _of_module(
    module: nn.Module,
    inputs: Any,
    layers: Sequence[int] | None,
    words: Sequence[str] | None,
    asked: Asked,
) -> xr.Dataset:
    values = inputs if isinstance(inputs, torch.Tensor) else torch.as_tensor(np.asarray(inputs))
    device = next((p.device for p in module.parameters()), torch.device("cpu"))
    values = values.to(device)
    # With gradients on, torch's encoder layers take the path that calls what is watched.
    with undisturbed(module, str(device), training=False), torch.enable_grad(), Maps() as seen:
        module(_as_batch(module, values))
    if not seen.maps:
        raise UserError(f"{type(module).__name__} called no attention that can be looked at")
    n = seen.maps[0].shape[-1]
    names = [str(word) for word in words] if words is not None else [str(i) for i in range(n)]
    if len(names) != n:
        raise UserError(f"words has {len(names)} names for {n} tokens")
    text = " ".join(names)
    starts = np.cumsum([0, *(len(name) + 1 for name in names)])[:-1].tolist()
    places = [(start, start + len(name)) for start, name in zip(starts, names, strict=True)]
    found = _Seen(Tokens(text, names, places, range(n)), layers, asked)
    for layer, (weights, key_heads) in enumerate(zip(seen.maps, seen.key_heads, strict=True)):
        maps = weights.reshape(-1, *weights.shape[-2:]) if weights.ndim != 3 else weights
        found.see(layer, 0, maps.float(), key_heads)
    name = type(module).__name__
    return found.dataset({"model": name, "model_digest": "", "model_revision": ""})


def _as_batch(module: nn.Module, values: torch.Tensor) -> torch.Tensor:
    """Return the inputs of one sequence as a batch of one."""
    is_tokens = not values.is_floating_point()
    return values if values.ndim == (2 if is_tokens else 3) else values[None]
