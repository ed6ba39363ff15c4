"""Pages found by listing, what each says about itself, and the navigation on top of every page (docs/boards.md)."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit import runtime

from lib.settings import ROOT

PAGES = ROOT / "pages"
SECTIONS = ("Company", "Customers", "Product", "Explore")
HOME = "home"
# Letters as paths: an image may not load fonts.
LOGO = Path(__file__).parent / "logo.svg"
# Filters that this run's page shows with another value than its default: links to other boards carry them.
_CARRIED = "board.carried"


@dataclass(frozen=True)
class Page:
    """What one file of `pages/` says about itself, read without running it; `key` is its address."""

    key: str
    path: Path
    title: str
    question: str = ""
    section: str = ""
    icon: str = ""
    audience: str = ""
    order: int = 100
    looker: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    looks: tuple[str, ...] = ()
    chooses: bool = False  # it speaks of one instance, chosen on it


def pages(folder: Path = PAGES) -> tuple[Page, ...]:
    """Every page of the folder, by section, order and title; a file that cannot be read as Python is listed by name."""
    found = [
        _read(path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.py")) if not path.name.startswith("_")
    ]
    return tuple(sorted(found, key=lambda page: (_section_rank(page.section), page.order, page.title.casefold())))


def page(key: str, folder: Path = PAGES) -> Page | None:
    """The page of that address, or None."""
    return next((page for page in pages(folder) if page.key == key), None)


def by_section(listed: Sequence[Page]) -> dict[str, list[Page]]:
    """Sections in the navigation's order, each with its pages; Home and pages without a section are left out."""
    sections: dict[str, list[Page]] = {}
    for listed_page in listed:
        if listed_page.section:
            sections.setdefault(listed_page.section, []).append(listed_page)
    return sections


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int) -> Page:
    key = path.stem
    plain = key.replace("_", " ").capitalize()
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return Page(key, path, plain, section=SECTIONS[0])
    doc = ast.get_docstring(tree) or ""
    says = _frame_call(tree)
    title = str(says.get("title") or doc.split(":", 1)[0].strip() or plain)
    question = str(says.get("question") or question_of(doc))
    filters = says.get("filters")
    looker = says.get("looker")
    order = says.get("order")
    return Page(
        key=key,
        path=path,
        title=title,
        question=question,
        section=str(says.get("section") or ("" if key == HOME else SECTIONS[0])),
        icon=str(says.get("icon") or ":material/monitoring:"),
        audience=str(says.get("audience") or ""),
        order=order if isinstance(order, int) else 100,
        looker=tuple(str(number) for number in looker) if isinstance(looker, list | tuple) else (),
        filters={str(name): str(text) for name, text in filters.items()} if isinstance(filters, dict) else {},
        looks=_look_names(tree),
        chooses=_chooses(tree),
    )


def _frame_call(tree: ast.Module) -> dict[str, object]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Board", "Home"):
            return {word.arg: _literal(word.value) for word in node.keywords if word.arg}
    return {}


def _literal(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _look_names(tree: ast.Module) -> tuple[str, ...]:
    names: list[str] = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("row", "counters", "choose")
        ):
            said = [*node.args, *(word.value for word in node.keywords if word.arg in ("otherwise", "unfound"))]
            names += [text for text in map(_literal, said) if isinstance(text, str)]
    return tuple(dict.fromkeys(names))


def _chooses(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "choose" for node in ast.walk(tree))


def question_of(doc: str) -> str:
    """What a page answers, by its docstring: the part after the title and a colon, with a capital."""
    first = doc.strip().split("\n", 1)[0]
    after = first.split(":", 1)[1].strip() if ":" in first else first
    return after[:1].upper() + after[1:]


def _section_rank(section: str) -> tuple[int, str]:
    return (SECTIONS.index(section), "") if section in SECTIONS else (-1 if not section else len(SECTIONS), section)


def streamlit_pages(listed: Sequence[Page]) -> dict[str, st.Page]:
    """One `st.Page` an address, in the order of the list."""
    return {
        found.key: st.Page(found.path, title=found.title, icon=found.icon or None, url_path=found.key)
        for found in listed
    }


def notice_edits(listed: Sequence[Page]) -> None:
    """Let an edited page run as it is now: Streamlit keeps a page's code as long as anybody is connected."""
    _forget_code(tuple((found.path, found.path.stat().st_mtime_ns) for found in listed))


@lru_cache(maxsize=1)
def _forget_code(_files: tuple[tuple[Path, int], ...]) -> None:
    # Private to Streamlit: where it is gone or another, an edited page runs once the last tab is closed.
    cache = getattr(runtime.get_instance(), "_script_cache", None) if runtime.exists() else None
    if cache is not None:
        cache.clear()


def draw_logo() -> None:
    """The name of the house above the sidebar, or at the top left where there is none."""
    st.logo(LOGO.read_text(encoding="utf-8"))


def carry(changed: Mapping[str, str]) -> None:
    """Remember for this run's navigation which filters differ from their board's defaults."""
    st.session_state[_CARRIED] = dict(changed)


def carried() -> dict[str, str]:
    """The filters of the page that runs, as far as they differ from its defaults."""
    return dict(st.session_state.get(_CARRIED, {}))


def link(
    target: Page,
    links: Mapping[str, st.Page],
    *,
    label: str | None = None,
    icon: str | None = None,
    carry_filters: bool = True,
) -> None:
    """Draw a link to a page; a filter that both boards have goes along when it was changed."""
    shared = {name: text for name, text in carried().items() if carry_filters and name in target.filters}
    st.page_link(
        links[target.key],
        label=label or target.title,
        icon=icon or target.icon or None,
        query_params=shared,
        width="stretch",
    )


def draw_navigation(links: Mapping[str, st.Page], listed: Sequence[Page]) -> None:
    """Home and one menu a section. Call it in a container made before the page ran, after the page ran.

    What the page carried ends here: the next page says for itself what goes on.
    """
    home = next((found for found in listed if found.key == HOME), None)
    if home is not None:
        st.page_link(links[HOME], label=home.title, icon=home.icon or None, query_params={})
    for section, members in by_section(listed).items():
        with st.popover(section, type="tertiary"):
            for member in members:
                link(member, links)
    st.session_state.pop(_CARRIED, None)
