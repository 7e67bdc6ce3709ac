"""A network of four layers with 300 edges, for the renderer's tests and its bench: no recording."""

from itertools import pairwise

import numpy as np
from manim import FadeIn, FadeOut, ValueTracker, linear

from scenes.parts.networks import Layer, Network
from scenes.parts.words import Words
from scenes.render import RenderedScene


class ProofNetwork(RenderedScene):
    def construct(self):
        rng = np.random.default_rng(0)
        sizes = (12, 12, 10, 4)
        layers = [
            Layer(x, np.linspace(2.5, -2.8, n), rng.random(n))
            for x, n in zip((-5, -1.5, 2, 5), sizes, strict=True)
        ]
        edges = []
        for before, after in pairwise(layers):
            starts = np.repeat(before.points, len(after.points), axis=0)
            ends = np.tile(after.points, (len(before.points), 1))
            edges.append((starts, ends, rng.normal(size=len(starts))))
        signal = ValueTracker(0)
        network = Network(layers, edges, signal, faintest=0.0)
        title = Words("Signals flow", 38, weight="semibold").move_to((-4, 3.4, 0))

        self.next_section("layers")
        self.add(title)
        self.play(FadeIn(network), run_time=0.5)
        self.next_section("flow")
        self.play(signal.animate.set_value(3), run_time=2, rate_func=linear)
        self.wait(0.5)
        self.play(FadeOut(title), run_time=0.5)
