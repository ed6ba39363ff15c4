"""A tile: title, switch, menu, caption, chart or table, footer; its own errors and its own empty state."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

import pyarrow as pa
import streamlit as st

from lib.access import NotSignedIn
from lib.board import address as addresses
from lib.board import own, results
from lib.board.counter import HEIGHT as COUNTER_HEIGHT
from lib.board.counter import draw_counter
from lib.board.details import ENTRIES, open_details
from lib.board.drill import OPEN, chosen_in_menu, clicks, draw_marks, open_rows, picked
from lib.board.facts import draw_facts
from lib.board.footer import draw_footer, late_sources
from lib.board.icons import named_icon
from lib.board.opens import draw_rows
from lib.board.results import Outcome, Trouble
from lib.board.sent import why_nothing
from lib.board.trouble import draw_notice, draw_stopped, draw_trouble
from lib.board.visit import Visit, ask, at_hand, compile_tile, knowing_ages, listened, missing_sources, sources
from lib.board.waiting import is_stopped, telling_when_slow
from lib.board.words import (
    SIGNED_OUT,
    Notice,
    filter_error_notice,
    plain,
    trouble_notice,
)
from lib.charts import HEIGHT, Drawing, draw, format_value
from lib.filters import parse
from lib.log import fault
from lib.looks import CompiledLook, Look, LookError, fill_caption
from lib.looks.caption import caption_names
from lib.warehouse.query import QueryCancelled

_DRAWN = "board.drawn"
_PAGE = "board.page"


def _in_fragment(draw: Callable[[Visit, str], None]) -> Callable[[Visit, str], None]:
    """In a fragment of its own: beside the others, or at once where rows are at hand, which a thread only delays."""
    at_once, beside = st.fragment(draw), st.fragment(draw, parallel=True)

    @wraps(draw)
    def drawn(visit: Visit, look_id: str) -> None:
        look = visit.catalogue.looks.get(look_id)
        (at_once if look is not None and at_hand(visit, look) else beside)(visit, look_id)

    return drawn


@_in_fragment
def counter_tile(visit: Visit, look_id: str) -> None:
    """One counter in its own fragment; whatever goes wrong stays inside."""
    slot = st.skeleton(height=COUNTER_HEIGHT) if _is_first(visit, look_id) else st
    try:
        visit = knowing_ages(visit)
        draw_counter(visit, visit.catalogue.look(look_id), slot)
    except NotSignedIn:
        slot.warning(SIGNED_OUT, icon=":material/lock:")
    except QueryCancelled:
        return
    except Exception as error:
        _draw_fault(slot, error, look_id)
    _remember(visit, look_id)


@_in_fragment
def tile(visit: Visit, look_id: str) -> None:
    """One tile in its own fragment; whatever goes wrong stays inside."""
    try:
        visit = knowing_ages(visit)
        _draw_tile(visit, visit.catalogue.look(look_id))
    except NotSignedIn:
        st.warning(SIGNED_OUT, icon=":material/lock:")
    except QueryCancelled:
        return
    except Exception as error:
        _draw_fault(st, error, look_id)
    _remember(visit, look_id)


def _draw_tile(visit: Visit, look: Look) -> None:
    options = addresses.chosen_options(look, addresses.options_now(visit.address))
    with st.container(gap=None):
        entry = _draw_head(visit, look, options)
        caption = st.empty()
    if entry in (own.ADD, own.REMOVE):
        own.tell_change()
    # A caption with figures in it waits for them; until then the question stands there.
    caption.caption(plain(look.question if caption_names(look.caption) or not look.caption else look.caption))
    # The body keeps its place above the footer, whether a skeleton waits in it or the chart of the last run.
    body, footer = st.container(), st.empty()
    slot: Any = body
    if _is_first(visit, look.id):
        slot = body.skeleton(height=HEIGHT)
        footer.markdown(":small[:gray[:material/hourglass: Asking the warehouse …]]")
    wrong = next((chosen for chosen in listened(visit, look) if chosen.error is not None), None)
    if wrong is not None:
        with slot.container():
            draw_notice(filter_error_notice(wrong))
            if wrong.error is not None and wrong.error.suggestion:
                _choose_button(visit, look, f"Use {wrong.error.suggestion}", wrong.name, wrong.error.suggestion)
        footer.markdown(":small[:gray[No numbers are shown while a filter is wrong]]")
        return
    if missing := missing_sources(visit, look, options):
        with slot.container():
            draw_notice(Notice("info", ":material/info:", f"**Not delivered.** {plain(' '.join(missing))}"))
        footer.markdown(":small[:gray[Nothing was read]]")
        return
    compiled = compile_tile(visit, look, options)
    if is_stopped(visit, compiled):
        with slot.container():
            draw_stopped(visit, compiled)
        footer.empty()
        return
    with telling_when_slow(visit, compiled, footer):
        outcome = ask(visit, compiled)
    if outcome.trouble is not None:
        with slot.container():
            draw_trouble(visit, compiled, outcome.trouble)
        footer.empty()
    elif outcome.result is None or not has_rows(look, outcome.result.table):
        with slot.container():
            _draw_empty(visit, compiled)
        draw_footer(footer, visit, compiled, outcome)
    else:
        table = outcome.result.table
        if caption_names(look.caption):
            caption.caption(plain(fill_caption(compiled, table, format_value)))
        note = _draw_body(visit, compiled, outcome, table, slot)
        if note:
            body.caption(plain(note))
        draw_footer(footer, visit, compiled, outcome)
    if pick := picked(visit, look):
        open_rows(visit, compiled, pick)
    elif entry in ENTRIES:
        open_details(visit, compiled, outcome, entry)


def _draw_head(visit: Visit, look: Look, options: Mapping[str, str]) -> str | None:
    key = visit.key(look.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        late = late_sources(visit, sources(visit, look))
        badge = f" :orange-badge[{late[0].words}]" if late else ""
        st.markdown(f"**{plain(look.title)}**{badge}", width="stretch")
        for name, choices in look.options.items():
            option = f"{key}.option.{name}"
            if st.session_state.get(option) != options[name]:
                st.session_state[option] = options[name]
            st.segmented_control(
                name.capitalize(),
                choices,
                key=option,
                required=True,
                format_func=str.capitalize,
                label_visibility="collapsed",
                on_change=_choose_option,
                args=(look.id, name, option),
            )
        entries: list[str] = [*ENTRIES, *([OPEN] if look.drill else []), own.heart_entry(look.id)]
        return st.menu_button(
            named_icon("menu", f"Menu of {look.title}"),
            entries,
            key=f"{key}.menu",
            type="tertiary",
            help="Table, definition, SQL, download",
            on_click=_choose_entry,
            args=(visit, look, f"{key}.menu"),
        )


def _choose_entry(visit: Visit, look: Look, widget: str) -> None:
    own.toggle_by_entry(look.id, widget)
    chosen_in_menu(visit, look, widget)


def _draw_body(visit: Visit, compiled: CompiledLook, outcome: Outcome, table: pa.Table, slot: Any) -> str | None:
    """Draw rows as the look's header says; what the drawing leaves out, in words."""
    look = compiled.look
    if look.chart.kind in ("table", "facts"):
        with slot.container():
            if look.chart.kind == "table" and look.drill and not look.opens:
                draw_marks(visit, look, table)
            elif look.chart.kind == "table":
                draw_rows(visit, look, table)
            else:
                draw_facts(look, table)
        return None
    drawing = drawing_of(compiled, outcome.asked_at, table)
    if look.id in visit.later:
        time.sleep(max(0.0, visit.later_at - time.monotonic()))
    slot.vega_lite_chart(drawing.table, drawing.spec, height=drawing.height, alt=drawing.alt, **clicks(visit, look))
    return drawing.note


def drawing_of(compiled: CompiledLook, asked_at: datetime, table: pa.Table) -> Drawing:
    """The drawing of a question's rows, made once however often the page runs; `asked_at` tells one answer's rows."""
    query = compiled.query
    key = (query.sql, repr(query.parameters), asked_at, compiled.period_unit, str(compiled.unfinished_from))
    return _kept_drawing(look=id(compiled.look), key=key, _compiled=compiled, _table=table)[1]


@st.cache_resource(ttl=timedelta(days=1), max_entries=1_000, show_spinner=False)
def _kept_drawing(
    look: int, key: tuple[Hashable, ...], _compiled: CompiledLook, _table: pa.Table
) -> tuple[Look, Drawing]:
    # The look is kept beside its drawing: so long, no other look (an edited one) can have the same id.
    drawing = draw(_compiled.look, _table, _compiled.period_unit, _compiled.unfinished_from)
    return _compiled.look, drawing


def _draw_empty(visit: Visit, compiled: CompiledLook) -> None:
    look, words = compiled.look, "**No rows for these filters.**"
    if reason := why_nothing(visit, compiled):
        draw_notice(Notice("info", ":material/sensors_off:", reason))
    elif visit.instance is not None:
        longer = " Choose a longer date, or see in the menu's definition what it needs."
        advice = longer if "date" in look.filters else ""
        draw_notice(Notice("info", ":material/search_insights:", f"**Nothing of this instance.**{advice}"))
    elif would_find_free(visit, look, compiled.options):
        draw_notice(Notice("info", ":material/search_insights:", f"{words} There are some of account type Free."))
        _choose_button(visit, look, "Show account type Free", "account_type", "Free", icon=":material/filter_alt:")
    else:
        draw_notice(Notice("info", ":material/search_insights:", f"{words} Choose fewer filters or a longer date."))


def would_find_free(visit: Visit, look: Look, options: Mapping[str, str]) -> bool:
    """Whether a look that finds nothing among customers would find something of account type Free (docs/boards.md)."""
    chosen = visit.filters.get("account_type")
    if chosen is None or "account_type" not in look.filters or chosen.canonical != "Customer":
        return False
    free = compile_tile(visit, look, options, {"account_type": parse("string", "Free")})
    outcome = ask(visit, free, ".free")
    return outcome.result is not None and has_rows(look, outcome.result.table)


def has_rows(look: Look, table: pa.Table) -> bool:
    """Whether there is anything to draw: rows, and a value in one of the drawn columns."""
    if table.num_rows == 0:
        return False
    return not look.chart.y or any(table.column(name).null_count < table.num_rows for name in look.chart.y)


def _draw_fault(slot: Any, error: Exception, look_id: str) -> None:
    """A tile that broke: the sentence and the id, never the error's own text."""
    notice = _fault_notice(error)
    slot.error(fault_words(error, look_id), icon=notice.icon)


def fault_words(error: Exception, look_id: str) -> str:
    """What is said of a look that broke, with the id under which the log has the error."""
    return f"{_fault_notice(error).text} Error {fault(error, look=look_id)}."


def _fault_notice(error: Exception) -> Notice:
    kind = "invalid" if isinstance(error, LookError) else "unexpected"
    return trouble_notice(Trouble(kind, "", "", results.moment()))


def _choose_button(visit: Visit, look: Look, label: str, name: str, text: str, icon: str | None = None) -> None:
    if st.button(plain(label), key=f"{visit.key(look.id)}.choose.{name}", icon=icon):
        addresses.write(visit.address, {name: text})
        st.rerun()


def _choose_option(look_id: str, name: str, key: str) -> None:
    addresses.write_option(look_id, name, st.session_state[key])


def begin_page(page: str) -> None:
    """Before the tiles of a run: somebody who comes from another page sees skeletons again."""
    if st.session_state.get(_PAGE) != page or _DRAWN not in st.session_state:
        st.session_state[_PAGE] = page
        st.session_state[_DRAWN] = set()


def begins(page: str) -> bool:
    """Whether nothing of that page has been drawn yet for its visitor."""
    return not any(key.startswith(f"{page}.") for key in st.session_state.get(_DRAWN, ()))


def _is_first(visit: Visit, look_id: str) -> bool:
    return visit.key(look_id) not in st.session_state.get(_DRAWN, ())


def _remember(visit: Visit, look_id: str) -> None:
    st.session_state.setdefault(_DRAWN, set()).add(visit.key(look_id))
