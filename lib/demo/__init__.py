"""Demo data: two years of raw tables of an invented company, written as Parquet exports."""

from lib.demo.days import FIRST_DAY, LAST_DAY
from lib.demo.exports import write_exports

__all__ = ["FIRST_DAY", "LAST_DAY", "write_exports"]
