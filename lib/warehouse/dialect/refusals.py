"""What the demo engine must not run, because DuckDB would answer otherwise than BigQuery.

The list of functions is a list of what is tested (tests/warehouse/dialect_cases.json, dialect_more.json); everything
else is refused, with another way to write it where one is known.
"""

from __future__ import annotations

from sqlglot import exp

from lib.warehouse.dialect.kinds import Kinds
from lib.warehouse.query import QueryRefused

TESTED = (
    exp.Abs, exp.And, exp.AnyValue, exp.ApproxDistinct, exp.ApproxQuantiles, exp.ArgMax, exp.ArgMin, exp.Array,
    exp.ArrayAgg, exp.ArrayConcat, exp.ArrayReverse, exp.ArraySize, exp.ArrayToString, exp.Avg, exp.ByteLength,
    exp.Case, exp.Cast, exp.Ceil, exp.Chr, exp.Coalesce, exp.Concat, exp.Corr, exp.Count, exp.CountIf,
    exp.CovarPop, exp.CovarSamp, exp.CumeDist, exp.CurrentDate, exp.CurrentDatetime, exp.CurrentTimestamp, exp.Date,
    exp.DateAdd, exp.DateDiff, exp.DateFromUnixDate, exp.DateSub, exp.DateTrunc, exp.Datetime, exp.DatetimeAdd,
    exp.DatetimeDiff, exp.DatetimeSub, exp.DatetimeTrunc, exp.DenseRank, exp.EndsWith, exp.Exists, exp.Exp,
    exp.Explode, exp.Extract, exp.FirstValue, exp.Floor, exp.GenerateDateArray, exp.GenerateSeries,
    exp.GenerateTimestampArray, exp.Greatest, exp.GroupConcat, exp.Grouping, exp.If, exp.Initcap, exp.IntDiv,
    exp.JSONExtract, exp.JSONExtractArray, exp.JSONExtractScalar, exp.JSONFormat, exp.JSONValueArray, exp.Lag,
    exp.LastDay, exp.LastValue, exp.Lead, exp.Least, exp.Left, exp.Length, exp.Ln, exp.Log, exp.LogicalAnd,
    exp.LogicalOr, exp.Lower, exp.MD5Digest, exp.Max, exp.Min, exp.Mod, exp.NthValue, exp.Ntile, exp.Nullif, exp.Or,
    exp.Pad, exp.ParseDatetime, exp.ParseJSON, exp.PercentRank, exp.PercentileCont, exp.PercentileDisc, exp.Pow,
    exp.Quarter, exp.Rand, exp.Rank, exp.RegexpExtract, exp.RegexpExtractAll, exp.RegexpLike, exp.RegexpReplace,
    exp.Repeat, exp.Replace, exp.Reverse, exp.Right, exp.Round, exp.RowNumber, exp.SHA2Digest, exp.SafeAdd,
    exp.SafeDivide, exp.SafeMultiply, exp.SafeNegate, exp.SafeSubtract, exp.Sign, exp.Split, exp.Sqrt,
    exp.StartsWith, exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.StrPosition, exp.StrToDate, exp.StrToTime,
    exp.Struct, exp.Substring, exp.Sum, exp.TimeToStr, exp.Timestamp, exp.TimestampAdd, exp.TimestampDiff,
    exp.TimestampFromParts, exp.TimestampSub, exp.TimestampTrunc, exp.ToBase64, exp.Trim, exp.Trunc, exp.TryCast,
    exp.TsOrDsToDate, exp.TsOrDsToDatetime, exp.TsOrDsToTime, exp.TsOrDsToTimestamp, exp.UnixDate, exp.UnixMicros,
    exp.UnixMillis, exp.UnixSeconds, exp.UnixToTime, exp.Unnest, exp.Upper, exp.Uuid, exp.Variance, exp.VariancePop,
    exp.DateFromParts, exp.TimeFromParts, exp.WeekStart,
    exp.Hex, exp.LowerHex, exp.SHA2, exp.MD5, exp.SHA, exp.SafeFunc, exp.Columns, exp.Xor,
)  # fmt: skip
SQLMESH_OWN = (exp.CurrentCatalog, exp.DateStrToDate, exp.TimeStrToTime, exp.TsOrDsToDateStr)
"""Functions that SQLMesh writes into the statements it runs; GoogleSQL text cannot produce them."""
SAFE_PREFIX = (exp.StrToDate, exp.StrToTime, exp.ParseDatetime, exp.ParseJSON)
INSTEAD = {
    "ARRAY_CONCAT_AGG": "unnest the arrays and use ARRAY_AGG",
    "APPROX_TOP_COUNT": "GROUP BY the value, ORDER BY COUNT(*) DESC, LIMIT n",
    "APPROX_TOP_K": "GROUP BY the value, ORDER BY COUNT(*) DESC, LIMIT n",
    "ASCII": "compare texts themselves",
    "BOOL": "use SAFE_CAST(JSON_VALUE(…) AS BOOL)",
    "CONTAINS_SUBSTR": "use STRPOS(LOWER(text), 'part') > 0",
    "FARM_FINGERPRINT": "use TO_HEX(MD5(…))",
    "FLOAT64": "use SAFE_CAST(JSON_VALUE(…) AS FLOAT64)",
    "FORMAT": "use CONCAT and CAST(… AS STRING)",
    "IEEE_DIVIDE": "use SAFE_DIVIDE",
    "INT64": "use SAFE_CAST(JSON_VALUE(…) AS INT64)",
    "JSON_TYPE": "use JSON_VALUE and JSON_QUERY",
    "LAX_BOOL": "use SAFE_CAST(JSON_VALUE(…) AS BOOL)",
    "LAX_FLOAT64": "use SAFE_CAST(JSON_VALUE(…) AS FLOAT64)",
    "LAX_INT64": "use SAFE_CAST(JSON_VALUE(…) AS INT64)",
    "LAX_STRING": "use JSON_VALUE",
    "NET.HOST": "use REGEXP_EXTRACT(url, r'^https?://([^/]+)')",
    "NORMALIZE": "compare texts as they are",
    "RANGE_BUCKET": "use CASE",
    "STRING": "use CAST(… AS STRING)",
}
CLAUSES: dict[type[exp.Expr], str] = {
    exp.RespectNulls: "RESPECT NULLS",
    exp.Filter: "FILTER (WHERE …): use IF inside the aggregate",
    exp.TableSample: "TABLESAMPLE",
    exp.Version: "FOR SYSTEM_TIME AS OF",
    exp.Lateral: "LATERAL",
    exp.Into: "INTO",
    exp.Lock: "FOR UPDATE",
    exp.Collate: "COLLATE",
    exp.BitwiseLeftShift: "<<",
    exp.BitwiseRightShift: ">>",
    exp.BitwiseXor: "^",
    exp.BitwiseNot: "~",
    exp.SimilarTo: "SIMILAR TO",
    exp.ILike: "ILIKE: use LOWER(…) LIKE",
    exp.Placeholder: "?",
}
COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ)
NUMBERS = {"INT64", "FLOAT64", "NUMERIC"}


def refuse(tree: exp.Expr, kinds: Kinds | None = None) -> None:
    """Raise `QueryRefused` for the first construct of one query that the demo engine must not run."""
    if not isinstance(tree, (exp.Select, exp.SetOperation, exp.Subquery)):
        raise QueryRefused("Only SELECT queries can be run.", construct=tree.key.upper())
    refuse_constructs(tree, kinds or Kinds())
    tables_known_by_name(tree)


def refuse_constructs(tree: exp.Expr, kinds: Kinds) -> None:
    """The refusals that hold wherever SQL is run on DuckDB, models included."""
    for node in tree.walk():
        if isinstance(node, exp.Func) and not isinstance(node, TESTED + SQLMESH_OWN):
            _refuse_function(node)
        elif type(node) in CLAUSES:
            name = CLAUSES[type(node)]
            raise QueryRefused(f"The demo engine does not have {name}.", construct=name.split(":")[0])
        elif isinstance(node, exp.SafeFunc) and not isinstance(node.this, SAFE_PREFIX):
            raise QueryRefused(
                "SAFE. works before PARSE_DATE, PARSE_TIMESTAMP and PARSE_JSON on the demo engine: use IF to guard.",
                construct="SAFE.",
            )
        elif isinstance(node, exp.ByteString) and "\\" in node.name:
            raise QueryRefused("The demo engine has no escapes in BYTES literals.", construct="BYTES literals")
        elif isinstance(node, exp.Count) and isinstance(node.this, exp.Distinct) and len(node.this.expressions) > 1:
            raise QueryRefused("COUNT(DISTINCT …) takes one value.", construct="COUNT(DISTINCT a, b)")
        elif isinstance(node, exp.CountIf) and isinstance(node.this, exp.Distinct):
            raise QueryRefused("COUNTIF(DISTINCT …): use COUNT(DISTINCT IF(…)).", construct="COUNTIF(DISTINCT)")
        elif isinstance(node, exp.SetOperation) and node.args.get("distinct") is None:
            raise QueryRefused("UNION, INTERSECT and EXCEPT need ALL or DISTINCT.", construct=node.key.upper())
        elif isinstance(node, COMPARISONS):
            _refuse_comparison(node, kinds)
        elif isinstance(node, exp.Dot) and kinds.of(node.this) == "JSON":
            raise QueryRefused("Fields of JSON are read by JSON_VALUE.", construct="field of JSON")
    if kinds.reads_json_fields:
        raise QueryRefused("Fields of JSON are read by JSON_VALUE.", construct="field of JSON")


def _refuse_function(node: exp.Func) -> None:
    name = node.name.upper() if isinstance(node, exp.Anonymous) else node.sql_name()
    if isinstance(node.parent, exp.Dot):
        name = f"{node.parent.this.sql().upper()}.{name}"
    instead = INSTEAD.get(name)
    tail = f": {instead}." if instead else "."
    raise QueryRefused(f"{name} is not among the functions that the demo engine is tested for{tail}", construct=name)


def _refuse_comparison(node: exp.Expr, kinds: Kinds) -> None:
    pair = {kinds.of(node.this), kinds.of(node.expression)}
    if None in pair or len(pair) == 1:
        return
    literal = any(isinstance(side, (exp.Literal, exp.Parameter, exp.Null)) for side in (node.this, node.expression))
    if pair <= NUMBERS or (literal and "STRING" in pair and not pair & (NUMBERS | {"BOOL"})):
        return
    left, right = sorted(str(k) for k in pair)
    raise QueryRefused(f"{left} and {right} cannot be compared: cast one of them.", construct=node.key.upper())


def tables_known_by_name(tree: exp.Expr) -> None:
    """Tables are named with their dataset; a bare name is a CTE of the query; nothing else can be read from."""
    ctes = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            raise QueryRefused("Tables are named as dataset.table.", construct="FROM")
        if table.db.lower() == "information_schema" or "INFORMATION_SCHEMA" in table.name.upper():
            raise QueryRefused("INFORMATION_SCHEMA is not there on the demo engine.", construct="INFORMATION_SCHEMA")
        if not table.db and table.name.lower() not in ctes:
            raise QueryRefused(f"No table {table.name}: tables are named as dataset.table.", construct=table.name)
        if table.db.lower() in ("pg_catalog", "main", "temp", "system"):
            raise QueryRefused(f"{table.db} is not there on the demo engine.", construct=table.db)
