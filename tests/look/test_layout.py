"""Rules that figures and films share."""

from __future__ import annotations

import numpy as np
import pytest

from look import layout


def test_contrast_is_wcags() -> None:
    grey = np.full(3, 119 / 255)  # #777777 on white: 4.48, as WCAG's own example tools give
    assert float(layout.contrast(grey, [1, 1, 1])) == pytest.approx(4.48, abs=0.005)
    assert layout.contrast([0, 0, 0], np.ones((4, 3))).tolist() == [21.0] * 4


@pytest.mark.parametrize(
    ("box", "out"), [((0, 0, 1, 1), False), ((-0.1, 0, 1, 1), True), ((0, 0, 1, 1.3), True)]
)
def test_a_box_that_leaves_the_frame(box: layout.Box, out: bool) -> None:
    assert layout.outside(box, (0, 0, 1, 1)) is out
    assert not layout.outside(box, (0, 0, 1, 1), slack=0.5)


def test_boxes_that_touch_do_not_overlap() -> None:
    one, below, over = (0, 0, 4, 2), (0, -2, 4, 0), (1, 1, 2, 3)
    assert not layout.overlap(one, below)
    assert layout.overlap(one, over)
    assert not layout.overlap(one, over, share=0.6)
    assert not layout.overlap(one, over, slack=1)
