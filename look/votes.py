"""Why a network named a class: what its units give to it, and to the one of the label."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr

SPEAKERS = 3  # units that speak most for an answer, and for each of these those that speak for it


def speakers(flow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the units, (unit, to), that speak most for each `to`, and that, of those that do."""
    first = np.argsort(-flow, axis=0, kind="stable")[:SPEAKERS]
    second = np.broadcast_to(np.arange(flow.shape[1]), first.shape)
    there = np.take_along_axis(flow, first, 0) > 0
    return first[there], second[there]


def lead(example: xr.Dataset) -> np.ndarray:
    """Return how much more each of the last units gives to the answer than to the label's class."""
    flow = example.contribution_3.values
    return np.asarray(flow[:, int(example.prediction)] - flow[:, int(example.label)])


class Pieces(NamedTuple):
    """What speaks for one of the two."""

    sizes: np.ndarray  # of the units the largest first, then that of the biases, if it is here
    units: np.ndarray  # which; the biases' number is that of all units


def ahead(example: xr.Dataset) -> float:
    """Return by how much the answer's sum of :func:`pieces` is the larger, of what is printed."""
    said, label = (round(float(each.sizes.sum()), 1) for each in pieces(example))
    return said - label


def pieces(example: xr.Dataset) -> tuple[Pieces, Pieces]:
    """Return what speaks for the answer and what for the label's class.

    A unit is in that of the two to which it gives more. One piece is what the biases give more, so
    that the sums differ by as much as the two logits.
    """
    more, (said, label) = lead(example), (int(example.prediction), int(example.label))
    biases = float(example.logit[said] - example.logit[label]) - more.sum()

    def of(parts: np.ndarray) -> Pieces:
        units = np.append(np.argsort(-parts[:-1], kind="stable"), len(more))
        units = units[parts[units] > 0]
        return Pieces(parts[units], units)

    parts = np.append(more, biases)
    return of(parts), of(-parts)
