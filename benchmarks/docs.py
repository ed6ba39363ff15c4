"""Where figures stand for people: docs/performance.md."""

from __future__ import annotations

from lib.settings import ROOT

DOCS = ROOT / "docs" / "performance.md"


def put_between(first_mark: str, tables: str, last_mark: str) -> None:
    """Put tables between two marks of the page, in place of those of an earlier run."""
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(first_mark)
    after = rest.partition(last_mark)[2]
    DOCS.write_text(f"{before}{first_mark}\n\n{tables}\n\n{last_mark}{after}", encoding="utf-8")
