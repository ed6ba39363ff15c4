"""GoogleSQL for DuckDB: one dialect step for looks and models. docs/dialect lists what is mended and refused."""

from lib.warehouse.dialect.refusals import refuse
from lib.warehouse.dialect.results import googlesql_type
from lib.warehouse.dialect.translation import install_in_sqlglot, mend, translate

VERSION = "1"

__all__ = ["VERSION", "googlesql_type", "install_in_sqlglot", "mend", "refuse", "translate"]
