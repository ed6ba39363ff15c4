"""Why a tile has no values: dates after the data; of an instance its version, telemetry, account (docs/looks, sent)."""

from __future__ import annotations

import re

from lib.board.visit import Visit
from lib.board.words import day_words, last_day, plain, short_range
from lib.looks import CompiledLook
from lib.warehouse.freshness import data_through
from lib.warehouse.schema import tables_of

# A release, plain (5.3.1) or within a build's name (288124_2024-05-14_5.3-abc); the App's dates are none.
_VERSION = re.compile(r"(?:^|_)v?(\d{1,3})\.(\d+)")

# What critical telemetry holds too.
_CRITICAL = ("site_activity", "license_key", "code_insights_critical_telemetry")

# Holds what belongs to an account, whatever its instances.
_ACCOUNTS = "analytics.account_months"


def why_nothing(visit: Visit, compiled: CompiledLook) -> str:
    """The sentence, in Markdown; empty where nothing is known or the page speaks of no instance."""
    if words := _not_yet(visit, compiled):
        return words
    sent, instance = compiled.look.sent, visit.instance
    if instance is None:
        return ""
    if not instance.get("account_name") and _ACCOUNTS in tables_of(compiled.look.sql):
        return "**This instance belongs to no account,** and so has no seats."
    if sent is None:
        return ""
    field, since = f"`{sent.field}`", f"**Sent since version {sent.since}.**"
    version = str(instance.get("version") or "")
    runs = version_numbers(version)
    if runs is not None and runs < (version_numbers(sent.since) or ()):
        return f"{since} This instance runs {plain(version)} and does not send {field}."
    if instance.get("telemetry_status") == "critical only" and sent.field not in _CRITICAL:
        return f"**This instance sends critical telemetry only,** without {field}."
    if runs is None:
        runs_words = f"runs {plain(version)}, which is no numbered release," if version else "names no version"
        return f"{since} This instance {runs_words} and does not send {field}."
    asked = compiled.covered or compiled.range
    when = "" if asked.any or not asked.intervals else f", {short_range(asked, compiled.look.zone)}"
    return f"**No {field} came from this instance**{plain(when)}."


def _not_yet(visit: Visit, compiled: CompiledLook) -> str:
    """Where the tile's dates begin after its data end."""
    through = data_through(compiled.look.sql, visit.freshness)
    start = compiled.range.intervals[0][0] if compiled.range.intervals else None
    if through is None or start is None or start < through or "date" not in compiled.look.filters:
        return ""
    return f"**Nothing yet.** Data end {day_words(last_day(through))}, before these dates begin."


def version_numbers(version: str) -> tuple[int, int] | None:
    """Major and minor of a version; None where it has none (`dev`, blank, the App's dates)."""
    match = _VERSION.search(version)
    return (int(match[1]), int(match[2])) if match else None
