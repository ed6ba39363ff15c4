"""Who subscribes to Cody Pro, and what becomes of each subscription: arrays with one entry a subscription."""

from dataclasses import dataclass, fields, replace

import numpy as np

from lib.demo.days import DAYS, FIRST_DAY
from lib.demo.moments import DAY, NEVER, NOW, Array, add_months, cycles_begun, seconds
from lib.demo.stories import EMAILS, NAMED, RUNS_ON

PRICE = 900  # cents a month and seat
TRIAL_DAYS = 14
UNPAID_DAYS = 21  # after which a subscription whose payment failed is ended
STATES = np.array(["paid", "open", "void"])
PAID, OPEN, VOID = range(3)
STATUSES = np.array(["trialing", "active", "past_due", "canceled"])
TRIALING, ACTIVE, PAST_DUE, CANCELED = range(4)

_PERSONS = 44_100  # at scale 1, who ever began
_TEAMS = 420
_DAILY = ((0, 30, 90, 300, 380, 560, 729), (2.6, 1.5, 0.95, 0.85, 1.0, 0.95, 1.1))  # how many begin, by day
_ENDS = np.array([0.1, 0.075, 0.065, 0.055, 0.05, 0.045])  # share that ends after each cycle; later ones as the last


@dataclass(frozen=True)
class Stories:
    """What is to happen to each subscription, whether its time has come or not. Cycles count from 0."""

    person: Array  # number of the subscriber
    created: Array
    seats: Array
    trial: Array  # whether it begins with one
    cycles: Array  # how many are paid before it ends; RUNS_ON: no end
    unpaid: Array  # whether it ends because the next cycle is never paid, and not because somebody cancels
    clicked: Array  # where in its last period somebody clicks on cancel, 0 to 1
    resumed: Array  # the cycle in which somebody cancels and takes it back; -1: none
    failed: Array  # the cycle whose payment fails at first; -1: none
    failed_days: Array  # until it is paid after all


@dataclass(frozen=True)
class Subscriptions(Stories):
    """What has happened by now. Moments that have not come are NaT."""

    anchor: Array  # start of the first cycle: creation, or the trial's end
    begun: Array  # cycles that have begun, the unpaid one included
    failed_at: Array
    recovered_at: Array
    stopped: Array  # from when on it is not active: its end, or the start of the cycle that is never paid
    clicked_at: Array
    ended_at: Array


def subscriptions(seed: int, scale: float) -> Subscriptions:
    """All subscriptions, the named ones first (in the order of `NAMED`), as they stand now."""
    rng = np.random.default_rng([seed, 9])
    return tell(_joined(_named_stories(), _stories(rng, scale)))


def tell(stories: Stories) -> Subscriptions:
    """What of each story has happened by now."""
    anchor = np.where(stories.trial, stories.created + DAY * TRIAL_DAYS, stories.created)
    started = cycles_begun(anchor)
    reached = started >= stories.cycles
    cycles = np.where(reached, stories.cycles, started)
    last = add_months(anchor, cycles)
    unpaid = reached & stories.unpaid & (started > cycles)
    canceled = reached & ~stories.unpaid
    period_start = np.where(cycles > 0, add_months(anchor, cycles - 1), stories.created)
    clicked_at = period_start + seconds((last - period_start).astype("int64") * stories.clicked)
    ended_at = np.where(unpaid, last + DAY * UNPAID_DAYS, last)
    fails = (stories.failed >= 0) & (stories.failed < cycles)
    failed_at = np.where(fails, add_months(anchor, np.maximum(stories.failed, 0)), NEVER)
    return Subscriptions(
        **{field.name: getattr(stories, field.name) for field in fields(Stories)},
        anchor=anchor,
        begun=cycles + unpaid,
        failed_at=failed_at,
        recovered_at=_come(failed_at + seconds(stories.failed_days * 86_400)),
        stopped=np.where(unpaid | (canceled & (last < NOW)), last, NEVER),
        clicked_at=_come(np.where(canceled, clicked_at, NEVER)),
        ended_at=_come(np.where(unpaid | canceled, ended_at, NEVER)),
    )


def without_failures(subs: Subscriptions, chosen: Array) -> Subscriptions:
    """The chosen subscriptions are paid at once in every cycle."""
    failed = np.where(chosen, -1, subs.failed)
    return tell(replace(_stories_of(subs), failed=failed))


def cycles_of(first: Array, stop: Array) -> tuple[Array, Array]:
    """(place, cycle) of each cycle from `first` to before `stop`."""
    counts = stop - first
    place = np.repeat(np.arange(counts.size), counts)
    return place, np.arange(place.size) - np.repeat(np.cumsum(counts) - counts - first, counts)


def cycle_states(subs: Subscriptions, source: Array, cycle: Array) -> Array:
    """PAID, OPEN or VOID for each cycle of a subscription."""
    never = subs.unpaid[source] & (cycle == subs.cycles[source])
    late = ~np.isnat(subs.failed_at[source]) & np.isnat(subs.recovered_at[source]) & (cycle == subs.failed[source])
    return np.select([never & ~np.isnat(subs.ended_at[source]), never | late], [VOID, OPEN], PAID)


def _stories_of(subs: Subscriptions) -> Stories:
    return Stories(**{field.name: getattr(subs, field.name) for field in fields(Stories)})


def _come(moment: Array) -> Array:
    return np.where(moment < NOW, moment, NEVER)


def _joined(*parts: Stories) -> Stories:
    return Stories(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Stories)}
    )


def _named_stories() -> Stories:
    return Stories(
        person=np.array([EMAILS.index(story.email) for story in NAMED]),
        created=np.array([story.created for story in NAMED], dtype="datetime64[s]"),
        seats=np.array([story.seats for story in NAMED]),
        trial=np.array([story.trial for story in NAMED]),
        cycles=np.array([story.cycles for story in NAMED]),
        unpaid=np.array([story.unpaid for story in NAMED]),
        clicked=np.full(len(NAMED), 0.3),
        resumed=np.array([story.resumed for story in NAMED]),
        failed=np.array([story.failed for story in NAMED]),
        failed_days=np.full(len(NAMED), 5.5),
    )


def _stories(rng: np.random.Generator, scale: float) -> Stories:
    """Persons with one subscription, those who return, those with two at once, and teams."""
    count = int(_PERSONS * scale)
    first = _lives(rng, len(EMAILS) + np.arange(count), _beginnings(rng, count), trials=0.35)
    told = tell(first)
    draw = rng.random(count)
    single = told.begun > 0
    back = np.nonzero((draw < 0.16) & (told.ended_at < NOW - 40 * DAY) & single)[0]
    created = told.ended_at[back] + seconds((25 + rng.exponential(85, back.size)) * 86_400)
    returned = _lives(rng, back, created)
    in_time = np.nonzero((draw > 0.99) & ~first.unpaid & (told.ended_at < NOW) & single)[0]
    overlapping = _lives(rng, in_time, told.ended_at[in_time] - seconds(rng.uniform(0.3, 9, in_time.size) * 86_400))
    two = np.nonzero((draw > 0.5) & (draw < 0.508) & (first.cycles > 3) & single)[0]
    second = _lives(rng, two, told.anchor[two] + seconds(rng.uniform(2, 80, two.size) * 86_400))
    # Of two subscriptions at once a failed payment of one would change nothing for the person.
    first = replace(first, failed=np.where(np.isin(np.arange(count), two), -1, first.failed))
    second = replace(second, failed=np.full(two.size, -1))
    teams = int(_TEAMS * scale)
    persons = np.where(rng.random(teams) < 0.2, rng.integers(0, max(count, 1), teams), count + np.arange(teams))
    team = _lives(rng, persons, _beginnings(rng, teams))
    team = replace(team, seats=rng.integers(2, 26, teams))
    more = _joined(returned, overlapping, second, team)
    more = replace(more, person=more.person + len(EMAILS))
    return _of_the_past(_joined(first, more))


def _of_the_past(stories: Stories) -> Stories:
    past = stories.created < NOW - np.timedelta64(1, "h")
    return Stories(**{field.name: getattr(stories, field.name)[past] for field in fields(Stories)})


def _beginnings(rng: np.random.Generator, count: int) -> Array:
    """When each begins, in order: few on weekends, most by day in America."""
    day = np.arange(DAYS)
    weekday = (day + FIRST_DAY.weekday()) % 7
    weights = np.interp(day, *_DAILY) * np.where(weekday >= 5, 0.62, 1.1)
    chosen = rng.choice(DAYS, count, p=weights / weights.sum())
    # From 8:00 UTC on: midnight in Los Angeles.
    moment = np.datetime64(FIRST_DAY, "s") + seconds(
        chosen * 86_400 + 8 * 3_600 + rng.normal(11.5 * 3_600, 5.5 * 3_600, count) % 86_400
    )
    return np.sort(np.where(moment < NOW - np.timedelta64(2, "h"), moment, moment - DAY))


def _lives(rng: np.random.Generator, person: Array, created: Array, trials: float = 0.0) -> Stories:
    count = person.size
    trial = rng.random(count) < trials
    hazard = np.concatenate([_ENDS, np.full(40, _ENDS[-1])])
    ended = 1 - np.cumprod(1 - hazard)
    cycles = np.searchsorted(ended, rng.random(count)) + 1
    cycles = np.where(cycles > hazard.size, RUNS_ON, cycles)
    tried = trial & (rng.random(count) < 0.4)
    unpaid = rng.random(count) < np.where(tried, 0.1, 0.17)
    cycles = np.where(tried, 0, cycles)
    # Not in the first cycle, nor in the one in which somebody cancels or nobody pays.
    failed = rng.geometric(0.02, count)
    failed = np.where(failed < cycles - 1, failed, -1)
    resumed = rng.geometric(0.012, count) - 1
    resumed = np.where((resumed < cycles - 1) & (resumed != failed), resumed, -1)
    return Stories(
        person=person,
        created=created,
        seats=np.ones(count, dtype=np.int64),
        trial=trial,
        cycles=cycles,
        unpaid=unpaid & (cycles < RUNS_ON),
        clicked=rng.uniform(0.02, 0.97, count),
        resumed=resumed,
        failed=failed,
        failed_days=rng.uniform(0.2, 12, count),
    )
