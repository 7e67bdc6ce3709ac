"""Attention weights, of pretrained models and of networks of one's own, against plain torch."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn
from torch.nn import functional

import simulate
from simulate import recorder, specs
from simulate.data import meals, pretrained
from simulate.data.choice import Choice
from simulate.errors import UserError
from simulate.measures import attention as measuring
from simulate.measures import pretrained as models
from simulate.models import _base as networks
from simulate.recording import check

TEXT = "The cat sat on the mat, eating pancakes."
WORDS = ["the", "cat", "sat", "on", "mat", ",", "eat", "##ing", "pan", "##cakes", ".", "dog", "é"]


def sums_to_one(maps: Any) -> bool:
    return bool(np.abs(np.asarray(maps).sum(-1) - 1).max() < 1e-5)


# ---------------------------------------------------------------------------- tiny models on disk


def _vocabulary(folder: Path) -> Any:
    """Return a WordPiece tokenizer that knows a few words."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = {word: i for i, word in enumerate([*special, *WORDS])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def _save(folder: Path, model: Any, tokenizer: Any, **special: str) -> Path:
    from transformers import PreTrainedTokenizerFast

    model.save_pretrained(folder, safe_serialization=True)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)
    fast.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny GPT-2, with a byte-level tokenizer as it has."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import GPT2Config, GPT2LMHeadModel

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("p", "a"), ("pa", "n"), ("c", "a")]
    pieces = [*alphabet, *("".join(pair) for pair in merges), "<|endoftext|>"]
    tokenizer = Tokenizer(models.BPE({p: i for i, p in enumerate(pieces)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    torch.manual_seed(0)
    config = GPT2Config(vocab_size=len(pieces), n_embd=24, n_layer=2, n_head=12, n_positions=400)
    folder = tmp_path_factory.mktemp("models") / "tiny-gpt2"
    return _save(folder, GPT2LMHeadModel(config), tokenizer, eos_token="<|endoftext|>")


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny Llama, whose 6 heads share 2 sets of keys."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=32, hidden_size=24, num_hidden_layers=2, num_attention_heads=6,
        num_key_value_heads=2, intermediate_size=32, max_position_embeddings=64,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("models") / "tiny-llama"
    tokens = _vocabulary(folder)
    return _save(folder, LlamaForCausalLM(config), tokens, unk_token="[UNK]", cls_token="[CLS]")


def test_a_gpt2_of_ones_own_is_read_as_it_reads(gpt2: Path) -> None:
    from transformers import AutoTokenizer, GPT2LMHeadModel

    found = simulate.attention(TEXT, model=str(gpt2))
    check(found)
    plain = GPT2LMHeadModel.from_pretrained(gpt2, attn_implementation="eager").eval()
    ids = AutoTokenizer.from_pretrained(gpt2)(TEXT, return_tensors="pt").input_ids
    with torch.no_grad():
        expected = plain(ids, output_attentions=True).attentions
    maps = torch.cat(expected).numpy()  # (layer, head, query, key)
    np.testing.assert_allclose(found.attention, maps, atol=1e-6)
    assert sums_to_one(found.attention)
    assert found.attrs["causal"] == 1
    assert not np.triu(found.attention.values, 1).any()
    assert (found.attrs["n_layers"], found.attrs["n_heads"], found.attrs["key_heads"]) == (
        2,
        12,
        12,
    )
    assert found.attrs["model"] == "tiny-gpt2"


def test_tokens_are_told_with_their_places(gpt2: Path) -> None:
    found = simulate.attention("pan cañ", model=str(gpt2))
    pieces = [
        "pan cañ"[a:b] for a, b in zip(found.start.values, found.stop.values, strict=True)
    ]  # fmt: skip
    assert pieces == found.token.values.tolist()
    assert pieces[0] == "pan"
    assert "ca" in pieces, "its own space is no part of a token"
    assert pieces[-2:] == ["ñ", "ñ"], "two bytes of one character"
    assert pieces == ["pan", " ", "ca", "ñ", "ñ"]
    assert found.word.values.tolist() == [0, 1, 1, 1, 1]
    assert found.continues.values.tolist() == [0, 0, 1, 1, 1]
    assert not found.special.any()


def test_heads_that_share_keys_are_told(llama: Path) -> None:
    from transformers import AutoTokenizer, LlamaForCausalLM

    found = simulate.attention(TEXT, model=str(llama), layers=[1])
    assert (found.attrs["n_heads"], found.attrs["key_heads"]) == (6, 2)
    plain = LlamaForCausalLM.from_pretrained(llama, attn_implementation="eager").eval()
    ids = AutoTokenizer.from_pretrained(llama)(TEXT, return_tensors="pt").input_ids
    with torch.no_grad():
        expected = plain(ids, output_attentions=True).attentions[1][0]
    np.testing.assert_allclose(found.attention[0], expected, atol=1e-6)
    assert found.layer.values.tolist() == [1]
    assert found.token.values.tolist()[:4] == ["[CLS]", "The", "cat", "sat"]
    told = dict(zip(found.token.values.tolist(), found.continues.values.tolist(), strict=True))
    assert (told["pan"], told["cakes"], told["ing"], told[","]) == (0, 1, 1, 0)
    assert found.special.values.tolist() == [1, *[0] * (found.sizes["position"] - 2), 1]


def test_long_texts_are_read_in_blocks_and_the_top_of_rows_is_kept(gpt2: Path) -> None:
    text = "p" * 300  # no merge: 300 tokens
    found = simulate.attention(text, model=str(gpt2))
    assert "attention" not in found
    n = found.sizes["position"]
    assert n == 300 > models.BLOCK
    assert found.attrs["causal"] == 1, "in every block"
    with models.opened(str(gpt2)) as read, torch.no_grad():
        assert read.is_watched
        seen: list[tuple[int, int, int]] = []
        ids = read.tokenizer(text).input_ids
        read.look(ids, lambda layer, first, w, heads: seen.append((layer, first, w.shape[1])))
        whole = read.model
        whole.set_attn_implementation("eager")
        maps = torch.cat(whole(torch.tensor([ids]), output_attentions=True).attentions)
    assert seen == [(0, 0, 256), (0, 256, 44), (1, 0, 256), (1, 256, 44)]
    best = maps.topk(measuring.TOP, dim=-1)
    np.testing.assert_allclose(found.top_weight, best.values, atol=1e-6)
    taken = torch.gather(maps, -1, torch.from_numpy(found.top_key.values).long())
    np.testing.assert_allclose(found.top_weight, taken, atol=1e-6)
    np.testing.assert_allclose(found.share.sum("class"), 1, atol=1e-5)


def test_what_cannot_be_read_is_one_line(gpt2: Path, tmp_path: Path) -> None:
    def refused(text: str, said: str, **how: Any) -> None:
        with pytest.raises(UserError, match=said) as caught:
            simulate.attention(text, **{"model": str(gpt2), **how})
        assert "\n" not in str(caught.value)

    refused("x" * 500, "the text has 500 tokens, and .*tiny-gpt2 reads at most 400")
    refused("", "the text is empty")
    refused("half \ud83d", "half a character")
    refused(TEXT, "layers has 7; there are 2, 0 to 1", layers=[7])
    refused(TEXT, "sources has 'dog', which is no word of", sources=["dog"], targets=["cat"])
    refused(TEXT, "against is 'all'", against="all")
    refused(TEXT, "model '/nowhere' is not there; give a folder", model="/nowhere")
    refused(TEXT, "is no folder, and no id of the hub", model="a//b")
    (tmp_path / "config.json").write_text("{}")
    refused(TEXT, "no safetensors weights", model=str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes((gpt2 / "model.safetensors").read_bytes())
    refused(TEXT, "can't be read", model=str(tmp_path))
    (tmp_path / "config.json").write_text((gpt2 / "config.json").read_text())
    refused(TEXT, "has no tokenizer: none of tokenizer.json", model=str(tmp_path))
    config = json.loads((gpt2 / "config.json").read_text())
    config |= {"auto_map": {"AutoConfig": "evil.Config"}, "model_type": "evil"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    refused(TEXT, "can't be read", model=str(tmp_path))


def test_without_network_and_cache_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub
    from huggingface_hub import errors

    def offline(*args: Any, **how: Any) -> str:
        raise errors.LocalEntryNotFoundError("no network")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", offline)
    with pytest.raises(UserError, match="no network, and the hub's cache has no model 'gpt2'"):
        simulate.attention(TEXT, model="gpt2")


def test_a_model_without_attention_is_refused(gpt2: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with models.opened(str(gpt2)) as read:
        monkeypatch.setattr(read.model, "forward", lambda **given: None)
        with pytest.raises(UserError, match="tiny-gpt2 has no attention that can be looked at"):
            read.look([1, 2], lambda *seen: None)


def test_without_transformers_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(UserError, match=r"needs transformers; in the clone: pip install -e"):
        simulate.attention(TEXT)


# ---------------------------------------------------------------------------- one's own networks


class Own(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(20, 8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.word(tokens)
        x, _ = self.attention(x, x, x, need_weights=False)
        parts = x.view(1, -1, 4, 2).transpose(1, 2)
        return functional.scaled_dot_product_attention(
            parts[:, :2], parts[:, :1], parts[:, :1], is_causal=True, enable_gqa=True
        )


def test_a_network_of_ones_own_is_seen() -> None:
    torch.manual_seed(0)
    net = Own().train()
    found = simulate.attention(net, [3, 1, 4, 1], words=["a", "b", "c", "d"])
    check(found)
    assert found.attention.shape == (2, 2, 4, 4)
    assert sums_to_one(found.attention)
    assert net.training
    assert found.token.values.tolist() == ["a", "b", "c", "d"]
    x = net.word(torch.tensor([[3, 1, 4, 1]]))
    _, weights = net.attention(x, x, x, average_attn_weights=False)
    np.testing.assert_allclose(found.attention[0], weights[0].detach(), atol=1e-6)
    assert not np.triu(found.attention.values[1], 1).any()
    one = simulate.attention(net, torch.tensor([[3, 1, 4, 1]]), layers=[1])
    np.testing.assert_array_equal(one.attention[0], found.attention[1])
    assert (one.attrs["key_heads"], one.attrs["causal"], found.attrs["causal"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((nn.Linear(4, 4), torch.ones(3, 4)), "Linear called no attention"),
        ((Own(),), "tokens are missing"),
        ((Own(), [1, 2, 3], {"words": ["a"]}), "words has 1 names for 3 tokens"),
        ((Own(), [1, 2], {"layers": [5]}), "layers has 5; there are 2, 0 to 1"),
        ((3,), "model is 3"),
    ],
)
def test_a_wrong_network_is_one_line(given: Any, said: str) -> None:
    *args, how = given if isinstance(given[-1], dict) else (*given, {})
    with pytest.raises(UserError, match=re.escape(said)):
        simulate.attention(*args, **how)


# ---------------------------------------------------------------------------- numbers of heads


def _seen(weights: np.ndarray, **asked: Any) -> xr.Dataset:
    """Return the recording of one map of one head on the words "a b , c d"."""
    names = ["[S]", "a", "b", ",", "c", "d"]
    text = " ".join(names)
    places = [(-1, -1), *((4 + 2 * i, 5 + 2 * i) for i in range(5))]
    tokens = measuring.Tokens(text, names, places, [-1, 0, 1, 2, 3, 4])
    given = (asked.get("sources", ()), asked.get("targets", ()), asked.get("against", "sources"))
    seen = measuring._Seen(tokens, None, given)
    seen.see(0, 0, torch.from_numpy(weights[None].astype(np.float32)), 1)
    return seen.dataset({"model": "m", "model_digest": "", "model_revision": ""})


def test_shares_are_of_places_and_sum_to_one() -> None:
    rng = np.random.default_rng(0)
    w = rng.dirichlet(np.ones(6), size=6)
    share = dict(zip(measuring.KINDS, _seen(w).share.values[0, 0], strict=True))
    rows = range(1, 6)
    assert share["itself"] == pytest.approx(np.mean([w[i, i] for i in rows]), abs=1e-6)
    before = [w[i, i - 1] if i > 1 else 0 for i in rows]  # the start is an end, not a neighbour
    assert share["previous"] == pytest.approx(np.mean(before), abs=1e-6)
    after = [w[i, i + 1] if i < 5 else 0 for i in rows]
    assert share["next"] == pytest.approx(np.mean(after), abs=1e-6)
    assert share["ends"] == pytest.approx(w[1:, 0].mean(), abs=1e-6)
    assert sum(share.values()) == pytest.approx(1)


def test_ratios_are_those_of_means() -> None:
    rng = np.random.default_rng(1)
    w = rng.dirichlet(np.ones(6), size=6)
    found = _seen(w, sources=["c"], targets=["a"])
    # b and d are the other words: punctuation and the special token are none
    assert float(found.ratio[0, 0, 0]) == pytest.approx(w[4, 1] / np.mean([w[2, 1], w[5, 1]]), 1e-4)
    assert found.role.values.tolist() == ["none", "target", "other", "none", "source", "other"]
    found = _seen(w, sources=["c"], targets=["a", "b"], against="targets")
    assert float(found.ratio[0, 0, 0]) == pytest.approx(np.mean([w[4, 1], w[4, 2]]) / w[4, 5], 1e-4)
    back = np.tril(w) / np.tril(w).sum(1, keepdims=True)
    found = _seen(back, sources=["c"], targets=["b"])
    assert found.attrs["causal"] == 1
    # a can't look ahead at b: only d can
    assert float(found.ratio[0, 0, 0]) == pytest.approx(back[4, 2] / back[5, 2], 1e-4)


# ---------------------------------------------------------------------------- the packaged model

installed = pytest.mark.skipif(pretrained.archive() is None, reason="the package isn't here")


@installed
def test_the_packaged_model_is_whole_and_reads_both_ways() -> None:
    found = simulate.attention(
        "For breakfast we had pancakes, eggs and oatmeal before the drive to work.",
        sources=["pancakes", "eggs", "oatmeal"], targets=["breakfast"],
    )  # fmt: skip
    assert found.attention.shape == (6, 12, 20, 20)
    assert sums_to_one(found.attention)
    assert found.attrs["causal"] == 0
    assert found.attrs["model_digest"] == pretrained.DIGEST
    assert found.token.values.tolist()[9:13] == ["o", "at", "me", "al"]
    assert int(found.ratio[0, 0].argmax("head")) == 10, "head 11 of the first layer"
    assert 2 < float(found.ratio[0, 0, 10]) < 4
    assert float(found.share[0, 2].sel({"class": "previous"})) > 0.9, "head 3 looks one back"


@installed
def test_a_changed_package_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pretrained, "DIGEST", "0" * 64)
    with pytest.raises(UserError, match=r"has SHA-256 53aa5117\w+, not 0000"):
        pretrained.unpack(tmp_path)
    damaged = tmp_path / "model.zip"
    damaged.write_bytes(b"PK")
    monkeypatch.setattr(pretrained, "archive", lambda: damaged)
    with pytest.raises(UserError, match=r"model.zip is damaged .*; install it again"):
        pretrained.unpack(tmp_path)


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretrained, "archive", lambda: None)
    with pytest.raises(UserError, match="all-MiniLM-L6-v2 is not installed; in the clone: pip"):
        simulate.attention(TEXT)


# ---------------------------------------------------------------------------- as a run


def _attend(**changes: Any) -> specs.Attend:
    given = {
        "texts": ("a b",),
        "sources": ((),),
        "targets": ((),),
        "pretrained": "m",
        "digest": "d",
    }
    return specs.Attend(**{**given, **changes})


def test_a_models_digest_is_part_of_the_runs_address() -> None:
    first, same, other = (
        specs.address(_attend(digest=digest), data_digest=None) for digest in ("d", "d", "e")
    )
    assert first == same != other
    assert specs.decode(specs.canonical(_attend())) == _attend()
    labels = {path.name for path in specs.files(_attend())}
    assert {"attention.py", "pretrained.py"} <= labels
    assert "execute.py" not in labels, "an edit of the loop makes no reading stale"
    with pytest.raises(UserError, match="give as many of each"):
        _attend(texts=("a", "b"))


def test_a_run_reads_several_texts(gpt2: Path) -> None:
    with models.opened(str(gpt2)) as read:
        spec = _attend(
            texts=("pan cat", "a cat sat"), sources=(("cat",), ()), targets=(("pan",), ()),
            pretrained=str(gpt2), digest=read.digest,
        )  # fmt: skip
    found = measuring.execute(spec)
    for i, text in enumerate(spec.texts):
        alone = simulate.attention(
            text, model=str(gpt2), sources=spec.sources[i], targets=spec.targets[i]
        )
        part = measuring.single(found, i)
        np.testing.assert_array_equal(part.attention, alone.attention)
        assert part.attrs["text"] == text
        assert part.attrs["asked"] == alone.attrs["asked"] == 1 - i
        assert part.attrs["shown_head"] == alone.attrs["shown_head"]
    with pytest.raises(UserError, match=r"have SHA-256 \w+, not d"):
        measuring.execute(_attend(pretrained=str(gpt2)))


def test_whether_the_model_is_there_is_an_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def seen(name: str) -> str | None:
        return recorder.inputs(name, [], recorder.Context(data=Choice.embedded()), "").get(
            "pretrained"
        )

    monkeypatch.setattr(pretrained, "archive", lambda: None)
    assert seen("attention_heads") == "none"
    assert seen("sine_fit") is None
    monkeypatch.setattr(pretrained, "archive", lambda: Path("model.zip"))
    assert seen("attention_heads") == f"{pretrained.NAME}  {pretrained.DIGEST}"


# ---------------------------------------------------------------------------- the small one


def test_the_transformer_looks_back_only() -> None:
    net = networks.make("transformer", {"vocabulary": 9, "width": 12, "n_heads": 3})
    tokens = torch.tensor([[1, 2, 3, 4]])
    with torch.no_grad():
        before = net(tokens)
        after = net(torch.tensor([[1, 2, 3, 5]]))
    assert before.shape == (1, 9, 4)
    np.testing.assert_array_equal(before[..., :3], after[..., :3])
    assert not torch.equal(before[..., 3], after[..., 3])
    with pytest.raises(UserError, match="the one must divide the other"):
        networks.make("transformer", {"width": 10, "n_heads": 3})


def test_the_meal_follows_from_the_foods_and_from_nothing_else() -> None:
    data = meals._build(600, 60, 3)
    words = np.array(meals.WORDS)
    foods = {food: meal for meal, some in meals.FOODS.items() for food in some}
    lines = [words[np.append(x, y[-1])].tolist() for x, y in
             zip(np.vstack([data.x_train, data.x_test]), np.vstack([data.y_train, data.y_test]),
                 strict=True)]  # fmt: skip
    assert all(len(line) == meals.LENGTH for line in lines)
    assert all({foods[w] for w in line if w in foods} == {line[-1]} for line in lines)
    assert all(line[-2] == "for" for line in lines)
    places = {i for line in lines for i, w in enumerate(line) if w in foods}
    assert len(places) > 5, "foods stand now here, now there"
    sentences = {" ".join(line) for line in lines}
    assert len(sentences) == 660, "no held-out sentence was read"
    assert {" ".join(line) for line in lines[600:602]} == set(meals.SHOWN)
