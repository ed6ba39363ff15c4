"""Job labels in the form BigQuery takes, so that its logs say what each query was for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

APP = "boardroom"
LONGEST = 63
# Values of these say who somebody is: only their hash leaves the app.
PERSONAL = frozenset({"person", "user", "email"})


def job_labels(look: str, labels: Iterable[tuple[str, str]]) -> dict[str, str]:
    """`app`, `look` and the given labels; a label with an empty value is left out."""
    wanted = {"app": APP, "look": look, **dict(labels)}
    return {label_key(key): label_value(key, value) for key, value in wanted.items() if value}


def label_key(key: str) -> str:
    """Lower-case letters, digits, `_` and `-`, beginning with a letter, at most 63 characters."""
    clean = re.sub(r"[^a-z0-9_-]", "_", key.lower())[:LONGEST]
    return clean if clean[:1].isalpha() else f"x{clean}"[:LONGEST]


def label_value(key: str, value: str) -> str:
    """The value in BigQuery's alphabet: a slash becomes `-`; whatever else is lost is told apart by 8 hex of SHA-256.

    Persons (by key, or an address) become 16 hex.
    """
    if key.lower() in PERSONAL or "@" in value:
        return hashlib.sha256(value.lower().encode()).hexdigest()[:16]
    wished = value.lower().replace("/", "-")
    clean = re.sub(r"[^a-z0-9_-]", "_", wished)
    if clean == wished and len(clean) <= LONGEST:
        return clean
    return f"{clean[: LONGEST - 9]}-{hashlib.sha256(value.encode()).hexdigest()[:8]}"
