"""A film begins at once, pauses only where it means to, and shows one headline at a time.

What is wrong is said; that nothing is wrong with ours, `test_scenes` has.
"""

from __future__ import annotations

import pytest

from scenes import pace
from scenes.render import Job

MODULE = """
from manim import Circle, FadeIn, FadeOut, ValueTracker, Create
from scenes.parts.words import Words
from scenes.recorded import RecordedScene
from look.words import Visual

VISUAL = Visual(
    uses=[], title="t", alt="a", caption="", words={{"one": "One\\nmore", "two": "Two"}}
)


class FilmOfAPause(RecordedScene):
    def construct(self):
        one, two = self.headline("one"), self.headline("two")
        {body}
"""


@pytest.fixture
def film(tmp_path, monkeypatch):
    def make(body: str) -> list[str]:
        text = MODULE.format(body="\n        ".join(body.split("; ")))
        (tmp_path / "film_of_a_pause.py").write_text(text)
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setattr("look.words.row", lambda stem: _row(text))
        monkeypatch.delitem(__import__("sys").modules, "film_of_a_pause", raising=False)
        return pace.problems(Job(module="film_of_a_pause", recordings={}, width=320, height=180,
                                 fps=10))  # fmt: skip

    return make


def _row(text: str):
    scope: dict = {}
    exec(text, scope)
    return scope["VISUAL"]


def test_a_good_film_has_no_problems(film) -> None:
    assert (
        film("self.play(FadeIn(one)); self.wait(1); one = self.say(one, 'two'); self.wait(1.4)")
        == []
    )


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("self.wait(1); self.play(FadeIn(one))", "begins with a pause of 1."),
        ("self.play(FadeIn(one)); self.wait(2); self.play(FadeOut(one))", "stands still for 2."),
        ("self.play(FadeIn(one)); self.wait(2)", "ends with a pause of 2."),
        ("self.play(FadeIn(one)); self.beat(3, 'why'); self.play(FadeOut(one))", "has a beat of 3"),
        ("self.play(FadeIn(one)); self.beat(1, 'a'); self.beat(1, 'b'); self.play(FadeOut(one))",
         "2 beats"),
        ("self.play(FadeIn(one)); self.play(FadeOut(one), FadeIn(two))", "two headlines at once"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(film, body: str, problem: str) -> None:
    found = film(body)
    assert len(found) >= 1
    assert any(line.startswith(problem) for line in found), found


def test_a_beat_may_be_longer(film) -> None:
    body = "self.play(FadeIn(one)); self.beat(2.2, 'guess'); self.play(FadeOut(one))"
    assert film(body) == []
