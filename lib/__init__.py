"""Boardroom's code; each folder says in its own docstring what it holds."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (said before anything newer is imported)
    sys.exit(f"Boardroom needs Python 3.11 or later; this is {sys.version_info[0]}.{sys.version_info[1]}.")
