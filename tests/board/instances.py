"""A few instances in a real warehouse, looks that list them, and a page whose tiles speak of one of them."""

from __future__ import annotations

import json
from datetime import date, datetime

from streamlit.testing.v1 import AppTest

_ALL = {
    "matches": """/*
title: Instances
question: Which instances match?
definition: Instances, by monthly users.
grain: one row an instance
period: instant
columns:
  site_id: {label: Site id, type: STRING, format: code}
  account_name: {label: Account, type: STRING}
  installer_email: {label: Installer email, type: STRING, format: code}
  version: {label: Version, type: STRING}
  monthly_users: {label: Monthly users, type: INT64, format: integer}
  users_by_month: {label: 12 months, type: ARRAY<INT64>, show: sparkline}
  account_type: {label: Type, type: STRING, hidden: true}
filters:
  account_name: account_key
  installer_email: installer_emails
  account_type: account_type
  find: search_terms
  site: site_id
chart: {kind: table}
budget: 1 GB
*/
SELECT site_id, account_name, installer_email, version, monthly_users, users_by_month, account_type
FROM analytics.instances
WHERE @filters
ORDER BY monthly_users DESC, site_id
""",
    "recent": """/*
title: Last active
question: Who was active last?
definition: Customers by their last ping.
grain: one row an instance
period: instant
columns:
  site_id: {label: Site id, type: STRING}
  account_name: {label: Account, type: STRING}
  last_day: {label: Last ping, type: DATE, format: date}
opens: {filters: {site: site_id}}
chart: {kind: table}
budget: 1 GB
*/
SELECT site_id, account_name, last_day
FROM analytics.instances
ORDER BY last_day DESC, site_id
LIMIT 3
""",
    "facts": """/*
title: Facts
question: What is it?
definition: The instance.
grain: one row an instance
period: instant
columns:
  site_id: {label: Site id, type: STRING, format: code}
  version: {label: Version, type: STRING, badge: behind}
  behind: {label: Behind, type: STRING, hidden: true}
  code_hosts: {label: Code hosts, type: ARRAY<STRING>, names: {GITHUB: GitHub}}
  total_repos: {label: Repositories, type: INT64, format: integer}
filters: {site: site_id}
chart: {kind: facts}
budget: 1 GB
*/
SELECT
  site_id,
  version,
  IF(releases_behind > 0, CONCAT(CAST(releases_behind AS STRING), ' behind'), NULL) AS behind,
  code_hosts,
  total_repos
FROM analytics.instances
WHERE @filters
""",
    "cody": """/*
title: Cody users
question: How many use Cody?
definition: Users of Cody a month.
grain: one row a day
columns:
  day: {label: Day, type: DATE, format: date}
  cody_users: {label: Cody users, type: INT64, format: integer}
filters: {site: site_id, date: day}
chart: {kind: line, x: day, y: cody_users}
sent: {field: cody_usage, since: "5.0"}
budget: 1 GB
*/
SELECT day, cody_users
FROM analytics.instance_days
WHERE @filters
ORDER BY day
""",
    "cody_latest": """/*
title: Cody users
label: Cody users
question: How many use Cody?
definition: Users of Cody on the last day.
rows_of: single_instance/cody
over: last
chart: {kind: counter, x: day, y: cody_users}
sent: {field: cody_usage, since: "5.0"}
*/
""",
    "accounts": """/*
title: Instances by account
question: Whose are they?
definition: Instances.
grain: one row an instance
period: instant
columns:
  account_name: {label: Account, type: STRING}
  site_id: {label: Site id, type: STRING}
filters: {account_name: account_key, account_type: account_type}
opens: {page: single_instance, filters: {site: site_id, account_name: account_name}}
chart: {kind: table}
budget: 1 GB
*/
SELECT account_name, site_id
FROM analytics.instances
WHERE @filters
ORDER BY site_id
""",
}
NOW = datetime(2025, 11, 19)
LOOKS = {f"single_instance/{name}": text for name, text in _ALL.items()}


def _instance(site: str, account: str | None, email: str, kind: str, users: int, version: str, **more: object) -> dict:
    return {
        "site_id": site,
        "account_name": account,
        "account_key": account and account.lower(),
        "installer_email": email,
        "installer_emails": [email],
        "account_type": kind,
        "monthly_users": users,
        "users_by_month": [users - 1, users],
        "version": version,
        "last_day": date(2025, 11, 18),
        "search_terms": [site.lower(), email, *([account.lower()] if account else [])],
        **more,
    }


TABLES = {
    "analytics.instances": [
        _instance("src-hf-prod", "Harrow & Finch", "platform@harrow.example", "Customer", 1272, "6.7.0",
                  releases_behind=2, code_hosts=["GITHUB", "GITLAB"], total_repos=18402),
        _instance("src-hf-emea", "Harrow & Finch", "platform@harrow.example", "Customer", 212, "4.5.1"),
        _instance("src-hf-odd", "Harrow & Finch", "k.osei@harrow.example", "Customer", 6, "dev"),
        _instance("src-kestrel", "Kestrel Labs", "ops@kestrel.example", "Free", 40, "6.9.1"),
        _instance("src-100%_a", None, "say_100%@free.example", "Free", 3, "6.9.1"),
    ],
    "analytics.instance_days": [
        {"site_id": "src-hf-prod", "day": date(2025, 11, day), "cody_users": 400 + day} for day in range(1, 19)
    ],
    "analytics.names": [{"kind": "account_name", "name": "Harrow & Finch"}],
    "analytics.freshness": [
        {"source": source, "grows": True, "loaded_at": datetime(2025, 11, 19, 6), "data_through": NOW}
        for source in ("sourcegraph_analytics.update_checks", "dotcom_events.events")
    ],
}  # fmt: skip

CHOOSE = '    board.choose("single_instance/matches", filter="site", otherwise="single_instance/recent")\n'
PAGE = f'''"""Single instance: everything one instance reports."""
from lib.board import Board

board = Board(
    title="Single instance",
    filters={{
        "account_name": "",
        "installer_email": "",
        "account_type": "",
        "date": "12 months",
        "find": "",
        "site": "",
    }},
    section="Customers",
)
with board:
{CHOOSE}    board.counters("single_instance/cody_latest")
    board.section("Facts")
    board.row("single_instance/facts", "single_instance/cody")
'''
LIST_PAGE = '''"""Accounts: who has what."""
from lib.board import Board

board = Board(title="Accounts", filters={"account_name": "", "account_type": "Customer"}, section="Customers")
with board:
    board.row("single_instance/accounts", wide=True)
'''


def pick(page: AppTest, row: int, *, table: int = 0, column: str | None = None) -> AppTest:
    """Pick a row of a table as a browser does: by its mark, or by a cell of that column."""
    rows, cells = ([row], []) if column is None else ([], [[row, column]])
    states = page._tree.get_widget_states()
    state = states.widgets.add()
    state.id = page.dataframe[table].proto.id
    state.string_value = json.dumps({"selection": {"rows": rows, "columns": [], "cells": cells}})
    return page._run(states)
