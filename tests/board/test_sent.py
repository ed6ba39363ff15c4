"""Versions, as far as they have numbers."""

from __future__ import annotations

import pytest

from lib.board.sent import version_numbers


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("5.0", (5, 0)),
        ("4.5.1", (4, 5)),
        ("v5.10.0", (5, 10)),
        ("5.3.2+dirty", (5, 3)),
        ("288124_2024-05-14_5.3-abc", (5, 3)),
        ("dev", None),
        ("", None),
        ("2023.06.30", None),
        ("abc1.2", None),
    ],
)
def test_a_version_has_numbers_or_none(version, numbers):
    assert version_numbers(version) == numbers


def test_versions_are_compared_as_numbers():
    assert (version_numbers("5.10") or ()) > (version_numbers("5.9") or ())
