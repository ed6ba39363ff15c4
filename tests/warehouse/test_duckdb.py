"""The embedded engine: what is shut, how a new stamp is noticed, and what broken files say."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from lib.warehouse import Cancellation, Query, QueryRefused, WarehouseError, WarehouseUnavailable
from lib.warehouse.duckdb import DuckDBWarehouse
from lib.warehouse.duckdb_file import open_file
from lib.warehouse.folder import warehouse_file
from tests.warehouse.conftest import SLOW, TABLES, Engine, make_warehouse, point_to

COUNT = Query("SELECT COUNT(*) AS n FROM analytics.days")
TWO_MORE = TABLES + "INSERT INTO analytics.days VALUES ('2024-05-15', 'a', 6), ('2024-05-15', 'b', 7);"

FORBIDDEN_HERE = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT content FROM read_text('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    "COPY (SELECT 1) TO '{folder}/out.csv'",
    "EXPORT DATABASE '{folder}/out'",
    "ATTACH '{folder}/other.duckdb'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 8",
    "SET enable_external_access = true",
    "RESET memory_limit",
    "PRAGMA threads = 8",
    "CREATE TABLE analytics.more AS SELECT 1 AS x",
    "DROP TABLE analytics.days",
    "SELECT * FROM a_local_table",
]


def count(warehouse: DuckDBWarehouse) -> int:
    return warehouse.run(COUNT).table.column("n")[0].as_py()


@pytest.mark.parametrize("statement", FORBIDDEN_HERE)
def test_a_cursor_reaches_nothing_but_the_file(tmp_path: Path, statement: str) -> None:
    path = make_warehouse(tmp_path, "one")
    opened = open_file(path, "one", (), {"threads": 2, "memory_limit": "1GB"})
    a_local_table = duckdb.sql("SELECT 1 AS x").to_arrow_table()
    assert a_local_table.num_rows == 1
    with opened.connection.cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement.format(folder=tmp_path)).fetchall()
    opened.connection.close()


def test_the_catalog_names_tables_but_not_those_of_the_model_tool(tmp_path: Path) -> None:
    opened = open_file(make_warehouse(tmp_path, "one"), "one", (), {})
    assert set(opened.catalog.tables) == {"analytics.days", "analytics.freshness", "analytics.names"}
    assert opened.catalog.columns_of("analytics.days") == {"day": "DATE", "site_id": "STRING", "users": "INT64"}
    assert opened.catalog.columns_of("analytics.never") == {}
    opened.connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM sqlmesh__analytics.hidden",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_tables",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_tables",
        "SELECT * FROM main.days",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('analytics.days')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM `/etc/passwd`",
        "SELECT * FROM range(10)",
        "SELECT getenv('HOME') AS x",
        "SELECT current_setting('memory_limit') AS x",
        "SELECT (SELECT MAX(x) FROM sqlmesh__analytics.hidden) AS x",
        "WITH hidden AS (SELECT 1 AS x) SELECT * FROM sqlmesh__analytics.hidden",
    ],
)
def test_a_query_names_only_tables_of_the_warehouse(duckdb_engine: Engine, sql: str) -> None:
    with pytest.raises(WarehouseError) as error:
        duckdb_engine.warehouse.run(Query(sql))
    assert not isinstance(error.value, WarehouseUnavailable)


def test_the_zone_is_utc_wherever_the_host_stands(tmp_path: Path) -> None:
    make_warehouse(tmp_path, "one")
    code = (
        "import sys; from pathlib import Path; from lib.warehouse import Query;"
        "from lib.warehouse.duckdb import DuckDBWarehouse;"
        "w = DuckDBWarehouse(Path(sys.argv[1]));"
        "q = Query(\"SELECT CAST(TIMESTAMP '2024-05-15 23:30:00+00' AS STRING) AS t FROM analytics.names\");"
        "print(w.run(q).table.to_pylist()[0]['t'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={**os.environ, "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("2024-05-15 23:30:00")


def test_bytes_and_budget_have_no_meaning(duckdb_engine: Engine) -> None:
    assert duckdb_engine.warehouse.run(Query(COUNT.sql, budget_bytes=1)).bytes is None


def test_too_much_memory_is_refused(tmp_path: Path) -> None:
    make_warehouse(tmp_path, "one")
    warehouse = DuckDBWarehouse(tmp_path, memory_limit="10MB")
    sql = "SELECT ARRAY_AGG(x ORDER BY x DESC) AS l FROM UNNEST(GENERATE_ARRAY(1, 1000000)) AS x"
    with pytest.raises(QueryRefused, match="memory"):
        warehouse.run(Query(sql))
    warehouse.close()


def test_a_new_stamp_is_noticed_at_the_next_query(duckdb_engine: Engine) -> None:
    warehouse = duckdb_engine.warehouse
    assert (warehouse.stamp, count(warehouse)) == ("one", 3)
    make_warehouse(duckdb_engine.folder, "two", TWO_MORE)
    assert (warehouse.stamp, count(warehouse)) == ("two", 5)


def test_freshness_is_read_again_for_a_new_stamp(duckdb_engine: Engine) -> None:
    warehouse = duckdb_engine.warehouse
    before = warehouse.freshness()["analytics.days"].data_through
    make_warehouse(
        duckdb_engine.folder,
        "two",
        TABLES + "UPDATE analytics.freshness SET data_through = '2024-05-16 00:00:00+00' WHERE grows;",
    )
    after = warehouse.freshness()["analytics.days"].data_through
    assert (after - before).days == 1


def test_a_query_that_runs_while_the_stamp_changes_ends_on_the_old_file_and_then_it_closes(
    duckdb_engine: Engine,
) -> None:
    warehouse = duckdb_engine.warehouse
    assert isinstance(warehouse, DuckDBWarehouse)
    with ThreadPoolExecutor(1) as pool:
        with warehouse._cursor(frozenset({"analytics.days"})) as (cursor, _):
            make_warehouse(duckdb_engine.folder, "two", TWO_MORE)
            assert pool.submit(count, warehouse).result(30) == 5
            assert cursor.execute("SELECT COUNT(*) FROM analytics.days").fetchall() == [(3,)]
            old = cursor
        with pytest.raises(duckdb.Error):
            old.execute("SELECT 1")
    # Closed for good: the path can be opened for writing again in this process.
    duckdb.connect(str(warehouse_file(duckdb_engine.folder, "one"))).close()


def test_many_readers_notice_nothing_of_a_switch_but_newer_rows(duckdb_engine: Engine) -> None:
    warehouse, folder = duckdb_engine.warehouse, duckdb_engine.folder
    make_warehouse(folder, "two", TWO_MORE, current=False)

    def read(number: int) -> int:
        if number == 20:
            point_to(folder, "two")
        return count(warehouse)

    with ThreadPoolExecutor(6) as pool:
        seen = list(pool.map(read, range(60)))
    assert set(seen) == {3, 5}
    assert seen[-1] == 5


def test_no_warehouse_says_how_to_make_one(tmp_path: Path) -> None:
    warehouse = DuckDBWarehouse(tmp_path / "none")
    assert warehouse.stamp == ""
    with pytest.raises(WarehouseUnavailable, match="make warehouse"):
        count(warehouse)


def test_without_a_warehouse_a_query_of_no_table_still_answers_and_then_the_warehouse_is_found(tmp_path: Path) -> None:
    warehouse = DuckDBWarehouse(tmp_path)
    assert warehouse.run(Query("SELECT 1 AS x")).table.to_pylist() == [{"x": 1}]
    make_warehouse(tmp_path, "one")
    assert count(warehouse) == 3
    warehouse.close()


def test_a_missing_file_is_unavailable_and_answers_again_when_it_is_back(duckdb_engine: Engine) -> None:
    warehouse, path = duckdb_engine.warehouse, warehouse_file(duckdb_engine.folder, "one")
    assert count(warehouse) == 3
    away = path.rename(path.with_name("away"))
    with pytest.raises(WarehouseUnavailable, match="missing"):
        count(warehouse)
    away.rename(path)
    assert count(warehouse) == 3


@pytest.mark.parametrize("left", [0, 100, 5000, 20_000])
def test_a_file_cut_short_is_unavailable_and_answers_again_when_whole(duckdb_engine: Engine, left: int) -> None:
    warehouse, path = duckdb_engine.warehouse, warehouse_file(duckdb_engine.folder, "one")
    assert count(warehouse) == 3
    whole = path.read_bytes()
    path.write_bytes(whole[:left])
    with pytest.raises(WarehouseUnavailable, match="cannot be read"):
        count(warehouse)
    path.write_bytes(whole)
    assert count(warehouse) == 3


def test_a_file_of_something_else_is_unavailable(tmp_path: Path) -> None:
    make_warehouse(tmp_path, "one").write_text("not a database " * 1000)
    with pytest.raises(WarehouseUnavailable, match="cannot be read"):
        count(DuckDBWarehouse(tmp_path))


def test_a_file_that_another_program_writes_is_unavailable_until_it_is_done(tmp_path: Path) -> None:
    path = make_warehouse(tmp_path, "one")
    code = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        warehouse = DuckDBWarehouse(tmp_path)
        with pytest.raises(WarehouseUnavailable, match="written by another program"):
            count(warehouse)
        writer.communicate("")
    assert count(warehouse) == 3
    warehouse.close()


def test_two_holders_in_one_process_share_the_file(duckdb_engine: Engine) -> None:
    other = DuckDBWarehouse(duckdb_engine.folder)
    assert (count(duckdb_engine.warehouse), count(other)) == (3, 3)
    other.close()
    assert count(duckdb_engine.warehouse) == 3


def test_a_cancel_that_comes_before_the_engine_begins_is_not_lost(duckdb_engine: Engine) -> None:
    class Late(Cancellation):
        def on_cancel(self, stop) -> None:
            super().on_cancel(stop)
            # The moment between registering and executing, in which one interrupt alone would be lost.
            threading.Thread(target=self.cancel).start()

    for cancellation in (Late(), Late(), Late()):
        with pytest.raises(WarehouseError, match="nobody waits"):
            duckdb_engine.warehouse.run(Query(SLOW, deadline_s=60), cancellation)


def test_messages_hold_no_path_and_no_sql(tmp_path: Path) -> None:
    make_warehouse(tmp_path, "one").write_bytes(b"broken")
    with pytest.raises(WarehouseUnavailable) as error:
        count(DuckDBWarehouse(tmp_path))
    assert str(tmp_path) not in str(error.value)
    assert "SELECT" not in str(error.value)


def test_a_file_replaced_in_its_place_is_read_anew_and_what_ran_on_it_ends_unavailable(duckdb_engine: Engine) -> None:
    warehouse, folder = duckdb_engine.warehouse, duckdb_engine.folder
    other = make_warehouse(folder, "other", TWO_MORE, current=False)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(warehouse.run, Query(f"SELECT COUNT(*) AS x FROM analytics.days, ({SLOW}) AS s"))
        while not running.done() and (warehouse._opened is None or warehouse._opened.in_use == 0):
            pass
        other.replace(warehouse_file(folder, "one"))
        assert count(warehouse) == 5
        assert isinstance(running.exception(60), WarehouseUnavailable)
    assert count(warehouse) == 5


def test_a_database_that_failed_is_opened_anew(duckdb_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = duckdb_engine.warehouse
    assert count(warehouse) == 3
    before = warehouse._opened

    def fail(*_: object) -> None:
        raise duckdb.FatalException("FATAL Error: database has been invalidated")

    with monkeypatch.context() as broken:
        broken.setattr("lib.warehouse.duckdb._fetch", fail)
        with pytest.raises(WarehouseUnavailable):
            count(warehouse)
    assert count(warehouse) == 3
    assert warehouse._opened is not before
