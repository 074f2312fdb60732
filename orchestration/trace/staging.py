"""What staging says of one record, asked with dbt's own compiled SQL: staging itself is not part of a release."""

from pathlib import Path
from typing import Any

import duckdb

from ingest.home import Home
from ingest.origin import Origin
from orchestration.dbt_build import target

Rows = tuple[list[str], list[tuple[Any, ...]]]
NOTHING: Rows = ([], [])
# As profiles.yml names it: compiled SQL calls staging by this database.
_WORK = "jinguo_work"


def staged(home: Home, dataset: str, found: Origin) -> Rows:
    """Return the staging row of one record: column names and rows; nothing where no night has compiled the models."""
    folder = _compiled(home)
    model = folder / f"stg_{dataset}.sql" if folder else None
    if folder is None or model is None or not model.exists():
        return NOTHING
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach ':memory:' as {_WORK}")
        connection.execute(f"create schema {_WORK}.staging")
        deliveries = (folder / "stg_deliveries.sql").read_text(encoding="utf-8")
        connection.execute(f"create view {_WORK}.staging.stg_deliveries as {deliveries}")
        result = connection.execute(
            f"from ({model.read_text(encoding='utf-8')}) where delivery_id = $d and sheet_no = $s and row_no = $r",
            {"d": found.delivery_id, "s": found.sheet_no, "r": found.row_no},
        )
        return [column[0] for column in result.description], result.fetchall()


def _compiled(home: Home) -> Path | None:
    return next(iter(sorted((target(home) / "compiled").glob("*/models/staging"))), None)
