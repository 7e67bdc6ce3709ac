"""A trained network's loss on two planes through its parameters; then training's path down one.

Reads   loss_surface: random_loss (y, x) over alpha, beta; pca_loss (v, u); path_u, path_v,
        path_height, path_loss (snapshot); explained_variance
Source  Li et al., "Visualizing the Loss Landscape of Neural Nets", NeurIPS 2018, arXiv:1712.09913
"""

from __future__ import annotations

import numpy as np

from scenes import _kit as kit

DESCRIPTION = """\
A surface turns slowly: the loss of a trained network along two random directions through its
parameters, a bowl with the trained network at its lowest point. A second surface replaces it: the
loss on the plane that holds most of the path of training. A point starts high on it and follows the
recorded path down to the trained network while a number shows the network's real loss at each step.
"""


class LossSurface(kit.RecordedScene):
    poster_section = "path"

    def construct(self):
        recorded = self.recording("loss_surface")
        azimuth, clock = kit.ValueTracker(-40), kit.ValueTracker(0)
        path = np.stack([recorded.path_u, recorded.path_v, recorded.path_height], axis=1)
        facing = facing_start(path, recorded)
        turn = kit.ValueTracker(facing - 40)

        self.next_section("random plane")
        centre = np.array([[0.0, 0.0, recorded.attrs["random_centre_loss"]]])
        bowl = Landscape(
            recorded.alpha.values, recorded.beta.values, recorded.random_loss.values, azimuth,
            centre, clock,
        )  # fmt: skip
        words = self.headline(
            "Around a trained network, the loss is a bowl",
            "Height: its loss along two random directions of its {n_params:,} parameters.",
        )
        self.add(words, bowl.surface, bowl.scale)
        self.play(azimuth.animate.set_value(20), run_time=5, rate_func=kit.linear)

        self.next_section("path")
        valley = Landscape(
            recorded.u.values, recorded.v.values, recorded.pca_loss.values, turn, path, clock
        )
        steps, losses = recorded.snapshot.values, recorded.path_loss.values
        step_text = kit.Words("step", 24, "muted").on_baseline(-6.6, -2.6)
        loss_text = kit.Words("loss", 24, "muted").on_baseline(-6.6, -3.15)
        counters = kit.Group(
            step_text,
            loss_text,
            counter(lambda i: f"{steps[i]:.0f}", clock).move_to((-5.8, -2.52, 0), kit.LEFT),
            counter(lambda i: f"{losses[i]:.3f}", clock).move_to((-5.8, -3.07, 0), kit.LEFT),
        )
        self.play(*(kit.FadeOut(part) for part in [words, bowl.scale, bowl.surface]), run_time=0.3)
        words = self.headline(
            "How training came down to it",
            "The path's two main directions, which hold {explained_variance:.0%} of its variance.",
        )
        self.play(
            *(kit.FadeIn(part) for part in [words, valley.surface, valley.scale, counters]),
            run_time=0.4,
        )
        self.play(
            clock.animate.set_value(len(path) - 1),
            turn.animate.set_value(facing + 8),
            run_time=7,
            rate_func=kit.linear,
        )

        self.next_section("end")
        self.play(kit.FadeOut(words), run_time=0.2)
        words = self.headline(
            "A slice of two directions out of {n_params:,}",
            "What looks like a wall or a valley here may go on in directions that are not shown.",
        )
        self.play(kit.FadeIn(words), run_time=0.3)
        self.play(turn.animate.set_value(facing + 24), run_time=2)
        self.wait(1.5)


class Landscape:
    """A loss over a plane as a surface, and the bar that gives its height's scale."""

    def __init__(self, x, y, loss, azimuth, path=None, clock=None):
        low, high = float(loss.min()), float(loss.max())
        if path is not None:
            path = np.column_stack([path[:, :2], (path[:, 2] - low) / (high - low)])
        self.surface = kit.Surface(
            x, y, (loss - low) / (high - low), azimuth, size=5.2, rise=2.6,
            elevation=36, path=path, clock=clock,
        ).move_to((0, -0.8, 0))  # fmt: skip
        nats = 1.0 if high - low > 1.5 else 0.1
        length = self.surface.height_of(nats / (high - low))
        bar = kit.ScaleBar(length).move_to((5.6, -3.2 + length / 2, 0))
        label = kit.Words(f"{nats:g} in loss", 22, "muted")
        self.scale = kit.Group(bar, label.next_to(bar, kit.RIGHT, buff=0.12))


def facing_start(path, recorded):
    """Return the azimuth, in degrees, that puts the start of the path at the back, in full view."""
    du, dv = (path[0, :2] - path[-1, :2]) / (np.ptp(recorded.u.values), np.ptp(recorded.v.values))
    return float(np.rad2deg(np.arctan2(du, dv)))


def counter(text, clock):
    """Return a number that shows what `text` makes of the index of the latest snapshot."""
    return kit.Number(lambda: text(int(clock.get_value() + 1e-9)), [clock], size=24, widest="0.000")
