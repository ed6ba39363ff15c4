"""What browsers say of themselves, in words."""

from __future__ import annotations

import pytest

from lib.access.browser import browser_in_words

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{MAC}/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "Chrome on macOS"),
        (f"{MAC}/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", "Safari on macOS"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141 Safari/537.36 Edg/141", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18 Mobile Safari/604.1", "Safari on iOS"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/141 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "Another browser"),
        ("<script>alert(1)</script> Linux", "Another browser on Linux"),
        ("", None),
        (None, None),
    ],
)
def test_a_browser_in_words(user_agent: str | None, words: str | None) -> None:
    assert browser_in_words(user_agent) == words
