"""The dialog behind a tile's menu: its table, its definition, its SQL as it ran, its downloads (docs/boards.md)."""

from __future__ import annotations

import streamlit as st

from lib.board import own, results
from lib.board.ages import source_words
from lib.board.downloads import rows_downloads
from lib.board.results import Outcome
from lib.board.table import draw_table
from lib.board.visit import Visit, listened, sources, unreached
from lib.board.words import SIGNED_OUT, day_words, plain
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
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(plain(compiled.look.question), width="stretch")
        own.draw_heart("look", compiled.look.id, "details")
    own.tell_change()
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
        rows_downloads(visit, compiled.look, compiled.query, outcome, key=f"{key}.files", drawn=compiled)


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
    kinds = source_words(sources(visit, look), visit.now, embedded=bool(visit.origin.origin))
    rows["Sources"] = "none that grows by time"
    rows |= {kind: "; ".join(lines) for kind, lines in kinds.items()}
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
