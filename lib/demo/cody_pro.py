"""Cody Pro's raw tables: SSC's change log and billing cycles, SAMS's accounts, and Stripe's objects as of today."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lib.demo.columns import account_ids, stamps, subscription_ids, words
from lib.demo.disagreements import Both, both_sides, in_ssc, stripe_side
from lib.demo.moments import NEVER, NOW, Array, add_months, seconds
from lib.demo.names import people
from lib.demo.stories import EMAILS
from lib.demo.stripe import invoices_and_charges, stripe_subscriptions
from lib.demo.subscribers import (
    ACTIVE,
    CANCELED,
    PAID,
    PAST_DUE,
    PRICE,
    STATES,
    STATUSES,
    TRIALING,
    cycle_states,
    cycles_of,
)


def write_cody_pro(folder: Path, seed: int, scale: float) -> None:
    """Write the tables of `ssc`, `sams` and `stripe`."""
    both = both_sides(seed, scale)
    known = np.nonzero(in_ssc(both))[0]
    source, cycle = cycles_of(np.zeros_like(known), both.subs.begun[known])
    _write(folder, "ssc.subscriptions", _change_log(both, known))
    _write(folder, "ssc.billing_cycles", _billing_cycles(both, known[source], cycle))
    _write(folder, "sams.accounts", _accounts(both, seed))
    stripe = stripe_side(both)
    _write(folder, "stripe.subscriptions", stripe_subscriptions(both, stripe))
    invoices, charges = invoices_and_charges(both, stripe, seed)
    _write(folder, "stripe.invoices", invoices)
    _write(folder, "stripe.charges", charges)


def _write(folder: Path, name: str, table: pa.Table) -> None:
    # Identifiers and moments hardly repeat: a dictionary of them takes as long as the rest of the writing.
    pq.write_table(table, folder / f"{name}.parquet", compression="lz4", use_dictionary=False)


def _change_log(both: Both, known: Array) -> pa.Table:
    """One row a change, the whole subscription as it was from then on; by subscription, since that loads fastest."""
    subs = both.subs
    index, changed, status, start, stop, leaving, clicked, ended = (
        np.concatenate(parts) for parts in zip(*_changes(both, known), strict=True)
    )
    happened = changed < NOW
    order = np.nonzero(happened)[0][np.lexsort((changed[happened], index[happened]))]
    index = index[order]
    trial_end = np.where(subs.trial[index], subs.anchor[index], NEVER)
    return pa.table(
        {
            "subscription_id": subscription_ids(index),
            "sams_account_id": account_ids(subs.person[index]),
            "seats": pa.array(subs.seats[index]),
            "status": words(STATUSES, status[order]),
            "plan": words(np.array(["pro"]), np.zeros(index.size, dtype="int64")),
            "created_at": stamps(subs.created[index]),
            "trial_ends_at": stamps(trial_end),
            "current_period_start": stamps(start[order]),
            "current_period_end": stamps(stop[order]),
            "cancel_at_period_end": pa.array(leaving[order]),
            "canceled_at": stamps(clicked[order]),
            "ended_at": stamps(ended[order]),
            "updated_at": stamps(changed[order]),
        }
    )


def _changes(both: Both, known: Array) -> list[tuple[Array, ...]]:
    """Groups of changes: (subscription, moment, status, period start and end, leaving, clicked, ended)."""
    subs = both.subs

    def change(
        index: Array,
        moment: Array,
        status: Array | int,
        cycle: Array,
        leaving: bool | Array = False,
        clicked: Array | np.datetime64 = NEVER,
        ended: Array | np.datetime64 = NEVER,
    ) -> tuple[Array, ...]:
        # Cycle -1 is the trial.
        start = np.where(cycle < 0, subs.created[index], add_months(subs.anchor[index], cycle))
        filled = (np.broadcast_to(value, index.shape) for value in (leaving, clicked, ended))
        period = (start, add_months(subs.anchor[index], cycle + 1))
        return index, moment, np.broadcast_to(status, index.shape), *period, *filled

    tried = known[subs.trial[known]]
    place, cycle = cycles_of(np.zeros_like(known), subs.begun[known])
    renewed = known[place]
    unpaid = (cycle_states(subs, renewed, cycle) != PAID) | (
        ~np.isnat(subs.failed_at[renewed]) & (cycle == subs.failed[renewed])
    )
    recovered = known[~np.isnat(subs.recovered_at[known])]
    left = known[~np.isnat(subs.clicked_at[known])]
    ended = known[~np.isnat(subs.ended_at[known])]
    back = known[(subs.resumed[known] >= 0) & (subs.resumed[known] < subs.begun[known])]
    within = add_months(subs.anchor[back], subs.resumed[back])
    clicked = within + seconds(subs.clicked[back] * 12 * 86_400)
    taken_back = clicked + seconds((0.1 + subs.clicked[back]) * 8 * 86_400)
    last = subs.begun - 1
    return [
        change(tried, subs.created[tried], TRIALING, np.full(tried.size, -1)),
        change(renewed, add_months(subs.anchor[renewed], cycle), np.where(unpaid, PAST_DUE, ACTIVE), cycle),
        change(recovered, subs.recovered_at[recovered], ACTIVE, subs.failed[recovered]),
        change(back, clicked, ACTIVE, subs.resumed[back], True, clicked),
        change(back, taken_back, ACTIVE, subs.resumed[back]),
        change(
            left,
            subs.clicked_at[left],
            np.where(subs.begun[left] > 0, ACTIVE, TRIALING),
            last[left],
            True,
            subs.clicked_at[left],
        ),
        change(
            ended,
            subs.ended_at[ended],
            CANCELED,
            last[ended],
            ~subs.unpaid[ended],
            np.where(subs.unpaid[ended], subs.ended_at[ended], subs.clicked_at[ended]),
            subs.ended_at[ended],
        ),
    ]


def _billing_cycles(both: Both, source: Array, cycle: Array) -> pa.Table:
    anchor = both.subs.anchor[source]
    return pa.table(
        {
            "subscription_id": subscription_ids(source),
            "cycle_no": pa.array(cycle + 1),
            "starts_at": stamps(add_months(anchor, cycle)),
            "ends_at": stamps(add_months(anchor, cycle + 1)),
            "amount_cents": pa.array(PRICE * both.subs.seats[source]),
            "state": words(STATES, cycle_states(both.subs, source, cycle)),
        }
    )


def _accounts(both: Both, seed: int) -> pa.Table:
    """Everybody who subscribed, and a few who never did."""
    rng = np.random.default_rng([seed, 11])
    persons, person = np.unique(both.subs.person, return_inverse=True)
    first = np.full(persons.size, NOW)
    np.minimum.at(first, person, both.subs.created)
    idle = persons.size // 20
    since = np.concatenate([first, NOW - seconds(rng.uniform(1, 700, idle) * 86_400)])
    persons = np.concatenate([persons, persons[-1] + 1 + np.arange(idle)])
    names = [name.lower().replace(" ", ".") for name in people(rng, 400)]
    emails = [f"{email}@codypro.example" for email in EMAILS]
    chosen = rng.integers(0, len(names), persons.size)
    emails += [
        f"{names[name]}.{number}@mail.example"
        for name, number in zip(chosen, persons, strict=True)
        if number >= len(EMAILS)
    ]
    return pa.table(
        {
            "id": account_ids(persons),
            "email": pa.array(emails),
            "created_at": stamps(since - seconds(rng.exponential(90, persons.size) * 86_400) - 60),
        }
    )
