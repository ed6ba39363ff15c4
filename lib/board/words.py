"""Sentences that pages say: errors, ages, filters. Short, plain, no blame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from lib.board.address import Chosen
from lib.board.results import Trouble
from lib.filters import Context, DateExpression, Dates, Expression, StringExpression

NOUNS: Mapping[str, str] = {"account_name": "account", "installer_email": "installer"}
ZONES: Mapping[str, str] = {"UTC": "UTC", "America/Los_Angeles": "Pacific time"}
SIGNED_OUT = "**You are signed out.** Sign in again to see this tile."


@dataclass(frozen=True)
class Notice:
    """One box: its colour (`error`, `warning`, `info`), icon, Markdown, and whether asking again may help."""

    tone: str
    icon: str
    text: str
    again: bool = False


STOPPED = Notice("info", ":material/cancel:", "**Stopped.** You cancelled it.", again=True)


def trouble_notice(trouble: Trouble) -> Notice:
    """The box for a tile whose rows did not come; the engine's sentence is used where it has one for people."""
    match trouble.kind:
        case "unavailable":
            text = f"**The warehouse did not answer.** Your filters are fine. {plain(trouble.sentence)}"
            return Notice("error", ":material/cloud_off:", text.strip(), again=True)
        case "timed_out":
            text = "**This took too long and was stopped.** Choose an account or a shorter date, or try again."
            return Notice("warning", ":material/hourglass_disabled:", text, again=True)
        case "refused":
            why = trouble.sentence.removeprefix("Not run: ")
            return Notice("warning", ":material/data_alert:", f"**Not run.** {plain(why[:1].upper() + why[1:])}")
        case "invalid":
            text = (
                "**This tile is broken.** Nothing is wrong with your filters. Its author needs the error number below."
            )
            return Notice("error", ":material/build:", text)
        case _:
            text = "**This tile could not be drawn.** The error number below tells what happened in the log."
            return Notice("error", ":material/error:", text, again=True)


def filter_error_notice(chosen: Chosen) -> Notice:
    """The box of a tile that listens to a filter which is not understood."""
    suggestion = chosen.error.suggestion if chosen.error else None
    mend = "Mend it in the sidebar" if chosen.definition.sidebar else "Clear it above"
    mend += f", or use {plain(suggestion)}." if suggestion else "."
    text = f"**Not shown: the {plain(chosen.definition.label)} filter is not understood.** {mend}"
    return Notice("error", ":material/filter_alt_off:", text)


# Where a browser would make a link of plain text: addresses of sites and of people.
_LINKS = re.compile(r"(?<=/)(?=/)|(?=@)|(?<=www)(?=\.)", re.IGNORECASE)
# Shows nothing; what stands before and after it is no longer one word to whoever looks for links.
_BREAK = ":small[]"


@lru_cache(maxsize=4_000)
def plain(text: str) -> str:
    """Text from outside as Markdown that shows it as it is: no markup, and no link."""
    return _LINKS.sub(_BREAK, re.sub(r"([\\`*_{}\[\]<>#$~|:])", r"\\\1", text))


_MARKS = re.compile(r"\\(.)|:material/\w+:\s?|:[a-z-]+\[|\]|\*\*|`")


def unmarked(text: str) -> str:
    """The words of a sentence in Markdown, as a file says them."""
    return _MARKS.sub(lambda mark: mark[1] or "", text).strip()


def noun(chosen: Chosen) -> str:
    """What a filter chooses, in one word or two."""
    return NOUNS.get(chosen.name, chosen.definition.label.lower())


def any_words(chosen: Chosen) -> str:
    """How the sidebar says that a filter lets everything through: "Any account"."""
    return f"Any {noun(chosen)}"


def filter_badges(filters: Iterable[Chosen], context: Context) -> str:
    """Filters of a page as one line of Markdown: changed ones as badges, the others in gray words."""
    badges, quiet = [], []
    for chosen in filters:
        if chosen.changed:
            badges.append(filter_badge(chosen, context))
        elif words := _quiet_words(chosen, context):
            quiet.append(words)
    line = ", ".join(quiet)
    quiet_line = (
        f":gray[:material/filter_alt: {plain(line[:1].upper() + line[1:] if not badges else line)}]" if line else ""
    )
    return " ".join([*badges, quiet_line]).strip()


def filter_badge(chosen: Chosen, context: Context) -> str:
    """One changed filter as a badge, in Markdown."""
    if chosen.error is not None:
        return f":red-badge[{plain(chosen.definition.label)} not understood]"
    return f":blue-badge[{plain(_changed_words(chosen, context))}]"


def _changed_words(chosen: Chosen, context: Context) -> str:
    label = noun(chosen).capitalize()
    expression = chosen.expression
    assert expression is not None
    if expression.any:
        return f"Any {noun(chosen)}"
    if isinstance(expression, DateExpression):
        dates = expression.resolve(context)
        words = range_words(dates, context.zone)
        return words if chosen.definition.sidebar else f"{label} is {_weekday(dates, context.zone)}{words}"
    if names := literals(expression):
        return f"{label} is {or_list(names)}"
    return f"{label} {expression.describe(context)}"


def _weekday(dates: Dates, zone: str) -> str:
    """The weekday before a range of one day; nothing before any other."""
    if len(dates.intervals) != 1 or None in dates.intervals[0]:
        return ""
    first, after = (bound.astimezone(ZoneInfo(zone)) for bound in dates.intervals[0] if bound is not None)
    return f"{first:%a} " if after.date() - first.date() == timedelta(days=1) else ""


def _quiet_words(chosen: Chosen, context: Context) -> str:
    return filter_words(chosen, context) if chosen.definition.sidebar else ""


def filter_words(chosen: Chosen, context: Context) -> str:
    """What a filter lets through, in words within a sentence; empty where that is everything of no interest."""
    expression = chosen.expression
    assert expression is not None
    if isinstance(expression, DateExpression):
        return range_words(expression.resolve(context), context.zone)
    if expression.any:
        return {"account_name": "all accounts", "account_type": "all account types"}.get(chosen.name, "")
    if names := literals(expression):
        return f"{noun(chosen)} {or_list(names)}"
    return f"{noun(chosen)} {expression.describe(context)}"


def literals(expression: Expression) -> list[str]:
    """The names an expression lets through, if it is a plain list of names; else nothing."""
    if not isinstance(expression, StringExpression):
        return []
    names = [item.literal for item in expression.items if item.literal is not None and not item.exclude]
    return names if len(names) == len(expression.items) else []


def or_list(names: list[str]) -> str:
    """Names in a row, at most four of them."""
    shown = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def range_words(dates: Dates, zone: str) -> str:
    """A range in few words, with its zone where that is another than UTC."""
    words = short_range(dates, zone)
    return words if dates.any or zone == "UTC" else f"{words}, {ZONES.get(zone, zone)}"


def short_range(dates: Dates, zone: str) -> str:
    """A range in few words: "Dec 2024 – Nov 2025" for whole months, "20 Oct – 18 Nov 2025" for whole days."""
    if dates.any:
        return "any time"
    if len(dates.intervals) != 1 or dates.nulls or None in dates.intervals[0]:
        return dates.words(zone)
    first, after = (bound.astimezone(ZoneInfo(zone)) for bound in dates.intervals[0] if bound is not None)
    if any(bound.time() != datetime.min.time() for bound in (first, after)):
        return dates.words(zone)
    last = after - timedelta(days=1)
    if first.day == 1 and after.day == 1:
        end = f"{last:%b %Y}"
        if (first.year, first.month) == (last.year, last.month):
            return end
        return f"{first:%b} – {end}" if first.year == last.year else f"{first:%b %Y} – {end}"
    end = f"{last.day} {last:%b %Y}"
    if first.date() == last.date():
        return end
    begin = f"{first.day} {first:%b}" if first.year == last.year else f"{first.day} {first:%b %Y}"
    return f"{begin} – {end}"


def day_words(moment: datetime) -> str:
    """The day of a moment in UTC: "Tue 18 Nov 2025"."""
    moment = moment.astimezone(UTC)
    return f"{moment:%a} {moment.day} {moment:%b %Y}"


def last_day(data_through: datetime) -> datetime:
    """The last day that data reaching up to a moment cover: midnight belongs to the day before."""
    return data_through - timedelta(microseconds=1)
