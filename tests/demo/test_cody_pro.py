"""Cody Pro's raw tables hold together, and the awkward cases that docs/demo.md names are in them."""

from datetime import date, datetime
from pathlib import Path

import pytest

from lib.demo.disagreements import planted_disagreements
from lib.demo.stories import EMAILS
from sql import load
from tests.demo.conftest import SCALE
from tests.demo.test_quirks import Raw, rows, value

NOW = "TIMESTAMPTZ '2025-11-19 00:00:00+00'"
# Rows of a person on a day as each side has it: active at the day's end, new on it, cents of the running periods.
SIDES = f"""
CREATE TEMP TABLE days AS
SELECT day, LEAST(CAST(day + INTERVAL 1 DAY AS TIMESTAMP) AT TIME ZONE 'America/Los_Angeles', {NOW}) AS day_end
FROM (SELECT CAST(UNNEST(generate_series(DATE '2023-11-19', DATE '2025-11-18', INTERVAL 1 DAY)) AS DATE) AS day);

CREATE TEMP TABLE changes AS
SELECT *, LEAD(updated_at) OVER (PARTITION BY subscription_id ORDER BY updated_at) AS changed_at
FROM ssc.subscriptions;

CREATE TEMP TABLE ssc_periods AS
SELECT DISTINCT sams_account_id AS person, subscription_id, starts_at, ends_at, amount_cents AS cents
FROM ssc.billing_cycles JOIN ssc.subscriptions USING (subscription_id)
WHERE state = 'paid' AND seats = 1;

CREATE TEMP TABLE stripe_periods AS
SELECT metadata::JSON->>'sams_account_id' AS person, TO_TIMESTAMP(period_start) AS starts_at,
  TO_TIMESTAMP(LEAST(period_end, COALESCE(ended_at, period_end))) AS ends_at, amount_paid - amount_refunded AS cents
FROM stripe.invoices
JOIN stripe.subscriptions ON subscription = subscriptions.id
JOIN stripe.charges ON invoice = invoices.id
WHERE invoices.status = 'paid';

CREATE TEMP TABLE sides AS
WITH ssc_active AS (
  SELECT DISTINCT day, sams_account_id AS person FROM days
  JOIN changes ON updated_at < day_end AND (changed_at IS NULL OR changed_at >= day_end)
  WHERE status = 'active' AND seats = 1
),
ssc_cents AS (
  SELECT day, person, SUM(cents) AS ssc_cents FROM days
  JOIN ssc_periods ON starts_at < day_end AND ends_at >= day_end
  GROUP BY ALL
),
stripe_active AS (
  SELECT day, person, SUM(cents) AS stripe_cents FROM days
  JOIN stripe_periods ON starts_at < day_end AND ends_at >= day_end
  GROUP BY ALL
),
ssc_new AS (
  SELECT person, CAST(MIN(starts_at) AT TIME ZONE 'America/Los_Angeles' AS DATE) AS ssc_day FROM ssc_periods GROUP BY 1
),
stripe_new AS (
  SELECT person, CAST(MIN(starts_at) AT TIME ZONE 'America/Los_Angeles' AS DATE) AS stripe_day
  FROM stripe_periods GROUP BY 1
)
SELECT day, person, ssc_active.person IS NOT NULL AS in_ssc, stripe_active.person IS NOT NULL AS in_stripe,
  ssc_cents, stripe_cents, day = ssc_day AS new_in_ssc, day = stripe_day AS new_in_stripe
FROM ssc_active
FULL JOIN stripe_active USING (day, person)
LEFT JOIN ssc_cents USING (day, person)
LEFT JOIN ssc_new USING (person)
LEFT JOIN stripe_new USING (person);
"""


@pytest.fixture(scope="module")
def cody(raw: Raw) -> Raw:
    """The connection with `changes`, `days`, and both `sides` of each person and day; clocks in Los Angeles."""
    cursor = raw.cursor()
    cursor.execute("SET TimeZone = 'America/Los_Angeles'")
    cursor.execute(SIDES)
    cursor.register("planted", planted_disagreements(scale=SCALE))
    return cursor


def of_person(cody: Raw, sql: str, email: str) -> list[tuple]:
    """Rows of `sql`, in which `one` is the account of a named person."""
    account = "WITH one AS (SELECT id AS sams_account_id FROM sams.accounts WHERE email = ?) "
    return rows(cody, account + sql, f"{email}@codypro.example")


def changes(cody: Raw, email: str) -> list[tuple]:
    """(status, cancels at the end, day in Los Angeles) of each change."""
    return of_person(
        cody,
        """SELECT status, cancel_at_period_end, CAST(CAST(updated_at AS DATE) AS VARCHAR)
        FROM changes JOIN one USING (sams_account_id) ORDER BY updated_at""",
        email,
    )


def cycles(cody: Raw, email: str) -> list[tuple]:
    """(subscription, cycle, state, start and end in Los Angeles) of each cycle."""
    return of_person(
        cody,
        """SELECT DISTINCT subscription_id, cycle_no, state, CAST(starts_at AS TIMESTAMP), CAST(ends_at AS TIMESTAMP)
        FROM ssc.billing_cycles JOIN changes USING (subscription_id) JOIN one USING (sams_account_id)
        ORDER BY starts_at""",
        email,
    )


def days_where(cody: Raw, email: str, condition: str) -> tuple[date, date, int]:
    """First and last day of a person on which the condition holds, and how many there are."""
    return of_person(
        cody,
        f"SELECT MIN(day), MAX(day), COUNT(*) FROM sides JOIN one ON person = sams_account_id WHERE {condition}",
        email,
    )[0]


def test_the_export_has_every_declared_table_and_column(exports: Path):
    assert load.inspect_export(exports, load.raw_tables()).findings == ()


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("ssc.subscriptions", "subscription_id, updated_at"),
        ("ssc.billing_cycles", "subscription_id, cycle_no"),
        ("sams.accounts", "id"),
        ("sams.accounts", "email"),
        ("stripe.subscriptions", "id"),
        ("stripe.invoices", "id"),
        ("stripe.charges", "id"),
        ("stripe.charges", "invoice"),
    ],
)
def test_keys_are_unique(cody: Raw, table: str, key: str):
    assert value(cody, f"SELECT COUNT(*) FROM {table}") > 1_000
    assert rows(cody, f"SELECT {key} FROM {table} GROUP BY ALL HAVING COUNT(*) > 1") == []


def test_everybody_has_an_account_before_the_subscription(cody: Raw):
    sql = """SELECT COUNT(*) FILTER (accounts.created_at IS NULL OR accounts.created_at >= subscribed.at) FROM (
        SELECT sams_account_id, MIN(created_at) AS at FROM ssc.subscriptions GROUP BY 1
        UNION ALL
        SELECT metadata::JSON->>'sams_account_id', TO_TIMESTAMP(created) FROM stripe.subscriptions) AS subscribed
        LEFT JOIN sams.accounts ON sams_account_id = id"""
    # Pacific time written as if it were UTC may lie before the account.
    assert value(cody, sql) <= value(cody, "SELECT COUNT(*) FROM planted WHERE reason = 'other date'")
    sql = "SELECT COUNT(*) FROM sams.accounts ANTI JOIN ssc.subscriptions ON id = sams_account_id"
    assert value(cody, sql) > 0


def test_invoices_and_charges_lead_to_their_objects(cody: Raw):
    lost = """SELECT COUNT(*) FROM stripe.invoices
        LEFT JOIN stripe.subscriptions ON subscription = subscriptions.id AND invoices.customer = subscriptions.customer
        WHERE subscriptions.id IS NULL"""
    assert value(cody, lost) == 0
    unlike = """SELECT COUNT(*) FROM stripe.invoices FULL JOIN stripe.charges ON invoice = invoices.id
        WHERE (invoices.status = 'paid') <> (charges.id IS NOT NULL) OR amount <> amount_paid
        OR (paid_at IS NULL) <> (invoices.status <> 'paid')"""
    assert value(cody, unlike) == 0


def test_cycles_of_a_subscription_follow_on_each_other(cody: Raw):
    sql = """SELECT COUNT(*), COUNT(*) FILTER (starts_at <> ended OR cycle_no <> before + 1 OR starts_at >= ends_at)
        FROM (SELECT *, LAG(ends_at) OVER w AS ended, LAG(cycle_no) OVER w AS before FROM ssc.billing_cycles
              WINDOW w AS (PARTITION BY subscription_id ORDER BY cycle_no))"""
    count, wrong = rows(cody, sql)[0]
    assert count > 5_000
    assert wrong == 0
    assert value(cody, "SELECT COUNT(*) FROM ssc.billing_cycles WHERE cycle_no = 1 AND state = 'paid'") > 1_000


def test_money_is_whole_cents(cody: Raw):
    sql = """SELECT COUNT(*) FROM ssc.billing_cycles JOIN (SELECT DISTINCT subscription_id, seats FROM changes)
        USING (subscription_id) WHERE amount_cents <> 900 * seats"""
    assert value(cody, sql) == 0
    assert rows(cody, "SELECT DISTINCT amount, amount_refunded FROM stripe.charges ORDER BY ALL") == [
        (450, 0),
        (900, 0),
        (900, 450),
        (900, 900),
    ]


def test_nothing_has_happened_after_now(cody: Raw):
    assert value(cody, f"SELECT COUNT(*) FROM changes WHERE GREATEST(updated_at, ended_at, canceled_at) >= {NOW}") == 0
    assert value(cody, f"SELECT COUNT(*) FROM ssc.billing_cycles WHERE starts_at >= {NOW}") == 0
    for moment in ("subscriptions.created", "subscriptions.ended_at", "invoices.period_start", "invoices.paid_at"):
        table, column = moment.split(".")
        assert value(cody, f"SELECT MAX(TO_TIMESTAMP({column})) < {NOW} FROM stripe.{table}")
    assert value(cody, f"SELECT COUNT(*) FROM ssc.billing_cycles WHERE ends_at > {NOW} AND state = 'paid'") > 100


def test_a_change_log_agrees_with_itself(cody: Raw):
    sql = """SELECT COUNT(*) FILTER ((status = 'canceled') <> (ended_at IS NOT NULL)
          OR (status = 'canceled') AND changed_at IS NOT NULL OR ended_at <> updated_at
          OR updated_at < current_period_start OR updated_at > current_period_end
          OR cancel_at_period_end AND canceled_at IS NULL)
        FROM changes"""
    assert value(cody, sql) == 0
    shares = dict(rows(cody, "SELECT status, COUNT(*) FROM changes WHERE changed_at IS NULL GROUP BY 1"))
    assert set(shares) == {"trialing", "active", "past_due", "canceled"}


def test_stripe_and_ssc_say_the_same_of_most_subscriptions_today(cody: Raw):
    sql = """SELECT AVG(CAST(changes.status = stripe.status AS INT))
        FROM changes JOIN (SELECT *, metadata::JSON->>'sams_account_id' AS sams_account_id
                           FROM stripe.subscriptions QUALIFY COUNT(*) OVER (PARTITION BY sams_account_id) = 1) AS stripe
        USING (sams_account_id) WHERE changed_at IS NULL AND seats = 1"""
    assert 0.95 < value(cody, sql) < 1


def test_subscribers_grow_and_some_leave_each_month(cody: Raw):
    def active(day: date) -> int:
        return value(cody, "SELECT COUNT(*) FILTER (in_ssc) FROM sides WHERE day = ?", day)

    assert active(date(2025, 11, 18)) == pytest.approx(21_800 * SCALE, rel=0.1)
    assert (
        active(date(2024, 5, 31)) < active(date(2024, 11, 30)) < active(date(2025, 5, 31)) < active(date(2025, 11, 1))
    )
    left = """SELECT COUNT(DISTINCT sams_account_id) FROM changes JOIN ssc_periods USING (subscription_id)
        WHERE ended_at >= TIMESTAMPTZ '2025-01-01 00:00:00-08' AND ended_at < TIMESTAMPTZ '2025-11-01 00:00:00-07'"""
    months = [active(date(2024, 12, 31)), *(active(date(2025, month, 28)) for month in range(1, 10))]
    assert 0.045 < value(cody, left) / sum(months) < 0.065


def test_q15_the_planted_disagreements_are_those_of_the_tables(cody: Raw):
    sql = """WITH planned AS (
          SELECT DISTINCT day, sams_account_id AS person, reason
          FROM planted JOIN days ON day BETWEEN first_day AND last_day
        ),
        found AS (
          SELECT day, person, in_ssc, in_stripe FROM sides
          WHERE in_ssc <> in_stripe OR new_in_ssc IS DISTINCT FROM new_in_stripe
          OR in_ssc AND in_stripe AND ssc_cents <> stripe_cents
        )
        SELECT reason, in_ssc, in_stripe, COUNT(*) FROM planned FULL JOIN found USING (day, person)
        GROUP BY ALL ORDER BY ALL"""
    counted = {(reason, ssc, stripe): count for reason, ssc, stripe, count in rows(cody, sql)}
    assert set(counted) == {
        ("missing in SSC", False, True),
        ("missing in Stripe", True, False),
        ("other amount", True, True),
        ("other date", False, True),
        ("other date", True, False),
        ("other date", True, True),
        ("other status", False, True),
        ("other status", True, False),
    }
    assert value(cody, "SELECT COUNT(*) - COUNT(DISTINCT (day, person)) FROM sides") == 0


def test_q15_about_93_in_100_match(cody: Raw):
    sql = "SELECT AVG(CAST(in_ssc AND in_stripe AS INT)) FROM sides WHERE day >= DATE '2024-11-19'"
    assert value(cody, sql) == pytest.approx(0.935, abs=0.012)


def test_q15_missing_on_one_side(cody: Raw):
    whole = (date(2025, 2, 18), date(2025, 9, 17), 212)
    assert days_where(cody, "missing-in-stripe", "in_ssc AND NOT in_stripe") == whole
    assert days_where(cody, "missing-in-stripe", "in_stripe")[2] == 0
    assert days_where(cody, "missing-in-ssc", "in_stripe AND NOT in_ssc") == (
        date(2025, 2, 19),
        date(2025, 9, 18),
        212,
    )
    assert changes(cody, "missing-in-ssc") == []


def test_q15_other_status(cody: Raw):
    first, last, _ = days_where(cody, "ended-in-stripe", "in_ssc AND NOT in_stripe")
    assert (first, last) == (date(2025, 5, 20), date(2025, 11, 18))
    first, last, _ = days_where(cody, "goes-on-in-stripe", "in_stripe AND NOT in_ssc")
    assert (first, last) == (date(2025, 6, 21), date(2025, 8, 20))
    # What was paid late looks in Stripe as if it had been paid at once.
    assert days_where(cody, "recovered", "in_stripe AND NOT in_ssc") == (date(2025, 6, 7), date(2025, 6, 11), 5)


def test_q15_other_date(cody: Raw):
    assert days_where(cody, "pacific-clock", "in_stripe AND NOT in_ssc") == (date(2025, 2, 23), date(2025, 2, 23), 1)
    assert days_where(cody, "pacific-clock", "in_ssc AND NOT in_stripe") == (date(2025, 6, 23), date(2025, 6, 23), 1)


@pytest.mark.parametrize(("email", "cents"), [("refunded", 0), ("half-refunded", 450), ("half-price", 450)])
def test_q15_other_amount(cody: Raw, email: str, cents: int):
    odd = f"in_ssc AND in_stripe AND ssc_cents = 900 AND stripe_cents = {cents}"
    first, last, count = days_where(cody, email, odd)
    assert (first.month, last.month, count) == (5, 6, 31)
    assert days_where(cody, email, "in_ssc AND in_stripe AND stripe_cents = 900")[2] > 200


def test_q15_two_subscriptions_at_once(cody: Raw):
    both = days_where(cody, "two-at-once", "in_ssc AND in_stripe AND ssc_cents = 1800 AND stripe_cents = 1800")
    assert both == (date(2024, 10, 20), date(2025, 6, 19), 243)
    first, last, _ = days_where(cody, "charged-twice", "ssc_cents = 900 AND stripe_cents = 1800")
    assert (first, last) == (date(2025, 5, 28), date(2025, 11, 18))
    assert len({cycle[0] for cycle in cycles(cody, "charged-twice")}) == 1


def test_q16_trials_never_paid(cody: Raw):
    assert changes(cody, "never-paid") == [
        ("trialing", False, "2025-03-03"),
        ("trialing", True, "2025-03-07"),
        ("canceled", True, "2025-03-17"),
    ]
    assert cycles(cody, "never-paid") == []
    assert [change[0] for change in changes(cody, "never-charged")] == ["trialing", "past_due", "canceled"]
    assert [cycle[2] for cycle in cycles(cody, "never-charged")] == ["void"]
    assert changes(cody, "still-trying") == [("trialing", False, "2025-11-10")]


def test_q16_canceled_and_taken_back_within_the_period(cody: Raw):
    told = changes(cody, "resumed")
    clicked = [number for number, change in enumerate(told) if change[1]]
    assert len(clicked) == 1
    assert told[clicked[0] + 1][:2] == ("active", False)
    assert days_where(cody, "resumed", "in_ssc")[2] == (date(2025, 11, 18) - date(2025, 2, 9)).days


def test_q16_a_new_subscription_before_the_old_one_ends(cody: Raw):
    assert days_where(cody, "came-back-in-time", "in_ssc") == (date(2025, 1, 15), date(2025, 11, 18), 308)
    assert len({cycle[0] for cycle in cycles(cody, "came-back-in-time")}) == 2


def test_q16_back_after_months(cody: Raw):
    assert days_where(cody, "returned", "in_ssc AND day < DATE '2025-01-01'")[:2] == (
        date(2024, 3, 5),
        date(2024, 7, 4),
    )
    assert days_where(cody, "returned", "in_ssc AND day > DATE '2024-07-05'")[:2] == (
        date(2025, 1, 20),
        date(2025, 11, 18),
    )


def test_q16_past_due_recovered_ended_and_running(cody: Raw):
    told = [change for change in changes(cody, "recovered") if change[2][:7] == "2025-06"]
    assert told == [("past_due", False, "2025-06-07"), ("active", False, "2025-06-12")]
    assert {cycle[2] for cycle in cycles(cody, "recovered")} == {"paid"}
    assert changes(cody, "not-recovered")[-2:] == [
        ("past_due", False, "2025-05-12"),
        ("canceled", False, "2025-06-02"),
    ]
    assert [cycle[2] for cycle in cycles(cody, "not-recovered")] == ["paid"] * 6 + ["void"]
    assert changes(cody, "past-due")[-1][0] == "past_due"
    assert cycles(cody, "past-due")[-1][2] == "open"
    assert changes(cody, "leaving")[-1][:2] == ("active", True)


@pytest.mark.parametrize(
    ("email", "second", "third"),
    [
        ("january-29", datetime(2024, 2, 29, 12), datetime(2024, 3, 29, 13)),
        ("january-30", datetime(2024, 2, 29, 12), datetime(2024, 3, 30, 13)),
        ("january-31", datetime(2024, 2, 29, 12), datetime(2024, 3, 31, 13)),
        ("january-31-again", datetime(2025, 2, 28, 9), datetime(2025, 3, 31, 10)),
    ],
)
def test_q16_cycles_from_the_end_of_january(cody: Raw, email: str, second: datetime, third: datetime):
    assert [cycle[3] for cycle in cycles(cody, email)][1:3] == [second, third]


def test_q16_cycles_on_days_of_23_and_25_hours(cody: Raw):
    starts = {
        "spring-before": datetime(2025, 3, 9, 1, 30),
        "spring-after": datetime(2025, 3, 9, 3, 30),
        "spring-2024": datetime(2024, 3, 10, 23, 59, 59),
        # The clock shows half past one twice.
        "autumn-before": datetime(2025, 11, 2, 1, 30),
        "autumn-after": datetime(2025, 11, 2, 1, 30),
        "autumn-2024": datetime(2024, 11, 3, 23, 59, 59),
        "last-second": datetime(2025, 4, 10, 23, 59, 59),
        "midnight": datetime(2025, 4, 11),
    }
    for email, start in starts.items():
        assert cycles(cody, email)[0][3] == start
        assert days_where(cody, email, "in_ssc AND in_stripe")[0] == start.date()


def test_subscriptions_of_several_seats_are_not_in_stripe(cody: Raw):
    assert days_where(cody, "five-seats", "in_ssc OR in_stripe")[2] == 0
    assert {cycle[2] for cycle in cycles(cody, "five-seats")} == {"paid"}
    first, last, _ = days_where(cody, "twelve-seats-and-one", "in_ssc AND in_stripe AND ssc_cents = 900")
    assert (first, last) == (date(2025, 2, 6), date(2025, 11, 18))


def test_every_named_person_is_in_the_docs():
    text = (Path(__file__).parents[2] / "docs" / "demo.md").read_text()
    for email in EMAILS:
        assert f"`{email}`" in text, email
