"""Stripe's objects as of today: subscriptions, invoices and charges."""

import numpy as np
import pyarrow as pa

from lib.demo.columns import account_ids, epochs, identifiers, stripe_ids, words
from lib.demo.disagreements import Both, Plan, StripeSide, charged, stripe_clock
from lib.demo.moments import NEVER, NOW, Array, add_months, seconds
from lib.demo.subscribers import (
    ACTIVE,
    CANCELED,
    OPEN,
    PAID,
    PAST_DUE,
    STATES,
    STATUSES,
    TRIALING,
    cycle_states,
    cycles_of,
)


def stripe_subscriptions(both: Both, stripe: StripeSide) -> pa.Table:
    """Subscriptions as they stand now."""
    subs, source = both.subs, stripe.source
    last = stripe.stop - 1
    begun = stripe.stop > stripe.first
    created = np.where(stripe.second, add_months(subs.anchor[source], stripe.first), subs.created[source])
    owing = begun & (cycle_states(subs, source, last) == OPEN)
    ended = ~np.isnat(stripe.ended_at)
    # Who was ended by Stripe itself, or never heard of an end, has no click of the person's.
    alone = np.isin(both.plan[source], [Plan.ENDED_IN_STRIPE, Plan.GOES_ON_IN_STRIPE]) | subs.unpaid[source]
    clicked = np.where(alone, stripe.ended_at, subs.clicked_at[source])
    start = np.where(begun, add_months(subs.anchor[source], np.maximum(last, 0)), subs.created[source])
    stop = add_months(subs.anchor[source], last + 1)
    trial_end = np.where(subs.trial[source] & ~stripe.second, subs.anchor[source], NEVER)
    accounts = account_ids(subs.person[source])
    return pa.table(
        {
            "id": _stripe_ids(stripe, np.arange(source.size)),
            "customer": _customers(both, source),
            "status": words(STATUSES, np.select([ended, owing, begun], [CANCELED, PAST_DUE, ACTIVE], TRIALING)),
            **{
                name: epochs(stripe_clock(both, source, moment))
                for name, moment in {
                    "created": created,
                    "trial_end": trial_end,
                    "current_period_start": start,
                    "current_period_end": stop,
                }.items()
            },
            "cancel_at_period_end": pa.array(~alone & ~np.isnat(clicked)),
            "canceled_at": epochs(stripe_clock(both, source, clicked)),
            "ended_at": epochs(stripe_clock(both, source, stripe.ended_at)),
            "metadata": pa.array([f'{{"sams_account_id":"{account}"}}' for account in accounts.to_pylist()]),
        }
    )


def invoices_and_charges(both: Both, stripe: StripeSide, seed: int) -> tuple[pa.Table, pa.Table]:
    """An invoice for each cycle that Stripe knows, and a charge for each that was paid."""
    rng = np.random.default_rng([seed, 12])
    subs = both.subs
    place, cycle = cycles_of(stripe.first, stripe.stop)
    source = stripe.source[place]
    start = stripe_clock(both, source, add_months(subs.anchor[source], cycle))
    state = cycle_states(subs, source, cycle)
    paid = state == PAID
    late = paid & (cycle == subs.failed[source]) & ~np.isnat(subs.recovered_at[source])
    paid_at = np.where(late, subs.recovered_at[source], start + seconds(rng.integers(2, 90, source.size)))
    amount, refunded = charged(both, source, cycle)
    number = identifiers("in_", place * 64 + cycle, 4)
    invoices = pa.table(
        {
            "id": number,
            "customer": _customers(both, source),
            "subscription": _stripe_ids(stripe, place),
            "status": words(STATES, state),
            "amount_paid": pa.array(np.where(paid, amount, 0)),
            "created": epochs(start),
            "period_start": epochs(start),
            "period_end": epochs(stripe_clock(both, source, add_months(subs.anchor[source], cycle + 1))),
            "paid_at": epochs(np.where(paid, np.minimum(paid_at, NOW - np.timedelta64(1, "s")), NEVER)),
        }
    )
    charges = pa.table(
        {
            "id": identifiers("ch_", place * 64 + cycle, 5),
            "invoice": number,
            "amount": pa.array(amount),
            "amount_refunded": pa.array(refunded),
            "created": invoices["paid_at"],
        }
    )
    return invoices, charges.filter(pa.array(paid))


def _customers(both: Both, source: Array) -> pa.Array:
    return identifiers("cus_", both.subs.person[source], 6)


def _stripe_ids(stripe: StripeSide, place: Array) -> pa.Array:
    return stripe_ids(stripe.source[place] + stripe.second[place] * 2**24)
