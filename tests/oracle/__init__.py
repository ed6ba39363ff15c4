"""Google's own GoogleSQL analyzer and reference engine, in process: what a query means on BigQuery.

    from tests.oracle import Table, analyze, execute, OracleError

    tables = {"analytics.accounts": {"account_key": "STRING", "seats": "INT64"}}
    analyze("SELECT SUM(seats) AS n FROM analytics.accounts", tables)                     -> [("n", "INT64")]

    rows = {"analytics.accounts": Table({"account_key": "STRING", "seats": "INT64"}, [["a", 3], ["b", None]])}
    execute("SELECT SUM(seats) AS n FROM analytics.accounts WHERE account_key IN UNNEST(@keys)", rows,
            [Parameter("keys", "ARRAY<STRING>", ["a"])])                                  -> ([("n", "INT64")], [[3]])

Types are GoogleSQL's text (`ARRAY<STRUCT<a INT64>>`). Values: DATE, DATETIME, TIMESTAMP (UTC) and TIME as Python's own
or as ISO text going in, as Python's own coming out; NUMERIC as Decimal; JSON as text; ARRAY and STRUCT as lists; NULL
as None. `plain` turns them into the form of tests/warehouse/dialect_cases.json. `tables` may be in the form of
sql/schema.yaml: an entry with `columns:` is read as well. Mistakes raise `OracleError` with Google's message.

The engine starts in half a second once its compiled form is cached (under var/cache), and in eleven the first time.
One instance serves the process, one call at a time. What it lacks: MAX_BY, CONTAINS_SUBSTR, ML.*, INFORMATION_SCHEMA;
APPROX_* and HLL are analysed but not run. It accepts more than BigQuery does: a pass is needed, not enough.
"""

from tests.oracle.engine import OracleError, Table, analyze, execute
from tests.oracle.values import plain

__all__ = ["OracleError", "Table", "analyze", "execute", "plain"]
