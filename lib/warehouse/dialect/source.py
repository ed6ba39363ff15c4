"""What must be read off the text itself, because a parsed tree no longer shows it."""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from lib.warehouse.query import QueryInvalid, QueryRefused

ESCAPES = re.compile(r"\\(.)", re.DOTALL)
LEGAL = set("abfnrtv\\\"'\n")
FOREIGN = set("uUxX01234567?`")
ODD_PATH = re.compile(r"\$.*(\[\s*'|\"\"|\[\s*\"|\.\.|\*)", re.DOTALL)


def parse_source(sql: str) -> exp.Expr:
    """The tree of one GoogleSQL statement; raises `QueryInvalid` or `QueryRefused`."""
    dialect = BigQuery()
    try:
        tokens = dialect.tokenize(sql)
        _check_texts(sql, tokens)
        statements = dialect.parser(error_level=ErrorLevel.IMMEDIATE).parse(tokens, sql)
    except SqlglotError as error:
        raise QueryInvalid("The query cannot be read.", detail=str(error)) from error
    found = [s for s in statements if s is not None]
    if not found:
        raise QueryInvalid("There is no query.")
    if len(found) > 1:
        raise QueryRefused("One statement at a time.", construct="several statements")
    return found[0]


def _check_texts(sql: str, tokens: list[Token]) -> None:
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.token_type is TokenType.PIPE_GT:
            raise QueryRefused("Pipe syntax is not there on the demo engine: use SELECT … FROM.", construct="|>")
        if token.token_type not in (TokenType.STRING, TokenType.RAW_STRING, TokenType.BYTE_STRING):
            continue
        if before is not None and before.token_type is TokenType.STRING and before.end + 1 == token.start:
            raise QueryInvalid("Texts side by side need a space between them; a quote in a text is written \\'.")
        if ODD_PATH.match(token.text):
            raise QueryRefused('JSON paths are written as $.name."odd name"[0] here.', construct="JSON path")
        if token.token_type is TokenType.RAW_STRING:
            continue
        text = sql[token.start : token.end + 1]
        other_quote = {"'": '"', '"': "'"}.get(text.lstrip("bB")[:1])
        for char in ESCAPES.findall(text):
            if char in FOREIGN or char == other_quote:
                raise QueryRefused(
                    f"Texts with the escape \\{char}: write the character itself.", construct="escape in a text"
                )
            if char not in LEGAL:
                raise QueryInvalid(f"Illegal escape \\{char} in a text: use r'…' for patterns.")
