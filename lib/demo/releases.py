"""The release train, and which version an instance runs on each day."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from lib.demo.days import DAYS, LAST_DAY, index_of

# (minor release, day it came out, number of patches that followed)
_TRAIN = [
    ("3.43", date(2022, 8, 22), 2),
    ("4.0", date(2022, 9, 22), 1),
    ("4.1", date(2022, 10, 24), 3),
    ("4.3", date(2022, 12, 22), 1),
    ("4.5", date(2023, 2, 22), 1),
    ("5.0", date(2023, 3, 22), 6),
    ("5.1", date(2023, 6, 28), 9),
    ("5.2", date(2023, 10, 5), 7),
    ("5.3", date(2024, 2, 21), 9),
    ("5.4", date(2024, 5, 15), 5),
    ("5.5", date(2024, 7, 10), 4),
    ("5.6", date(2024, 8, 14), 3),
    ("5.7", date(2024, 9, 5), 2),
    ("5.8", date(2024, 10, 2), 2),
    ("5.9", date(2024, 10, 30), 3),
    ("5.10", date(2024, 11, 27), 3),
    ("5.11", date(2024, 12, 18), 4),
    ("6.0", date(2025, 1, 22), 2),
    ("6.1", date(2025, 2, 19), 4),
    ("6.2", date(2025, 3, 26), 3),
    ("6.3", date(2025, 4, 23), 4),
    ("6.4", date(2025, 5, 28), 3),
    ("6.5", date(2025, 6, 25), 3),
    ("6.6", date(2025, 7, 23), 3),
    ("6.7", date(2025, 8, 20), 2),
    ("6.8", date(2025, 9, 10), 3),
    ("6.9", date(2025, 10, 15), 2),
    ("6.10", date(2025, 11, 12), 0),
]


@dataclass(frozen=True)
class Release:
    """One released version; `minor` counts minor releases from the oldest, so 5.10 is above 5.9."""

    version: str
    released_on: date
    minor: int


def minor_of(name: str) -> int:
    """The number of a minor release, such as "5.3", in the train."""
    return [minor for minor, _, _ in _TRAIN].index(name)


@cache
def releases() -> tuple[Release, ...]:
    """All releases in order of version; patches come out 9 to 16 days apart."""
    return tuple(
        Release(f"{minor}.{patch}", day + timedelta(days=patch * 9 + patch * patch % 5), number)
        for number, (minor, day, patches) in enumerate(_TRAIN)
        for patch in range(patches + 1)
        if day + timedelta(days=patch * 9 + patch * patch % 5) <= LAST_DAY
    )


@cache
def _patches(minor: int) -> list[tuple[int, int]]:
    return [(n, index_of(release.released_on)) for n, release in enumerate(releases()) if release.minor == minor]


def newest_by_day() -> np.ndarray:
    """The index into `releases()` of the highest version that is out on each day."""
    out = np.array([index_of(release.released_on) for release in releases()])
    return np.array([np.nonzero(out <= day)[0].max() for day in range(DAYS)])


def versions_by_day(rng: np.random.Generator, lag: float, skip: float, oldest: str, frozen: bool) -> np.ndarray:
    """The index into `releases()` that one instance runs on each day.

    `lag` is the usual number of days until it takes up a minor release, `skip` the chance that it leaves one out,
    `oldest` the minor release it starts from and `frozen` whether it stays there.
    """
    train = releases()
    first = minor_of(oldest)
    running = np.zeros(DAYS, dtype=np.int16)
    running[:] = max(n for n, release in enumerate(train) if release.minor == first)
    if frozen:
        return running
    for minor in range(first + 1, len(_TRAIN)):
        wait = int(lag * rng.lognormal(0, 0.6))
        left_out, follows_patches = rng.random() < skip, rng.random() < 0.5
        if left_out:
            continue
        taken_up = index_of(_TRAIN[minor][1]) + wait
        for number, out in _patches(minor):
            if out > taken_up and not follows_patches:
                continue
            from_day = max(taken_up, out + 6 if out > taken_up else taken_up)
            if from_day < DAYS:
                later = running[max(from_day, 0) :]
                np.maximum(later, number, out=later)
    return running
