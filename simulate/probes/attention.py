"""Attention maps on a fixed batch: how much each query takes from each key, head by head.

Seen are ``nn.MultiheadAttention`` (with what is built of it) and calls of
``scaled_dot_product_attention``.
"""

import math

import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from simulate.errors import UserError
from simulate.probes import _base as base


class Maps(TorchFunctionMode):
    """Computes the weights that the two functions keep to themselves.

    Attributes
    ----------
    maps : list of Tensor
        Of each call, shape (…, head, query, key).
    key_heads : list of int
        Heads with keys of their own in each call; fewer where heads share them.
    """

    def __init__(self):
        super().__init__()
        self.maps, self.key_heads = [], []

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if function is functional.multi_head_attention_forward:
            asked = {**kwargs, "need_weights": True, "average_attn_weights": False}
            outputs, weights = function(*args, **asked)
            assert weights is not None
            self.maps.append(weights.detach())
            self.key_heads.append(weights.shape[-3])
            if not kwargs.get("need_weights", True):
                return outputs, None
            return outputs, weights.mean(-3) if kwargs.get(
                "average_attn_weights", True
            ) else weights
        if function is functional.scaled_dot_product_attention:
            self.maps.append(_weights(*args, **kwargs).detach())
            key = kwargs.get("key", args[1] if len(args) > 1 else None)
            self.key_heads.append(key.shape[-3] if key.ndim > 2 else 1)
        return function(*args, **kwargs)


def _weights(
    query,
    key,
    value,
    attn_mask=None,
    dropout_p=0.0,
    is_causal=False,
    scale=None,
    enable_gqa=False,
):
    """Return softmax(q kᵀ scale + mask), as torch's documentation of the function has it."""
    if enable_gqa:
        key = key.repeat_interleave(query.size(-3) // key.size(-3), -3)
    scores = query @ key.mT * (1 / math.sqrt(query.size(-1)) if scale is None else scale)
    if is_causal:
        ones = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device)
        scores = scores.masked_fill(~ones.tril(), -torch.inf)
    if attn_mask is not None:
        if attn_mask.dtype == torch.bool:
            scores = scores.masked_fill(~attn_mask, -torch.inf)
        else:
            scores = scores + attn_mask
    return scores.softmax(-1)


def _record(step, n_examples):
    """Return ``attention_0`` (example, head, query, key), ``attention_1``, … in call order.

    Parameters
    ----------
    n_examples : int
        How many training examples, from the first; in evaluation mode.
    """
    inputs, _ = step.fixed(n_examples)
    # With gradients on, torch's encoder layers take the path that calls the functions above.
    with step.still(training=False), torch.enable_grad(), Maps() as seen:
        step.again(inputs)
    if not seen.maps:
        raise UserError("attention: the model called no attention that the probe knows of")
    found = {}
    for number, weights in enumerate(seen.maps):
        if weights.ndim == 3:  # of one head
            weights = weights[:, None]
        if weights.ndim != 4:
            raise UserError(f"attention has shape {tuple(weights.shape)}; four axes have names")
        found[f"attention_{number}"] = (
            ("example", "head", f"query_{number}", f"key_{number}"),
            weights,
            base.said("attention weights"),
        )
    return found


PROBE = base.Probe(
    record=_record, label="attention maps", every="epoch", defaults={"n_examples": 8}
)
