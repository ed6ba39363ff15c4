"""Who is there: people, roles, sign-in, sessions (docs/access has the rules and numbers)."""

from lib.access.people import Person, Role
from lib.access.sessions import COOKIE, NotSignedIn, current_key, one_run, person_of, require, sign_out_address

__all__ = [
    "COOKIE",
    "NotSignedIn",
    "Person",
    "Role",
    "current_key",
    "one_run",
    "person_of",
    "require",
    "sign_out_address",
]
