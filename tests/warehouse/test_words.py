"""Sizes in words."""

from __future__ import annotations

import pytest

from lib.warehouse.words import size_text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 KB"),
        (200_000_000, "200 MB"),
        (1_288_490_188, "1.3 GB"),
        (12_300_000_000, "12.3 GB"),
        (5 * 10**18, "5000 PB"),
    ],
)
def test_sizes_read_in_steps_of_a_thousand(count: int, text: str) -> None:
    assert size_text(count) == text
