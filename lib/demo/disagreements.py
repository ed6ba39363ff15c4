"""Where Stripe is made to differ from SSC: what Stripe knows of each subscription, and the days it disagrees on.

Only the maker knows this; nothing of it is exported, so a test can hold the models' findings against it.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa

from lib.demo.columns import account_ids, stripe_ids, subscription_ids
from lib.demo.days import FIRST_DAY
from lib.demo.moments import DAY, NEVER, NOW, Array, add_months, cycles_begun, pacific, pacific_day, seconds
from lib.demo.stories import EMAILS, NAMED
from lib.demo.subscribers import PRICE, Subscriptions, subscriptions, without_failures


class Plan(IntEnum):
    """How a subscription differs on its two sides."""

    NOT_AT_ALL = 0
    MISSING_IN_STRIPE = 1
    MISSING_IN_SSC = 2
    ENDED_IN_STRIPE = 3  # SSC goes on
    GOES_ON_IN_STRIPE = 4  # SSC has ended
    PACIFIC_CLOCK = 5  # Stripe's moments are Pacific time, written as if it were UTC
    REFUNDED = 6
    HALF_REFUNDED = 7
    HALF_PRICE = 8
    CHARGED_TWICE = 9  # by a second subscription that SSC does not know


_SHARES = {
    Plan.MISSING_IN_STRIPE: 0.034,
    Plan.MISSING_IN_SSC: 0.022,
    Plan.ENDED_IN_STRIPE: 0.015,
    Plan.GOES_ON_IN_STRIPE: 0.04,
    Plan.PACIFIC_CLOCK: 0.08,
    Plan.REFUNDED: 0.02,
    Plan.HALF_REFUNDED: 0.01,
    Plan.HALF_PRICE: 0.02,
    Plan.CHARGED_TWICE: 0.004,
}
_NAMED_PLANS = {
    "missing-in-stripe": Plan.MISSING_IN_STRIPE,
    "missing-in-ssc": Plan.MISSING_IN_SSC,
    "ended-in-stripe": Plan.ENDED_IN_STRIPE,
    "goes-on-in-stripe": Plan.GOES_ON_IN_STRIPE,
    "pacific-clock": Plan.PACIFIC_CLOCK,
    "refunded": Plan.REFUNDED,
    "half-refunded": Plan.HALF_REFUNDED,
    "half-price": Plan.HALF_PRICE,
    "charged-twice": Plan.CHARGED_TWICE,
}
_OTHER_AMOUNTS = (Plan.REFUNDED, Plan.HALF_REFUNDED, Plan.HALF_PRICE)
DISAGREEMENTS = pa.schema(
    {
        "sams_account_id": pa.string(),
        "subscription_id": pa.string(),
        "first_day": pa.date32(),
        "last_day": pa.date32(),
        "reason": pa.string(),
    }
)


@dataclass(frozen=True)
class Both:
    """All subscriptions and what sets their two sides apart; `cycle` is where a difference begins or lies."""

    subs: Subscriptions
    plan: Array
    cycle: Array
    goes_on: Array  # cycles that Stripe goes on for


@dataclass(frozen=True)
class StripeSide:
    """Stripe's subscriptions: which one of SSC each is, and which of its cycles Stripe knows."""

    source: Array
    first: Array
    stop: Array  # cycle after the last one that has begun
    ended_at: Array
    second: Array  # whether it is the second one of a person who is charged twice


def both_sides(seed: int, scale: float) -> Both:
    """The demo's subscriptions with a plan each; only persons with a single paid subscription get one."""
    subs = subscriptions(seed, scale)
    rng = np.random.default_rng([seed, 10])
    count = subs.person.size
    plan = _drawn_plans(rng, subs)
    plan[: len(NAMED)] = [_NAMED_PLANS.get(story.email, Plan.NOT_AT_ALL) for story in NAMED]
    subs = without_failures(subs, plan != Plan.NOT_AT_ALL)
    draw = rng.random(count)
    paid = _paid_cycles(subs)
    cycle = np.where(
        plan == Plan.ENDED_IN_STRIPE, 1 + (draw * (paid - 1)).astype("int64"), (draw * paid).astype("int64")
    )
    cycle[: len(NAMED)] = 3
    return Both(subs, plan, cycle, np.where(np.arange(count) < len(NAMED), 2, rng.integers(1, 6, count)))


def in_ssc(both: Both) -> Array:
    """Which subscriptions SSC knows."""
    return both.plan != Plan.MISSING_IN_SSC


def stripe_side(both: Both) -> StripeSide:
    """What Stripe knows; subscriptions with more seats than one are not billed through it."""
    subs, plan = both.subs, both.plan
    known = np.nonzero((subs.seats == 1) & (plan != Plan.MISSING_IN_STRIPE))[0]
    early, late = plan == Plan.ENDED_IN_STRIPE, plan == Plan.GOES_ON_IN_STRIPE
    stop = np.where(early, both.cycle, subs.begun)
    stop = np.where(late, np.minimum(subs.begun + both.goes_on, cycles_begun(subs.anchor)), stop)
    over = np.where(early, add_months(subs.anchor, both.cycle), add_months(subs.anchor, subs.begun + both.goes_on))
    ended_at = np.where(early | late, np.where(over < NOW, over, NEVER), subs.ended_at)
    twice = np.nonzero(plan == Plan.CHARGED_TWICE)[0]
    source = np.concatenate([known, twice])
    return StripeSide(
        source=source,
        first=np.where(np.arange(source.size) < known.size, 0, both.cycle[source]),
        stop=stop[source],
        ended_at=ended_at[source],
        second=np.arange(source.size) >= known.size,
    )


def stripe_clock(both: Both, source: Array, moment: Array) -> Array:
    """A moment of a subscription as Stripe has it."""
    return np.where(both.plan[source] == Plan.PACIFIC_CLOCK, pacific(moment), moment)


def charged(both: Both, source: Array, cycle: Array) -> tuple[Array, Array]:
    """Cents that Stripe took for a paid cycle, and those it gave back."""
    plan = np.where(both.cycle[source] == cycle, both.plan[source], Plan.NOT_AT_ALL)
    paid = np.where(plan == Plan.HALF_PRICE, PRICE // 2, PRICE)
    return paid, np.select([plan == Plan.REFUNDED, plan == Plan.HALF_REFUNDED], [PRICE, PRICE // 2], 0)


def planted_disagreements(seed: int = 1, scale: float = 1.0) -> pa.Table:
    """Each stretch of Pacific days on which SSC and Stripe disagree about a person, with the reason.

    One row a stretch, its first and last day included; columns as `DISAGREEMENTS`. `subscription_id` is SSC's, or
    Stripe's where SSC has none. On all its days one side only has the person as active, but for `other amount` (both
    have, and Stripe kept another amount than SSC's cycle says) and the day after the first of an `other date`.
    """
    both = both_sides(seed, scale)
    subs, plan, anchor = both.subs, both.plan, both.subs.anchor
    stripe = stripe_side(both)
    stripe_ended = np.full(anchor.size, NEVER)
    stripe_ended[stripe.source[~stripe.second]] = stripe.ended_at[~stripe.second]
    cycle_start, cycle_end = add_months(anchor, both.cycle), add_months(anchor, both.cycle + 1)
    past_due = (subs.seats == 1) & ~np.isnat(subs.recovered_at)
    stretches = [
        ("missing in Stripe", plan == Plan.MISSING_IN_STRIPE, anchor, subs.stopped),
        ("missing in SSC", plan == Plan.MISSING_IN_SSC, anchor, subs.stopped),
        ("other status", plan == Plan.ENDED_IN_STRIPE, cycle_start, subs.stopped),
        ("other status", plan == Plan.GOES_ON_IN_STRIPE, subs.stopped, stripe_ended),
        # Stripe keeps no history: what was paid late looks as if it had been paid at once.
        ("other status", past_due, subs.failed_at, subs.recovered_at),
        # On the second day both have the person, and only SSC as a new one. A day may last 25 hours.
        ("other date", plan == Plan.PACIFIC_CLOCK, pacific(anchor), anchor + seconds(25 * 3_600)),
        ("other date", (plan == Plan.PACIFIC_CLOCK) & ~np.isnat(subs.stopped), pacific(subs.stopped), subs.stopped),
        ("other amount", np.isin(plan, _OTHER_AMOUNTS), cycle_start, cycle_end),
        ("other amount", plan == Plan.CHARGED_TWICE, cycle_start, subs.stopped),
    ]
    rows = [_stretch(both.subs, reason, chosen, start, stop) for reason, chosen, start, stop in stretches]
    return pa.concat_tables(rows)


def _stretch(subs: Subscriptions, reason: str, chosen: Array, start: Array, stop: Array) -> pa.Table:
    """From the day of `start` to the day before that of `stop`, or to today when it has not come."""
    first = pacific_day(start)
    comes = stop < NOW
    last = np.where(comes, pacific_day(np.where(comes, stop, NOW)) - 1, pacific_day(np.full(stop.size, NOW)))
    found = np.nonzero(chosen & (first <= last))[0]
    ids = stripe_ids(found) if reason == "missing in SSC" else subscription_ids(found)
    return pa.table(
        {
            "sams_account_id": account_ids(subs.person[found]),
            "subscription_id": ids,
            "first_day": pa.array(first[found]),
            "last_day": pa.array(last[found]),
            "reason": pa.array([reason] * found.size, pa.string()),
        },
        schema=DISAGREEMENTS,
    )


def _drawn_plans(rng: np.random.Generator, subs: Subscriptions) -> Array:
    shares = np.array(list(_SHARES.values()))
    drawn = np.searchsorted(np.cumsum(shares), rng.random(subs.person.size), "right")
    plan = np.array([*_SHARES, Plan.NOT_AT_ALL], dtype="int64")[drawn]
    once = np.bincount(subs.person)[subs.person] == 1
    paid = _paid_cycles(subs)
    # Its first day must differ, but not lie outside the demo's, nor may a cycle have begun by Stripe's clock only.
    differs = (pacific_day(pacific(subs.anchor)) < pacific_day(subs.anchor)) & (
        subs.created > np.datetime64(FIRST_DAY, "s") + 2 * DAY
    )
    steady = (subs.begun < cycles_begun(subs.anchor)) | (add_months(subs.anchor, subs.begun) > NOW + DAY)
    fits = np.select(
        [plan == Plan.ENDED_IN_STRIPE, plan == Plan.GOES_ON_IN_STRIPE, plan == Plan.PACIFIC_CLOCK],
        [paid > 1, ~np.isnat(subs.ended_at) & ~subs.unpaid, differs & steady],
        True,
    )
    return np.where(once & (paid > 0) & (subs.seats == 1) & (subs.person >= len(EMAILS)) & fits, plan, 0)


def _paid_cycles(subs: Subscriptions) -> Array:
    return np.minimum(subs.begun, subs.cycles)
