"""The command line: one request, batches, and requests that cannot be read."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from lib.filters.__main__ import BadRequest, answer_line, read_arguments, read_lines
from lib.settings import ROOT

NOW = "2024-05-15T10:30:00Z"


def ask(**request: Any) -> dict[str, Any]:
    return answer_line(json.dumps({"now": NOW, **request}).encode(), NOW)


def test_dates() -> None:
    assert ask(kind="date", expression="4 week ago for 4 week,null") == {
        "any": False,
        "intervals": [["2024-04-15T00:00:00Z", "2024-05-13T00:00:00Z"]],
        "nulls": True,
        "canonical": "4 weeks ago for 4 weeks,null",
        "words": "Mon 15 Apr 2024 – Sun 12 May 2024 (28 days, UTC) or no date",
        "warnings": [],
    }
    assert ask(kind="date", expression="")["intervals"] == [[None, None]]
    late = ask(
        kind="date", expression="today", zone="America/Los_Angeles", values=["2024-05-15", "2024-05-15T06:00:00Z"]
    )
    assert late["keeps"] == [True, False]


def test_values() -> None:
    found = ask(kind="string", expression="-free", values=["FREE", None, ["free"], []], case_sensitive=False)
    assert found["keeps"] == [False, True, False, True]
    assert found["parameters"] == {"p_1": ("free",)}
    assert found["predicate"] == "(x IS NULL OR NOT (x IN UNNEST(@p_1)))"
    assert ask(kind="number", expression="[0,5]", values=[0, 5.5, None])["keeps"] == [True, False, False]
    assert ask(kind="yesno", expression="no", values=[None, True])["keeps"] == [True, False]


def test_other_fields_and_nulls_change_nothing() -> None:
    plain = ask(kind="date", expression="this week")
    assert ask(kind="date", expression="this week", id=7, zone=None, week_start=None, fiscal_start_month=None) == plain


def test_a_bad_text_is_an_error() -> None:
    assert ask(kind="date", expression="7 dayz") == {
        "error": {
            "code": "expected",
            "position": 2,
            "length": 4,
            "expected": ("a unit",),
            "suggestion": "7 days",
            "message": 'Date: "dayz" is not a unit (day, week, month …). Did you mean "7 days"?',
        }
    }
    assert ask(kind="date", expression="99999 years ago")["error"]["code"] == "out_of_range"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"[" * 100_000,
        b'{"kind": "date"}',
        b'{"kind": "colour", "expression": "red"}',
        b'{"kind": "date", "expression": 5}',
        b'{"kind": "date", "expression": "today", "zone": "Mars"}',
        b'{"kind": "date", "expression": "today", "zone": 5}',
        b'{"kind": "date", "expression": "today", "now": "soon"}',
        b'{"kind": "date", "expression": "today", "fiscal_start_month": 13}',
        b'{"kind": "date", "expression": "today", "fiscal_start_month": true}',
        b'{"kind": "date", "expression": "today", "week_start": "x"}',
        b'{"kind": "number", "expression": "5", "values": ["5"]}',
        b'{"kind": "yesno", "expression": "yes", "values": 5}',
    ],
)
def test_an_unreadable_request_is_a_bad_request(line: bytes) -> None:
    assert answer_line(line, NOW)["error"]["code"] == "bad_request"


@pytest.mark.parametrize("text", ["-Free", "--batch", "--now", "", "-7 days"])
def test_the_expression_is_taken_as_it_is(text: str) -> None:
    arguments = [
        "--zone",
        "Asia/Tokyo",
        "string",
        text,
        "--fiscal-start-month=2",
        "--values",
        "[null]",
        "--case-insensitive",
    ]
    assert read_arguments(arguments) == {
        "zone": "Asia/Tokyo",
        "kind": "string",
        "expression": text,
        "fiscal_start_month": 2,
        "values": [None],
        "case_sensitive": False,
    }


@pytest.mark.parametrize(
    "arguments", [["date"], ["date", "x", "--zone"], ["date", "x", "y"], ["date", "x", "--values", "["]]
)
def test_a_bad_command_line_is_refused(arguments: list[str]) -> None:
    with pytest.raises(BadRequest):
        read_arguments(arguments)


def test_lines_are_answered_as_they_come() -> None:
    parts = iter([b"a\nb", b"c\n", b"\n\nd"])
    assert list(read_lines(lambda size: next(parts, b""))) == [[b"a"], [b"bc"], [b"", b""], [b"d"]]


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "lib.filters", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=ROOT, check=False, env={"LC_ALL": "C"})


def test_the_process_prints_json_and_its_status() -> None:
    done = run("date", "today", "--now", NOW)
    assert (done.returncode, json.loads(done.stdout)["words"]) == (0, "Wed 15 May 2024 (1 day, UTC)")
    done = run("date", "-7 days")
    assert (done.returncode, json.loads(done.stdout)["error"]["position"]) == (2, 0)
    assert run("date").returncode == 2


def test_a_batch_answers_every_line_in_order() -> None:
    lines = [
        b'{"kind": "date", "expression": "x"}',
        b"",
        b'{"kind": "string", "expression": "\\ud800"}',
        b'{"kind": "yesno", "expression": ""}',
    ]
    done = run("--batch", stdin=b"\n".join(lines))
    answers = [json.loads(line) for line in done.stdout.split(b"\n")[:-1]]
    assert done.returncode == 0
    assert [answer.get("error", {}).get("code") for answer in answers] == ["expected", "bad_request", None, None]
