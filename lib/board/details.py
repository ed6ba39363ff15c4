"""The dialog behind a tile's menu: its table, its definition, its SQL as it ran, its downloads (docs/boards.md)."""

from __future__ import annotations

import streamlit as st

from lib.board import results
from lib.board.downloads import csv_bytes, file_name
from lib.board.results import Outcome
from lib.board.table import draw_table
from lib.board.visit import Visit, ask, listened, sources, unreached
from lib.board.words import SIGNED_OUT, day_words, last_day, plain, source_name
from lib.looks import CompiledLook, Look
from lib.warehouse.query import Parameter

TABLE = ":material/table: Table"
DEFINITION = ":material/dictionary: Definition"
SQL = ":material/code: SQL"
DOWNLOAD = ":material/download: Download"
# What a tile's menu offers, and the tab of the dialog that it opens.
ENTRIES = {
    ":material/table: Show table": TABLE,
    ":material/dictionary: Definition and sources": DEFINITION,
    ":material/code: SQL with parameters": SQL,
    ":material/download: Download": DOWNLOAD,
}
_UNITS = {"usd": "dollars", "percent": "percent", "bytes": "bytes", "duration": "seconds"}


def open_details(visit: Visit, compiled: CompiledLook, outcome: Outcome | None, entry: str) -> None:
    """Open the dialog at the tab of a menu entry. Only outside a parallel run: call it after a click."""
    st.dialog(plain(compiled.look.title), width="large")(_draw)(visit, compiled, outcome, ENTRIES[entry])


def _draw(visit: Visit, compiled: CompiledLook, outcome: Outcome | None, tab: str) -> None:
    if not results.is_signed_in(visit.session_key):
        st.warning(SIGNED_OUT, icon=":material/lock:")
        return
    table, definition, sql, download = st.tabs([TABLE, DEFINITION, SQL, DOWNLOAD], default=tab)
    key = visit.key(compiled.look.id)
    with table:
        if outcome is None or outcome.result is None:
            st.caption("No rows to show.")
        else:
            draw_table(compiled.look, outcome.result.table, key=f"{key}.table")
    with definition:
        st.table(definition_rows(visit, compiled, outcome), border="horizontal", hide_header=True)
    with sql:
        st.code(compiled.query.sql, language="sql", wrap_lines=True)
        if compiled.query.parameters:
            st.table(parameter_rows(compiled.query.parameters), border="horizontal", hide_index=True)
        else:
            st.caption("No parameters.")
    with download:
        download_button(visit, compiled, key=f"{key}.csv")
        st.caption("The rows of this tile under the filters of the page, for spreadsheets.")


def download_button(visit: Visit, compiled: CompiledLook, *, key: str, label: str = "CSV") -> None:
    """A button that makes the file when it is pressed; the session is asked for again then."""

    def data() -> bytes:
        outcome = ask(visit, compiled, ".csv")
        if outcome.result is None:
            raise RuntimeError(f"no rows: {outcome.trouble.id if outcome.trouble else 'nothing'}")
        return csv_bytes(compiled.look, outcome.result.table)

    st.download_button(
        label,
        data,
        file_name(compiled.look, visit.now.date()),
        "text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def definition_rows(visit: Visit, compiled: CompiledLook, outcome: Outcome | None) -> dict[str, str]:
    """What the tile means and where it comes from, by label; Markdown."""
    look = compiled.look
    rows = {
        "Question": plain(look.question),
        "Definition": plain(look.definition),
        "One row": plain(look.grain),
        "Units": plain(_units(look)),
        "Filters used": _filters_used(visit, look),
    }
    if left := unreached(visit, look):
        rows["Filters not used"] = plain(", ".join(chosen.definition.label for chosen in left))
    known = sources(visit, look)
    growing = [
        f"{source_name(name)}, through {day_words(last_day(fresh.data_through))}, "
        f"loaded {day_words(fresh.loaded_at)} {fresh.loaded_at:%H:%M} UTC"
        for name, fresh in known.items()
        if fresh.grows
    ]
    kept = [
        f"{source_name(name)}, loaded {day_words(fresh.loaded_at)}" for name, fresh in known.items() if not fresh.grows
    ]
    rows["Sources"] = "; ".join(growing) or "none that grows by time"
    if kept:
        rows["Kept by hand or replaced whole"] = "; ".join(kept)
    if outcome is not None and outcome.result is not None:
        asked = outcome.asked_at
        rows["Asked"] = f"{day_words(asked)} {asked:%H:%M} UTC, answered in {outcome.result.seconds:.1f} s"
    if look.looker:
        rows["Old number"] = ", ".join(f"Looker {number}" for number in look.looker)
    return rows


def parameter_rows(parameters: tuple[Parameter, ...]) -> dict[str, list[str]]:
    """The bound parameters as a table's columns."""
    return {
        "Parameter": [f"`@{parameter.name}`" for parameter in parameters],
        "Type": [f"`{parameter.type}`" for parameter in parameters],
        "Value": [plain(str(parameter.value)) for parameter in parameters],
    }


def _units(look: Look) -> str:
    units = []
    for name in look.chart.y or tuple(look.columns):
        column = look.columns[name]
        unit = column.unit or _UNITS.get(column.format or "", "")
        if unit:
            units.append(f"{column.label}: {unit}")
    return ", ".join(units) or "as named"


def _filters_used(visit: Visit, look: Look) -> str:
    labels = [chosen.definition.label for chosen in listened(visit, look)]
    return plain(", ".join(labels)) or "none"
