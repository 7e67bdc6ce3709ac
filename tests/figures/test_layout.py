from __future__ import annotations

from matplotlib.text import Text

from figures.layout import drawn_texts, problems
from figures.parts.axes import name_axes, ticks
from figures.parts.canvas import Canvas, subplots
from figures.parts.colors import halo
from look.theme import color


def test_a_good_figure_has_no_problems(themed: str) -> None:
    fig, ax = subplots(height=240)
    ax.plot([0, 1], [0, 2])
    name_axes(ax, x="epoch", y="loss")
    assert problems(fig) == []


def test_text_outside_the_frame(themed: str) -> None:
    fig = Canvas(100)
    fig.write(690, 50, "too far to the right")
    assert problems(fig) == ["“too far to the right” is outside the frame"]


def test_overlapping_texts(themed: str) -> None:
    fig = Canvas(100)
    fig.write(50, 50, "one text")
    fig.write(60, 54, "another text")
    assert problems(fig) == ["“one text” is on top of “another text”"]


def test_an_annotations_arrow_is_not_its_words(themed: str) -> None:
    fig, ax = subplots(height=240)
    ax.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    ax.text(0.3, 0.31, "between")
    ax.annotate("far", (0.1, 0.1), xytext=(0.8, 0.8), arrowprops={"arrowstyle": "-"})
    assert problems(fig) == []


def test_small_text(themed: str) -> None:
    fig = Canvas(100)
    fig.write(50, 50, "tiny", size=10)
    assert problems(fig) == ["“tiny” is 10.0 px, under 11 px"]


def test_faint_text_on_what_lies_under_it(themed: str) -> None:
    fig = Canvas(100)
    fig.write(50, 50, "faint", color=color("quiet"))
    (problem,) = problems(fig)
    assert problem.startswith("“faint” has contrast 1")

    fig, ax = subplots(height=100)
    ax.set(xticks=[], yticks=[], facecolor=color("text"))
    words = ax.text(0.5, 0.5, "hidden")
    assert problems(fig) == ["“hidden” has contrast 1.0, under 4.5"]
    words.set_path_effects(halo())
    assert problems(fig) == []


def test_ticks_out_of_view_and_hidden_axes_do_not_count(themed: str) -> None:
    fig, ax = subplots(height=200)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ticks(ax, "x", [0, 0.5, 1, 7])
    assert "7" not in [text.get_text() for text in drawn_texts(fig)]
    ax.axis("off")
    assert drawn_texts(fig) == []


def test_a_check_leaves_every_text_as_it_was(themed: str) -> None:
    fig, ax = subplots(height=240)
    ax.plot([0, 1], [0, 1])
    ax.annotate("to", (0.5, 0.5), (0.2, 0.8), arrowprops={"arrowstyle": "->"})
    ax.text(0.6, 0.2, "boxed", bbox={"facecolor": "white"}, alpha=0.9)
    name_axes(ax, x="across")
    fig.draw_without_rendering()

    def state() -> list[tuple[str, bool, float | None]]:
        return [(text.get_text(), text.get_visible(), text.get_alpha())
                for text in fig.findobj(Text)]  # fmt: skip

    before = state()
    problems(fig)
    assert state() == before
    assert {"across", "to", "boxed"} <= {words for words, seen, _ in before if seen}
