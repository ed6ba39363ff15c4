"""The sidebar: one control a filter, its meaning in words beneath, marks on what differs from the default, reset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from lib.board import address as addresses
from lib.board.address import Address, Chosen
from lib.board.words import ZONES, any_words, noun, plain
from lib.filters import PRESETS, Context, FilterError

ANY = ""
YESNO = ("yes", "no")
# More choices than this do not fit into segments of one line.
MOST_SEGMENTS = 3


@dataclass(frozen=True)
class Controls:
    """What the sidebar needs of its page.

    `read_address` reads the address anew. `choices` gives a filter's names and whether they are all; `suggest` the
    names that contain a text, for filters with more names than a list can hold. `beyond` is what is said of a date
    whose end lies after the data's. `note` stands beneath the filters.
    """

    page: str
    read_address: Callable[[], Address]
    choices: Callable[[Chosen], tuple[Sequence[str], bool]]
    suggest: Callable[[Chosen, str], Sequence[str]]
    context: Context
    beyond: Callable[[Chosen], str] = lambda chosen: ""
    note: str = ""


def draw_sidebar(controls: Controls, address: Address) -> None:
    """Draw the filters of the page in their order, but those that are chosen on the page itself.

    The address wins over whatever the widgets held before.
    """
    changed = len(address.changed)
    with st.sidebar:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**Filters** :blue-badge[{changed} changed]" if changed else "**Filters**", width="stretch")
            st.button(
                "Reset",
                key=f"{controls.page}.reset",
                icon=":material/replay:",
                type="tertiary",
                disabled=not changed,
                help="Give every filter its default" if changed else None,
                on_click=_reset,
                args=(controls,),
            )
        for chosen in address.filters.values():
            if chosen.definition.sidebar:
                _draw_filter(controls, chosen)
        if controls.note:
            st.caption(plain(controls.note))


def _draw_filter(controls: Controls, chosen: Chosen) -> None:
    key = f"{controls.page}.filter.{chosen.name}"
    label = f"{chosen.definition.label} :blue[● **changed**]" if chosen.changed else chosen.definition.label
    with st.container(gap="xsmall"):
        if chosen.definition.kind == "date":
            _draw_date(controls, chosen, key, label)
        elif segments := _segments(chosen):
            _draw_segments(controls, chosen, key, label, segments)
        elif chosen.definition.kind == "string" and chosen.error is None and not _has_segments(chosen):
            _draw_chips(controls, chosen, key, label)
        else:
            _draw_text(controls, chosen, key, label)
        _draw_meaning(controls, chosen)


def _draw_date(controls: Controls, chosen: Chosen, key: str, label: str) -> None:
    texts = list(dict.fromkeys([*(preset.text for preset in PRESETS), chosen.text]))
    _set(key, chosen.text)
    st.selectbox(
        label,
        texts,
        key=key,
        format_func=lambda text: text or "Any time",
        accept_new_options=True,
        filter_mode="contains",
        help=chosen.definition.help or None,
        on_change=_changed,
        args=(controls, chosen.name, key),
    )


def _draw_segments(controls: Controls, chosen: Chosen, key: str, label: str, segments: tuple[str, ...]) -> None:
    _set(key, chosen.canonical)
    st.segmented_control(
        label,
        segments,
        key=key,
        required=True,
        format_func=segment_words,
        help=chosen.definition.help or None,
        width="stretch",
        on_change=_changed,
        args=(controls, chosen.name, key),
    )


def segment_words(text: str) -> str:
    """What a segment of the sidebar says, in gray.

    Streamlit writes a chosen segment in the primary colour. In the sidebar of the dark theme that is too dark for text,
    since the same colour lies beneath the white words of chips.
    """
    return f":gray[{text.capitalize() if text in YESNO else text or 'Any'}]"


def _draw_chips(controls: Controls, chosen: Chosen, key: str, label: str) -> None:
    names, complete = controls.choices(chosen)
    if not complete:
        names = _search_names(controls, chosen, f"{key}.search")
    quoted = [quote(name) for name in names]
    # An option that is chosen but gone from the names would lose its raw form at the next change.
    values = chip_values(chosen, names)
    known = set(quoted)
    _set(key, values)
    st.multiselect(
        label,
        quoted + [value for value in values if value not in known],
        key=key,
        format_func=unquote,
        placeholder=any_words(chosen),
        accept_new_options=True,
        select_all=False,
        filter_mode="contains",
        help=chosen.definition.help or None,
        on_change=_changed,
        args=(controls, chosen.name, key),
    )


def _search_names(controls: Controls, chosen: Chosen, key: str) -> Sequence[str]:
    sought = st.text_input(
        f"Find {noun(chosen)}",
        key=key,
        type="search",
        placeholder=f"Find {noun(chosen)}",
        icon=":material/search:",
        label_visibility="collapsed",
    )
    return controls.suggest(chosen, sought or "")


def _draw_text(controls: Controls, chosen: Chosen, key: str, label: str) -> None:
    key = f"{key}.text"
    _set(key, chosen.text)
    st.text_input(
        label,
        key=key,
        placeholder=any_words(chosen),
        help=chosen.definition.help or None,
        on_change=_changed,
        args=(controls, chosen.name, key),
    )


def _draw_meaning(controls: Controls, chosen: Chosen) -> None:
    if chosen.error is not None:
        st.error(error_words(chosen.error), icon=":material/error:")
        if chosen.error.suggestion:
            st.button(
                f"Use {plain(chosen.error.suggestion)}",
                key=f"{controls.page}.mend.{chosen.name}",
                on_click=choose,
                args=(controls, chosen.name, chosen.error.suggestion),
            )
    elif chosen.expression is not None and not chosen.expression.any and _needs_words(chosen):
        zone = controls.context.zone
        words = chosen.expression.describe(controls.context).replace(f", {zone})", f", {ZONES.get(zone, zone)})")
        st.caption(plain(words).replace(" (", "  \n("))
        if beyond := controls.beyond(chosen):
            st.markdown(f":small[:orange[{plain(beyond)}]]")


def _needs_words(chosen: Chosen) -> bool:
    if chosen.definition.kind in ("date", "number"):
        return True
    if _segments(chosen):
        return False
    items = getattr(chosen.expression, "items", ())
    return any(item.literal is None or item.exclude for item in items)


def error_words(error: FilterError) -> str:
    """The sentence under a control, without the filter's name that its label already says."""
    message = str(error.message)
    head, colon, rest = message.partition(": ")
    return plain(rest if colon and '"' not in head and len(head) < 40 else message)


def quote(name: str) -> str:
    """A name as an item that means exactly this name, whatever characters it has (docs/filters, Strings)."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def unquote(item: str) -> str:
    """What a chip shows: the name of a quoted item, any other expression as it is."""
    if len(item) >= 2 and item.startswith('"') and item.endswith('"'):
        return item[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return item


def chip_values(chosen: Chosen, names: Sequence[str]) -> list[str]:
    """The chips of an expression: each literal item quoted, in the spelling of the names where one is meant."""
    if chosen.expression is None:
        return []
    folded = not chosen.definition.case_sensitive
    spelling: dict[str, str] = {name.casefold(): name for name in reversed(names)} if folded else {}
    values = []
    for item in getattr(chosen.expression, "items", ()):
        literal: str | None = item.literal
        if literal is None or item.exclude:
            values.append(item.text)
        else:
            values.append(quote(spelling.get(literal.casefold()) or literal))
    return list(dict.fromkeys(values))


def choose(controls: Controls, name: str, text: str) -> None:
    """Give one filter another text, in the address (a callback)."""
    addresses.write(controls.read_address(), {name: text})


def _changed(controls: Controls, name: str, key: str) -> None:
    value = st.session_state.get(key)
    text = ",".join(value) if isinstance(value, list) else value or ANY
    choose(controls, name, text)


def _reset(controls: Controls) -> None:
    address = controls.read_address()
    addresses.write(address, {name: chosen.default for name, chosen in address.filters.items()})


def _has_segments(chosen: Chosen) -> bool:
    return chosen.definition.kind == "yesno" or 0 < len(chosen.definition.choices) <= MOST_SEGMENTS


def _segments(chosen: Chosen) -> tuple[str, ...]:
    """The segments of a filter with few choices; none when its expression is another than one of them."""
    if not _has_segments(chosen):
        return ()
    segments = (ANY, *(YESNO if chosen.definition.kind == "yesno" else chosen.definition.choices))
    return segments if chosen.error is None and chosen.canonical in segments else ()


def _set(key: str, value: object) -> None:
    if st.session_state.get(key) != value:
        st.session_state[key] = value
