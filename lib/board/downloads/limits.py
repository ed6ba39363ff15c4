"""How much a file may hold, and what is said where rows go beyond it (docs/boards.md, Downloads)."""

from __future__ import annotations

from lib.warehouse.query import MAX_ROWS

# A cell of XLSX takes some 9 microseconds to write, one of CSV 1: both end within seconds.
XLSX_CELLS = 500_000
CSV_CELLS = 5_000_000
STATED = f"XLSX holds up to {XLSX_CELLS:,} cells, CSV {CSV_CELLS:,}, Parquet {MAX_ROWS:,} rows."
BOARD_STATED = f"XLSX holds up to {XLSX_CELLS:,} cells, the CSVs {CSV_CELLS:,}; the PDF shows the first rows of tables."
_ADVICE = "Choose an account or a shorter date"


def why_not(cells: int, ending: str, instead: str = "") -> str:
    """Why a file of so many cells is not offered; empty where it is. `instead`: the format that holds them."""
    limit = {"xlsx": XLSX_CELLS, "csv": CSV_CELLS, "zip": CSV_CELLS}.get(ending)
    if limit is None or cells <= limit:
        return ""
    other = f", or take {instead}" if instead else ""
    return f"Too much for {ending.upper()}: {cells:,} cells, and it holds {limit:,}. {_ADVICE}{other}."
