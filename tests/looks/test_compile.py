"""What a look and the page's filters become: predicates, widened ranges, options, counters' periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lib.filters import FilterDefinition, parse
from lib.looks import Catalogue, Look, OptionError, compile_look
from lib.looks.compile import wrap_clause

NOW = datetime(2025, 11, 19, tzinfo=UTC)
DEFINITIONS = {
    "account_name": FilterDefinition("account_name", "Account name", "string", case_sensitive=False),
    "account_type": FilterDefinition("account_type", "Account type", "string"),
    "date": FilterDefinition("date", "Date", "date"),
    "created": FilterDefinition("created", "Created", "date"),
}
TYPES = {"account_name": "STRING", "account_type": "STRING", "date": "DATE", "created": "DATE"}


def a_look(sql: str = "SELECT month, users FROM d.t WHERE @filters", **header: object) -> Look:
    columns = {"month": {"label": "Month", "type": "DATE"}, "users": {"label": "Users", "type": "INT64"}}
    plain: dict = {
        "id": "board/name",
        "sql": sql,
        "title": "Title",
        "question": "Question?",
        "definition": "Definition.",
        "grain": "one row a month",
        "period": "month",
        "columns": columns,
        "filters": {"account_name": "account_key", "account_type": "account_type", "date": "month"},
        "chart": {"kind": "line", "x": "month", "y": "users"},
        "budget": "1 MB",
    }
    return Look(**(plain | header))


def compiled(
    look: Look,
    options: dict | None = None,
    now: datetime = NOW,
    through: datetime | None = None,
    since: datetime | None = None,
    **texts: str,
):
    types = {name: TYPES[name] for name in look.filters}
    known = Catalogue({look.id: look}, {}, DEFINITIONS, {look.id: types | header_types(look)})
    filters = {name: parse(DEFINITIONS[name].kind, text) for name, text in texts.items()}
    return compile_look(look, filters, options or {}, now, through, known, since)


def header_types(look: Look) -> dict[str, str]:
    column = look.time_column
    return {"date": look.columns[column].type} if column and "date" in look.filters else {}


def bound(query) -> dict[str, object]:
    return {parameter.name: parameter.value for parameter in query.parameters}


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


def test_without_filters_the_placeholder_is_true():
    query = compiled(a_look()).query
    assert (query.sql, query.parameters) == ("SELECT month, users FROM d.t WHERE TRUE", ())
    assert (query.look, query.budget_bytes, query.columns) == (
        "board/name",
        1_000_000,
        (("month", "DATE"), ("users", "INT64")),
    )


def test_predicates_are_joined_and_their_values_bound():
    query = compiled(a_look(), account_name="Databricks", account_type="-Free", date="2025-03").query
    assert query.sql == (
        "SELECT month, users FROM d.t WHERE ((account_key IN UNNEST(@account_name_1)) AND "
        "(account_type IS NULL OR NOT (account_type IN UNNEST(@account_type_1))) AND "
        "(month >= @date_1 AND month < @date_2))"
    )
    assert [parameter.type for parameter in query.parameters] == ["ARRAY<STRING>", "ARRAY<STRING>", "DATE", "DATE"]
    values = bound(query)
    assert list(values["account_name_1"]) == ["databricks"]
    assert list(values["account_type_1"]) == ["Free"]
    assert [values["date_1"], values["date_2"]] == days("2025-03-01", "2025-04-01")


def test_text_of_people_never_enters_the_sql():
    query = compiled(a_look(), account_name='"\'; DROP TABLE t; -- @filters"').query
    assert "DROP" not in query.sql and query.sql.count("@") == 1


def test_one_filter_can_stand_in_its_own_place():
    look = a_look("SELECT month, users FROM d.t WHERE NOT @filter_date AND (@filters OR '@filters' = 'x')")
    sql = compiled(look, account_type="Free", date="2025").query.sql
    assert sql == (
        "SELECT month, users FROM d.t WHERE NOT (month >= @date_1 AND month < @date_2) AND "
        "((account_type IN UNNEST(@account_type_1)) OR '@filters' = 'x')"
    )
    assert compiled(look).query.sql.startswith("SELECT month, users FROM d.t WHERE NOT TRUE AND (TRUE OR")


def test_a_placeholder_may_stand_twice_and_binds_once():
    look = a_look("SELECT month, users FROM d.t WHERE @filters UNION ALL SELECT month, users FROM d.u WHERE @filters")
    query = compiled(look, date="2025").query
    assert query.sql.count("@date_1") == 2 and len(query.parameters) == 2


def test_filters_that_the_look_does_not_list_are_left_aside():
    assert compiled(a_look(), created="2025").query.sql.endswith("WHERE TRUE")


@pytest.mark.parametrize(
    ("period", "text", "first", "after"),
    [
        ("day", "2025-03-04 05:00 to 2025-03-06 01:00", "2025-03-04", "2025-03-07"),
        ("week_sunday", "2025-03-04 to 2025-03-10", "2025-03-02", "2025-03-16"),
        ("week_monday", "2025-03-04 to 2025-03-10", "2025-03-03", "2025-03-10"),
        ("month", "7 days", "2025-11-01", "2025-12-01"),
        ("month", "2025-01-31 to 2025-02-02", "2025-01-01", "2025-03-01"),
        ("week_sunday", "this week", "2025-11-16", "2025-11-23"),
        ("week_monday", "this week", "2025-11-17", "2025-11-24"),
        ("month", "2024-02-29", "2024-02-01", "2024-03-01"),
    ],
)
def test_a_range_is_widened_to_whole_periods(period, text, first, after):
    found = compiled(a_look(period=period), date=text)
    assert list(bound(found.query).values()) == days(first, after)
    assert found.period_unit == period


def test_several_and_open_ranges_keep_their_parts():
    assert "IS NULL" in compiled(a_look(), date="2025-01,null").query.sql
    two = compiled(a_look(), date="2025-01-05,2025-03-05").query
    assert list(bound(two).values()) == days("2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01")
    assert list(bound(compiled(a_look(), date="after 2025-01-05").query).values()) == days("2025-01-01")
    assert compiled(a_look(), date="null").query.sql.endswith("WHERE (month IS NULL)")


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("3 months", ["2024-12-01", "2025-12-01"]),
        ("2025-01-05", ["2024-02-01", "2025-02-01"]),
        ("24 months", ["2023-12-01", "2025-12-01"]),
        ("after 2025-01-05", ["2025-01-01"]),
        ("2025-01,2025-03", ["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"]),
        ("0001-02", ["0001-02-01", "0001-03-01"]),
    ],
)
def test_a_look_may_show_more_periods_before_a_short_range(text, bounds):
    found = compiled(a_look(at_least=12), date=text)
    assert list(bound(found.query).values()) == days(*bounds)
    assert found.unfinished_from == date(2025, 11, 1)


def test_other_date_filters_are_not_widened():
    look = a_look(filters={"created": "created_date", "date": "month"})
    assert list(bound(compiled(look, created="2025-01-05").query).values()) == days("2025-01-05", "2025-01-06")


def test_another_date_filter_can_stand_in_its_own_place():
    sql = "SELECT month, users FROM d.t WHERE @filter_created AND @filters"
    query = compiled(a_look(sql, filters={"created": "created_date", "date": "month"}), created="2025-01-05").query
    assert query.sql.endswith("WHERE (created_date >= @created_1 AND created_date < @created_2) AND TRUE")
    assert [(p.type, p.value) for p in query.parameters] == [
        ("DATE", date(2025, 1, 5)),
        ("DATE", date(2025, 1, 6)),
    ]
    assert compiled(a_look(sql, filters={"created": "created_date", "date": "month"})).query.sql.endswith(
        "WHERE TRUE AND TRUE"
    )


def test_dates_are_those_of_the_looks_zone():
    columns = {"month": {"label": "At", "type": "TIMESTAMP"}, "users": {"label": "Users", "type": "INT64"}}
    look = a_look(period="day", zone="America/Los_Angeles", columns=columns)
    found = compiled(look, date="2025-03-09")
    assert list(bound(found.query).values()) == [
        datetime(2025, 3, 9, 8, tzinfo=UTC),
        datetime(2025, 3, 10, 7, tzinfo=UTC),
    ], "the clock goes forward: a day of 23 hours"
    assert found.unfinished_from == datetime(2025, 11, 18, 8, tzinfo=UTC)
    autumn = compiled(look, date="2025-11-02")
    first, after = bound(autumn.query).values()
    assert after - first == timedelta(hours=25)


def test_instants_are_not_widened():
    columns = {"month": {"label": "At", "type": "TIMESTAMP"}, "users": {"label": "Users", "type": "INT64"}}
    found = compiled(
        a_look(period="instant", columns=columns), date="60 minutes", now=datetime(2025, 1, 1, 10, 30, tzinfo=UTC)
    )
    assert list(bound(found.query).values()) == [
        datetime(2025, 1, 1, 9, 31, tzinfo=UTC),
        datetime(2025, 1, 1, 10, 31, tzinfo=UTC),
    ]


def test_options_are_bound_and_checked():
    look = a_look(
        "SELECT @grain AS month, users FROM d.t WHERE @filters",
        period="grain",
        options={"grain": ("day", "week", "month")},
    )
    assert bound(compiled(look).query) == {"grain": "day"}
    weekly = compiled(look, {"grain": "week"}, date="2025-11-19")
    assert weekly.period_unit == "week_monday"
    assert list(bound(weekly.query).values()) == [*days("2025-11-17", "2025-11-24"), "week"]
    for options in ({"grain": "year"}, {"colour": "red"}):
        with pytest.raises(OptionError):
            compiled(look, options)


@pytest.mark.parametrize(
    ("period", "now", "through", "unfinished"),
    [
        ("month", "2025-11-19T00:00", None, "2025-11-01"),
        ("month", "2025-12-01T00:00", None, "2025-12-01"),
        ("month", "2025-12-01T00:00", "2025-11-30T23:59", "2025-11-01"),
        ("month", "2025-11-19T00:00", "2026-01-01T00:00", "2025-11-01"),
        ("week_sunday", "2025-11-19T00:00", None, "2025-11-16"),
        ("week_monday", "2025-11-19T00:00", None, "2025-11-17"),
        ("day", "2025-11-19T00:00", None, "2025-11-19"),
        ("day", "2025-11-19T00:00", "2025-11-17T12:00", "2025-11-17"),
    ],
)
def test_a_period_is_complete_when_it_ends_before_now_and_before_the_data_end(period, now, through, unfinished):
    moments = [datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None for text in (now, through)]
    found = compiled(a_look(period=period), now=moments[0], through=moments[1])
    assert found.unfinished_from == date.fromisoformat(unfinished)


COUNTER = {"chart": {"kind": "counter", "x": "month", "y": "users"}, "over": "last"}


@pytest.mark.parametrize(
    ("text", "last", "comparable"),
    [
        ("12 months", "2025-10-01", True),
        ("this month", "2025-10-01", True),
        ("7 days", "2025-10-01", True),
        ("2025-03-07", "2025-03-01", True),
        ("2025-01,2025-03", "2025-03-01", False),
        ("before 2025-03-07", "2025-03-01", False),
        ("after 2025-03-07", "2025-10-01", False),
        ("", "2025-10-01", False),
        ("2025-03,null", "2025-03-01", False),
        ("2030", "2025-10-01", True),
    ],
)
def test_a_counter_covers_the_twelve_complete_periods_up_to_the_ranges_end(text, last, comparable):
    found = compiled(a_look(**COUNTER), date=text)
    assert (len(found.periods), found.periods[-1]) == (12, date.fromisoformat(last))
    first, after = bound(found.query).values()
    assert (first, after) == (found.periods[0], month_after(found.periods[-1]))
    assert found.comparable is comparable
    assert "IS NULL" not in found.query.sql


def month_after(day: date) -> date:
    return (day + timedelta(days=31)).replace(day=1)


@pytest.mark.parametrize("text", ["null", "before 0001-03-01"])
def test_a_counter_without_complete_period_asks_for_nothing(text):
    found = compiled(a_look(**COUNTER), date=text)
    assert (found.periods, found.query.sql.endswith("WHERE FALSE")) == ((), True)


def test_a_look_without_time_axis_is_compiled_for_the_last_complete_period():
    columns = {"version": {"label": "Version", "type": "STRING"}, "users": {"label": "Users", "type": "INT64"}}
    look = a_look(columns=columns, chart={"kind": "bar", "x": "version", "y": "users"}, over="last")
    found = compiled(look, date="12 months")
    assert found.periods == (date(2025, 10, 1),)
    assert list(bound(found.query).values()) == days("2025-10-01", "2025-11-01")


RANGE = {
    "columns": {"users": {"label": "Users", "type": "INT64"}},
    "chart": {"kind": "counter", "y": "users"},
    "over": "range",
}


def test_a_range_counter_asks_for_its_complete_periods_and_as_many_before():
    found = compiled(a_look("SELECT SUM(users) AS users FROM d.t WHERE @filters", **RANGE), date="3 months")
    assert found.query.sql == (
        "SELECT 'range' AS stretch, users\nFROM (\nSELECT SUM(users) AS users FROM d.t "
        "WHERE (month >= @date_1 AND month < @date_2)\n)\nUNION ALL\n"
        "SELECT 'before' AS stretch, users\nFROM (\nSELECT SUM(users) AS users FROM d.t "
        "WHERE (month >= @before_date_1 AND month < @before_date_2)\n)"
    )
    assert list(bound(found.query).values()) == days("2025-09-01", "2025-11-01", "2025-07-01", "2025-09-01")
    assert found.query.columns == (("stretch", "STRING"), ("users", "INT64"))


@pytest.mark.parametrize(("since", "compared"), [("2025-07-01", True), ("2025-07-02", False)])
def test_nothing_is_compared_with_a_time_before_the_data_begin(since, compared):
    found = compiled(
        a_look("SELECT SUM(users) AS users FROM d.t WHERE @filters", **RANGE),
        since=datetime.fromisoformat(since).replace(tzinfo=UTC),
        date="3 months",
    )
    assert (found.before is not None) == ("UNION ALL" in found.query.sql) == compared


@pytest.mark.parametrize(
    ("period", "text", "expected"),
    [
        ("month", "2025-01-31 to 2025-03-01", ["2025-01-01", "2025-03-01", "2024-11-01", "2025-01-01"]),
        ("day", "2025-03-01 to 2025-03-08", ["2025-03-01", "2025-03-08", "2025-02-22", "2025-03-01"]),
        ("week_monday", "2025-03-05", ["2025-03-03", "2025-03-10", "2025-02-24", "2025-03-03"]),
        ("day", "0002 to 2025", ["0002-01-01", "2025-01-01"]),
        ("month", "2025-01,2025-03", ["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"]),
        ("month", "after 2025-01-01", ["2025-01-01", "2025-11-01"]),
        ("month", "", ["2025-11-01"]),
        ("month", "this month", []),
    ],
)
def test_the_stretch_before_has_as_many_periods_or_is_none(period, text, expected):
    look = a_look("SELECT SUM(users) AS users FROM d.t WHERE @filters", period=period, **RANGE)
    found = compiled(look, date=text)
    assert list(bound(found.query).values()) == days(*expected)
    assert (found.before is not None) == ("UNION ALL" in found.query.sql) == (len(expected) == 4 and "," not in text)


@pytest.mark.parametrize(
    ("clause", "wrapped"),
    [("TRUE", "TRUE"), ("a = @b", "(a = @b)"), ("(a)", "(a)"), ("(a) OR (b)", "((a) OR (b))"), ("f(a)", "(f(a))")],
)
def test_a_clause_stands_in_one_pair_of_parentheses(clause, wrapped):
    assert wrap_clause(clause) == wrapped
