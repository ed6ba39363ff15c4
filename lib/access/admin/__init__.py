"""The page of administrators: people, sessions, requests for rights, the audit (docs/access)."""

from lib.access.admin.page import ADMIN, show_admin

__all__ = ["ADMIN", "show_admin"]
