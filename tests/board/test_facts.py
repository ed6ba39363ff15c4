"""Facts: label and value of one row, as Markdown that shows each value as it is."""

from __future__ import annotations

from datetime import date

import pytest

from lib.board.facts import fact_rows
from lib.looks import Look


def a_look(columns: dict[str, dict], **chart: object) -> Look:
    return Look.model_validate(
        {
            "id": "board/facts",
            "sql": "SELECT",
            "title": "T",
            "question": "Q?",
            "definition": "D.",
            "grain": "one row",
            "columns": {name: {"label": name.capitalize(), **said} for name, said in columns.items()},
            "chart": {"kind": "facts", **chart},
            "budget": "1 MB",
        }
    )


def fact(value: object, kind: str = "STRING", **said: object) -> str:
    return fact_rows(a_look({"x": {"type": kind, **said}}), {"x": value})["X"]


@pytest.mark.parametrize(
    ("value", "said", "shown"),
    [
        (1800, {"kind": "INT64", "format": "integer"}, "1,800"),
        (1800, {"kind": "INT64", "format": "integer", "unit": "seats"}, "1,800 seats"),
        (0, {"kind": "INT64", "format": "integer"}, "0"),
        (0.343, {"kind": "FLOAT64", "format": "percent"}, "34.3%"),
        (date(2026, 1, 4), {"kind": "DATE", "format": "date"}, "Sun 4 Jan 2026"),
        (True, {"kind": "BOOL"}, "Yes"),
        ("src-1", {"format": "code"}, "`src-1`"),
        ("a`b``c", {"format": "code"}, "```a`b``c```"),
        ("`a", {"format": "code"}, "`` `a ``"),
        ("docker-compose", {"names": {"docker-compose": "Docker Compose"}}, "Docker Compose"),
        (["GITHUB", "x"], {"kind": "ARRAY<STRING>", "names": {"GITHUB": "GitHub"}}, "GitHub, x"),
        (["a", "b"], {"kind": "ARRAY<STRING>", "format": "code"}, "`a`, `b`"),
        ("*bold* [x](y) :red[z] $1$", {}, r"\*bold\* \[x\](y) \:red\[z\] \$1\$"),
    ],
)
def test_a_fact_stands_in_the_words_of_its_format(value, said, shown):
    said = {**said}
    assert fact(value, said.pop("kind", "STRING"), **said) == shown


@pytest.mark.parametrize("value", [None, "", " ", []])
@pytest.mark.parametrize("format", [None, "code"])
def test_a_missing_fact_is_a_dash(value, format):
    assert fact(value, "ARRAY<STRING>" if value == [] else "STRING", format=format) == "—"


@pytest.mark.parametrize(
    ("badge", "shown"),
    [
        ("2 behind", "6.7.0 :orange-badge[2 behind]"),
        ("[late]", r"6.7.0 :orange-badge[\[late\]]"),
        (None, "6.7.0"),
        ("", "6.7.0"),
    ],
)
def test_a_badge_stands_beside_its_fact(badge, shown):
    columns = {"version": {"type": "STRING", "badge": "behind"}, "behind": {"type": "STRING", "hidden": True}}
    assert fact_rows(a_look(columns), {"version": "6.7.0", "behind": badge}) == {"Version": shown}


def test_y_says_which_facts_stand_there_and_in_which_order():
    columns: dict[str, dict] = {name: {"type": "STRING"} for name in ("a", "b", "c")}
    row = {"a": "1", "b": "2", "c": "3"}
    assert list(fact_rows(a_look(columns), row)) == ["A", "B", "C"]
    assert fact_rows(a_look(columns, y=["c", "a"]), row) == {"C": "3", "A": "1"}
