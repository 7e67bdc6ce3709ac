"""A stream of digits that slowly turn: a model trained once, and one that learns as it goes.

The first is trained on a batch of upright digits and frozen. The second starts from the same
random weights, sees the stream only, and takes one step of plain gradient descent on each example
after it has said what it thinks it is. The stream begins upright, turns to its last angle, and
stays there; no digit of the batch is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The batch, the stream, the two models.

    Attributes
    ----------
    hidden : tuple of int
        Units of both networks' layers between pixels and classes.
    n_batch, batch_size, epochs, batch_lr
        The training of the model that is frozen then: mini-batches over `n_batch` digits.
    n_upright, n_turning, n_turned : int
        Examples of the stream before, while and after it turns.
    angle : float
        By how many degrees it turns, counter-clockwise.
    lr : float
        Of the model that learns on the stream.
    window : int
        Examples over which accuracy on the stream is taken: the latest ones.
    every : int
        Examples between two recorded points.
    n_test : int
        Upright test digits, on which forgetting is measured.
    n_samples : int
        Digits that are recorded as pictures, all of the class `sample_class`.
    sample_class : int or None
        Their class; None takes, of those of which one sees how far they are turned, the one whose
        pictures both models get right most nearly as often as all digits of the stream then.
    seed : int
        Of weights, orders, and the choice of examples.
    """

    hidden: tuple[int, ...] = (32,)
    n_batch: specs.Count = 2_500
    batch_size: specs.Count = 50
    epochs: specs.Count = 15
    batch_lr: float = 0.1
    n_upright: specs.Count = 1_500
    n_turning: specs.Count = 4_500
    n_turned: specs.Count = 1_500
    angle: float = 90.0
    lr: float = 0.03
    window: specs.Count = 300
    every: specs.Count = 25
    n_test: specs.Count = 1_000
    n_samples: Annotated[int, msgspec.Meta(ge=2)] = 31
    sample_class: Annotated[int, msgspec.Meta(ge=0)] | None = None
    seed: int = 0


CLEAR = (2, 3, 4, 5, 7)  # digits of which one sees how far they are turned
FORGOTTEN = 0.02  # accuracy that it has to lose to have forgotten

EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        n_batch=200,
        epochs=8,
        n_upright=100,
        n_turning=200,
        n_turned=100,
        window=50,
        every=10,
        n_test=100,
        n_samples=7,
    ),
    label="a frozen and a learning model on digits that turn",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training on the batch, and the pass over the stream, from the same weights."""
    model = specs.Model(name="mlp", settings={"widths": [784, *settings.hidden, "classes"]})
    batch = specs.Train(
        data=_data(settings),
        model=model,
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.batch_lr}),
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        seed=settings.seed,
    )
    upright = specs.Probe(name="evaluation", every=settings.every, settings={"parts": ["test"]})
    stream = specs.Train(
        data=_stream(settings),
        model=model,
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
        batch_size=1,
        in_order=True,
        epochs=1,
        seed=settings.seed,
        record=(*specs.record("parameters", "predictions", scalars=settings.every), upright),
    )
    return {"batch": batch, "stream": stream}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Let the stream pass the frozen model too, and compare.

    ``accuracy`` (run, step): share of right answers among the latest `window` examples, each given
    before the model learns from it, NaN before there are that many; ``upright_accuracy``
    (run, step) on the upright test digits; ``angle`` (step); ``step`` counts examples of the
    stream. ``image`` (example, y, x), ``image_step``, ``image_angle`` (example) and ``prediction``
    (run, example) show some of the stream; ``turned`` (example, y, x) is one upright digit of their
    class, the most like the mean of those in the stream, turned as far as each.

    Attributes: ``crossing``, the example after which the learning model stays ahead to the end
    (−1: never, and it does not ``cross``), with its angle ``crossing_angle``; whether it
    ``forgets``; ``frozen_upright``,
    ``online_upright_best``, ``online_upright_end``, ``frozen_end``, ``online_end``.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.data import turning_digits
    from simulate.recording import variable

    run, learning = runs["batch"].data, runs["stream"].data
    stream = runs["stream"].dataset
    x, y = stream.x_train, stream.y_train
    angle = turning_digits.angles(
        settings.n_upright, settings.n_turning, settings.n_turned, settings.angle
    )
    n = len(x)

    steps = np.arange(0, n + 1, settings.every)
    learned = learning.prediction.values[:n, 0]  # the last one has no example of its own
    kept = learning.test_accuracy.sel(step=steps).values
    with torch.no_grad():
        said = runs["batch"].model()(torch.from_numpy(x)).argmax(1).numpy()
    predictions = {"frozen": said, "online": learned}
    accuracy = np.stack([_windowed(p == y, steps, settings.window) for p in predictions.values()])
    frozen = np.full(len(steps), run.attrs["test_accuracy"])
    upright = np.stack([frozen, kept])

    right = np.stack([p == y for p in predictions.values()])
    shown, samples = _samples(y, right, settings)
    crossing = _crossing(accuracy, steps)
    rows, columns = stream.image_shape or (1, x.shape[1])
    upright_ones = x[(angle == 0) & (y == shown)]
    off = np.abs(upright_ones - upright_ones.mean(0)).sum(1) if len(upright_ones) else [0]
    one = (upright_ones if len(upright_ones) else x[samples])[int(np.argmin(off))]
    one = one.reshape(rows, columns)
    turned = np.stack([turning_digits.turned(one, degrees) for degrees in angle[samples]])
    names = list(predictions)
    return xr.Dataset(
        {
            "accuracy": variable(("run", "step"), accuracy, "accuracy on the stream"),
            "upright_accuracy": variable(("run", "step"), upright, "accuracy on upright examples"),
            "angle": variable("step", angle[np.minimum(steps, n - 1)], "angle", "degrees"),
            "image": variable(
                ("example", "y", "x"), x[samples].reshape(-1, rows, columns), "brightness"
            ),
            "turned": variable(("example", "y", "x"), turned, "brightness"),
            "image_step": variable("example", samples, "place in the stream"),
            "image_angle": variable("example", angle[samples], "angle", "degrees"),
            "prediction": variable(
                ("run", "example"), np.stack([p[samples] for p in predictions.values()]), "answer"
            ),
        },
        coords={"run": names, "step": steps, "class": stream.class_names},
        attrs={
            **{name: run.attrs[name] for name in ("dataset", "one", "many", "n_test", "n_params")},
            "n_batch": run.attrs["n_train"],
            "widths": runs["batch"].widths,
            "epochs": settings.epochs,
            "lr": settings.lr,
            "window": settings.window,
            "n_stream": n,
            "turning_from": settings.n_upright,
            "turning_to": settings.n_upright + settings.n_turning,
            "last_angle": settings.angle,
            "sample_class": shown,
            "sample_name": stream.class_names[shown],
            "crossing": crossing,
            "crossing_angle": float(angle[min(crossing, n - 1)]) if crossing >= 0 else -1.0,
            "crosses": int(crossing >= 0),
            "frozen_upright": float(upright[0, -1]),
            "online_upright_best": float(upright[1].max()),
            "online_upright_end": float(upright[1, -1]),
            "forgets": int(upright[1, -1] < upright[1].max() - FORGOTTEN),
            "frozen_end": float(accuracy[0, -1]),
            "online_end": float(accuracy[1, -1]),
        },
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="mnist", n_train=settings.n_batch, n_test=settings.n_test, seed=settings.seed
    )


def _stream(settings: Settings) -> specs.Data:
    """Return the stream; no digit of the batch is in it."""
    return specs.Data(
        name="turning_digits",
        n_test=settings.n_test,
        seed=settings.seed,
        settings={
            "n_upright": settings.n_upright,
            "n_turning": settings.n_turning,
            "n_turned": settings.n_turned,
            "angle": settings.angle,
            "n_left_out": settings.n_batch,
        },
    )


def _windowed(right: np.ndarray, steps: np.ndarray, window: int) -> np.ndarray:
    """Return the share of right ones among the `window` examples before each step."""
    import numpy as np

    total = np.concatenate([[0], np.cumsum(right)])
    before = np.maximum(steps - window, 0)
    return np.where(steps >= window, (total[steps] - total[before]) / window, np.nan)


def _crossing(accuracy: np.ndarray, steps: np.ndarray) -> int:
    """Return the first step from which on the second model is ahead to the end, or −1."""
    import numpy as np

    behind = np.flatnonzero(~(accuracy[1] > accuracy[0]))  # a NaN isn't ahead
    if len(behind) and behind[-1] == len(steps) - 1:
        return -1
    return int(steps[behind[-1] + 1]) if len(behind) else int(steps[0])


def _samples(y: np.ndarray, right: np.ndarray, settings: Settings) -> tuple[int, np.ndarray]:
    """Return a class, and places in the stream of digits of it to show, evenly spread.

    What is shown stands for what is not: where no class is asked for, it is the one of the `CLEAR`
    whose pictures the models get right most nearly as often as all digits, in each part.

    Parameters
    ----------
    y : array, shape (example,)
    right : array of bool, shape (run, example)
        Which answers were right.
    """
    import numpy as np

    from simulate.errors import RunError

    wanted = np.linspace(0, len(y) - 1, settings.n_samples)
    places = {}
    for k in range(int(y.max()) + 1) if settings.sample_class is None else [settings.sample_class]:
        there = np.flatnonzero(y == k)
        if len(there):
            places[k] = np.unique(there[np.abs(there[:, None] - wanted).argmin(0)])
    if not places:
        raise RunError(
            f"sample_class is {settings.sample_class}, and the stream has no example of that class"
        )
    ends = [settings.n_upright, settings.n_upright + settings.n_turning]

    def unlike(at: np.ndarray) -> float:
        parts = np.split(at, np.searchsorted(at, ends))
        whole = np.split(right, ends, axis=1)
        return float(sum(
            np.abs(right[:, part].mean(1) - every.mean(1)).sum() if len(part) else 2.0
            for part, every in zip(parts, whole, strict=True)
        ))  # fmt: skip

    clear = [k for k in places if k in CLEAR] or list(places)
    chosen = min(clear, key=lambda k: unlike(places[k]))
    return chosen, places[chosen]
