"""A look with a column of every kind, and rows for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa

from lib.board.downloads.about import About, FilterLine
from lib.looks import catalogue
from lib.looks.look import Column

COLUMNS = {
    "month": Column(label="Month", type="DATE", format="month"),
    "day": Column(label="Day", type="DATE"),
    "account": Column(label="Account", type="STRING"),
    "revenue": Column(label="Revenue", type="INT64", format="usd"),
    "users": Column(label="Users", type="INT64", format="integer"),
    "net": Column(label="Net change", type="INT64", format="change"),
    "share": Column(label="Share", type="FLOAT64", format="percent"),
    "ratio": Column(label="Ratio", type="FLOAT64"),
    "exact": Column(label="Exact", type="NUMERIC", format="decimal"),
    "is_managed": Column(label="Managed", type="BOOL"),
    "last_ping": Column(label="Last ping", type="TIMESTAMP"),
    "local": Column(label="Local", type="DATETIME"),
    "at": Column(label="At", type="TIME"),
    "products": Column(label="Products", type="ARRAY<STRING>"),
    "line": Column(label="Line", type="ARRAY<FLOAT64>", show="sparkline"),
    "secret_id": Column(label="Id", type="STRING", hidden=True),
}
LOOK = catalogue().looks["company_metrics/dau_mau"].model_copy(update={"columns": COLUMNS, "title": "DAU / MAU"})
SCHEMA = pa.schema(
    [
        ("month", pa.date32()),
        ("day", pa.date32()),
        ("account", pa.string()),
        ("revenue", pa.int64()),
        ("users", pa.int64()),
        ("net", pa.int64()),
        ("share", pa.float64()),
        ("ratio", pa.float64()),
        ("exact", pa.decimal128(38, 9)),
        ("is_managed", pa.bool_()),
        ("last_ping", pa.timestamp("us", "UTC")),
        ("local", pa.timestamp("us")),
        ("at", pa.time64("us")),
        ("products", pa.list_(pa.string())),
        ("line", pa.list_(pa.float64())),
        ("secret_id", pa.string()),
    ]
)
FULL = {
    "month": date(2025, 10, 1),
    "day": date(2025, 10, 31),
    "account": "Büro & Söhne 😀",
    "revenue": 19_661_405,
    "users": 123_664,
    "net": -215,
    "share": 0.343,
    "ratio": 1.25,
    "exact": Decimal("12.500000000"),
    "is_managed": True,
    "last_ping": datetime(2025, 10, 31, 23, 19, 5, tzinfo=UTC),
    "local": datetime(2025, 10, 31, 16, 19),
    "at": time(16, 19, 30),
    "products": ["Cody", "Code Search"],
    "line": [1.0, None, 3.5],
    "secret_id": "hidden",
}
NOTHING = dict.fromkeys(FULL)
TABLE = pa.Table.from_pylist([FULL, NOTHING], schema=SCHEMA)
ABOUT = About(
    look="company_metrics/dau_mau",
    title="DAU / MAU",
    question="How often do monthly users come back?",
    definition="=Mean daily users over monthly users.",
    grain="one row a month",
    filters=(FilterLine("account_name", "Account name", "is =cmd()", '"=cmd()"'),),
    unused=("Products purchased",),
    told=(("Month", "Oct 2025"),),
    through="Pings through Tue 18 Nov 2025",
    asked="Wed 19 Nov 2025 06:10 UTC",
    zone="UTC",
    link="http://boardroom.example/company_metrics?account_name=%22%3Dcmd%28%29%22",
)
# What a spreadsheet would run, or what breaks a file that is written carelessly.
DANGEROUS = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    'say "hi", then\r\nleave',
    "_x000D_",
    "<b>&amp;</b>",
    "\x00\x1b",
    " =1",
    "",
]
