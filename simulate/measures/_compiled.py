"""Sequences of plain layers at many points of a plane, in compiled code.

Examples lie side by side in the lanes of vectors: the values of a layer are a matrix of
(unit, example), for so few examples that all layers stay in the cache. A linear layer and a
convolution are then one thing, sums of rows: each output is a row, and a table says which rows of
the layer before it sums. Four outputs are summed at a time, in registers. Nothing here is
particular to a maker of processors, and nothing passes through torch.

The products of a wide leading layer are linear in the plane's coordinates, X(W + aW₁ + bW₂) =
XW + aXW₁ + bXW₂: they are computed three times in all, however many points there are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import llvmlite.binding
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from torch import nn

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
POOLS = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)
# Layers that leave the values as they are when a network is evaluated.
IDLE = (nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout)

_PRODUCT, _LARGEST, _RELU, _LEAKY, _TANH, _SIGMOID = range(6)
ACTIVATIONS = {
    nn.ReLU: _RELU, nn.LeakyReLU: _LEAKY, nn.Tanh: _TANH, nn.Sigmoid: _SIGMOID,
}  # fmt: skip

# A tile is _ROWS outputs of _VECTORS × _LANES examples: as many sums as keep both multipliers busy
# and still fit the registers, of which AVX-512 has twice as many, twice as wide.
_WIDE = bool(llvmlite.binding.get_host_cpu_features().get("avx512f"))
_ROWS = 4
_VECTORS, _LANES = (3, 16) if _WIDE else (2, 8)
_TILE = _VECTORS * _LANES
_MOST_EXAMPLES = 48  # in a block; a multiple of either tile
_BLOCK = 1 << 15  # numbers in two adjacent layers of a block
_KEPT = 1 << 16  # numbers that are kept of the examples while all points are visited
_LARGE = 1 << 20  # parameters, or numbers in a block, beyond which nothing stays in the cache
_LONG = 64  # summands from which the leading layer's products are worth keeping


@dataclass(frozen=True)
class Program:
    """A network as tables.

    Attributes
    ----------
    steps : ndarray, shape (n_steps, 10), int64
        Kind; rows in and out; for products outputs, summands, positions, groups, where weights and
        table begin, whether a ReLU follows.
    slopes : ndarray, shape (n_steps,), float32
        Of leaky ReLUs.
    table : ndarray, int32
        Rows that products and pools take; row `rows in` is 0.
    order : ndarray, int64
        Packed weights as positions in the flat parameters, n_params standing for a 0.
    leading : bool
        Whether the first step's products are kept.
    block, n_blocks : int
        Examples in a block; blocks that visit all points before the next come.
    """

    steps: np.ndarray
    slopes: np.ndarray
    table: np.ndarray
    order: np.ndarray
    leading: bool
    block: int
    n_blocks: int

    @property
    def n_inputs(self) -> int:
        """Numbers in an example."""
        return int(self.steps[0, 1])

    @property
    def n_outputs(self) -> int:
        """Numbers that the network makes of one."""
        return int(self.steps[-1, 2])

    @property
    def n_examples(self) -> int:
        """Examples that visit all points before the next come."""
        return self.block * self.n_blocks

    def packed(self, frame: np.ndarray) -> np.ndarray:
        """Return rows of flat parameters, (3, n_params), in the order of this program."""
        padded = np.concatenate([frame, np.zeros((len(frame), 1), frame.dtype)], axis=1)
        return np.ascontiguousarray(padded[:, self.order], np.float32)

    def outputs(self, frame: np.ndarray, points: np.ndarray | None, x: np.ndarray) -> np.ndarray:
        """Return the network's outputs at each point, (n_points, n_examples, n_outputs), float32.

        Parameters
        ----------
        frame : ndarray, shape (3, n_packed) or (n_points, n_packed)
            Of the plane, or, without `points`, the points themselves; as `packed` returns it.
        points : ndarray, shape (n_points, 2), or None
            Coordinates.
        x : ndarray, shape (n_examples, n_inputs), float32
        """
        n_points = len(frame) if points is None else len(points)
        found = np.empty((n_points, len(x), self.n_outputs), np.float32)
        self._visit(frame, points, x, np.zeros(0, np.int64), np.zeros(0), found)
        return found

    def cross_entropies(
        self, frame: np.ndarray, points: np.ndarray | None, x: np.ndarray, labels: np.ndarray
    ) -> np.ndarray:
        """Return the cross-entropy summed over the examples at each point, (n_points,), float64.

        Parameters are those of `outputs`, and class numbers, (n_examples,), int64, in range.
        """
        sums = np.zeros(len(frame) if points is None else len(points))
        self._visit(frame, points, x, labels, sums, np.empty((0, 0, 0), np.float32))
        return sums

    def _visit(
        self,
        frame: np.ndarray,
        points: np.ndarray | None,
        x: np.ndarray,
        labels: np.ndarray,
        sums: np.ndarray,
        outputs: np.ndarray,
    ) -> None:
        at = (np.empty((0, 2)) if points is None else points).astype(np.float32)
        leading = self.leading and points is not None
        _visit(
            self.steps, self.slopes, self.table, frame, at, x, labels, sums, outputs,
            self.block, leading,
        )  # fmt: skip


def compile(layers: Sequence[nn.Module], shape: Sequence[int]) -> Program | str:
    """Return a sequence of layers as a program, or in words why that can't be.

    Parameters
    ----------
    layers : sequence of Module
        All its layers, in order, none of which does more than its type says (`planes` sees to it).
    shape : sequence of int
        Of one example.
    """
    maker = _Maker(layers, tuple(shape))
    for layer in layers:
        if obstacle := maker.add(layer):
            return obstacle
    return maker.finished()


class _Maker:
    """Builds a program layer by layer; `shape` is that of the values so far."""

    def __init__(self, layers: Sequence[nn.Module], shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.steps: list[list[int]] = []
        self.slopes: list[float] = []
        self.table: list[np.ndarray] = []
        self.order: list[np.ndarray] = []
        params = [param for layer in layers for param in layer.parameters()]
        ends = np.cumsum([0, *(param.numel() for param in params)])
        self.starts = {id(param): int(start) for param, start in zip(params, ends, strict=False)}
        self.n_params = int(ends[-1])

    def add(self, layer: Any) -> str:
        """Append a layer; return why that can't be, or ""."""
        kind = type(layer)
        size = math.prod(self.shape)
        if kind in IDLE:
            return ""
        if kind is nn.Flatten:
            if (layer.start_dim, layer.end_dim) != (1, -1):
                return "a Flatten keeps some axes"
            self.shape = (size,)
            return ""
        if kind is nn.Unflatten:
            sizes = layer.unflattened_size
            whole = isinstance(sizes, tuple) and all(type(n) is int and n > 0 for n in sizes)
            if layer.dim != 1 or len(self.shape) != 1 or not whole or math.prod(sizes) != size:
                return "an Unflatten makes other axes than those of one example"
            self.shape = tuple(sizes)
            return ""
        if kind in ACTIVATIONS:
            slope = layer.negative_slope if kind is nn.LeakyReLU else 0.0
            if kind is nn.ReLU and self.steps and self.steps[-1][0] == _PRODUCT:
                self.steps[-1][9] = 1
                return ""
            self._step(ACTIVATIONS[kind], size, size, slope=slope)
            return ""
        if kind is nn.Linear:
            if self.shape != (layer.in_features,):
                return f"a Linear layer of {layer.in_features} inputs is given shape {self.shape}"
            return self._product(layer, 1, 1, np.arange(size)[None], (layer.out_features,))
        if kind in CONVOLUTIONS:
            return self._convolution(layer)
        if kind in POOLS:
            return self._pool(layer)
        return f"{kind.__name__} is none of the layers that are compiled"

    def finished(self) -> Program | str:
        """Return the program, or why it would gain nothing."""
        if not self.steps:
            return "there is nothing to compute"
        steps = np.array(self.steps, np.int64)
        order = np.concatenate(self.order) if self.order else np.zeros(0, np.int64)
        leading = steps[0, 0] == _PRODUCT and steps[0, 4] >= _LONG
        worked = steps[1:] if leading and len(steps) > 1 else steps
        rows = int((worked[:, 1] + worked[:, 2]).max())
        n_leading = len(self.order[0]) if leading else 0
        table = np.concatenate(self.table) if self.table else np.zeros(0, np.int32)
        if max(len(order) - n_leading, rows * _TILE, len(table)) > _LARGE:
            return "it is too large to stay in a processor's cache"
        block = _TILE * int(np.clip(_BLOCK // (_TILE * rows), 1, _MOST_EXAMPLES // _TILE))
        kept = block * (3 * int(steps[0, 2]) if leading else int(steps[0, 1]))
        return Program(
            steps=steps,
            slopes=np.array(self.slopes, np.float32),
            table=table.astype(np.int32),
            order=order,
            leading=bool(leading),
            block=block,
            n_blocks=int(np.clip(_KEPT // kept, 1, 64)),
        )

    def _step(self, kind: int, n_in: int, n_out: int, *rest: int, slope: float = 0.0) -> None:
        self.steps.append([kind, n_in, n_out, *rest, *[0] * (7 - len(rest))])
        self.slopes.append(slope)

    def _product(
        self,
        layer: Any,
        groups: int,
        positions: int,
        table: np.ndarray,
        shape: tuple[int, ...],
    ) -> str:
        """Append sums of rows; table (groups · positions, summands)."""
        weight, bias = layer.weight, layer.bias
        n_out, n_sum = len(weight), table.shape[1]
        each = n_out // groups
        tiles = -(-each // _ROWS)
        place = np.full((groups, tiles * _ROWS, n_sum + 1), self.n_params)
        if bias is not None:
            place[:, :each, 0] = self.starts[id(bias)] + np.arange(n_out).reshape(groups, each)
        numbers = np.arange(weight.numel()).reshape(groups, each, n_sum)
        place[:, :each, 1:] = self.starts[id(weight)] + numbers
        # of a tile: its biases, then for each summand its weights
        packed = place.reshape(groups, tiles, _ROWS, n_sum + 1).swapaxes(2, 3).ravel()
        weights_at, table_at = (sum(map(len, parts)) for parts in (self.order, self.table))
        self._step(
            _PRODUCT, math.prod(self.shape), n_out * positions, n_out, n_sum, positions, groups,
            weights_at, table_at, 0,
        )  # fmt: skip
        self.order.append(packed)
        self.table.append(table.ravel())
        self.shape = shape
        return ""

    def _convolution(self, layer: Any) -> str:
        n_axes = len(layer.kernel_size)
        if len(self.shape) != n_axes + 1 or self.shape[0] != layer.in_channels:
            return f"a convolution of {layer.in_channels} channels is given shape {self.shape}"
        if layer.padding_mode != "zeros" or isinstance(layer.padding, str):
            return "a convolution pads in another way than by a number of zeros"
        taken, sides = _windows(
            self.shape[1:], layer.kernel_size, layer.stride, layer.padding, layer.dilation
        )
        n_positions, area = math.prod(sides), math.prod(self.shape[1:])
        if n_positions < 1:
            return "a convolution is larger than what it is given"
        channels = layer.in_channels // layer.groups
        if layer.groups * n_positions * channels * taken.shape[1] > _LARGE:
            return "it is too large to stay in a processor's cache"
        first = np.arange(layer.in_channels).reshape(layer.groups, 1, channels, 1) * area
        rows = np.where(taken[:, None] < 0, math.prod(self.shape), first + taken[:, None])
        table = rows.reshape(layer.groups * n_positions, -1)
        return self._product(layer, layer.groups, n_positions, table, (layer.out_channels, *sides))

    def _pool(self, layer: Any) -> str:
        n_axes = {nn.MaxPool1d: 1, nn.MaxPool2d: 2, nn.MaxPool3d: 3}[type(layer)]
        if len(self.shape) != n_axes + 1:
            return f"a pool over {n_axes} axes is given shape {self.shape}"
        if layer.ceil_mode or layer.return_indices:
            return "a pool counts incomplete windows or returns indices"
        sizes = [
            (value,) * n_axes if isinstance(value, int) else tuple(value)
            for value in (layer.kernel_size, layer.stride, layer.padding, layer.dilation)
        ]
        if any(sizes[2]):
            return "a pool is padded"
        taken, sides = _windows(self.shape[1:], *sizes)
        n_positions, area = math.prod(sides), math.prod(self.shape[1:])
        if n_positions < 1 or self.shape[0] * taken.size > _LARGE:
            return "a pool is larger than what it is given, or than a processor's cache"
        table = np.arange(self.shape[0])[:, None, None] * area + taken
        n_out = self.shape[0] * n_positions
        at = sum(map(len, self.table))
        self._step(_LARGEST, math.prod(self.shape), n_out, 0, taken.shape[1], 0, 0, 0, at)
        self.table.append(table.ravel())
        self.shape = (self.shape[0], *sides)
        return ""


def _windows(
    shape: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
) -> tuple[np.ndarray, tuple[int, ...]]:
    """Return the places in one channel that each output takes, -1 outside, and outputs by axis."""
    sides = tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(shape, kernel, stride, padding, dilation, strict=True)
    )
    if min(sides) < 1:
        return np.empty((0, 0), int), (0,)
    flat = np.zeros((math.prod(sides), math.prod(kernel)), np.int64)
    outside = np.zeros_like(flat, bool)
    at = np.array(list(product(*map(range, sides))))
    within = np.array(list(product(*map(range, kernel))))
    for axis, n in enumerate(shape):
        place = at[:, None, axis] * stride[axis] - padding[axis] + within[:, axis] * dilation[axis]
        outside |= (place < 0) | (place >= n)
        flat = flat * n + place
    return np.where(outside, -1, flat), sides


# ------------------------------------------------------------------------------- compiled code

# Products and sums may be fused; NaN must survive, for a plane may reach where the loss is none.
_MATH = {"contract", "nsz"}
_I32 = ir.IntType(32)
_VECTOR = ir.VectorType(ir.FloatType(), _LANES)


@intrinsic
def _sum_tile(  # type: ignore[no-untyped-def]
    context, weights, w, source, at, table, t, n_sum, width, out, o, stride, n_rows, relu
):
    """Sum rows of `source`, `n_sum` of them, into up to _ROWS rows of `out`, _TILE examples each.

    Vectors are spelled out: left to itself LLVM keeps the sums in memory, at a third of the speed.
    """
    signature = types.void(
        weights, w, source, at, table, t, n_sum, width, out, o, stride, n_rows, relu
    )

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        def data(number, offset):  # type: ignore[no-untyped-def]
            array = context.make_array(signature.args[number])(context, builder, args[number])
            return builder.gep(array.data, [args[offset]])

        weight, inputs, rows, out = data(0, 1), data(2, 3), data(4, 5), data(8, 9)
        n_sum, width, stride, n_rows, relu = args[6], args[7], args[10], args[11], args[12]
        fma = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(_VECTOR, [_VECTOR] * 3), f"llvm.fma.v{_LANES}f32"
        )

        def number(value):  # type: ignore[no-untyped-def]
            return ir.Constant(n_sum.type, value)

        def vector(pointer, m):  # type: ignore[no-untyped-def]
            place = builder.gep(pointer, [number(m * _LANES)])
            return builder.bitcast(place, _VECTOR.as_pointer())

        def spread(pointer):  # type: ignore[no-untyped-def]
            empty = ir.Constant(_VECTOR, ir.Undefined)
            one = builder.insert_element(empty, builder.load(pointer), ir.Constant(_I32, 0))
            all_first = ir.Constant(ir.VectorType(_I32, _LANES), [0] * _LANES)
            return builder.shuffle_vector(one, empty, all_first)

        sums = []
        for row in range(_ROWS):
            bias = spread(builder.gep(weight, [number(row)]))
            sums.append([cgutils.alloca_once_value(builder, bias) for _ in range(_VECTORS)])
        weight = builder.gep(weight, [number(_ROWS)])
        with cgutils.for_range(builder, n_sum) as loop:
            row_in = builder.sext(builder.load(builder.gep(rows, [loop.index])), n_sum.type)
            from_row = builder.gep(inputs, [builder.mul(row_in, width)])
            values = [builder.load(vector(from_row, m), align=4) for m in range(_VECTORS)]
            factors = builder.gep(weight, [builder.mul(loop.index, number(_ROWS))])
            for row in range(_ROWS):
                factor = spread(builder.gep(factors, [number(row)]))
                for m in range(_VECTORS):
                    total = builder.call(fma, [factor, values[m], builder.load(sums[row][m])])
                    builder.store(total, sums[row][m])
        zero = ir.Constant(_VECTOR, [0.0] * _LANES)
        cut = builder.icmp_signed("!=", relu, ir.Constant(relu.type, 0))
        for row in range(_ROWS):
            with builder.if_then(builder.icmp_signed("<", number(row), n_rows)):
                to_row = builder.gep(out, [builder.mul(stride, number(row))])
                for m in range(_VECTORS):
                    total = builder.load(sums[row][m])
                    # as torch's ReLU, it lets NaN through: a NaN isn't smaller than 0
                    smaller = builder.fcmp_ordered("<", total, zero)
                    positive = builder.select(smaller, zero, total)
                    builder.store(builder.select(cut, positive, total), vector(to_row, m), align=4)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def _power_of_two(context, shifted):  # type: ignore[no-untyped-def]
    """Return 2ⁿ for n + _SHIFT, whose last bits are the number n; float32."""

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        bits = builder.bitcast(args[0], _I32)
        exponent = builder.sub(bits, ir.Constant(_I32, 0x4B400000 - 127))
        return builder.bitcast(builder.shl(exponent, ir.Constant(_I32, 23)), ir.FloatType())

    return types.float32(types.float32), generate


_SHIFT = np.float32(3 << 22)  # where float32 has no more room for fractions: adding it rounds


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_MATH)
def _exp(x: np.float32) -> np.float32:
    """Return exp(x), to 2 units in the last place; 0 below −87, infinite above 88; NaN stays.

    Compiled loops can't take libm's in vectors. Cephes' expf: 2ⁿ exp(r), r within ±½ ln 2.
    """
    held = x if x > np.float32(-87.0) else np.float32(-87.0)
    held = held if held < np.float32(88.0) else np.float32(88.0)
    shifted = held * np.float32(1.4426950408889634) + _SHIFT
    n = shifted - _SHIFT
    r = held - n * np.float32(0.693359375) + n * np.float32(2.12194440e-4)
    p = np.float32(1.9875691500e-4)
    p = p * r + np.float32(1.3981999507e-3)
    p = p * r + np.float32(8.3334519073e-3)
    p = p * r + np.float32(4.1665795894e-2)
    p = p * r + np.float32(1.6666665459e-1)
    p = p * r + np.float32(5.0000001201e-1)
    value = (p * r * r + r + np.float32(1)) * _power_of_two(shifted)  # type: ignore[call-arg]
    value = np.float32(0) if x < np.float32(-87.0) else value
    value = np.float32(np.inf) if x > np.float32(88.0) else value
    return value if x == x else x


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_MATH)
def _activate(
    kind: int, source: np.ndarray, at: int, out: np.ndarray, count: int, slope: np.float32
) -> None:
    """Write what an activation makes of `count` numbers to the start of `out`."""
    zero, one, two = np.float32(0), np.float32(1), np.float32(2)
    if kind == _RELU:
        for i in range(count):
            x = source[at + i]
            out[i] = zero if x < zero else x
    elif kind == _LEAKY:
        for i in range(count):
            x = source[at + i]
            out[i] = x if x > zero else slope * x
    elif kind == _SIGMOID:
        for i in range(count):
            out[i] = one / (one + _exp(-source[at + i]))
    else:
        for i in range(count):
            x = source[at + i]
            size = x if x >= zero else -x
            far = one - two / (_exp(two * size) + one)
            # near 0 that would be a difference of two near numbers: Cephes' tanhf
            s = x * x
            p = np.float32(-5.70498872745e-3)
            p = p * s + np.float32(2.06390887954e-2)
            p = p * s + np.float32(-5.37397155531e-2)
            p = p * s + np.float32(1.33314422036e-1)
            p = p * s + np.float32(-3.33332819422e-1)
            near = p * s * x + x
            far = far if x >= zero else -far
            out[i] = near if size < np.float32(0.625) else far


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_MATH)
def _combine(
    one: np.ndarray,
    right: np.ndarray,
    up: np.ndarray,
    a: np.float32,
    b: np.float32,
    out: np.ndarray,
    relu: int,
) -> None:
    """Write ``one + a right + b up`` to the start of `out`, cut off at 0 if a ReLU follows."""
    zero = np.float32(0)
    if relu:
        for i in range(len(one)):
            value = one[i] + a * right[i] + b * up[i]
            out[i] = zero if value < zero else value
    else:
        for i in range(len(one)):
            out[i] = one[i] + a * right[i] + b * up[i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_MATH)
def _take_largest(
    step: np.ndarray, table: np.ndarray, source: np.ndarray, at: int, out: np.ndarray, width: int
) -> None:
    """Write the largest of some rows to each row of `out`; NaN counts as larger than all."""
    n_out, n_taken, t = step[2], step[4], step[8]
    for row in range(n_out):
        into = row * width
        first = at + table[t + row * n_taken] * width
        for e in range(width):
            out[into + e] = source[first + e]
        for k in range(1, n_taken):
            start = at + table[t + row * n_taken + k] * width
            for e in range(width):
                x = source[start + e]
                best = out[into + e]
                out[into + e] = x if (x > best) | (x != x) else best


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_MATH)
def _multiply(
    step: np.ndarray,
    table: np.ndarray,
    weights: np.ndarray,
    source: np.ndarray,
    at: int,
    out: np.ndarray,
    o: int,
    width: int,
    relu: int,
) -> None:
    """Write a product's outputs, (rows out, width), to `out` from `o` on."""
    n_out, n_sum, n_positions, groups, w, t = step[3:9]
    each = n_out // groups
    tiles = (each + _ROWS - 1) // _ROWS
    for group in range(groups):
        for position in range(n_positions):
            rows = t + (group * n_positions + position) * n_sum
            for tile in range(tiles):
                from_weight = w + (group * tiles + tile) * _ROWS * (n_sum + 1)
                n_rows = min(_ROWS, each - tile * _ROWS)
                into = o + ((group * each + tile * _ROWS) * n_positions + position) * width
                for e in range(0, width, _TILE):
                    _sum_tile(  # type: ignore[call-arg]
                        weights, from_weight, source, at + e, table, rows, n_sum, width,
                        out, into + e, n_positions * width, n_rows, relu,
                    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_MATH)
def _cross_entropy(
    logits: np.ndarray, n_classes: int, width: int, labels: np.ndarray, scratch: np.ndarray
) -> float:
    """Return the cross-entropy summed over the first len(labels) columns of (n_classes, width)."""
    largest, total = scratch[:width], scratch[width : 2 * width]
    for e in range(width):
        largest[e] = logits[e]
        total[e] = np.float32(0)
    for c in range(1, n_classes):
        for e in range(width):
            x = logits[c * width + e]
            largest[e] = x if x > largest[e] else largest[e]
    for c in range(n_classes):
        for e in range(width):
            total[e] += _exp(logits[c * width + e] - largest[e])
    found = 0.0
    for e in range(len(labels)):
        label = logits[labels[e] * width + e]
        found += math.log(total[e]) + (np.float64(largest[e]) - np.float64(label))
    return found


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_MATH)
def _visit(
    steps: np.ndarray,
    slopes: np.ndarray,
    table: np.ndarray,
    frame: np.ndarray,
    points: np.ndarray,
    x: np.ndarray,
    labels: np.ndarray,
    sums: np.ndarray,
    outputs: np.ndarray,
    width: int,
    leading: bool,
) -> None:
    """Visit every point with some examples, block by block; see `Program`.

    Without `points` the rows of `frame` are themselves the weights to visit.
    """
    n_examples, n_inputs = x.shape
    n_blocks = (n_examples + width - 1) // width
    rows = steps[:, 1:3].max() + 1
    ping, pong = np.zeros(rows * width, np.float32), np.zeros(rows * width, np.float32)
    scratch = np.zeros(2 * width, np.float32)
    n_first = steps[0, 2]
    size = (3 * n_first if leading else n_inputs + 1) * width
    kept = np.zeros(n_blocks * size, np.float32)
    for block in range(n_blocks):
        here = min(width, n_examples - block * width)
        into, start = (ping, 0) if leading else (kept, block * size)
        into[start : start + (n_inputs + 1) * width] = np.float32(0)
        for e in range(here):
            for i in range(n_inputs):
                into[start + i * width + e] = x[block * width + e, i]
        if leading:
            for k in range(3):
                to = block * size + k * n_first * width
                _multiply(steps[0], table, frame[k], ping, 0, kept, to, width, 0)
    weights = np.empty(frame.shape[1], np.float32)
    first_weight = len(weights)
    for number in range(1 if leading else 0, len(steps)):
        if steps[number, 0] == _PRODUCT:
            first_weight = min(first_weight, steps[number, 7])
    planar = len(points) > 0
    n_outputs = steps[len(steps) - 1, 2]
    for point in range(len(points) if planar else len(frame)):
        a, b = np.float32(0), np.float32(0)
        if planar:
            a, b = points[point, 0], points[point, 1]
            rest = frame[:, first_weight:]
            _combine(rest[0], rest[1], rest[2], a, b, weights[first_weight:], 0)
        else:
            weights[:] = frame[point]
        for block in range(n_blocks):
            source, at = kept, block * size
            out, other = ping, pong
            begin = 0
            if leading:
                three = kept[at : at + size].reshape(3, n_first * width)
                _combine(three[0], three[1], three[2], a, b, out, steps[0, 9])
                source, at, begin = out, 0, 1
                out, other = other, out
            for number in range(begin, len(steps)):
                step = steps[number]
                if step[0] == _PRODUCT:
                    # a row of zeros, for what a convolution takes from outside
                    for e in range(width):
                        source[at + step[1] * width + e] = np.float32(0)
                    _multiply(step, table, weights, source, at, out, 0, width, step[9])
                elif step[0] == _LARGEST:
                    _take_largest(step, table, source, at, out, width)
                else:
                    _activate(step[0], source, at, out, step[1] * width, slopes[number])
                source, at = out, 0
                out, other = other, out
            here = min(width, n_examples - block * width)
            if len(outputs) == 0:
                own = labels[block * width : block * width + here]
                sums[point] += _cross_entropy(source, n_outputs, width, own, scratch)
            else:
                for e in range(here):
                    for c in range(n_outputs):
                        outputs[point, block * width + e, c] = source[at + c * width + e]
