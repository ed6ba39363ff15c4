"""Labels in BigQuery's alphabet."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.warehouse.labels import job_labels, label_key, label_value


@given(st.text(max_size=90), st.text(max_size=90))
def test_any_text_becomes_a_label_that_bigquery_takes(key: str, value: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", label_key(key))
    assert re.fullmatch(r"[a-z0-9_-]{0,63}", label_value(key, value))


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("company_metrics", "company_metrics"),
        ("company_metrics/dau_mau", "company_metrics-dau_mau"),
        ("Viewer", "viewer"),
    ],
)
def test_plain_names_stay_readable(value: str, label: str) -> None:
    assert label_value("look", value) == label


def test_names_that_lose_letters_stay_apart() -> None:
    assert label_value("page", "größe") != label_value("page", "gräße")
    assert label_value("page", "x" * 70) != label_value("page", "x" * 71)


@pytest.mark.parametrize(("key", "value"), [("person", "anna"), ("page", "anna@acme.com"), ("email", "anna")])
def test_who_somebody_is_leaves_only_as_a_hash(key: str, value: str) -> None:
    assert "anna" not in label_value(key, value)
    assert label_value(key, value) == label_value(key, value.upper())


def test_empty_labels_are_left_out() -> None:
    assert job_labels("", [("page", "")]) == {"app": "boardroom"}
