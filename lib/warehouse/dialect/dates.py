"""Mends of dates, times and time stamps.

DuckDB's session runs in UTC (`SET GLOBAL TimeZone`), GoogleSQL's default zone. DATE is DATE, DATETIME is TIMESTAMP,
TIMESTAMP is TIMESTAMPTZ.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from lib.warehouse.dialect.formats import format_text, parse_format
from lib.warehouse.dialect.kinds import Kinds
from lib.warehouse.dialect.numbers import whole
from lib.warehouse.dialect.snippet import snippet
from lib.warehouse.query import QueryRefused

WEEKDAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
DAY_UNITS = {"DAY", "WEEK", "ISOWEEK", "MONTH", "QUARTER", "YEAR", "ISOYEAR"}
TIME_UNITS = {"HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND"}
STEPS = {
    "YEAR": "to_years(CAST({1} AS INTEGER))",
    "QUARTER": "to_months(CAST({1} AS INTEGER) * 3)",
    "MONTH": "to_months(CAST({1} AS INTEGER))",
    "WEEK": "to_weeks(CAST({1} AS INTEGER))",
    "DAY": "to_days(CAST({1} AS INTEGER))",
    "HOUR": "to_hours(CAST({1} AS BIGINT))",
    "MINUTE": "to_minutes(CAST({1} AS BIGINT))",
    "SECOND": "to_microseconds(CAST({1} AS BIGINT) * 1000000)",
    "MILLISECOND": "to_microseconds(CAST({1} AS BIGINT) * 1000)",
    "MICROSECOND": "to_microseconds(CAST({1} AS BIGINT))",
}
PARTS = {
    "YEAR": "year({0})",
    "QUARTER": "quarter({0})",
    "MONTH": "month({0})",
    "DAY": "day({0})",
    "DAYOFYEAR": "dayofyear({0})",
    "DAYOFWEEK": "(dayofweek({0}) + 1)",
    "ISOWEEK": "weekofyear({0})",
    "ISOYEAR": "isoyear({0})",
    "HOUR": "hour({0})",
    "MINUTE": "minute({0})",
    "SECOND": "second({0})",
    "MILLISECOND": "(millisecond({0}) % 1000)",
    "MICROSECOND": "(microsecond({0}) % 1000000)",
    "DATE": "CAST({0} AS DATE)",
    "TIME": "CAST(CAST({0} AS TIMESTAMP) AS TIME)",
    "DATETIME": "CAST({0} AS TIMESTAMP)",
}


def unit_of(node: exp.Expr | None) -> tuple[str, int]:
    """A date part and, for weeks, the day on which they start (0 is Sunday)."""
    if isinstance(node, exp.WeekStart):
        return "WEEK", WEEKDAYS.index(node.name.upper())
    text = node.name.upper() if node is not None else "DAY"
    return (text, 1) if text == "ISOWEEK" else (text, 0)


def moment(node: exp.Expr, kinds: Kinds, target: str = "DATE") -> exp.Expr:
    """A text literal stands for the date or time that its place demands."""
    if isinstance(node, exp.Literal) and node.is_string:
        return exp.cast(node.copy(), {"DATE": "DATE", "DATETIME": "TIMESTAMP", "TIMESTAMP": "TIMESTAMPTZ"}[target])
    return node


def _floor(unit: str, start: int) -> str:
    """DuckDB text that takes {0} to the first moment of its period."""
    if unit in ("WEEK", "ISOWEEK"):
        late = (start + 6) % 7  # DuckDB's weeks start on Monday
        if late == 0:
            return "date_trunc('week', {0})"
        return f"(date_trunc('week', {{0}} - to_days({late})) + to_days({late}))"
    if unit not in DAY_UNITS | TIME_UNITS:
        raise QueryRefused(f"The demo engine cannot truncate to {unit}.", construct=unit)
    return f"date_trunc('{unit.lower()}', {{0}})"


def truncate(node: exp.Expr, kinds: Kinds) -> exp.Expr:
    """DATE_TRUNC, DATETIME_TRUNC, TIMESTAMP_TRUNC: DATE stays DATE, weeks start where they say, zones count."""
    default = {exp.DateTrunc: "DATE", exp.DatetimeTrunc: "DATETIME"}.get(type(node), "TIMESTAMP")
    value = moment(node.this, kinds, default)
    kind = kinds.of(node.this)
    unit, start = unit_of(node.args.get("unit"))
    zone = node.args.get("zone")
    text = _floor(unit, start)
    if zone is not None:
        local = text.replace("{0}", "timezone({1}, {0})")
        if unit in TIME_UNITS:
            return snippet(f"({{0}} - (timezone({{1}}, {{0}}) - {local}))", value, zone)
        return in_zone(snippet(local, value, zone.copy()), zone)
    if isinstance(node, exp.DateTrunc) and kind in (None, "DATE", "STRING"):
        if unit not in DAY_UNITS:
            return snippet(text, value)
        return _as_date(snippet(f"CAST({text} AS DATE)", value), value, kind, "DATE_TRUNC", "TIMESTAMP_TRUNC")
    if isinstance(node, exp.DatetimeTrunc):
        return snippet(text.replace("{0}", "CAST({0} AS TIMESTAMP)"), value)
    return snippet(text, value)


def _as_date(result: exp.Expr, value: exp.Expr, kind: str | None, name: str, instead: str) -> exp.Expr:
    """A date function of something that may be no date at all: then it fails rather than lose the time of day."""
    if kind is not None:
        return result
    message = f"{name} is for dates here: use {instead} for a TIMESTAMP"
    return snippet(
        "CASE WHEN typeof({1}) IN ('DATE', '\"NULL\"') THEN {0} ELSE error({2}) END", result, value.copy(), message
    )


def last_day(node: exp.LastDay, kinds: Kinds) -> exp.Expr:
    """LAST_DAY of a week, month, quarter or year."""
    unit, start = unit_of(node.args.get("unit")) if node.args.get("unit") is not None else ("MONTH", 0)
    value = moment(node.this, kinds)
    if unit == "MONTH":
        return snippet("last_day({0})", value)
    if unit in ("WEEK", "ISOWEEK"):
        return snippet(f"CAST({_floor(unit, start)} + to_days(6) AS DATE)", value)
    step = {"QUARTER": "to_months(3)", "YEAR": "to_years(1)"}.get(unit)
    if step is not None:
        return snippet(f"CAST({_floor(unit, 0)} + {step} - to_days(1) AS DATE)", value)
    if unit == "ISOYEAR":
        return snippet(
            "CAST(date_trunc('isoyear', date_trunc('isoyear', {0}) + to_days(371)) - to_days(1) AS DATE)", value
        )
    raise QueryRefused(f"The demo engine has no LAST_DAY of {unit}.", construct="LAST_DAY")


def shift(name: str, sign: str, target: str) -> Callable[[exp.Expr, Kinds], exp.Expr]:
    """DATE_ADD, TIMESTAMP_SUB and their kin."""

    def rewrite(node: exp.Expr, kinds: Kinds) -> exp.Expr:
        value, kind = moment(node.this, kinds, target), kinds.of(node.this)
        unit, _ = unit_of(node.args.get("unit"))
        amount = node.expression
        if isinstance(amount, exp.Interval):
            unit, amount = unit_of(amount.args.get("unit"))[0], amount.this
        if unit not in STEPS or isinstance(node.args.get("unit"), exp.IntervalSpan):
            raise QueryRefused(f"The demo engine cannot shift by {unit}.", construct=name)
        if isinstance(amount, exp.Literal):
            amount = exp.Literal.number(amount.name)
        text = f"{{0}} {sign} {STEPS[unit]}"
        if target == "DATE" and kind in (None, "DATE", "STRING") and unit in DAY_UNITS:
            moved = snippet(f"CAST({text} AS DATE)", value, amount)
            return _as_date(moved, value, kind, name, name.replace("DATE", "TIMESTAMP"))
        return snippet(f"({text})", value, amount)

    return rewrite


def shift_by_interval(node: exp.Expr, kinds: Kinds) -> exp.Expr | None:
    """`date + 1` counts days; a difference of dates or times is an INTERVAL, which the demo engine does not have."""
    left, right = kinds.of(node.this), kinds.of(node.expression)
    moments = ("DATE", "DATETIME", "TIMESTAMP", "TIME")
    if left in moments and right in moments:
        raise QueryRefused(
            "The demo engine cannot subtract dates or times by `-`: use DATE_DIFF or TIMESTAMP_DIFF.", construct="-"
        )
    sign = "+" if isinstance(node, exp.Add) else "-"
    if left == "DATE" and right == "INT64":
        return snippet(f"({{0}} {sign} CAST({{1}} AS INTEGER))", node.this, node.expression)
    if left == "INT64" and right == "DATE":
        return snippet(f"(CAST({{0}} AS INTEGER) {sign} {{1}})", node.this, node.expression)
    return None


def interval(node: exp.Interval, kinds: Kinds) -> exp.Expr | None:
    """INTERVAL n UNIT as a value to add."""
    if isinstance(node.parent, (exp.GenerateDateArray, exp.GenerateTimestampArray)):
        return None
    if not isinstance(node.parent, (exp.Add, exp.Sub)):
        raise QueryRefused("The demo engine adds an INTERVAL to a date or time, and no more.", construct="INTERVAL")
    unit, _ = unit_of(node.args.get("unit"))
    if unit not in STEPS or isinstance(node.args.get("unit"), exp.IntervalSpan):
        raise QueryRefused(f"The demo engine has no INTERVAL of {unit}.", construct="INTERVAL")
    amount = exp.Literal.number(node.this.name) if isinstance(node.this, exp.Literal) else node.this
    return snippet(STEPS[unit].replace("{1}", "{0}"), amount)


def date_difference(node: exp.Expr, kinds: Kinds) -> exp.Expr:
    """DATE_DIFF and DATETIME_DIFF count the boundaries crossed."""
    target = "DATE" if isinstance(node, exp.DateDiff) else "DATETIME"
    later, earlier = moment(node.this, kinds, target), moment(node.expression, kinds, target)
    unit, start = unit_of(node.args.get("unit"))
    if "TIMESTAMP" in (kinds.of(node.this), kinds.of(node.expression)):
        raise QueryRefused("Use TIMESTAMP_DIFF for the distance of time stamps.", construct="DATE_DIFF")
    if unit in ("WEEK", "ISOWEEK"):
        floors = [_floor(unit, start).replace("{0}", f"{{{i}}}") for i in (0, 1)]
        return snippet(f"(date_diff('day', {floors[1]}, {floors[0]}) // 7)", later, earlier)
    if unit == "ISOYEAR":
        return snippet("(isoyear({0}) - isoyear({1}))", later, earlier)
    if unit not in DAY_UNITS | TIME_UNITS:
        raise QueryRefused(f"The demo engine cannot count {unit}.", construct="DATE_DIFF")
    return snippet(f"date_diff('{unit.lower()}', {{1}}, {{0}})", later, earlier)


def elapsed(node: exp.TimestampDiff, kinds: Kinds) -> exp.Expr:
    """TIMESTAMP_DIFF counts whole elapsed units."""
    unit, _ = unit_of(node.args.get("unit"))
    if unit not in TIME_UNITS | {"DAY"}:
        raise QueryRefused(f"TIMESTAMP_DIFF has no {unit} here.", construct="TIMESTAMP_DIFF")
    if "DATETIME" in (kinds.of(node.this), kinds.of(node.expression)):
        raise QueryRefused("Use DATETIME_DIFF for the distance of DATETIME values.", construct="TIMESTAMP_DIFF")
    later, earlier = moment(node.this, kinds, "TIMESTAMP"), moment(node.expression, kinds, "TIMESTAMP")
    return snippet(f"date_sub('{unit.lower()}', {{1}}, {{0}})", later, earlier)


def extract(node: exp.Extract, kinds: Kinds) -> exp.Expr:
    """EXTRACT: Sunday is 1, weeks start on Sunday unless they say otherwise, parts of a second do not add up."""
    unit, start = unit_of(node.this)
    value = node.expression
    if kinds.of(value) == "INTERVAL":
        raise QueryRefused("The demo engine cannot EXTRACT from an INTERVAL.", construct="EXTRACT")
    if isinstance(value, exp.AtTimeZone):
        value = snippet("timezone({1}, {0})", value.this, value.args["zone"])
    if unit == "WEEK":
        return snippet(f"((dayofyear({{0}}) + 6 - (dayofweek({{0}}) + {7 - start}) % 7) // 7)", value)
    if unit not in PARTS:
        raise QueryRefused(f"The demo engine cannot EXTRACT {unit}.", construct="EXTRACT")
    return snippet(PARTS[unit], value)


def at_utc(text: str) -> Callable[[exp.Expr, Kinds], exp.Expr]:
    """A mend that needs the operand only."""
    return lambda node, kinds: snippet(text, node.this)


def from_unix(node: exp.UnixToTime, kinds: Kinds) -> exp.Expr:
    """TIMESTAMP_SECONDS, TIMESTAMP_MILLIS, TIMESTAMP_MICROS"""
    factor = 10 ** (6 - (whole(node.args["scale"]) or 0)) if node.args.get("scale") is not None else 10**6
    return snippet(f"timezone('UTC', make_timestamp(CAST({{0}} AS BIGINT) * {factor}))", node.this)


FIRST_OF_REPEATED_HOUR = (
    "CASE WHEN timezone({1}, timezone({1}, {0}) - to_hours(1)) = {0} "
    "THEN timezone({1}, {0}) - to_hours(1) ELSE timezone({1}, {0}) END"
)


def in_zone(local: exp.Expr, zone: exp.Expr) -> exp.Expr:
    """The instant of a local time; in the hour that a clock change repeats, the first of the two."""
    if isinstance(zone, exp.Literal) and zone.name.upper() == "UTC":
        return snippet("timezone({1}, {0})", local, zone)
    return snippet(FIRST_OF_REPEATED_HOUR, local, zone)


def from_parts(node: exp.DateFromParts, kinds: Kinds) -> exp.Expr:
    """DATE(year, month, day)"""
    return snippet("make_date({0}, {1}, {2})", node.args["year"], node.args["month"], node.args["day"])


def to_date(node: exp.Date, kinds: Kinds) -> exp.Expr:
    """DATE(moment) and DATE(time stamp, zone)"""
    if node.args.get("zone") is not None:
        value = moment(node.this, kinds, "TIMESTAMP")
        return snippet("CAST(timezone({1}, {0}) AS DATE)", value, node.args["zone"])
    return snippet("CAST({0} AS DATE)", node.this)


def to_timestamp(node: exp.Timestamp, kinds: Kinds) -> exp.Expr:
    """TIMESTAMP(value [, zone])"""
    zone = node.args.get("zone")
    if zone is None:
        return snippet("CAST({0} AS TIMESTAMPTZ)", node.this)
    if kinds.of(node.this) not in ("DATE", "DATETIME") and not isinstance(node.this, exp.Literal):
        raise QueryRefused(
            "TIMESTAMP(text, zone) needs a DATE or DATETIME on the demo engine: cast the text first.",
            construct="TIMESTAMP",
        )
    return in_zone(snippet("CAST({0} AS TIMESTAMP)", node.this), zone)


def to_datetime(node: exp.Datetime, kinds: Kinds) -> exp.Expr:
    """DATETIME(time stamp, zone) and DATETIME(date, time)"""
    second = node.args.get("expression")
    if second is None:
        return snippet("CAST({0} AS TIMESTAMP)", node.this)
    if kinds.of(second) == "TIME":
        return snippet("(CAST({0} AS DATE) + {1})", node.this, second)
    if kinds.of(second) == "STRING" or isinstance(second, exp.Literal):
        return snippet("timezone({1}, {0})", node.this, second)
    raise QueryRefused("DATETIME(a, b): the demo engine cannot tell b's type; cast it.", construct="DATETIME")


def parse(target: str) -> Callable[[exp.Expr, Kinds], exp.Expr]:
    """PARSE_DATE, PARSE_DATETIME, PARSE_TIMESTAMP with a literal format."""

    def rewrite(node: exp.Expr, kinds: Kinds) -> exp.Expr:
        text = parse_format(node.args.get("format"), f"PARSE_{target}")
        moment_text = "strptime(trim({0}, ' \t\n\r'), {1})"
        if "%E*S" in text:
            moment_text = moment_text.replace("{1}", "[replace({1}, '%E*S', '%S.%f'), replace({1}, '%E*S', '%S')]")
        if target == "DATE":
            return snippet(f"CAST({moment_text} AS DATE)", node.this, text)
        if target == "DATETIME":
            return snippet(moment_text, node.this, text)
        if "%z" in text:
            return snippet(moment_text, node.this, text)
        zone = node.args.get("zone") or exp.Literal.string("UTC")
        return in_zone(snippet(moment_text, node.this, text), zone)

    return rewrite


def write(node: exp.TimeToStr, kinds: Kinds) -> exp.Expr:
    """FORMAT_DATE, FORMAT_DATETIME, FORMAT_TIMESTAMP with a literal format."""
    wrapper, zone = node.this, node.args.get("zone")
    value = (
        wrapper.this
        if isinstance(wrapper, (exp.TsOrDsToDate, exp.TsOrDsToDatetime, exp.TsOrDsToTimestamp))
        else wrapper
    )
    if isinstance(wrapper, exp.TsOrDsToTimestamp):
        stamp = moment(value, kinds, "TIMESTAMP")
        value = snippet("timezone({1}, CAST({0} AS TIMESTAMPTZ))", stamp, zone or exp.Literal.string("UTC"))
    elif isinstance(wrapper, exp.TsOrDsToDate):
        value = snippet("CAST({0} AS DATE)", value)
    else:
        value = snippet("CAST({0} AS TIMESTAMP)", value)
    return format_text(value, node.args.get("format"), isinstance(wrapper, exp.TsOrDsToDate))


def today(target: str) -> Callable[[exp.Expr, Kinds], exp.Expr]:
    """CURRENT_DATE and CURRENT_DATETIME, in UTC or the zone given."""

    def rewrite(node: exp.Expr, kinds: Kinds) -> exp.Expr:
        zone = node.args.get("this") or exp.Literal.string("UTC")
        return snippet(f"CAST(timezone({{0}}, now()) AS {target})", zone)

    return rewrite


MENDS = {
    exp.DateTrunc: truncate,
    exp.TimestampTrunc: truncate,
    exp.DatetimeTrunc: truncate,
    exp.LastDay: last_day,
    exp.DateAdd: shift("DATE_ADD", "+", "DATE"),
    exp.DateSub: shift("DATE_SUB", "-", "DATE"),
    exp.TimestampAdd: shift("TIMESTAMP_ADD", "+", "TIMESTAMP"),
    exp.TimestampSub: shift("TIMESTAMP_SUB", "-", "TIMESTAMP"),
    exp.DatetimeAdd: shift("DATETIME_ADD", "+", "DATETIME"),
    exp.DatetimeSub: shift("DATETIME_SUB", "-", "DATETIME"),
    exp.Interval: interval,
    exp.Add: shift_by_interval,
    exp.Sub: shift_by_interval,
    exp.DateDiff: date_difference,
    exp.DatetimeDiff: date_difference,
    exp.TimestampDiff: elapsed,
    exp.Extract: extract,
    exp.UnixSeconds: at_utc("CAST(floor(epoch_us({0}) / 1000000) AS BIGINT)"),
    exp.UnixMillis: at_utc("CAST(floor(epoch_us({0}) / 1000) AS BIGINT)"),
    exp.UnixMicros: at_utc("epoch_us({0})"),
    exp.UnixDate: at_utc("date_diff('day', DATE '1970-01-01', {0})"),
    exp.DateFromUnixDate: at_utc("(DATE '1970-01-01' + CAST({0} AS INTEGER))"),
    exp.UnixToTime: from_unix,
    exp.Date: to_date,
    exp.DateFromParts: from_parts,
    exp.TimeFromParts: lambda node, kinds: snippet(
        "make_time({0}, {1}, CAST({2} AS DOUBLE))", node.args["hour"], node.args["min"], node.args["sec"]
    ),
    exp.Timestamp: to_timestamp,
    exp.Datetime: to_datetime,
    exp.TsOrDsToDatetime: at_utc("CAST({0} AS TIMESTAMP)"),
    exp.TsOrDsToTime: at_utc("CAST(CAST({0} AS TIMESTAMP) AS TIME)"),
    exp.StrToDate: parse("DATE"),
    exp.ParseDatetime: parse("DATETIME"),
    exp.StrToTime: parse("TIMESTAMP"),
    exp.TimeToStr: write,
    exp.CurrentDate: today("DATE"),
    exp.CurrentDatetime: today("TIMESTAMP"),
    exp.CurrentTimestamp: lambda node, kinds: snippet("now()"),
}
