"""Columns of Cody Pro's raw tables: identifiers, words and moments as Arrow arrays."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lib.demo.moments import Array

_STAMP = pa.timestamp("us", tz="UTC")


def account_ids(person: Array) -> pa.Array:
    """Identifiers in SAMS of persons by their numbers."""
    return identifiers("sams-", person, 1)


def subscription_ids(number: Array) -> pa.Array:
    """SSC's identifiers of subscriptions by their place."""
    return identifiers("ssc-", number, 2)


def stripe_ids(number: Array) -> pa.Array:
    """Stripe's identifiers of subscriptions by their place."""
    return identifiers("sub_", number, 3)


def identifiers(kind: str, number: Array, salt: int) -> pa.Array:
    """A text for each number below 2^32, all different, that does not tell the order."""
    mixed = (number.astype("uint64") * np.uint64(2_654_435_761) + np.uint64(salt * 97_531)) % np.uint64(2**32)
    digits = pa.array(mixed + np.uint64(10**10)).cast(pa.string())
    return pc.binary_join_element_wise(kind, digits, "")  # pyright: ignore[reportAttributeAccessIssue]


def words(texts: Array, choice: Array) -> pa.Array:
    """The text that each choice points at."""
    return pa.array(texts).take(pa.array(choice))


def stamps(moment: Array) -> pa.Array:
    """Moments as timestamps of UTC."""
    return pa.array(moment.astype("datetime64[us]")).cast(_STAMP)


def epochs(moment: Array) -> pa.Array:
    """Moments as seconds since 1970, as Stripe writes them."""
    return pa.array(moment.astype("int64"), mask=np.isnat(moment))
