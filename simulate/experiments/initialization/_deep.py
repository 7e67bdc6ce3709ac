"""Deep networks as they are before any training: what a batch of digits becomes in them.

Each is a run of one step, looked at before it; experiments with the same settings share the runs.
"""

from __future__ import annotations

from simulate import specs
from simulate.experiments import _base as base

ACTIVATIONS = ("sigmoid", "tanh", "relu")
INITS = ("zero", "constant", "normal", "uniform", "xavier", "kaiming")


class Settings(base.Settings, frozen=True, kw_only=True):
    """The networks and the batch.

    Attributes
    ----------
    width, depth : int
        Units of each hidden layer, and how many of these there are.
    constant, normal, uniform : float
        The value of constant weights; the standard deviation of normal ones; half the range of
        uniform ones.
    n_examples : int
        Digits in the batch.
    seed : int
        Of the weights and of the choice of digits.
    """

    width: specs.Count = 512
    depth: specs.Count = 10
    constant: float = 0.01
    normal: float = 0.01
    uniform: float = 0.2
    n_examples: specs.Count = 64
    seed: specs.Seed = 0


def deep(settings: Settings, activation: str, init: str) -> specs.Train:
    """Return a run of one network: the step that is taken after the look is too small to matter."""
    scales = {name: getattr(settings, name) for name in ("constant", "normal", "uniform")}
    return specs.Train(
        data=specs.Data(
            name="coarse_digits",
            n_train=settings.n_examples,
            n_test=10,
            seed=settings.seed,
            settings={"side": 28},  # all pixels, standardised
        ),
        model=specs.Model(
            name="mlp",
            settings={
                "widths": [784, *[settings.width] * settings.depth, 10],
                "activation": activation,
                "init": init,
                "scale": scales.get(init, 1.0),
            },
        ),
        optimizer=specs.Optimizer(name="sgd", settings={"lr": 1e-12}),
        steps=1,
        seed=settings.seed,
        allow_divergence=True,
        record=(
            specs.Probe(
                name="layer_statistics",
                settings={"quantiles": [], "edges": EDGES},
            ),
        ),
    )


EDGES = [round(-4 + 0.025 * k, 3) for k in range(321)]  # fine enough for a sigmoid's 0 to 1
