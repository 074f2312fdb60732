"""What the tests of databases share: a system of one dataset, and what pulling it gives."""

import csv
import io
from typing import Any

import pytest

from ingest.connectors.protocol import Budget, Item, Limits, PullFailed
from ingest.connectors.sql import SqlConnector, SqlSystem

DATASET = "points"  # comes as increments
PASSWORD = "DATABASE_PASSWORD"
Rows = list[list[str]]


def system_of(url: str, limits: Limits = Limits(idle_seconds=10, seconds=60), **dataset: Any) -> SqlSystem:  # noqa: B008
    """A system with one dataset; its password, if any, is in the environment."""
    needs_none = url.startswith("sqlite:")
    given = {"order_by": ("id",), **({} if "query" in dataset else {"table": "t"}), **dataset}
    password = None if needs_none else f"env:{PASSWORD}"
    return SqlSystem(kind="sql", url=url, password=password, limits=limits, datasets={DATASET: given})


def items(system: SqlSystem, cursor: str | None = None) -> list[tuple[Item, bytes]]:
    """Each item that the system gives, with its bytes."""
    with SqlConnector(system, Budget(system.limits)) as connector:
        return [(item, b"".join(connector.fetch(item))) for item in connector.list(DATASET, cursor)]


def content(system: SqlSystem) -> bytes:
    """The bytes of a snapshot."""
    ((_, given),) = items(system)
    return given


def table(given: bytes) -> Rows:
    """CSV parsed: the header first."""
    return list(csv.reader(io.StringIO(given.decode("utf-8"), newline="")))


def ids(system: SqlSystem, cursor: str | None) -> list[str]:
    """The first column of all rows that come."""
    return [row[0] for _, given in items(system, cursor) for row in table(given)[1:]]


def failing(system: SqlSystem, cursor: str | None = None) -> str:
    """The code with which pulling fails."""
    with pytest.raises(PullFailed) as failed:
        items(system, cursor)
    return failed.value.code
