"""A small causal transformer: each token is asked which word comes next, and may look back only."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from simulate.errors import UserError
from simulate.models import _base as base


class _Block(nn.Module):
    """Attention, then a layer of units, each added to what came in, normalized before."""

    def __init__(self, width: int, n_heads: int) -> None:
        super().__init__()
        self.n_heads = n_heads
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.mix = nn.Linear(width, width)
        self.units = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def vectors(self, x: torch.Tensor) -> torch.Tensor:
        """Return queries, keys and values, shape (3, batch, head, token, feature)."""
        n, length, width = x.shape
        found = self.query_key_value(self.norm_1(x))
        parts = found.view(n, length, 3, self.n_heads, width // self.n_heads)
        return parts.permute(2, 0, 3, 1, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the tokens' vectors after this block, shape (batch, token, feature)."""
        query, key, value = self.vectors(x)
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.mix(mixed.transpose(1, 2).flatten(2))
        return x + self.units(self.norm_2(x))


class Transformer(nn.Module):
    """Reads tokens, shape (batch, token); gives logits, shape (batch, vocabulary, token)."""

    def __init__(
        self, vocabulary: int, width: int, n_heads: int, n_layers: int, longest: int
    ) -> None:
        super().__init__()
        self.word = nn.Embedding(vocabulary, width)
        self.place = nn.Embedding(longest, width)
        self.blocks = nn.ModuleList(_Block(width, n_heads) for _ in range(n_layers))
        self.norm = nn.LayerNorm(width)
        self.next = nn.Linear(width, vocabulary)

    def embed(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return what the first block gets, shape (batch, token, feature)."""
        return self.word(tokens) + self.place.weight[: tokens.shape[1]]

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return logits of the next words, shape (batch, vocabulary, token)."""
        x = self.embed(tokens)
        for block in self.blocks:
            x = block(x)
        # Classes come second, as torch's cross-entropy takes them.
        return self.next(self.norm(x)).transpose(1, 2)


def _build(vocabulary: int, width: int, n_heads: int, n_layers: int, longest: int) -> Transformer:
    """Return the network.

    Parameters
    ----------
    vocabulary : int
        Different words.
    width : int
        Numbers that stand for a token within.
    n_heads, n_layers : int
        Attention heads of a layer, and layers.
    longest : int
        Tokens that it can read at once.
    """
    if min(vocabulary, width, n_heads, n_layers, longest) < 1 or width % n_heads:
        raise UserError(f"width is {width} and n_heads {n_heads}; the one must divide the other")
    return Transformer(vocabulary, width, n_heads, n_layers, longest)


MODEL = base.Model(
    build=_build,
    label="causal transformer",
    source="Vaswani et al. 2017, arXiv:1706.03762; norms first, as in GPT-2",
    defaults={"vocabulary": 64, "width": 48, "n_heads": 12, "n_layers": 2, "longest": 16},
)
