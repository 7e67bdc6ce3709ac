from __future__ import annotations

import pytest

import simulate


@pytest.mark.parametrize("name", simulate.__all__)
def test_public_names_are_where_they_are_said_to_be(name: str) -> None:
    assert getattr(simulate, name).__name__ == name
    assert name in dir(simulate)


def test_other_names_are_an_error() -> None:
    with pytest.raises(AttributeError, match="'simulate' has no attribute 'trian'"):
        _ = simulate.trian
