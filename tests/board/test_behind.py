"""What is said of the rows behind a mark, and which filters of the page they amount to."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from lib.board.address import read
from lib.board.behind import count_words, page_filters, where_words
from lib.board.marks import Field, Pick
from lib.board.visit import Visit, compile_tile
from lib.filters import Context
from lib.looks import Drill, Rest, catalogue, compile_drill
from lib.looks.drill import MarkValue
from tests.board.conftest import NOW

CONTEXT = Context(now=NOW, zone="UTC")
USERS = "company_metrics/monthly_users_by_instance_type"
DEFAULTS = {"account_name": "", "account_type": "", "date": "12 months", "instance_type": ""}


def visiting(*pairs: tuple[str, str]) -> Visit:
    address = read(DEFAULTS, catalogue().filters, CONTEXT, [*pairs])
    return Visit("company_metrics", "maya", address, NOW, CONTEXT, catalogue(), {})


def drilling(name: str, values: dict[str, MarkValue], measure: str | None = None, visit: Visit | None = None) -> Drill:
    visit = visit or visiting()
    return compile_drill(compile_tile(visit, catalogue().looks[name]), values, {}, measure)


def rows(drill: Drill, count: int, **values: list) -> pa.Table:
    empty = {name: [None] * count for name in drill.rows.look.columns}
    return pa.table({**empty, **values})


OCTOBER: dict[str, MarkValue] = {"month": date(2025, 10, 1)}


@pytest.mark.parametrize(
    ("figure", "users", "said"),
    [
        (54_321, [54_000, 321, None], "**54,321 of 54,321** users in 3 rows"),
        (7, [7], "**7 of 7** users in 1 row"),
        (None, [], "**0 of 0** users in 0 rows"),
    ],
)
def test_a_sum_says_what_its_rows_add_up_to(figure, users, said):
    drill = drilling(USERS, {**OCTOBER, "instance_type": "Managed"})
    table = rows(drill, len(users), monthly_users=users)
    assert count_words(catalogue().looks[USERS], drill, None, figure, table) == said


def test_a_count_says_its_rows():
    name = "company_metrics/instances_by_deployment_type"
    drill = drilling(name, {**OCTOBER, "deployment_type": None})
    assert (
        count_words(catalogue().looks[name], drill, None, 1_204, rows(drill, 1_204)) == "**1,204 of 1,204** instances"
    )


def test_dollars_are_compared_in_cents_and_told_in_dollars():
    name = "cody_pro/revenue"
    drill = drilling(name, {"day": date(2025, 10, 1)}, "daily_revenue_added")
    table = rows(drill, 2, daily_revenue_added=[900, 1801])
    words = count_words(catalogue().looks[name], drill, "daily_revenue_added", 2701, table)
    assert words == r"**\$27.01 of \$27.01** added in 2 rows"


@pytest.mark.parametrize("users", [[4], [4, 4]])
def test_rows_that_do_not_add_up_say_so(users):
    drill = drilling(USERS, {**OCTOBER, "instance_type": "Managed"})
    words = count_words(catalogue().looks[USERS], drill, None, 5, rows(drill, len(users), monthly_users=users))
    assert words.startswith(f":orange[:material/warning: **{sum(users)} of 5** users in")
    assert "Refresh" in words


def test_a_ratio_says_that_the_rows_are_of_both_parts():
    name = "company_metrics/dau_mau"
    drill = drilling(name, OCTOBER, "dau_mau")
    words = count_words(catalogue().looks[name], drill, "dau_mau", 0.343, rows(drill, 382))
    assert words == "**382 rows** of both parts of this ratio, 34.3%"


def test_a_mean_claims_nothing():
    name = "company_metrics/daily_users"
    drill = drilling(name, {})
    words = count_words(catalogue().looks[name], drill, None, 1234.4, rows(drill, 70))
    assert words == "**70 rows** that 1,234 users was made of; it is neither their number nor their sum"


def test_the_exact_period_and_the_values_are_told():
    visit = visiting(("date", "2025-10-10 to 2025-10-20"))
    values = {**OCTOBER, "instance_type": "Managed"}
    compiled = compile_tile(visit, catalogue().looks[USERS])
    fields = {
        "month": Field("Month", {"2025-10-01": "Oct 2025"}),
        "instance_type": Field("Instance type", {"Managed": "Managed"}),
    }
    pick = Pick(USERS, {"month": "2025-10-01", "instance_type": "Managed"})
    assert where_words(compiled, drilling(USERS, values, visit=visit), fields, pick) == ["Oct 2025", "Managed"]


def test_filters_of_the_page_are_offered_in_the_ordinary_language():
    drill = drilling(USERS, {**OCTOBER, "instance_type": 'a "b", c%'})
    assert page_filters(visiting(), drill) == {
        "date": ("Oct 2025", "2025-10-01 to 2025-11-01"),
        "instance_type": ('a "b", c%', r'"a \"b\", c%"'),
    }
    already = visiting(("date", "2025-10"), ("instance_type", r'"a \"b\", c%"'))
    assert not page_filters(already, drill)


@pytest.mark.parametrize(
    ("value", "offer"),
    [
        (None, ("none", "NULL")),
        (Rest(("Managed", None)), ("other", '-"Managed",-NULL')),
        (Rest(("Managed", "App")), ("other", '-"Managed",-"App"')),
    ],
)
def test_missing_values_and_the_rest_have_filters_too(value, offer):
    assert page_filters(visiting(), drilling(USERS, {**OCTOBER, "instance_type": value}))["instance_type"] == offer


def test_a_part_of_the_rows_is_offered_as_its_filter():
    found = page_filters(visiting(), drilling("company_metrics/dau_mau", OCTOBER, "customers"))
    assert found["account_type"] == ("Customer", '"Customer"')


def test_a_period_that_is_not_dated_is_not_offered():
    undated = drilling(USERS, {"month": None, "instance_type": "App"})
    assert "date" not in page_filters(visiting(), undated)
