"""Where the nodes of a graph without cycles stand: in columns, by igraph's Sugiyama layout."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import igraph
import numpy as np


def layered(
    n_nodes: int, edges: Sequence[tuple[int, int]], *, late: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return columns and heights of nodes, and the way of every edge, without many crossings.

    A node stands in the column after the last of those that it is made from. An edge that skips
    columns goes through a gap in each of them.

    Parameters
    ----------
    n_nodes : int
    edges : sequence of (source, target)
        A source before its target: ``source < target``.
    late : bool
        A node made from nothing stands in the column before the first that is made from it, not in
        the first of all.

    Returns
    -------
    depth : array, shape (n_nodes,), int
        The column.
    lane : array, shape (n_nodes,)
        The height, in widths of a lane, from 0.
    routes : array, shape (n_edges, n_columns, 2)
        Column and height of every edge's way; its end is repeated to the full length.

    Examples
    --------
    >>> depth, lane, routes = layered(3, [(0, 1), (1, 2), (0, 2)])
    >>> depth.tolist(), routes[2, :, 0].tolist()
    ([0, 1, 2], [0.0, 1.0, 2.0])
    """
    depth = np.zeros(n_nodes, dtype=int)
    for source, target in sorted(edges, key=lambda edge: edge[1]):
        depth[target] = max(depth[target], depth[source] + 1)
    for node in set(range(n_nodes)) - {target for _, target in edges} if late else ():
        depth[node] = min((depth[t] - 1 for s, t in edges if s == node), default=0)
    layers = depth.tolist()
    ways: list[list[int]] = []  # node by node, places in a gap among them
    for source, target in edges:
        gaps = range(depth[source] + 1, depth[target])
        between = list(range(len(layers), len(layers) + len(gaps)))
        layers += gaps
        ways.append([source, *between, target])
    parts = [pair for way in ways for pair in pairwise(way)]
    graph = igraph.Graph(n=len(layers), edges=parts, directed=True)
    laid = graph.layout_sugiyama(layers=layers, hgap=1, vgap=1, maxiter=200)
    height = np.array(laid.coords, dtype=float).reshape(-1, 2)[:, 0]
    height -= height.min()
    longest = int(depth.max(initial=0)) + 1
    routes = np.empty((len(ways), longest, 2))
    for i, way in enumerate(ways):
        full = way + [way[-1]] * (longest - len(way))
        routes[i] = np.stack([np.array(layers)[full], height[full]], axis=1)
    return depth, height[:n_nodes], routes
