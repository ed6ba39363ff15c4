"""Every shape that a look's filters and options can give its SQL, and small tables that tell the shapes apart."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from lib.filters import parse
from lib.looks import Catalogue, CompiledLook, Look, compile_look
from lib.warehouse.schema import table_columns

NOW = datetime(2025, 11, 19, tzinfo=UTC)
DATES = (
    "12 months",
    "2025-09-10 to 2025-10-20",
    "before 2025-09-10",
    "after 2025-09-10",
    "2025-08,2025-10,null",
    "null",
    "not null",
)
TEXTS = ("a%,bolt\\, inc.,Customer,Managed,ops+2@acme.example", "-free,-%b_lt%,-App", "NULL,acme", "-EMPTY")
NUMBERS = ("[0,100),NULL", "NOT 5, 7", "1.5 to 20")
YESNO = ("yes", "no", "null")
SHAPES = {"date": DATES, "string": TEXTS, "number": NUMBERS, "yesno": YESNO}

NAMES = (None, "Acme", "BOLT, Inc.", "100% sure", " lead", "null", "acme", "=cmd", "A_b")
# Tables of one row a key: two rows of one instance would leave a look's order open.
KEYS = {"analytics.instances": "site_id", "analytics.accounts": "account_id"}
EMAILS = (None, "", "ops@acme.example", "ops+2@acme.example", "it@bolt.example")


def compiled_shapes(look: Look, known: Catalogue) -> Iterator[tuple[str, CompiledLook]]:
    """The look without filters, each filter alone, each form of a date, all filters in each form, each choice."""
    kinds = {name: known.filters[name].kind for name in look.filters}
    settings: list[dict[str, str]] = [{}]
    settings += [{name: SHAPES[kind][0]} for name, kind in kinds.items() if kind != "date"]
    settings += [{"date": text} for text in DATES if "date" in kinds]
    settings += [{name: forms[at % len(forms)] for name, forms in all_forms(kinds)} for at in range(len(TEXTS))]
    for texts in settings:
        filters = {name: parse(kinds[name], text) for name, text in texts.items()}
        yield str(texts), compile_look(look, filters, {}, NOW, NOW, known)
    for option, choices in look.options.items():
        for choice in choices:
            yield choice, compile_look(look, {}, {option: choice}, NOW, NOW, known)


def all_forms(kinds: Mapping[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """Each filter that is no date with its forms; dates have their own, so that they do not hide the others."""
    return [(name, SHAPES[kind]) for name, kind in kinds.items() if kind != "date"]


def small_tables(tables: Mapping[str, object] | set[str] | frozenset[str]) -> dict[str, list[dict[str, object]]]:
    """Sixty rows a table over a year, the same in each run: gaps, zeros, odd names, several instances an account."""
    return {table: [*_rows(table)] for table in sorted(tables)}


def _rows(table: str) -> Iterator[dict[str, object]]:
    columns, draw = table_columns(table), random.Random(table)
    for number in range(60):
        row = {name: _value(name, kind, number, draw) for name, kind in columns.items()}
        if table in KEYS:
            row[KEYS[table]] = f"{KEYS[table]}-{number}"
        if "account_key" in row:
            row["account_key"] = row["account_name"].lower() if isinstance(row["account_name"], str) else None
        yield row


def _value(name: str, kind: str, number: int, draw: random.Random) -> object:
    if name in ("site_id", "account_id"):
        return f"{name}-{number // 12}" if draw.random() < 0.95 else f"{name}-x{number}"
    if name in ("day", "week", "month"):
        return _period(name, number)
    known = {
        "account_name": NAMES,
        "account_type": ("Customer", "Customer", "Free"),
        "deploy_type": (None, "kubernetes", "helm", "app"),
        "version": (None, "5.11", "5.9", "5.10"),
    }
    if name in known:
        return draw.choice(known[name])
    if name in ("installer_email", "installer_emails", "search_terms", "instance_type", "products"):
        values = (
            EMAILS if name not in ("instance_type", "products") else ("Self-hosted", "Managed", "App", "batch-changes")
        )
        if kind.startswith("ARRAY"):
            return sorted({value for value in draw.choices(values, k=draw.randint(0, 2)) if value is not None})
        return draw.choice(values)
    return _plain_value(kind, draw)


def _plain_value(kind: str, draw: random.Random) -> object:
    if draw.random() < 0.2:
        return [] if kind.startswith("ARRAY") else None
    if kind.startswith("ARRAY<STRUCT<"):
        return [_struct_value(kind, draw) for _ in range(draw.randint(0, 3))]
    if kind == "INT64":
        return draw.choice([0, 1, 2, 5, 7, 20, 100])
    if kind == "FLOAT64":
        return draw.choice([0.0, 0.5, 2.25, 12.0])
    if kind == "BOOL":
        return draw.random() < 0.5
    if kind == "DATE":
        return date(2025, 1, 1) + timedelta(days=draw.randrange(330))
    if kind == "TIMESTAMP":
        return datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=draw.randrange(470_000))
    return [] if kind.startswith("ARRAY") else f"text {draw.randrange(9)}"


def _struct_value(kind: str, draw: random.Random) -> dict[str, object]:
    fields = [field.split() for field in kind.removeprefix("ARRAY<STRUCT<").removesuffix(">>").split(",")]
    return {name: _plain_value(field_kind, draw) for name, field_kind in fields}


def _period(name: str, number: int) -> date:
    at = number % 12
    if name == "month":
        return date(2025, at + 1, 1) if at < 11 else date(2024, 12, 1)
    return date(2025, 10, 5) + timedelta(days=at * 7 if name == "week" else number)
