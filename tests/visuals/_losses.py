"""What the ends of the films of this chapter are compared with: each seed's own curves."""

from __future__ import annotations

import numpy as np
import xarray as xr
from manim import ValueTracker

from look.numbers import fixed
from look.runs import series
from scenes.regularization import _losses as film
from tests.figures._drawn import telling


def losses_as_recorded(stem: str, found: xr.Dataset, labels: dict[str, str]) -> None:
    """Compare a film's chart of losses with the seeds' curves: lines, bands, names at the ends."""
    runs, n_epochs = found.run.values.tolist(), found.sizes["epoch"]
    with telling(stem, found):
        clock = ValueTracker(n_epochs - 1)
        box, parts = film.losses(found, clock)
        names = [part.text for part in film.ends(box, found) if hasattr(part, "text")]
        inks = {name: series(name).color for name in runs}
    bands = [part for part in parts if isinstance(part, film.Band)]
    curves = [("train_loss", True), ("test_loss", False)]
    wanted = [(curve, run, dashed) for curve, dashed in curves for run in runs]
    assert len(bands) == len(wanted)
    epochs = np.arange(n_epochs)
    for band, (curve, run, dashed) in zip(bands, wanted, strict=True):
        assert band.dashed == dashed
        assert band.ink == inks[run]
        seeds = found[curve].sel(run=run).values  # (seed, epoch)
        for part, values in (
            ("low", seeds.min(0)), ("mean", seeds.mean(0)), ("high", seeds.max(0))
        ):  # fmt: skip
            np.testing.assert_allclose(getattr(band, part), box.point(epochs, values))
    ends = found.test_loss.values[..., -1]
    assert 0 < ends.max() < box.y[1], "the ends are inside"
    assert box.y[0] == 0
    order = np.argsort(ends.mean(1))  # the lowest first
    assert names == [text for k in order for text in (fixed(ends[k].mean(), 3), labels[runs[k]])]
    # Half way, a line has come as far as the clock.
    clock.set_value((n_epochs - 1) / 2)
    band = bands[-1]
    middle = np.interp((n_epochs - 1) / 2, epochs, found.test_loss.values[-1].mean(0))
    np.testing.assert_allclose(
        band.so_far(band.mean)[-1], box.point((n_epochs - 1) / 2, middle), atol=1e-6
    )
