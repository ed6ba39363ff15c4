"""Alembic migrations of the state database, applied at start by `lib.state.migration`."""
