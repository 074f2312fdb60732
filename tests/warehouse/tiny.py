"""A whole candidate in a few kilobytes: two marts and a fact that all carry one marker."""

import atexit
import json
import shutil
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import duckdb

from warehouse import audit, candidate, publish
from warehouse.layout import CORE, MARTS
from warehouse.releases import Release

TOKEN = "abcdefghijklmnopponmlkjihgfedcba"
TABLES = {
    "marts.pairing_coverage": (
        "select {marker} as marker, '东港区' as place_name, cast(0.97 as double) as paired_share, cast(12.50 as "
        "decimal(18, 2)) as spent_yuan, date '2024-04-30' as month_on, ['a''b', null, '，'] as kinds, true as is_it, "
        "timestamptz '2024-04-30 08:00:00+08' as told_at, cast('valid' as enum ('valid', 'void')) as status "
        "from range(3)"
    ),
    "marts.delivery_status": (
        "select {marker} as marker, 'abcdefghijklmnop' as delivery_id, "
        "'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4a13912345678ab' as spec_version from range(2)"
    ),
    "core.fct_pairings": "select {marker} as marker, '" + TOKEN + "' as child_key, '371102-0001' as pairing_key",
}


def write_databases(build: Path, marker: int, storage_version: str = "v1.2.0") -> None:
    """Write both files of a candidate; every table says ``marker``."""
    for database in (MARTS, CORE):
        with duckdb.connect() as connection:
            connection.execute(f"attach '{build / database.file}' as built (storage_version '{storage_version}')")
            connection.execute(f"use built; create schema {database.schema}")
            for label, query in TABLES.items():
                if label.startswith(database.schema):
                    connection.execute(f"create table {label} as {query.format(marker=marker)}")
                    comment(connection, label)


def comment(connection: duckdb.DuckDBPyConnection, label: str, kind: str = "table") -> None:
    connection.execute(f"comment on {kind} {label} is '试验表'")
    for (column,) in connection.execute(f"select column_name from (describe {label})").fetchall():
        connection.execute(f"comment on column {label}.{column} is '试验列'")


def dbt_manifest(home: Path, labels: Iterable[str] = tuple(TABLES)) -> Path:
    """Write what dbt writes, as far as the audit reads it."""
    models = [dict(zip(("schema", "name"), label.split("."), strict=True)) for label in labels]
    models += [{"schema": "staging", "name": "stg_pairings"}]
    nodes = {
        f"model.jinguo.{model['name']}": {
            **model,
            "alias": model["name"],
            "resource_type": "model",
            "config": {"materialized": "table"},
        }
        for model in models
    }
    path = home / "dbt-manifest.json"
    path.write_text(json.dumps({"metadata": {"dbt_version": "1.11.16"}, "nodes": nodes}), encoding="utf-8")
    return path


@lru_cache
def template(marker: int) -> Path:
    """Write a candidate that passes, once per process and marker."""
    kept = Path(tempfile.mkdtemp(prefix="jinguo-tiny-"))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    path = candidate.create(kept, f"m{marker}")
    write_databases(path, marker)
    (path / "jinguo_work.duckdb").write_bytes(b"never released")
    return path


def build(home: Path, run: str, marker: int = 1) -> Path:
    """Make a candidate that passes."""
    path = candidate.create(home / "build", run)
    shutil.copytree(template(marker), path, dirs_exist_ok=True)
    return path


def change(build_path: Path, *statements: str, database: str = MARTS.file) -> None:
    """Spoil a candidate."""
    with duckdb.connect(str(build_path / database)) as connection:
        for statement in statements:
            connection.execute(statement)


@lru_cache
def audited_template(marker: int) -> Path:
    """Audit a candidate once; a copy keeps the times of its files, so the audit holds for the copy."""
    path = template(marker)
    kept = path.parent / "audited" / path.name
    shutil.copytree(path, kept)
    audit.audit(kept, dbt_manifest(path.parent))
    return kept


def audited(home: Path, run: str, marker: int = 1) -> Path:
    """Make a candidate that has passed."""
    path = candidate.create(home / "build", run)
    shutil.copytree(audited_template(marker), path, dirs_exist_ok=True)
    return path


def publish_audited(home: Path, path: Path) -> Release:
    return publish.publish(path, home / "releases", home / "current", path.name, {"deliveries": 5})


def publish_new(home: Path, run: str, marker: int) -> Release:
    """Build, audit and publish one release."""
    return publish_audited(home, audited(home, run, marker))
