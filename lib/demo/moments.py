"""Moments as numpy seconds of UTC: monthly cycles, and the Pacific days they fall on."""

from typing import TypeAlias

import numpy as np
import pandas as pd

from lib.demo.days import DAYS, day_of

Array: TypeAlias = np.ndarray

NOW = np.datetime64(day_of(DAYS), "s")
NEVER = np.datetime64("NaT", "s")
DAY = np.timedelta64(86_400, "s")


def seconds(values: Array | float) -> Array:
    """A number of seconds as a span, cut to whole ones."""
    return np.asarray(values).astype("int64").astype("timedelta64[s]")


def add_months(moment: Array, months: Array) -> Array:
    """The same day and time of a later month, or its last day where that is shorter: 31 January, 28 February."""
    day = moment.astype("datetime64[D]")
    month = moment.astype("datetime64[M]")
    target = month + np.asarray(months).astype("timedelta64[M]")
    longest = (target + 1).astype("datetime64[D]") - target.astype("datetime64[D]") - 1
    same = np.minimum(day - month.astype("datetime64[D]"), longest)
    return (target.astype("datetime64[D]") + same).astype("datetime64[s]") + (moment - day)


def cycles_begun(anchor: Array) -> Array:
    """How many monthly cycles from `anchor` on have begun by now."""
    months = (NOW.astype("datetime64[M]") - anchor.astype("datetime64[M]")).astype("int64")
    begun = months + (add_months(anchor, np.maximum(months, 0)) < NOW)
    return np.where(anchor < NOW, begun, 0)


def pacific(moment: Array) -> Array:
    """The wall clock's time in Los Angeles."""
    local = pd.DatetimeIndex(moment, tz="UTC").tz_convert("America/Los_Angeles").tz_localize(None)
    return local.to_numpy(dtype="datetime64[s]")


def pacific_day(moment: Array) -> Array:
    """The calendar day in Los Angeles."""
    return pacific(moment).astype("datetime64[D]")
