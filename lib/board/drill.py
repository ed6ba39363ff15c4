"""The rows behind a mark: what opens them, and the dialog that shows them (docs/boards.md, Rows behind a mark)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote as percent_encode

import pyarrow as pa
import streamlit as st

from lib.access import NotSignedIn
from lib.board import address as addresses
from lib.board import results
from lib.board.address import DRILL
from lib.board.behind import count_words, page_filters, where_words
from lib.board.downloads import rows_downloads
from lib.board.marks import (
    Field,
    NoSuchMark,
    Pick,
    drawn,
    fields_of,
    figure_of,
    first_pick,
    of_click,
    of_row,
    read_text,
    to_text,
    values_of,
)
from lib.board.opens import draw_rows, picked_row
from lib.board.results import Outcome
from lib.board.table import draw_table, shown_table
from lib.board.trouble import draw_notice
from lib.board.visit import Visit, ask, compile_tile, listened, missing_sources
from lib.board.words import SIGNED_OUT, filter_badges, plain, trouble_notice
from lib.charts.layers import CLICK
from lib.log import fault
from lib.looks import CompiledLook, Drill, Look, compile_drill
from lib.warehouse.query import QueryCancelled

OPEN = ":material/table_rows: Open the rows behind it"
# What a browser sorts without delay; a file has all rows.
MOST_SHOWN = 10_000
_SHOWN_LINK = "board.drill.link"


def clicks(visit: Visit, look: Look) -> dict[str, Any]:
    """The key of a look's chart, and what makes its marks clickable where the look says which rows are behind them."""
    key = f"{visit.key(look.id)}.chart"
    if look.drill is None:
        return {"key": key}
    # A new key is a chart on which nothing is clicked, so that the same mark can be clicked again.
    turn = st.session_state.get(f"{key}.turn", 0)
    key = f"{key}.{turn}" if turn else key
    return {"key": key, "on_select": partial(_clicked, visit, look, key), "selection_mode": [CLICK]}


def draw_marks(visit: Visit, look: Look, table: pa.Table) -> None:
    """Draw a table of which each row is a mark: a click anywhere on one opens the rows behind it."""
    key = f"{visit.key(look.id)}.marks"
    key = f"{key}.{st.session_state.get(f'{visit.key(look.id)}.chart.turn', 0)}"
    on_select = partial(_clicked_row, visit, look, key, [of_row(look, row) for row in table.to_pylist()])
    draw_table(look, table, key=key, on_select=on_select, selection_mode=("single-row", "single-cell"))


def chosen_in_menu(visit: Visit, look: Look, key: str) -> None:
    """Ask for a look's rows where its menu was asked for them (a callback)."""
    if st.session_state[key] == OPEN:
        st.session_state[_picked_key(visit, look)] = Pick(look.id)


def picked(visit: Visit, look: Look) -> Pick | None:
    """The mark of a look whose rows were asked for since its tile was drawn; told once."""
    return st.session_state.pop(_picked_key(visit, look), None)


def open_rows(visit: Visit, compiled: CompiledLook, pick: Pick) -> None:
    """Open the rows behind a mark; of a pick without values those of the newest, biggest one.

    Only outside a parallel run: call it after a click, or beside the tiles.
    """
    base = _base(visit, compiled.look)
    # What was chosen and sought among the rows of another mark is not asked of these.
    for key in [key for key in st.session_state if str(key).startswith((f"{base}.choose.", f"{base}.search"))]:
        del st.session_state[key]
    st.dialog(f"Rows behind “{plain(compiled.look.title)}”", width="large")(_draw)(visit, compiled, pick)


def linked(looks: Sequence[Look]) -> Pick | None:
    """The mark that the address names, if it names one of these looks. Raises NoSuchMark."""
    text = st.query_params.get(DRILL, "")
    if not text:
        return None
    pick = read_text(text)
    look = next((look for look in looks if look.id == pick.look), None)
    if look is None or look.drill is None:
        raise NoSuchMark("The link asks for the rows behind a tile that is not on this page.")
    return pick


def asked_for(visit: Visit, looks: Sequence[Look]) -> Pick | None:
    """The mark whose rows this run of the page has to open: a clicked one, else that of the address, once."""
    text = st.query_params.get(DRILL, "")
    shown, st.session_state[_SHOWN_LINK] = st.session_state.get(_SHOWN_LINK), (visit.page, text)
    clicked = next((pick for look in looks if (pick := picked(visit, look)) is not None), None)
    if clicked is not None or shown == (visit.page, text):
        return clicked
    try:
        return linked(looks)
    except NoSuchMark:
        return None


def open_asked(visit: Visit, pick: Pick | None) -> None:
    """Open the rows of a mark beside the tiles, unless a filter or a missing source keeps its tile empty."""
    if pick is None:
        return
    look = visit.catalogue.look(pick.look)
    if any(chosen.error is not None for chosen in listened(visit, look)):
        return
    options = addresses.chosen_options(look, addresses.options_now(visit.address))
    if not missing_sources(visit, look, options):
        open_rows(visit, compile_tile(visit, look, options), pick)


def link_to(visit: Visit, pick: Pick) -> str:
    """An address that opens these rows for whoever may see the page; its dates stay."""
    base = (st.context.url or f"/{visit.page}").partition("?")[0]
    now = replace(visit.address, options=addresses.options_now(visit.address))
    mark = percent_encode(to_text(pick), safe=",:/~")
    return f"{addresses.link(base, now, visit.context)}&{DRILL}={mark}"


def matching(look: Look, table: pa.Table, text: str) -> pa.Table:
    """The rows in whose text columns, as they are shown, the text stands, whatever its case."""
    sought, columns = text.strip().casefold(), _texts(look, table)
    if not sought or not columns:
        return table
    return table.filter(pa.array([any(sought in cell for cell in row) for row in zip(*columns, strict=True)]))


def _texts(look: Look, table: pa.Table) -> list[list[str]]:
    """The columns of text as they are shown, lists joined, a missing value as nothing; all in one case."""
    kinds = {name for name, column in look.columns.items() if column.type in ("STRING", "ARRAY<STRING>", "BOOL")}
    shown = shown_table(look, table)
    return [
        [_text(cell).casefold() for cell in shown.column(name).to_pylist()]
        for name in shown.column_names
        if name in kinds
    ]


def _text(cell: object) -> str:
    return ", ".join(map(_text, cell)) if isinstance(cell, list) else "" if cell is None else str(cell)


def _clicked(visit: Visit, look: Look, key: str) -> None:
    _keep(visit, look, of_click(look, st.session_state[key].selection))


def _clicked_row(visit: Visit, look: Look, key: str, picks: Sequence[Pick]) -> None:
    at = picked_row(st.session_state[key].selection)
    _keep(visit, look, None if at is None else picks[at])


def _keep(visit: Visit, look: Look, pick: Pick | None) -> None:
    turn = f"{visit.key(look.id)}.chart.turn"
    st.session_state[turn] = st.session_state.get(turn, 0) + 1
    if pick is not None:
        st.session_state[_picked_key(visit, look)] = pick


def _picked_key(visit: Visit, look: Look) -> str:
    return f"{visit.key(look.id)}.picked"


def _base(visit: Visit, look: Look) -> str:
    return f"{visit.key(look.id)}.drill"


def _draw(visit: Visit, compiled: CompiledLook, pick: Pick) -> None:
    if not results.is_signed_in(visit.session_key):
        st.warning(SIGNED_OUT, icon=":material/lock:")
        return
    try:
        _draw_behind(visit, compiled, pick)
    except NotSignedIn:
        st.warning(SIGNED_OUT, icon=":material/lock:")
    except QueryCancelled:
        return
    except Exception as error:
        identity = fault(error, look=compiled.look.id, asked="rows behind a mark")
        st.error(f"**These rows could not be shown.** Error {identity}.", icon=":material/error:")


def _draw_behind(visit: Visit, compiled: CompiledLook, pick: Pick) -> None:
    look, base = compiled.look, _base(visit, compiled.look)
    outcome = ask(visit, compiled, ".drill")
    if outcome.result is None:
        _draw_trouble(outcome, compiled, base)
        return
    table = outcome.result.table
    if not table.num_rows:
        st.caption("The tile has no rows under these filters.")
        return
    marks = drawn(compiled, table)
    first = pick if pick.keys else first_pick(look, marks)
    try:
        values_of(look, table, marks, first)
    except NoSuchMark as error:
        st.warning(plain(str(error)), icon=":material/link_off:")
        first = first_pick(look, marks)
    fields = fields_of(look, marks, first)
    chosen = _choose(base, first, fields)
    values = values_of(look, table, marks, chosen)
    filters = {heard.name: heard.expression for heard in listened(visit, look) if heard.expression is not None}
    drill = compile_drill(compiled, values, filters, chosen.measure, visit.catalogue)
    figure = figure_of(compiled, table, values, chosen.measure)
    place = where_words(compiled, drill, fields, chosen)
    count = st.empty()
    behind = ask(visit, drill.rows, ".rows")
    if behind.result is None:
        _draw_trouble(behind, drill.rows, base)
        return
    count.markdown(
        _count_line(visit, look, count_words(look, drill, chosen.measure, figure, behind.result.table), place)
    )
    _draw_filters(visit, drill, base)
    _draw_rows(visit, drill, behind, chosen, place, base)


def _count_line(visit: Visit, look: Look, count: str, place: Sequence[str]) -> str:
    badges = filter_badges([heard for heard in listened(visit, look) if heard.name != "date"], visit.context)
    line = " · ".join([count, *(plain(words) for words in place)])
    return f"{line}  \n:small[{badges}]" if badges else line


def _choose(base: str, first: Pick, fields: Mapping[str, Field]) -> Pick:
    """Boxes in which the mark can be changed, set to the one that was opened; by these it is chosen without a mouse."""
    keys, measure = dict(first.keys), first.measure
    choices = {column: field for column, field in fields.items() if len(field.words) > 1}
    if not choices:
        return first
    with st.container(horizontal=True, gap="small"):
        for column, field in choices.items():
            known, key = [*field.words], f"{base}.choose.{column or 'measure'}"
            if key not in st.session_state:
                st.session_state[key] = known.index(keys[column] if column else measure)
            at = st.selectbox(
                field.label,
                range(len(known)),
                key=key,
                format_func=[*field.words.values()].__getitem__,
                filter_mode="contains",
                width=240,
            )
            if column:
                keys[column] = known[at]
            else:
                measure = known[at]
    return Pick(first.look, keys, measure)


def _draw_filters(visit: Visit, drill: Drill, base: str) -> None:
    offers = page_filters(visit, drill)
    if not offers:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(":small[Filter this page on]", width="content")
        for name, (words, text) in offers.items():
            if st.button(plain(words), key=f"{base}.filter.{name}", icon=":material/filter_alt:"):
                addresses.write(visit.address, {name: text})
                st.rerun()


def _draw_rows(visit: Visit, drill: Drill, outcome: Outcome, pick: Pick, place: Sequence[str], base: str) -> None:
    assert outcome.result is not None
    look, table = drill.rows.look, outcome.result.table
    text = ""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if table.num_rows and _texts(look, table):
            text = st.text_input(
                "Search these rows",
                key=f"{base}.search",
                type="search",
                placeholder="Search these rows",
                icon=":material/search:",
                label_visibility="collapsed",
                live=True,
            )
        else:
            st.space("stretch")
        with st.popover("Download", icon=":material/download:"):
            told = [("Rows behind", ", ".join([visit.catalogue.look(pick.look).title, *place]))]
            rows_downloads(visit, look, drill.rows.query, outcome, key=f"{base}.files", told=told)
        with st.popover("Copy link", icon=":material/link:"):
            st.caption("Opens these rows for whoever may see this page")
            st.code(link_to(visit, pick), language=None, wrap_lines=True)
    found = matching(look, table, text or "")
    if text and text.strip():
        st.caption(f"{found.num_rows:,} of {table.num_rows:,} rows have “{plain(text.strip())}”.")
    if found.num_rows > MOST_SHOWN:
        st.caption(f"The first {MOST_SHOWN:,} of {found.num_rows:,} rows are shown. Search and files reach all.")
    if found.num_rows:
        draw_rows(
            visit,
            _without_told(drill, table),
            found.slice(0, MOST_SHOWN),
            key=f"{base}.rows",
            leaving=partial(_remember_rows, pick),
        )
        if look.opens is not None:
            st.caption("Click a row to open it. Back returns to these rows.")


def _remember_rows(pick: Pick) -> None:
    # Who comes back from where a row led finds the rows open again.
    st.query_params[DRILL] = to_text(pick)


def _without_told(drill: Drill, table: pa.Table) -> Look:
    """The rows look less the columns that have one value, which stands above the rows."""
    look = drill.rows.look
    told = [name for name in (look.time_column, *drill.values) if name is not None]
    hidden = {
        name: look.columns[name].model_copy(update={"hidden": True})
        for name in told
        if len(set(table.column(name).to_pylist())) == 1
    }
    return look.model_copy(update={"columns": {**look.columns, **hidden}})


def _draw_trouble(outcome: Outcome, compiled: CompiledLook, base: str) -> None:
    if outcome.trouble is None:
        return
    notice = trouble_notice(outcome.trouble)
    draw_notice(notice)
    st.markdown(f":small[:gray[Error {outcome.trouble.id} at {outcome.trouble.at:%H\\:%M} UTC]]")
    if notice.again:
        st.button("Try again", key=f"{base}.again", on_click=results.forget_trouble, args=(compiled.query,))
