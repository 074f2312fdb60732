"""Running the real dbt project against a home, and reading what it built."""

import json
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

PROJECT = Path(__file__).parents[2] / "dbt_project"
OPEN = "timestamp '9999-12-31 00:00:00'"


class Dbt:
    """dbt in this process: imported and parsed once, because each of both costs as much as a small build.

    Where a home lies is read while parsing, so all homes are reached through one symlink in ``folder``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._home = folder / "home"
        self._manifest: Any = None

    def run(self, home: Path, build: Path, command: str, *args: str, **variables: str) -> dict[str, str]:
        """Run dbt on ``home`` into ``build`` with dbt's ``variables``; return name -> status of every node."""
        (build / "core").mkdir(parents=True, exist_ok=True)
        self._home.unlink(missing_ok=True)
        self._home.symlink_to(home)
        places = {"JINGUO_HOME": str(self._home), "JINGUO_BUILD": str(build), "DO_NOT_TRACK": "1"}
        with patch.dict(os.environ, places), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self._manifest is None:
                self._manifest = self._invoke("parse")
            told = ["--vars", json.dumps(variables)] if variables else []
            results = self._invoke(command, *told, *args, manifest=self._manifest.deepcopy())
        return {one.node.name: str(one.status) for one in results}

    def _invoke(self, *command: str, manifest: Any = None) -> Any:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        where = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--no-version-check", "--no-write-json"]
        written = ["--target-path", str(self.folder / "target"), "--log-path", str(self.folder / "logs")]
        quiet = ["--quiet", "--log-level", "none", "--log-level-file", "none"]
        try:
            done = dbtRunner(manifest=manifest).invoke([*command, *where, *written, *quiet])
        finally:
            # without it the adapter keeps the files open for writing
            DuckDBConnectionManager.close_all_connections()
        assert done.result is not None, done.exception
        return done.result


def unsound(statuses: dict[str, str]) -> dict[str, str]:
    """Return those of ``statuses`` that are neither a success nor a pass."""
    return {name: status for name, status in statuses.items() if status not in ("success", "pass")}


def build_core(dbt: Dbt, home: Path, build: Path, models: Iterable[str] = (), **variables: str) -> Path:
    """Build ``models``, or all of core, and what they read, without tests; return ``build``."""
    chosen = [f"+{model}" for model in models] or ["+path:models/core"]
    untested = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    wrong = unsound(dbt.run(home, build, "build", "--select", *chosen, *untested, **variables))
    assert not wrong, wrong
    return build


def rows(build: Path, query: str) -> list[tuple]:
    """Return the rows of ``query`` over schemas core and the work file's."""
    connection = duckdb.connect(str(build / "jinguo_work.duckdb"))
    connection.execute(f"attach '{build / 'core' / 'jinguo_core.duckdb'}' as jinguo_core (read_only)")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def tables(build: Path) -> dict[str, list[str]]:
    """Return the tables of core with their columns."""
    query = """select table_name, list(column_name order by column_index) from duckdb_columns()
        where database_name = 'jinguo_core' and schema_name = 'core' group by table_name order by table_name"""
    return dict(rows(build, query))


def content(build: Path, table: str, columns: list[str], where: str = "true") -> list[tuple]:
    """Return the sorted rows of one core table."""
    return sorted(rows(build, f"select {', '.join(columns)} from jinguo_core.core.{table} where {where}"), key=repr)
