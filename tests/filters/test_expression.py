"""What holds for every text: it parses or is a FilterError, and its canonical form is one and the same expression."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.filters import KINDS, Context, Expression, FilterError, contains_text, parse, read_link, write_link
from lib.filters.definitions import FilterDefinition
from tests.filters.texts import EXPRESSIONS, MIXTURES

ZONES = st.sampled_from(["UTC", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"])
CONTEXTS = st.builds(
    Context,
    st.datetimes() | st.sampled_from([datetime.min, datetime.max, datetime(2024, 5, 15, 10, 30)]),
    ZONES,
    st.sampled_from(["monday", "sunday"]),
    st.integers(1, 12),
    st.booleans(),
)
TYPED = st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), EXPRESSIONS[kind]))
ANY_TEXT = TYPED | st.tuples(st.sampled_from(KINDS), MIXTURES)


def read(kind: str, text: str) -> Expression | None:
    """The expression, or None after checks of its error."""
    try:
        return parse(kind, text)
    except FilterError as error:
        assert 0 <= error.position <= len(text)
        assert 0 <= error.length <= len(text) - error.position
        assert len(error.message) <= 200
        if error.suggestion is not None:
            assert parse(kind, error.suggestion).to_text() == error.suggestion
        return None


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT)
def test_canonical_text_reads_back_as_the_same_expression(case: tuple[str, str]) -> None:
    kind, text = case
    expression = read(kind, text)
    if expression is None:
        return
    again = parse(kind, expression.to_text())
    assert again == expression
    assert again.to_text() == expression.to_text()
    assert parse(kind, f"  {text}\n").to_text() == expression.to_text()


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT, CONTEXTS)
def test_only_filter_errors_come_out_of_range(case: tuple[str, str], ctx: Context) -> None:
    kind, text = case
    expression = read(kind, text)
    if expression is None:
        return
    try:
        assert isinstance(expression.describe(ctx), str)
        expression.to_sql("x", {"date": "DATE", "string": "STRING", "number": "INT64", "yesno": "BOOL"}[kind], ctx)
        expression.matches(None, ctx)
    except FilterError as error:
        assert (kind, error.code) == ("date", "out_of_range")
        assert text[error.position : error.position + error.length].strip() != ""


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), MIXTURES.filter(lambda text: "\ud800" not in text)))
def test_links_carry_what_was_typed(texts: dict[str, str]) -> None:
    definitions = [FilterDefinition(name, name, kind) for name, kind in zip("abcd", KINDS, strict=True)]
    found = read_link(write_link(definitions, texts), definitions)
    if found.refused:
        return
    for definition in definitions:
        text = texts.get(definition.name, "")
        expression = read(definition.kind, text)
        if expression:
            assert parse(definition.kind, found.values[definition.name]) == expression


@pytest.mark.parametrize(
    ("kind", "text", "code", "position"),
    [
        ("string", "a" * 2001, "too_long", 2000),
        ("string", ",".join(f"a{n}" for n in range(201)), "too_many", 890),
        ("date", ",".join(["today"] * 201), "too_many", 1200),
        ("number", ",".join(["5"] * 201), "too_many", 400),
        ("yesno", ",".join(["yes"] * 201), "too_many", 800),
        ("string", "\\a" * 900, "too_long", 0),
    ],
)
def test_limits(kind: str, text: str, code: str, position: int) -> None:
    with pytest.raises(FilterError) as caught:
        parse(kind, text)
    assert (caught.value.code, caught.value.position) == (code, position)


def test_limits_are_reached_without_an_error() -> None:
    assert parse("string", "a" * 2000).items[0].literal == "a" * 2000
    assert len(parse("number", ",".join(str(n) for n in range(200))).items) == 200


def test_an_unknown_kind_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="no kind"):
        parse("colour", "red")


def test_the_message_names_the_filter() -> None:
    with pytest.raises(FilterError) as caught:
        parse("date", "7 dayz")
    assert caught.value.message == 'Date: "dayz" is not a unit (day, week, month …). Did you mean "7 days"?'
    assert pickle.loads(pickle.dumps(caught.value)).message == caught.value.message
    assert caught.value.named("Created").message.startswith('Created: "dayz"')


def test_parse_is_pure() -> None:
    early, late = (Context(datetime(year, 1, 1, tzinfo=UTC)) for year in (2000, 2030))
    expression = parse("date", "this year")
    assert expression.resolve(early) != expression.resolve(late)


@pytest.mark.parametrize(
    "part", ["har", "100%", "a_b", 'say "hi"', "a,b", "^", "back\\slash", " x ", "-5", "NULL", "%", "Büro 😀"]
)
def test_a_text_that_must_be_contained_is_meant_literally(part):
    (item,) = parse("string", contains_text(part)).items
    assert item.part == part and contains_text(part) == item.text
    context = Context(now=datetime(2025, 11, 19, tzinfo=UTC))
    assert parse("string", contains_text(part)).matches(f"x{part}y", context)
    assert not parse("string", contains_text(part)).matches("xy", context)


@pytest.mark.parametrize("text", ["a%", "%a", "%%", "%a_b%", "%a%b%", "-%a%", "a", "NULL"])
def test_other_items_ask_for_no_part(text):
    assert parse("string", text).items[0].part is None
