"""SQL reads the same everywhere: keywords in capitals, one clause a line, named columns, nothing by position."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.dialects import BigQuery
from sqlglot.tokens import Token, TokenType

from lib.settings import ROOT

FILES = [
    file
    for file in sorted([*(ROOT / "sql/looks").rglob("*.sql"), *(ROOT / "sql/models").glob("*.sql")])
    # A look of another's rows has no SELECT of its own.
    if not file.read_text().rstrip().endswith("*/")
]
KEYWORDS = re.compile(
    r"^(SELECT|FROM|WHERE|GROUP|BY|ORDER|HAVING|QUALIFY|WITH|AS|AND|OR|NOT|IN|IS|NULL|CASE|WHEN|THEN|ELSE|END|JOIN|"
    r"LEFT|INNER|FULL|CROSS|ON|USING|UNION|ALL|DISTINCT|OVER|PARTITION|BETWEEN|LIMIT|DESC|ASC|TRUE|FALSE|UNNEST|CAST)$",
    re.IGNORECASE,
)
CLAUSES = {TokenType.FROM, TokenType.WHERE, TokenType.HAVING, TokenType.QUALIFY, TokenType.UNION}


def statement(file: Path) -> str:
    """The SELECT of a look or model, without header."""
    text = file.read_text()
    if text.startswith("/*"):
        return text.partition("*/")[2]
    return text.partition("\n);\n")[2]


def tokens(file: Path) -> list[Token]:
    return BigQuery().tokenize(statement(file))


def nested(found: list[Token]) -> list[int]:
    """How many brackets stand open before each token."""
    depth, depths = 0, []
    for token in found:
        depth -= token.token_type == TokenType.R_PAREN
        depths.append(depth)
        depth += token.token_type == TokenType.L_PAREN
    return depths


@pytest.fixture(params=FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def file(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_keywords_are_in_capitals(file: Path) -> None:
    small = [token.text for token in tokens(file) if KEYWORDS.match(token.text) and token.text != token.text.upper()]
    quoted = {token.text for token in tokens(file) if token.token_type in (TokenType.STRING, TokenType.IDENTIFIER)}
    assert [text for text in small if text not in quoted] == []


def test_each_clause_begins_a_line(file: Path) -> None:
    """But for one-line subqueries in brackets."""
    lines = statement(file).splitlines()
    found = tokens(file)
    for token, depth in zip(found, nested(found), strict=True):
        line = lines[token.line - 1]
        if token.token_type in CLAUSES and depth == 0:
            assert line.split()[0] == token.text, line


def test_columns_are_named_and_nothing_goes_by_position(file: Path) -> None:
    text = re.sub(r"@(\w+)\(", r"\1(", statement(file))
    for query in sqlglot.parse(text, read="bigquery"):
        assert query is not None
        assert not list(query.find_all(exp.Star)) or all(
            isinstance(star.parent, exp.Count) for star in query.find_all(exp.Star)
        )
        for clause in [*query.find_all(exp.Group), *query.find_all(exp.Order)]:
            assert not any(isinstance(part.unnest(), exp.Literal) for part in clause.expressions)


def test_lines_are_short_and_clean(file: Path) -> None:
    for line in statement(file).splitlines():
        assert len(line) <= 120, line
        assert line == line.rstrip(), line
        assert "\t" not in line
        assert (len(line) - len(line.lstrip(" "))) % 2 == 0, line
