"""Texts for the properties: well-formed expressions of every kind, and mixtures of their fragments."""

from __future__ import annotations

from hypothesis import strategies as st

UNITS = st.sampled_from(
    ["second", "minutes", "hour", "days", "week", "month", "quarters", "fiscal quarter", "fiscal years", "year"]
)
COUNTS = st.integers(0, 1200).map(str)
DATES = st.dates().map(str) | st.sampled_from(["2024", "2024-Q2", "FY2023", "FY2024-Q3", "2024/05", "2024-03-10 02:30"])
POINTS = st.sampled_from(["today", "yesterday", "tomorrow", "monday", "Sunday", "now"]) | DATES
DATE_PATTERNS = [
    "{n} {u}", "last {n} {u}", "this {u}", "last {u}", "next {u}", "last complete {u}", "last {n} complete {u}",
    "this {u} to {u}", "{n} {u} ago", "{n} {u} from now", "{n} {u} ago for {n} {u}", "{n} {u} from now for {n} {u}",
    "before {p}", "after {p}", "before {n} {u}", "after {n} {u} ago", "before next {u}", "{p} to {p}",
    "{p} for {n} {u}", "{p}", "null", "not null", "", "{p} {u}", "{n}",
]  # fmt: skip
LETTERS = 'ab%_^\\", -NULL null EMPTY empty Null é\U0001f600\n\tx{'
NUMBERS = st.decimals(-1000, 1000, places=1).map(str) | st.sampled_from(["0", "5", "1e3", "-0", ".5", "1e-7", "10"])
NUMBER_PATTERNS = [
    "{x}", "NOT {x}", "<>{x}", ">{x}", "<= {x}", "[{x},{x}]", "({x},{x})", "[{x}, {x})", "({x},inf)", "(-inf,{x}]",
    "{x} to {x}", "to {x}", "{x} to", ">{x} AND <={x}", "<{x} and >{x}", "not [{x},{x}]", "NULL", "NOT NULL", "",
    "{x} or {x}", "NOT {x} to {x}",
]  # fmt: skip
WORDS = """
last this next ago for from now to before after null not NOT NULL complete fiscal quarter days week 7 0 99999 2024
2024-02-30 05/15/2024 20240510 FY2024 FY24-Q9 10:30 9999-12-31 0001-01-01 , ,, - -- ^ \\ " % _ ( ) [ ] < <= >= <>
!= inf -inf 1e999 1e 5. .5 AND OR yes no true false {{ }} \u212a ٣
"""
FRAGMENTS = st.sampled_from([*WORDS.split(), " ", "\n", "\t", "", "\u00a0", "\ud800"])


@st.composite
def filled(draw: st.DrawFn, patterns: list[str]) -> str:
    text = draw(st.sampled_from(patterns))
    for slot, strategy in (("{n}", COUNTS), ("{u}", UNITS), ("{p}", POINTS), ("{x}", NUMBERS)):
        while slot in text:
            text = text.replace(slot, draw(strategy), 1)
    return text


def listed(items: st.SearchStrategy[str], most: int = 4) -> st.SearchStrategy[str]:
    return st.lists(items, max_size=most).map(",".join)


STRING_ITEMS = ["NULL", "-NULL", "EMPTY", "-EMPTY", "a%", "-a", "-%b", '""']
EXPRESSIONS = {
    "date": listed(filled(DATE_PATTERNS), 3),
    "string": listed(st.text(LETTERS, max_size=8) | st.sampled_from(STRING_ITEMS)),
    "number": listed(filled(NUMBER_PATTERNS)),
    "yesno": listed(st.sampled_from(["yes", "no", "true", "FALSE", "null", "not null", "", "Yes "])),
}  # fmt: skip
MIXTURES = (
    st.text(max_size=40)
    | st.lists(FRAGMENTS, max_size=12).map("".join)
    | st.lists(FRAGMENTS, max_size=12).map(" ".join)
)
