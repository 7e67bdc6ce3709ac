"""Probes against what plain PyTorch says of the same step."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn
from torch.nn import functional

import simulate
from simulate import UserError, probe, registry
from simulate.recording import check

RNG = np.random.default_rng(0)
X = RNG.normal(size=(32, 4)).astype("f4")
Y = (X[:, 0] > 0).astype("i8")
TX, TY = torch.from_numpy(X), torch.from_numpy(Y)


def net(seed: int = 0) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 2))


def run(model: nn.Module, *record: Any, **arguments: Any) -> xr.Dataset:
    given = {"optimizer": "sgd", "lr": 0.2, "steps": 4, **arguments}
    found = simulate.train(model, (X, Y), record=list(record), **given)
    check(found)
    return found


def stepped(model: nn.Module, n: int, lr: float = 0.2) -> nn.Module:
    """Return a copy of the model after n plain steps on the whole batch."""
    model = copy.deepcopy(model)
    for _ in range(n):
        loss = functional.cross_entropy(model(TX), TY)
        for param, slope in zip(
            model.parameters(), torch.autograd.grad(loss, list(model.parameters())), strict=True
        ):
            param.data.sub_(lr * slope)
    return model


@pytest.mark.parametrize("name", registry.names("probes"))
def test_every_probe_has_a_row_that_says_what_it_is(name: str) -> None:
    row = registry.row("probes", name)
    assert row.label
    assert row.every in ("epoch", "ends", 1)
    assert callable(registry.load("probes", name).record)


def test_layer_statistics_are_those_of_the_steps_own_pass() -> None:
    model = net()
    settings = {"quantiles": [0.25, 0.5], "edges": [-1.0, 0.0, 1.0]}
    found = run(model_copy(model), probe("layer_statistics", every=2, **settings), "scalars")
    assert found.layer.values.tolist() == ["0", "1", "2", "3", "4"]
    assert found.step_layer_statistics.values.tolist() == [0, 2, 4]
    then = stepped(model, 2)
    values, outputs = TX, []
    for layer in then:
        values = layer(values)
        values.retain_grad()
        outputs.append(values)
    functional.cross_entropy(values, TY).backward()
    here = found.sel(step_layer_statistics=2)
    for at, output in enumerate(outputs):
        out = output.detach().double().numpy()
        assert output.grad is not None
        slope = output.grad.double().numpy()
        one = here.isel(layer=at)
        assert float(one.output_mean) == pytest.approx(out.mean(), rel=1e-4, abs=1e-6)
        assert float(one.output_variance) == pytest.approx(out.var(), rel=1e-4)
        assert float(one.output_zeros) == (out == 0).mean()
        assert float(one.gradient_mean) == pytest.approx(slope.mean(), rel=1e-3, abs=1e-8)
        assert float(one.gradient_variance) == pytest.approx(slope.var(), rel=1e-3)
        np.testing.assert_allclose(
            one.output_quantiles, np.quantile(out, [0.25, 0.5]), rtol=1e-4, atol=1e-6
        )
        assert one.output_histogram.values.tolist() == [
            int(((out >= -1) & (out < 0)).sum()),
            int(((out >= 0) & (out <= 1)).sum()),
        ]
    assert np.isfinite(float(here.isel(layer=1).output_saturated))
    assert np.isnan(float(here.isel(layer=0).output_saturated))


def model_copy(model: nn.Module) -> nn.Module:
    return copy.deepcopy(model)


def test_saturation_counts_units_near_their_bounds() -> None:
    model = nn.Sequential(nn.Linear(4, 8), nn.Sigmoid(), nn.Linear(8, 2))
    nn.init.constant_(model[0].bias, 9.0)
    nn.init.zeros_(model[0].weight)
    with torch.no_grad():
        model[0].bias[:2] = 0.0
    found = run(model, probe("layer_statistics", every=4, names=["1"]), steps=4, lr=0.0)
    assert found.output_saturated.values[0, 0] == 6 / 8


def test_layers_are_recorded_whole_on_a_fixed_batch() -> None:
    model = net()
    record = probe("layers", every=2, names=["1", "4"], n_examples=3)
    found = run(model_copy(model), record, "scalars", batch_size=8)
    first = found.output_1.values[0]
    np.testing.assert_allclose(first, torch.tanh(model[0](TX[:3])).detach(), rtol=1e-6)
    assert found.output_1.dims == ("step_layers", "example", "unit_1")
    logits = model(TX[:3])
    logits.retain_grad()
    functional.cross_entropy(logits, TY[:3]).backward()
    np.testing.assert_allclose(found.gradient_4.values[0], logits.grad, rtol=1e-5, atol=1e-7)


def test_layers_of_a_convolution_have_channels() -> None:
    model = nn.Sequential(
        nn.Unflatten(1, (1, 2, 2)), nn.Conv2d(1, 3, 1), nn.Flatten(), nn.Linear(12, 2)
    )
    found = run(model, probe("layers", every="ends", names=["1"]))
    assert found.output_1.dims == ("step_layers", "example", "channel_1", "y_1", "x_1") or (
        found.output_1.dims == ("step", "example", "channel_1", "y_1", "x_1")
    )


def test_the_optimizers_state_is_adams_two_averages() -> None:
    model = net()
    found = run(
        model, probe("optimizer_state", every=1), "parameters", "gradients", "scalars",
        optimizer="adam", lr=0.01, steps=3,
    )  # fmt: skip
    assert np.isnan(found.state_exp_avg.values[0]).all(), "nothing yet before the first update"
    assert found.state_step.values[1:].tolist() == [1, 2, 3]
    first = run(net(), probe("gradients", every=1), optimizer="adam", lr=0.01, steps=3)
    g = first.gradient.values.astype(float)
    m = np.zeros_like(g[0])
    v = np.zeros_like(g[0])
    for step in range(3):
        m = 0.9 * m + 0.1 * g[step]
        v = 0.999 * v + 0.001 * g[step] ** 2
        np.testing.assert_allclose(found.state_exp_avg.values[step + 1], m, rtol=1e-4, atol=1e-9)
        np.testing.assert_allclose(
            found.state_exp_avg_sq.values[step + 1], v, rtol=1e-4, atol=1e-12
        )


def test_gradients_are_cleared_or_added_up() -> None:
    given = {"steps": 3, "lr": 0.1}
    cleared = run(net(), probe("gradients", every=1), **given)
    np.testing.assert_array_equal(cleared.gradient, cleared.applied)
    kept = run(net(), probe("gradients", every=1), zero_grad=False, **given)
    np.testing.assert_allclose(np.cumsum(kept.gradient, axis=0), kept.applied, rtol=1e-5, atol=1e-7)
    assert np.abs(kept.gradient - kept.applied)[1:].max() > 0


class Dropping(nn.Module):
    """Notes the masks that it draws itself."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first, self.second = nn.Linear(4, 6), nn.Linear(6, 2)
        self.drop = nn.Dropout(0.5)
        self.seen: list[np.ndarray] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = self.drop(self.first(x).exp())  # no zeros but dropout's
        if self.training and torch.is_grad_enabled():
            self.seen.append((hidden != 0).numpy())
        return self.second(functional.dropout(hidden, 0.25, self.training))


def test_dropout_masks_are_those_of_the_step() -> None:
    model = Dropping()
    found = run(model, probe("dropout_masks", n_examples=16), "scalars", batch_size=16, steps=3)
    masks = found.mask_0.values
    assert masks.shape == (4, 16, 6)
    for step in range(4):
        np.testing.assert_array_equal(masks[step], model.seen[step])
    assert 0.1 < 1 - masks.mean() < 0.9
    assert found.mask_1.shape == (4, 16, 6), "functional dropout is seen too"


def test_masks_fill_a_smaller_batch() -> None:
    found = run(Dropping(), probe("dropout_masks", n_examples=12), batch_size=24, steps=2)
    assert (found.mask_0.values[1, 8:] == -1).all()
    assert set(np.unique(found.mask_0.values[1, :8])) == {0, 1}


class Attending(nn.Module):
    def __init__(self, causal: bool) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed = nn.Linear(1, 8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.out = nn.Linear(8, 2)
        self.causal = causal

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        tokens = self.embed(x[..., None])  # (n, 4, 8)
        mixed, weights = self.attention(tokens, tokens, tokens, need_weights=False)
        assert weights is None
        q = mixed.unflatten(-1, (2, 4)).transpose(1, 2)
        again = functional.scaled_dot_product_attention(q, q, q, is_causal=self.causal)
        return self.out(again.transpose(1, 2).flatten(2).mean(1))


@pytest.mark.parametrize("causal", [False, True])
def test_attention_maps_are_softmax_of_queries_and_keys(causal: bool) -> None:
    model = Attending(causal)
    found = run(model_copy(model), probe("attention", n_examples=5), epochs=1, steps=None)
    assert found.attention_0.dims == ("epoch", "example", "head", "query_0", "key_0")
    tokens = model.embed(TX[:5, :, None])
    mixed, weights = model.attention(tokens, tokens, tokens, average_attn_weights=False)
    np.testing.assert_allclose(found.attention_0.values[0], weights.detach(), rtol=1e-5)
    q = mixed.detach().numpy().reshape(5, 4, 2, 4).transpose(0, 2, 1, 3)
    scores = q @ q.swapaxes(-1, -2) / math.sqrt(4)
    if causal:
        scores = np.where(np.tril(np.ones((4, 4), bool)), scores, -np.inf)
    expected = np.exp(scores - scores.max(-1, keepdims=True))
    expected /= expected.sum(-1, keepdims=True)
    np.testing.assert_allclose(found.attention_1.values[0], expected, rtol=1e-4, atol=1e-6)


def test_attention_of_torchs_own_encoder_is_seen() -> None:
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    model = nn.Sequential(
        nn.Unflatten(1, (4, 1)), nn.Linear(1, 8), layer, nn.Flatten(), nn.Linear(32, 2)
    )
    found = run(model, probe("attention", n_examples=2), epochs=1, steps=None)
    weights = found.attention_0.values
    assert weights.shape == (2, 2, 2, 4, 4)
    np.testing.assert_allclose(weights.sum(-1), 1, rtol=1e-5)


def test_predictions_come_before_learning() -> None:
    found = run(net(), "predictions", "scalars", batch_size=1, in_order=True, epochs=1, steps=None)
    model = net()
    for step in range(32):
        assert found.prediction.values[step, 0] == int(model(TX[[step]]).argmax())
        loss = functional.cross_entropy(model(TX[[step]]), TY[[step]])
        slopes = torch.autograd.grad(loss, list(model.parameters()))
        for param, slope in zip(model.parameters(), slopes, strict=True):
            param.data.sub_(0.2 * slope)


def test_own_functions_are_probes() -> None:
    def largest(step: simulate.Step) -> dict[str, Any]:
        weights = step.model.get_parameter("0.weight")
        return {
            "largest": ((), weights.abs().max()),
            "bias": ("unit", step.model.get_parameter("0.bias"), {"units": "volts"}),
        }

    found = run(net(), "scalars", largest, probe(largest_again, every=2))
    assert found.largest.dims == ("step",)
    assert found.bias.attrs == {"long_name": "bias", "units": "volts"}
    assert found.again.dims == ("step_largest_again",)
    np.testing.assert_array_equal(found.again, found.largest.values[::2])


def largest_again(step: simulate.Step) -> dict[str, Any]:
    return {"again": ((), step.model.get_parameter("0.weight").abs().max())}


@pytest.mark.parametrize(
    ("gives", "message"),
    [
        (3, r"probe 'own' returned 3; it takes \{name: \(dims, values\)\}"),
        ({"a": 3}, r"probe 'own' gives 'a' as 3; it takes \(dims, values\)"),
        ({"a": ("units", [1, 2])}, "dimension 'units'; it takes bin, buffer"),
        ({"a": ("unit", 3.0)}, r"1 dimensions for values of shape \(\)"),
        ({"a": ((), None)}, "values that are None, not numbers"),
        ({"a": ((), "x" * 3), "loss": ((), 1.0)}, "two probes give 'loss'"),
    ],
)
def test_what_a_probe_may_not_give_is_one_line(gives: Any, message: str) -> None:
    def own(step: simulate.Step) -> Any:
        return gives

    with pytest.raises(UserError, match=message):
        run(net(), "scalars", own)


def test_shapes_and_dimensions_stay() -> None:
    def shrinking(step: simulate.Step) -> Any:
        return {"a": ("unit", np.zeros(5 - step.number))}

    with pytest.raises(UserError, match=r"probe 'shrinking' gives 'a' shapes \[\(1,\), \(2,\)"):
        run(net(), shrinking)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("scalars", "record is 'scalars'; it takes a list"),
        (3, "record is 3; it takes a list"),
        ([3], "record has 3; it takes a list"),
        (["scalers"], "no probe is called 'scalers'; there is scalars"),
        (["scalars", "scalars"], "record names 'scalars' twice"),
        ([simulate.probe("layers", bright=1)], "probe 'layers' has no setting 'bright'"),
        ([simulate.probe("layers", names=["9"])], "the model has no layer '9'; there is 0, 1, 2"),
        (["layers"], "layers records named layers"),
        (["dropout_masks"], "the model has no dropout"),
        (["attention"], "called no attention"),
    ],
)
def test_bad_records_are_one_line(record: Any, message: str) -> None:
    with pytest.raises(UserError, match=message):
        simulate.train(net(), (X, Y), steps=2, record=record)


@pytest.mark.parametrize("every", [0, -1, 1.5, "step", True])
def test_bad_strides_are_one_line(every: Any) -> None:
    with pytest.raises(UserError, match="every is"):
        simulate.probe("scalars", every=every)
    with pytest.raises(UserError, match="every is"):
        simulate.probe(lambda step: {}, every=every)


def test_sizes_and_gains_of_layers() -> None:
    model = net()
    found = run(model_copy(model), probe("layer_statistics", every=4))
    first = found.isel(step=0)
    values, outputs = TX, []
    for layer in model:
        values = layer(values)
        values.retain_grad()
        outputs.append(values)
    functional.cross_entropy(values, TY).backward()
    for at, output in enumerate(outputs):
        one = first.isel(layer=at)
        for kind, tensor in (("output", output.detach()), ("gradient", output.grad)):
            assert tensor is not None
            numbers = tensor.double().numpy()
            counts = one[f"{kind}_sizes"].values
            assert counts.sum() == (numbers != 0).sum()
            size = np.log10(np.abs(numbers[numbers != 0]))
            half = float(one.bin_size[1] - one.bin_size[0]) / 2
            for middle, count in zip(one.bin_size.values, counts, strict=True):
                assert ((size >= middle - half) & (size < middle + half)).sum() == count
        assert float(one.output_gain) == pytest.approx(
            output.std(correction=0).item() / outputs[0].std(correction=0).item(), rel=1e-4
        )
        last = outputs[-1].grad
        assert output.grad is not None
        assert last is not None
        rms = (output.grad**2).mean().sqrt() / (last**2).mean().sqrt()
        assert float(one.gradient_gain) == pytest.approx(rms.item(), rel=1e-4)
    assert found.sizes["bin"] == 160, "a histogram without being asked for edges"


def test_one_unit_of_a_layer() -> None:
    model = net()
    found = run(model_copy(model), probe("layer_statistics", every=4, names=["1"], unit=2))
    values = torch.tanh(model[0](TX))[:, 2].detach().double()
    assert float(found.output_mean[0, 0]) == pytest.approx(values.mean().item(), abs=1e-6)
    assert int(found.output_histogram[0, 0].sum()) == len(X)
    with pytest.raises(UserError, match=r"unit is 9; a layer's outputs have shape \(32, 6\)"):
        run(net(), probe("layer_statistics", every=4, names=["1"], unit=9))
