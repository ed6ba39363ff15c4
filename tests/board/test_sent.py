"""Versions, as far as they have numbers, and what critical telemetry leaves out."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from lib.board.sent import version_numbers, why_nothing
from lib.filters import parse
from lib.looks import catalogue, compile_look
from lib.warehouse.query import Freshness

NOW = datetime(2025, 11, 19, tzinfo=UTC)
PINGS = "sourcegraph_analytics.update_checks"


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


@pytest.mark.parametrize(
    ("look", "words"),
    [
        ("saved_searches", "**This instance sends critical telemetry only,** without `saved_searches`."),
        ("total_insights", "**No `code_insights_critical_telemetry` came from this instance**."),
    ],
)
def test_critical_telemetry_is_no_reason_for_what_it_holds(look, words):
    assert why(look, version="6.9.1", telemetry_status="critical only") == words


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (
            "2023.9.15",
            "This instance runs 2023.9.15, which is no numbered release, and does not send `saved_searches`.",
        ),
        ("", "This instance names no version and does not send `saved_searches`."),
    ],
)
def test_without_a_numbered_version_the_field_is_named_all_the_same(version, words):
    assert why("saved_searches", version=version) == f"**Sent since version 4.0.** {words}"


@pytest.mark.parametrize(
    ("look", "account", "words"),
    [
        ("account_seats", None, "**This instance belongs to no account,** and so has no seats."),
        ("account_seats", "Acme", ""),
        ("pings", None, ""),
    ],
)
def test_what_belongs_to_an_account_is_missing_where_there_is_none(look, account, words):
    assert why(look, account_name=account, version="6.9.1") == words


def why(look: str, **instance: str | None) -> str:
    compiled = compile_look(catalogue().look(f"single_instance/{look}"), {}, {}, NOW, NOW)
    return why_nothing(SimpleNamespace(instance=instance, freshness={}), compiled)  # pyright: ignore


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2025-12", "**Nothing yet.** Data end Tue 18 Nov 2025, before these dates begin."),
        ("2025-11", ""),
        ("2024", ""),
        ("", ""),
    ],
)
def test_dates_after_the_data_have_nothing_yet(date, words):
    look = catalogue().look("company_metrics/dau_mau")
    filters = {"date": parse("date", date)}
    compiled = compile_look(look, filters, {}, NOW, NOW)
    known = {PINGS: Freshness(PINGS, NOW, NOW, True)}
    assert why_nothing(SimpleNamespace(instance=None, freshness=known), compiled) == words  # pyright: ignore
