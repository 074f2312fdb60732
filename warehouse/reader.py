"""Asking a release: one statement, read-only, with no way out of the release."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.layout import CORE, MARTS
from warehouse.releases import NoRelease

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "1GB",
    # Nothing is spilled: a read must not write to whichever folder it was started in.
    "temp_directory": "",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
ALLOWED = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


class Refused(Exception):
    """The statement is not one that a reader may run; the message says what is allowed."""


@dataclass(frozen=True)
class Answer:
    """The columns' names and the rows, as Python values."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def query(current: Path, sql: str) -> Answer:
    """Run one SELECT (or EXPLAIN, DESCRIBE, SHOW) on the release that ``current`` leads to now.

    Tables are named marts.<name> and, where this user may read the core file, core.<name>. Raises NoRelease,
    Refused, and duckdb.Error for what is wrong with the statement itself.
    """
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type not in ALLOWED:
        raise Refused("one SELECT at a time: a release is read, never changed")
    with opened(current) as connection:
        result = connection.execute(statements[0])
        return Answer([column[0] for column in result.description], result.fetchall())


@contextmanager
def opened(current: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """Open the release that ``current`` leads to now, locked; it stays the same one until closed.

    Both files are attached to a private in-memory database: two connections of one process then never share
    settings, and the core file can be left out for who may not read it. Raises NoRelease.
    """
    release = Path(os.path.realpath(current))
    if not (release / MARTS.file).is_file():
        raise NoRelease(f"no release is served at {current}; run `jinguo nightly`")
    databases = [MARTS, CORE] if os.access(release / CORE.file, os.R_OK) else [MARTS]
    with duckdb.connect(":memory:", config=SETTINGS) as connection:
        for database in databases:
            path = str(release / database.file).replace("'", "''")
            connection.execute(f"attach '{path}' as {Path(database.file).stem} (read_only)")
        searched = ",".join(f"{Path(database.file).stem}.{database.schema}" for database in databases)
        connection.execute(f"set search_path = '{searched}'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
