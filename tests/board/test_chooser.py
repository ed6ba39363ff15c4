"""A page about one instance: which one it speaks of, what it says, and what a click changes."""

from __future__ import annotations

import pytest

from lib.filters import parse
from lib.warehouse.query import WarehouseUnavailable
from tests.board.instances import CHOOSE, PAGE, pick
from tests.board.test_board import everything, said, texts

HARROW = "harrow & finch"


def facts(page) -> dict[str, str]:
    """The facts tile's rows: which instance the tiles speak of."""
    (table,) = page.table
    return dict(zip(table.value.index, table.value.iloc[:, 0], strict=True))


def shown_site(page) -> str:
    return facts(page)["Site id"].strip("`")


def sites(page) -> list[str]:
    return list(page.dataframe[0].value["site_id"])


def button(page, label: str):
    return next(button for button in page.main.button if button.label == label)


def search_box(page):
    return next((field for field in page.main.text_input if field.label == "Find an instance"), None)


def test_nothing_chosen_shows_the_search_box_and_who_was_active_last(instances):
    page = instances.open()
    assert not page.exception and said(page) == {}
    assert "licence key" in search_box(page).placeholder
    assert "Last active" in everything(page) and "Facts" not in everything(page)
    assert "does not follow" not in everything(page)
    assert not page.metric and not page.table


def test_a_row_of_those_who_were_active_last_opens_its_instance(instances):
    page = instances.open()
    pick(page, 1, column="site_id")
    assert said(page)["site"] == "src-hf-emea"
    assert shown_site(page) == "src-hf-emea"
    assert "**Showing src-hf-emea.** It belongs to Harrow & Finch." in everything(page)


def test_an_account_shows_its_busiest_instance_and_writes_nothing(instances):
    page = instances.open(account_name=HARROW)
    assert not page.exception and said(page) == {"account_name": HARROW}
    words = (
        "**Harrow & Finch has 3 instances.** Showing the one with the most monthly users. Pick another row to switch."
    )
    assert words in texts(page, "markdown")
    assert sites(page) == ["src-hf-prod", "src-hf-emea", "src-hf-odd"]
    assert shown_site(page) == "src-hf-prod"
    assert facts(page)["Version"] == "6.7.0 :orange-badge[2 behind]"
    assert facts(page)["Code hosts"] == "GitHub, GITLAB" and facts(page)["Repositories"] == "18,402"
    assert search_box(page) is None


def test_tiles_follow_the_instance_and_not_what_chose_it(instances):
    page = instances.open(account_name=HARROW, account_type="Customer")
    assert "does not follow" not in everything(page)
    assert page.metric[0].value == "418"


@pytest.mark.parametrize("column", [None, "version"])
def test_another_row_is_chosen_by_its_mark_or_a_cell_and_stands_in_the_address(instances, column):
    page = instances.open(account_name=HARROW)
    pick(page, 1, column=column)
    assert said(page)["site"] == "src-hf-emea" and said(page)["account_name"] == HARROW
    assert shown_site(page) == "src-hf-emea"
    assert "**Harrow & Finch has 3 instances.** Pick another row to switch." in texts(page, "markdown")
    pick(page, 0, column=column)
    assert shown_site(page) == "src-hf-prod"


def test_changing_what_chooses_drops_the_chosen_instance(instances):
    page = instances.open(account_name=HARROW, site="src-hf-emea")
    page.selectbox[0].set_value("90 days").run()
    assert said(page)["site"] == "src-hf-emea"
    next(group for group in page.sidebar.get("button_group")).set_value("Customer").run()
    assert said(page)["site"] == "" and said(page)["account_type"] == "Customer"
    assert shown_site(page) == "src-hf-prod"


@pytest.mark.parametrize(
    ("address", "words", "listed"),
    [
        ({"installer_email": "k.osei@harrow.example"}, "**1 instance found.**", ["src-hf-odd"]),
        ({"account_type": "Free"}, "**2 instances match account type Free.**", ["src-kestrel", "src-100%_a"]),
        ({"find": "%harrow%"}, "**3 instances match “harrow”.**", ["src-hf-prod", "src-hf-emea", "src-hf-odd"]),
        ({"find": "%Harrow%", "account_type": "Customer"}, "match account type Customer and “Harrow”", None),
        ({"account_name": "harrow%"}, '**3 instances match account starts with "harrow".**', None),
        ({"account_name": f"{HARROW},kestrel labs"}, "**4 instances match account harrow & finch or kestrel", None),
    ],
)  # fmt: skip
def test_a_sentence_says_what_matches(instances, address, words, listed):
    page = instances.open(**address)
    assert words in texts(page, "markdown")
    assert listed is None or sites(page) == listed
    assert shown_site(page) == sites(page)[0]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Harrow & F", 3),
        ("KESTREL", 1),
        ("src-hf-e", 1),
        ("100%", 1),
        ("%", 1),
        ("_", 1),
        ("^", 0),
        (", -", 0),
        ('"', 0),
        ("null", 0),
    ],
)
def test_a_search_finds_parts_of_names_as_they_are_typed(instances, typed, found):
    page = instances.open()
    search_box(page).set_value(f" {typed} ").run()
    assert not page.exception
    assert (len(sites(page)) if page.dataframe else 0) == found
    assert search_box(page).value == typed.strip()
    assert parse("string", said(page)["find"]).items[0].part == typed.strip()
    search_box(page).set_value("").run()
    assert said(page)["find"] == "" and "Last active" in everything(page)


def test_a_search_that_finds_nothing_says_what_can_be_typed(instances):
    page = instances.open(find="%acme%")
    assert "**No instance matches “acme”.**" in texts(page, "info")
    assert "account name, installer email, site id or licence key" in texts(page, "info")
    assert not page.dataframe and not page.metric


@pytest.mark.parametrize(("address", "told"), [({"account_name": HARROW}, False), ({"find": "%src-%"}, True)])
def test_the_account_is_told_where_several_match(instances, address, told):
    page = instances.open(**address)
    assert ("account_name" in page.dataframe[0].value.columns) == told


BY_VERSION = """/*
title: By version
question: Which instances run a version?
definition: Instances by the version that is searched for.
grain: one row an instance
period: instant
columns:
  site_id: {label: Site id, type: STRING}
filters: {find: version}
chart: {kind: table}
budget: 1 GB
*/
SELECT site_id
FROM analytics.instances
WHERE @filters
ORDER BY site_id
"""


@pytest.mark.parametrize(
    ("address", "found"), [({"find": "%6.7%"}, ["src-hf-prod"]), ({"account_name": "nobody"}, None)]
)
def test_a_search_that_finds_no_instance_shows_what_else_it_finds(instances, address, found):
    (instances.looks / "single_instance" / "by_version.sql").write_text(BY_VERSION)
    choose = CHOOSE.replace('")', '", unfound="single_instance/by_version")')
    page = instances.open(PAGE.replace(CHOOSE, choose), **address)
    assert not page.exception and "**No instance matches" in texts(page, "info")
    assert (sites(page) if page.dataframe else None) == found
    assert not page.metric and not page.table


def test_nothing_of_that_type_offers_the_type_that_has_some(instances):
    page = instances.open(account_name="kestrel labs", account_type="Customer")
    words = "**No instance matches account kestrel labs and account type Customer.** There is 1 of account type Free."
    assert words in texts(page, "info") and not page.metric
    button(page, "Show account type Free").click().run()
    assert said(page)["account_type"] == "Free"
    assert shown_site(page) == "src-kestrel"


def test_nothing_at_all_offers_nothing(instances):
    page = instances.open(account_name="nobody", account_type="Customer")
    assert "**No instance matches account nobody and account type Customer.**" in texts(page, "info")
    assert not [button for button in page.main.button if button.label.startswith("Show ")]
    assert not page.metric and not page.table


def test_a_link_with_an_instance_only_shows_it_and_offers_its_account(instances):
    page = instances.open(site="src-hf-odd")
    assert shown_site(page) == "src-hf-odd" and sites(page) == ["src-hf-odd"]
    button(page, "Show all instances of Harrow & Finch").click().run()
    assert said(page)["account_name"] == "Harrow & Finch" and said(page)["site"] == "src-hf-odd"
    assert len(sites(page)) == 3 and shown_site(page) == "src-hf-odd"


def test_an_instance_without_account_says_so(instances):
    page = instances.open(site='"src-100%_a"')
    assert "It belongs to no account." in everything(page)
    assert not [button for button in page.main.button if button.label.startswith("Show all")]


def test_an_instance_that_is_not_among_the_matches_is_shown_and_told(instances):
    page = instances.open(account_name=HARROW, site="src-kestrel")
    told = texts(page, "markdown")
    assert "**src-kestrel is not among the instances of account harrow & finch.** It belongs to Kestrel Labs." in told
    assert shown_site(page) == "src-kestrel"
    button(page, "Show the 3 that match").click().run()
    assert said(page)["site"] == "" and shown_site(page) == "src-hf-prod"


@pytest.mark.parametrize("address", [{}, {"account_name": HARROW}, {"account_name": "nobody"}])
def test_an_instance_that_does_not_exist_is_told_and_no_other_takes_its_place(instances, address):
    page = instances.open(site="src-gone", **address)
    assert "**There is no instance src-gone.**" in everything(page)
    assert not page.metric and not page.table
    if address.get("account_name") == HARROW:
        pick(page, 2)
        assert shown_site(page) == "src-hf-odd"


@pytest.mark.parametrize(("name", "mend"), [("site", "Clear it above"), ("account_name", "Mend it in the sidebar")])
def test_a_filter_that_is_not_understood_stops_the_choice(instances, name, mend):
    page = instances.open(**{name: '"open'})
    assert "not understood" in texts(page.main, "error") and mend in texts(page.main, "error")
    assert not page.metric and not page.dataframe


def test_a_warehouse_that_does_not_answer_is_told_once_and_asked_again(instances):
    def fail(query, cancellation=None):
        raise WarehouseUnavailable("The warehouse file is locked.")

    run, instances.engine.run = instances.engine.run, fail
    page = instances.open(account_name=HARROW)
    assert texts(page.main, "error").count("The warehouse did not answer") == 1
    assert not page.metric and not page.exception
    instances.engine.run = run
    button(page, "Try again").click().run()
    assert shown_site(page) == "src-hf-prod"


def test_a_broken_look_of_matches_stops_what_depends_on_it(instances):
    instances.write_look("single_instance/matches", ("version,", "versio,"))
    page = instances.open(account_name=HARROW)
    assert "This tile is broken." in texts(page.main, "error")
    assert page.title[0].value == "Single instance" and not page.metric


def test_the_matches_are_asked_for_once(instances, monkeypatch):
    asked = []
    run = instances.engine.run
    monkeypatch.setattr(instances.engine, "run", lambda query, *more: asked.append(query.look) or run(query, *more))
    page = instances.open(account_name=HARROW)
    pick(page, 2)
    assert asked.count("single_instance/matches") == 1
    assert asked.count("names") <= 2 and shown_site(page) == "src-hf-odd"


def test_what_is_chosen_on_the_page_stands_above_and_can_be_cleared(instances):
    page = instances.open(account_name=HARROW, site="src-hf-emea", find="%harrow%")
    assert not [field for field in page.sidebar.text_input if "Instance" in field.label or "Search" in field.label]
    labels = [button.label for button in page.main.button]
    assert ":small[:blue-badge[Instance is src-hf-emea]]" in labels
    button(page, ':small[:blue-badge[Search contains "harrow"]]').click().run()
    assert said(page)["find"] == "" and said(page)["site"] == ""
    assert "Instance is" not in str([button.label for button in page.main.button])


def test_reset_clears_what_is_chosen_on_the_page_too(instances):
    page = instances.open(site="src-hf-emea")
    assert "1 changed" in texts(page.sidebar, "markdown")
    next(button for button in page.sidebar.button if button.label == "Reset").click().run()
    assert said(page)["site"] == "" and "Last active" in everything(page)


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ("src-hf-emea", "**Sent since version 5.0.** This instance runs 4.5.1 and does not send `cody_usage`."),
        (
            "src-hf-odd",
            "**Sent since version 5.0.** This instance runs dev, which is no numbered release, "
            "and does not send `cody_usage`.",
        ),
        ("src-kestrel", "**No `cody_usage` came from this instance**, Dec 2024 – Nov 2025."),
    ],
)
def test_a_tile_without_values_says_what_the_instance_does_not_send(instances, site, words):
    page = instances.open(site=site)
    assert words in texts(page.main, "info")
    assert page.metric[0].value == "—"
    assert words.partition("**,")[0] in page.metric[0].proto.help


def test_a_tile_with_values_says_nothing_of_that(instances):
    page = instances.open(site="src-hf-prod")
    assert "cody_usage" not in everything(page) and "cody_usage" not in page.metric[0].proto.help


def test_critical_telemetry_is_the_reason_where_it_is_on(instances):
    status = "IF(site_id = 'src-kestrel', 'critical only', NULL) AS telemetry_status"
    instances.write_look(
        "single_instance/matches",
        ("  account_type: {label: Type", "  telemetry_status: {label: T, type: STRING}\n  account_type: {label: Type"),
        ("users_by_month, account_type\n", f"users_by_month, {status}, account_type\n"),
    )  # fmt: skip
    page = instances.open(site="src-kestrel")
    assert "**This instance sends critical telemetry only,** without `cody_usage`." in texts(page.main, "info")


def test_without_a_chosen_instance_a_tile_says_what_it_always_says(instances):
    page = instances.open(PAGE.replace(CHOOSE, ""), site="src-kestrel")
    assert "No rows for these filters" in texts(page.main, "info") and "cody_usage" not in everything(page)
