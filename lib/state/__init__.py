"""The state database: people, sessions and everything that must outlive a process."""

from lib.state.connection import (
    StateError,
    StateNewer,
    StateOlder,
    StateUnavailable,
    asking,
    database,
    reading,
    serialise,
    writing,
)
from lib.state.migration import ready, upgrade

__all__ = [
    "StateError",
    "StateNewer",
    "StateOlder",
    "StateUnavailable",
    "asking",
    "database",
    "reading",
    "ready",
    "serialise",
    "upgrade",
    "writing",
]
