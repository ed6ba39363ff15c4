"""The search: what it finds, in which order, whatever the typos; its index over real boards and names."""

from __future__ import annotations

import pyarrow as pa
import pytest

from benchmarks.search import LIMIT_MS, made_entries, measure, typed_steps
from lib.board import navigation
from lib.board.finding import content_entries, instance_page, leads_to, name_entries, why_words
from lib.board.search import MOST_OF_A_KIND, Entry, Index, Kind, Text, typo_distance, words_of
from lib.board.words import literals
from lib.filters import parse
from lib.looks import catalogue

NAMES = pa.table(
    {
        "kind": ["account_name"] * 6 + ["installer_email"] * 3,
        "name": [
            "Databricks", "Bricks and Data", "Harrow & Finch", "Société Générale", "Monthly Foods", 'Say "Hi", Inc.',
            "devtools@databricks.example", "ops@harrow.example", "data@free.example",
        ],
        "instances": [2, 1, 3, 1, None, 1, 2, 1, 1],
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def index() -> Index:
    """All boards and tiles of this installation, and some names."""
    listed = [page for page in navigation.pages() if page.key != navigation.HOME]
    return Index([*content_entries(listed, catalogue()), *name_entries(NAMES)])


def found(index: Index, text: str) -> list[tuple[Kind, str]]:
    return [(hit.entry.kind, hit.entry.title) for hit in index.search(text)]


@pytest.mark.parametrize("typed", ["databr", "Databricks", "datbricks", "Databrikcs", "databrcks", "DATABRICKZ"])
def test_an_account_is_first_however_it_is_typed(index: Index, typed: str) -> None:
    assert found(index, typed)[0] == (Kind.account, "Databricks")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("monthly usrs", "Monthly users"),
        ("harow", "Harrow & Finch"),
        ("finch harrow", "Harrow & Finch"),
        ("societe gen", "Société Générale"),
        ("ops@harrow", "ops@harrow.example"),
        ("devtools@databricks.example", "devtools@databricks.example"),
        ("cody", "Cody Pro"),
        ("batch changes", "Batch changes"),
        ("company metrcs", "Company metrics"),
    ],
)
def test_the_best_hit_is_first(index: Index, typed: str, first: str) -> None:
    assert found(index, typed)[0][1] == first


def test_all_words_must_be_there(index: Index) -> None:
    assert found(index, "databricks harrow") == []
    assert found(index, "no such thing") == []
    assert found(index, " …!? ") == []


@pytest.mark.parametrize(
    ("typed", "page", "why"),
    [
        ("1521", "company_metrics", "look 1521"),
        ("look 1521", "company_metrics", "look 1521"),
        ("dashboard 409", "single_instance", "dashboard 409"),
        ("409", "single_instance", "dashboard 409"),
        ("board 58", "company_metrics", "board 58"),
    ],
)
def test_an_old_number_finds_what_took_its_place(index: Index, typed: str, page: str, why: str) -> None:
    hit = index.search(typed)[0]
    assert hit.entry.page == page
    assert hit.why is not None and (hit.why.name, hit.why.text) == ("Old number", why)


def test_a_column_and_a_definition_find_their_tile_and_say_so(index: Index) -> None:
    texts = (Text("Column", "Seats in force", 3), Text("Definition", "Whoever signed in within 28 days.", 4))
    small = Index([Entry(Kind.tile, "Monthly users", "a", "a/b", texts)])
    for typed, why in (("force", texts[0]), ("users sign 28", texts[1]), ("monthly", None)):
        assert [hit.why for hit in small.search(typed)] == [why]
    by_definition = index.search("ratio of sums")
    assert by_definition and all(hit.why and hit.why.name == "Definition" for hit in by_definition)


def test_a_name_leads_to_exactly_its_instance(index: Index) -> None:
    account = next(hit for hit in index.search("say hi") if hit.entry.kind is Kind.account)
    ((filter_name, text),) = leads_to(account.entry).items()
    assert filter_name == "account_name" and literals(parse("string", text)) == ['Say "Hi", Inc.']
    email = index.search("devtools@")[0]
    assert leads_to(email.entry) == {"installer_email": '"devtools@databricks.example"'}
    page = instance_page(navigation.pages())
    assert page is not None and page.key == "single_instance"
    assert why_words(email, page) == "**Installer email** · opens Single instance"


def test_accounts_do_not_drown_boards_and_tiles() -> None:
    entries = [Entry(Kind.account, f"Users {number} Inc") for number in range(500)]
    entries += [Entry(Kind.tile, "Monthly users", "a", "a/b"), Entry(Kind.board, "Users", "u")]
    hits = Index(entries).search("users")
    assert hits[0].entry.title == "Users"
    assert [hit.entry.kind for hit in hits].count(Kind.account) == MOST_OF_A_KIND
    assert any(hit.entry.kind is Kind.tile for hit in hits)


def test_the_larger_of_equal_accounts_is_first_and_the_title_before_what_is_around_it() -> None:
    entries = [
        Entry(Kind.account, "Acme North", weight=1),
        Entry(Kind.account, "Acme South", weight=9),
        Entry(Kind.board, "Sales", "s", texts=(Text("Question", "What Acme buys", 3),)),
    ]
    assert [hit.entry.title for hit in Index(entries).search("acme")] == ["Acme South", "Acme North", "Sales"]


def test_an_empty_index_finds_nothing() -> None:
    assert Index([]).search("databricks") == []


@pytest.mark.parametrize(
    ("token", "word", "near"),
    [
        ("datbricks", "databricks", True),
        ("databrikcs", "databricks", True),
        ("datbri", "databricks", True),
        ("usrs", "users", True),
        ("ysers", "users", False),  # short words must begin right
        ("abc", "abd", False),  # and very short ones be right
        ("satabricks", "databricks", True),
        ("snowflake", "databricks", False),
    ],
)
def test_typos_are_forgiven_by_the_words_length(token: str, word: str, near: bool) -> None:
    assert (typo_distance(token, word) is not None) == near


def test_words_are_runs_of_letters_and_digits_without_case_and_accents() -> None:
    assert words_of("Ünïted-Foods & Söhne_GmbH (DAU/MAU 2)") == ["united", "foods", "sohne", "gmbh", "dau", "mau", "2"]


def test_every_typo_within_the_limits_finds_its_word_among_thousands() -> None:
    index = Index(list(made_entries(50, 4_000)))
    word = "databricks"
    for at in range(1, len(word) - 1):
        dropped = word[:at] + word[at + 1 :]
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        for typed in {dropped, swapped, word[:at] + "q" + word[at + 1 :], word[:at] + "q" + word[at:]}:
            assert index.search(typed)[0].entry.title == "Databricks", typed


def test_the_benchmark_measures_what_people_type() -> None:
    assert typed_steps("dat") == ["d", "da", "dat"]
    figures = measure(looks=20, names=500, repetitions=1)
    assert figures["names"] == 500 and figures["searches"] > 100 and figures["limit_ms"] == LIMIT_MS
