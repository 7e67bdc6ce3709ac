"""Rules of optimizers in float64, independent of their code: as their rows state them, or by hand.

A rule that is stated as a formula is read and followed, number by number, so that every new row's
is checked without an edit here. What reads a whole tensor, or is stated in words, is transcribed
from its paper in `BY_HAND`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import torch

from simulate.optimizers import _base as optimizers

NAME = r"[A-Za-zα-ωΑ-Ω][\u0302\u0304]?[₀-₉₊₋]?"
FUNCTIONS: dict[str, Any] = {
    "sign": lambda x: float(x > 0) - float(x < 0),
    "max": max,
    "clip": lambda x, low, high: min(max(x, low), high),
    "abs": abs,
    "sqrt": lambda x: math.sqrt(x) if x >= 0 else math.nan,
}
WORDS = {*FUNCTIONS, "if", "else"}


class Unstated(Exception):
    """The rule isn't a formula that can be followed."""


def python(formula: str) -> str:
    """Return one side of a formula as Python writes it.

    >>> python("θ − η g / (√S + ε)")
    'θ - η * g / (sqrt(S) + ε)'
    """
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", formula)
    text = text.replace("−", "-").replace("²", "**2").replace("^", "**").replace("ᵗ", "**t")
    text = re.sub(rf"√({NAME})", r"sqrt(\1)", text).replace("√", "sqrt")
    # Side by side is multiplied: "μ v", "β₁ (1 - …)", "(…) g", "2 t".
    tokens = re.findall(rf"\*\*|[a-z]{{2,}}|{NAME}|[0-9.]+|\S", text)
    out: list[str] = []
    for token in tokens:
        starts = token == "(" or token[0].isalnum()
        ended = out and (out[-1] == ")" or out[-1][-1].isalnum() or out[-1][-1] in "₊₋₀₁₂\u0302")
        called = out and out[-1] in FUNCTIONS
        if starts and ended and not called and not {token, out[-1] if out else ""} & {"if", "else"}:
            out.append("*")
        out.append(token)
    joined = " ".join(out)
    for mark in FUNCTIONS:
        joined = joined.replace(f"{mark} (", f"{mark}(")
    return joined.replace("( ", "(").replace(" )", ")").replace(" ,", ",").replace(" ** ", "**")


def _plain(name: str) -> str:
    """Return a letter as an identifier that Python doesn't normalise to another."""
    return "x_" + "_".join(f"{ord(c):x}" for c in name)


def _compiled(formula: str, known: set[str]) -> Any:
    text = python(formula)
    for word in re.findall(rf"[a-z]{{2,}}|{NAME}", text):
        if word not in WORDS and word not in known:
            raise Unstated(f"{word!r} of {formula!r} is no setting and nothing that the rule sets")
    text = re.sub(rf"[a-z]{{2,}}|{NAME}", lambda m: m[0] if m[0] in WORDS else _plain(m[0]), text)
    try:
        return compile(text, formula, "eval")
    except SyntaxError:
        raise Unstated(formula) from None


class Stated:
    """The rule of a row as it is stated, with the row's settings, for numbers one by one."""

    def __init__(self, row: optimizers.Optimizer, settings: dict[str, Any]) -> None:
        given = {**row.defaults, **settings}
        self._given: dict[str, float] = {}
        for name, letters in optimizers.SYMBOLS.items():
            if name in given:
                values = given[name] if isinstance(given[name], tuple) else (given[name],)
                self._given |= dict(zip(letters, values, strict=True))
        clauses = re.split(r",\s+(?=\S+ (?:←|=) )", row.rule)
        sides = [re.split(r" (?:←|=) ", clause) for clause in clauses]
        if any(len(side) != 2 for side in sides):
            raise Unstated(row.rule)
        known = {"θ", "g", "t", "θ₀", "g₁", *self._given, *(left.strip("₀") for left, _ in sides)}
        made = [(left, _compiled(right, known)) for left, right in sides]
        self._first = [(left.strip("₀"), code) for left, code in made if left.endswith("₀")]
        self._each = [(left, code) for left, code in made if not left.endswith("₀")]
        if "θ" not in dict(self._each):
            raise Unstated(row.rule)
        self._state: dict[int, dict[str, float]] = {}

    def step(self, params: list[torch.Tensor], grads: list[torch.Tensor]) -> None:
        """Step all numbers."""
        at = 0
        for param, grad in zip(params, grads, strict=True):
            flat, slopes = param.reshape(-1).tolist(), grad.reshape(-1).tolist()
            moved = [self._moved(at + i, *pair) for i, pair in enumerate(zip(flat, slopes))]  # noqa: B905
            at += len(flat)
            param.copy_(torch.tensor(moved, dtype=param.dtype).reshape(param.shape))

    def _moved(self, number: int, theta: float, slope: float) -> float:
        if number not in self._state:
            letters = {left: 0.0 for left, _ in self._each}
            self._state[number] = {**letters, **self._given, "t": 0.0, "θ₀": theta, "g₁": slope}
            self._run(self._first, self._state[number])
        state = self._state[number]
        state |= {"θ": theta, "g": slope, "t": state["t"] + 1}
        self._run(self._each, state)
        return state["θ"]

    @staticmethod
    def _run(clauses: list[tuple[str, Any]], state: dict[str, float]) -> None:
        for left, code in clauses:
            names = {_plain(name): value for name, value in state.items()}
            try:
                state[left] = eval(code, {"__builtins__": {}, **FUNCTIONS, **names})
            except (ZeroDivisionError, OverflowError):  # torch has NaN or infinity there
                state[left] = math.nan


class Adafactor:
    """Algorithm 4 for matrices, 5 for vectors, with the relative step and update clipping."""

    def __init__(self, lr: float, beta2_decay: float, d: float) -> None:
        self.lr, self.decay, self.d, self.t = lr, beta2_decay, d, 0
        self.sizes: dict[int, Any] = {}

    def step(self, params: list[torch.Tensor], grads: list[torch.Tensor]) -> None:
        self.t += 1
        new = self.t**self.decay
        for i, (param, grad) in enumerate(zip(params, grads, strict=True)):
            squares = grad**2
            if param.ndim > 1:
                row, column = self.sizes.get(i, (0.0, 0.0))
                row = (1 - new) * row + new * squares.mean(1)
                column = (1 - new) * column + new * squares.mean(0)
                self.sizes[i] = row, column
                size = torch.outer(row, column) / row.mean()
            else:
                size = self.sizes[i] = (1 - new) * self.sizes.get(i, 0.0) + new * squares
            update = grad / size.clamp(min=torch.finfo(grad.dtype).eps ** 2).sqrt()
            update /= max(1.0, update.square().mean().sqrt().item() / self.d)
            length = max(1e-3, param.square().mean().sqrt().item())
            param -= length * min(self.lr, self.t**-0.5) * update


class LBFGS:
    """Newton's step with the inverse Hessian built up as a matrix, from the last pairs (BFGS)."""

    def __init__(self, lr: float, max_iter: int, history_size: int) -> None:
        assert max_iter == 1
        self.lr, self.size = lr, history_size
        self.pairs: list[tuple[torch.Tensor, torch.Tensor]] = []
        self.last: tuple[torch.Tensor, torch.Tensor] | None = None
        self.scale = 1.0

    def step(self, params: list[torch.Tensor], grads: list[torch.Tensor]) -> None:
        g = torch.cat([grad.reshape(-1) for grad in grads])
        if g.abs().max() <= 1e-7:
            return
        share = self.lr
        if self.last is None:
            share *= min(1.0, 1.0 / g.abs().sum().item())
        else:
            moved, y = self.last[0], g - self.last[1]
            if y @ moved > 1e-10:
                self.pairs = [*self.pairs, (moved, y)][-self.size :]
                self.scale = float(y @ moved / (y @ y))
        inverse = self.scale * torch.eye(len(g), dtype=g.dtype)
        one = torch.eye(len(g), dtype=g.dtype)
        for s, y in self.pairs:
            left = one - torch.outer(s, y) / (y @ s)
            inverse = left @ inverse @ left.T + torch.outer(s, s) / (y @ s)
        d = -inverse @ g
        self.last = share * d, g
        if g @ d > -1e-9:
            return
        at = 0
        for param in params:
            param += share * d[at : at + param.numel()].reshape(param.shape)
            at += param.numel()


class Prodigy:
    """Algorithm 4, with d in its own unit."""

    def __init__(self, lr: float, betas: tuple, eps: float, d0: float) -> None:
        self.lr, self.betas, self.eps, self.d, self.r = lr, betas, eps, d0, 0.0
        self.start: list[torch.Tensor] = []

    def step(self, params: list[torch.Tensor], grads: list[torch.Tensor]) -> None:
        if not self.start:
            self.start = [param.clone() for param in params]
            self.m, self.v, self.s = ([torch.zeros_like(p) for p in params] for _ in range(3))
        first, second = self.betas
        keep, d = math.sqrt(second), self.d
        ahead = sum(
            ((p0 - p) * g).sum().item() for p0, p, g in zip(self.start, params, grads, strict=True)
        )
        self.r = keep * self.r + self.lr * d**2 * ahead
        for i, g in enumerate(grads):
            self.m[i] = first * self.m[i] + (1 - first) * d * g
            self.v[i] = second * self.v[i] + (1 - second) * d**2 * g**2
            self.s[i] = keep * self.s[i] + self.lr * d**2 * g
        size = sum(s.abs().sum().item() for s in self.s)
        if size == 0:
            return
        self.d = max(d, self.r / size)
        for p, m, v in zip(params, self.m, self.v, strict=True):
            p -= self.lr * d * m / (v.sqrt() + self.d * self.eps)


class Muon:
    """Five steps of Newton and Schulz in bfloat16, as published; AdamW for what is no matrix."""

    def __init__(self, lr: float, momentum: float, betas: tuple, eps: float) -> None:
        self.lr, self.momentum, self.betas, self.eps, self.t = lr, momentum, betas, eps, 0
        self.b: dict[int, Any] = {}

    def step(self, params: list[torch.Tensor], grads: list[torch.Tensor]) -> None:
        self.t += 1
        for i, (p, g) in enumerate(zip(params, grads, strict=True)):
            if p.ndim == 2:
                b = self.b[i] = self.momentum * self.b.get(i, 0.0) + (1 - self.momentum) * g
                ahead = (1 - self.momentum) * g + self.momentum * b
                p -= self.lr * 0.2 * math.sqrt(max(p.shape)) * _orthogonal(ahead)
            else:
                first, second = self.betas
                m, v = self.b.get(i, (0.0, 0.0))
                self.b[i] = m, v = first * m + (1 - first) * g, second * v + (1 - second) * g**2
                root = (v / (1 - second**self.t)).sqrt() + self.eps
                p -= self.lr * (m / (1 - first**self.t)) / root


def _orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    x = matrix.bfloat16()
    wide = x.shape[0] <= x.shape[1]
    x = x if wide else x.T
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(5):
        square = x @ x.T
        x = torch.addmm(x, torch.addmm(square, square, square, beta=-4.775, alpha=2.0315), x,
                        beta=3.4445)  # fmt: skip
    return (x if wide else x.T).to(matrix.dtype)


BY_HAND: dict[str, Callable[..., Any]] = {
    "adafactor": Adafactor,
    "lbfgs": LBFGS,
    "prodigy": Prodigy,
    "muon": Muon,
}


def rule(name: str, row: optimizers.Optimizer, settings: dict[str, Any]) -> Any:
    """Return what steps as the row's rule says, by `step(params, grads)`."""
    try:
        return Stated(row, settings)
    except Unstated as error:
        if name not in BY_HAND:
            raise AssertionError(
                f"the rule of {name} can't be followed ({error}): state it as a formula, or "
                "transcribe it in tests/simulate/_rules.py"
            ) from None
        return BY_HAND[name](**{**row.defaults, **settings})
