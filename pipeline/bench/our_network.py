"""Our side of the network row: an image of 784 pixels and 300 edges, signals flowing."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import ValueTracker, linear

from scenes.parts.networks import Digit, Layer, Network
from scenes.render import RenderedScene


class OurNetwork(RenderedScene):
    """As many edges and units as the peer draws, in the same places."""

    def construct(self) -> None:
        rng = np.random.default_rng(0)
        image = Digit(rng.random((28, 28)), 3).move_to((-5.4, 0, 0))
        layers = [
            Layer(x, np.linspace(2.5, -2.8, n), rng.random(n))
            for x, n in zip((-2.5, 0.2, 2.8, 5), (12, 12, 10, 4), strict=True)
        ]
        edges = []
        for before, after in pairwise(layers):
            starts = np.repeat(before.points, len(after.points), axis=0)
            ends = np.tile(after.points, (len(before.points), 1))
            edges.append((starts, ends, rng.normal(size=len(starts))))
        signal = ValueTracker(0)
        network = Network(layers, edges, signal, faintest=0.0)
        self.add(image, network)
        self.play(signal.animate.set_value(3), run_time=2, rate_func=linear)
