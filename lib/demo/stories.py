"""Subscriptions of Cody Pro that stand in the demo at every scale, one for each awkward case (docs/demo.md)."""

from dataclasses import dataclass

RUNS_ON = 10_000  # cycles: no end


@dataclass(frozen=True)
class Named:
    """A story that stands at every scale; `email` is its subscriber's, before the @."""

    email: str
    created: str
    cycles: int = RUNS_ON
    trial: bool = False
    seats: int = 1
    unpaid: bool = False
    resumed: int = -1
    failed: int = -1


NAMED = (
    Named("never-paid", "2025-03-03T17:20:00", cycles=0, trial=True),
    Named("never-charged", "2025-03-05T18:05:00", cycles=0, trial=True, unpaid=True),
    Named("still-trying", "2025-11-10T16:00:00", trial=True),
    Named("resumed", "2025-02-10T15:30:00", resumed=3),
    Named("returned", "2024-03-05T19:00:00", cycles=4),
    Named("returned", "2025-01-20T21:10:00"),
    Named("came-back-in-time", "2025-01-15T17:45:00", cycles=5),
    Named("came-back-in-time", "2025-06-10T20:00:00"),
    Named("recovered", "2025-01-07T16:40:00", failed=5),
    Named("not-recovered", "2024-11-12T22:15:00", cycles=6, unpaid=True),
    Named("past-due", "2025-06-14T18:30:00", cycles=5, unpaid=True),
    Named("leaving", "2025-05-01T15:00:00", cycles=7),
    Named("january-29", "2024-01-29T20:00:00"),
    Named("january-30", "2024-01-30T20:00:00"),
    Named("january-31", "2024-01-31T20:00:00"),
    Named("january-31-again", "2025-01-31T17:00:00", cycles=6),
    Named("spring-before", "2025-03-09T09:30:00"),
    Named("spring-after", "2025-03-09T10:30:00"),
    Named("spring-2024", "2024-03-11T06:59:59", cycles=3),
    Named("autumn-before", "2025-11-02T08:30:00"),
    Named("autumn-after", "2025-11-02T09:30:00"),
    Named("autumn-2024", "2024-11-04T07:59:59", cycles=3),
    Named("last-second", "2025-04-11T06:59:59"),
    Named("midnight", "2025-04-11T07:00:00"),
    Named("two-at-once", "2024-09-12T18:00:00"),
    Named("two-at-once", "2024-10-20T18:00:00", cycles=8),
    Named("five-seats", "2024-12-02T16:00:00", seats=5),
    Named("twelve-seats-and-one", "2025-02-04T16:00:00", seats=12),
    Named("twelve-seats-and-one", "2025-02-06T16:00:00"),
    Named("missing-in-stripe", "2025-02-18T19:00:00", cycles=7),
    Named("missing-in-ssc", "2025-02-19T19:00:00", cycles=7),
    Named("ended-in-stripe", "2025-02-20T19:00:00"),
    Named("goes-on-in-stripe", "2025-02-21T19:00:00", cycles=4),
    Named("pacific-clock", "2025-02-24T10:00:00", cycles=4),
    Named("refunded", "2025-02-25T19:00:00"),
    Named("half-refunded", "2025-02-26T19:00:00"),
    Named("half-price", "2025-02-27T19:00:00"),
    Named("charged-twice", "2025-02-28T19:00:00"),
)
EMAILS = tuple(dict.fromkeys(story.email for story in NAMED))
