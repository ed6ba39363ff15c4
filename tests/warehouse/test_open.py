"""The engine that the settings name."""

from __future__ import annotations

from pathlib import Path

from lib.settings import Settings
from lib.warehouse import Query, open_warehouse
from tests.warehouse.conftest import make_warehouse
from tests.warehouse.double import Answer, Double


def test_the_embedded_engine_reads_the_var_folder(tmp_path: Path) -> None:
    make_warehouse(tmp_path / "warehouse", "one")
    warehouse = open_warehouse(Settings(var=tmp_path))
    assert (warehouse.engine, warehouse.stamp) == ("duckdb", "one")
    assert warehouse.run(Query("SELECT COUNT(*) AS n FROM analytics.days")).table.to_pylist() == [{"n": 3}]
    warehouse.close()
    warehouse.close()


def test_bigquery_is_asked_at_the_endpoint_for_the_project_and_place(tmp_path: Path) -> None:
    with Double() as double:
        double.answer(Answer(rows=[[7]]))
        settings = Settings(
            var=tmp_path,
            warehouse="bigquery",
            bigquery_project="acme-data",
            bigquery_location="EU",
            bigquery_endpoint=double.url,
        )
        warehouse = open_warehouse(settings)
        assert (warehouse.engine, warehouse.stamp) == ("bigquery", "bigquery")
        assert double.requests == []
        assert warehouse.run(Query("SELECT 7 AS x")).table.to_pylist() == [{"x": 7}]
        assert double.sent("insert")[0].path == "/bigquery/v2/projects/acme-data/jobs"
        assert double.sent("insert")[0].body["jobReference"]["location"] == "EU"
        warehouse.close()
        warehouse.close()
