"""People from the command line: `python -m lib.access admin EMAIL` and its kin (docs/access)."""

from __future__ import annotations

import argparse
import sys

from lib.access.invitations import everybody, invite, lock
from lib.access.people import AccessError, Role
from lib.settings import settings
from lib.state import StateError, ready


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0, or 1 after a sentence about what is wrong."""
    options = _parser().parse_args(arguments)
    try:
        ready()
        _run(options)
    except (AccessError, StateError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lib.access", description="People and their access.")
    commands = parser.add_subparsers(dest="command", required=True)
    admin = commands.add_parser("admin", help="make somebody an administrator and print a one-time link")
    admin.add_argument("email")
    anybody = commands.add_parser("invite", help="add somebody, or renew a password, by a one-time link")
    anybody.add_argument("email")
    anybody.add_argument("--role", choices=[str(role) for role in Role], help="by default viewer for new people")
    for command, words in (("lock", "end all sessions and let somebody in no more"), ("unlock", "take a lock back")):
        commands.add_parser(command, help=words).add_argument("email")
    commands.add_parser("people", help="list everybody")
    return parser


def _run(options: argparse.Namespace) -> None:
    if options.command in ("admin", "invite"):
        role = Role.admin if options.command == "admin" else Role(options.role) if options.role else None
        link = invite(options.email, role)
        company = "They sign in with their company account here:"
        print(company if settings().oidc else "This link sets the password. It works once, and for two days:")
        print(link)
    elif options.command == "people":
        for person, standing in everybody():
            print(f"{person.email}\t{person.role}\t{standing}")
    else:
        lock(options.email, locked=options.command == "lock")
        print("Locked out; all sessions ended." if options.command == "lock" else "Let in again.")


if __name__ == "__main__":
    sys.exit(main())
