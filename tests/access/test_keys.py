"""The installation's secret is made once and kept for its owner."""

from __future__ import annotations

import threading

import pytest

from lib.access import keys
from lib.access.keys import key_of, new_token, signature, signed
from lib.settings import settings
from tests.databases import forget_settings


def test_the_secret_is_made_once_for_its_owner_only(own_settings: pytest.MonkeyPatch) -> None:
    first = signature("purpose", "text")
    file = settings().var / "secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret"]
    forget_settings()
    assert signature("purpose", "text") == first


def test_starts_at_the_same_time_agree_on_a_secret(own_settings: pytest.MonkeyPatch) -> None:
    together, made = threading.Barrier(8), []
    file = settings().var / "secret"

    def make() -> None:
        together.wait()
        made.append(keys._made_secret.__wrapped__(file))

    makers = [threading.Thread(target=make) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len(made) == 8
    assert len(set(made)) == 1


def test_a_given_secret_is_used_and_none_is_made(own_settings: pytest.MonkeyPatch) -> None:
    own_settings.setenv("BOARDROOM_SECRET", "given")
    forget_settings()
    here = signature("purpose", "text")
    assert not (settings().var / "secret").exists()
    own_settings.setenv("BOARDROOM_SECRET", "another")
    forget_settings()
    assert signature("purpose", "text") != here


def test_a_signature_is_for_one_purpose_and_one_text(own_settings: pytest.MonkeyPatch) -> None:
    given = signature("one", "text")
    assert signed("one", "text", given)
    assert not signed("two", "text", given)
    assert not signed("one", "other", given)


def test_tokens_differ_and_their_keys_do_not_tell_them() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(key_of(token)) == 64 and token not in key_of(token) for token in tokens)
