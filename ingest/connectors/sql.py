"""Databases: a dataset is a query or a table, landed as CSV with every value in the server's own text."""

import re
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ingest.connectors.protocol import Budget, Item, Limits, PullFailed
from ingest.connectors.secrets import Reference, address, revealed
from ingest.connectors.sql_adbc import PostgresDriver, SqlDriver, SqliteDriver
from ingest.connectors.sql_odbc import OdbcDriver
from ingest.connectors.sql_text import Row, Source, as_csv, in_batches, later, since_day
from ingest.connectors.sql_watch import Watched
from ingest.contracts import CONTRACTS

_SCHEMES = ("postgresql://", "sqlite:///", "odbc:", "env:")
_SECRET = re.compile(r"^[a-z]+://[^/@]*:[^/@]*@|(^|[:;])\s*(pwd|password)\s*=|[?&]password=", re.IGNORECASE)
Names = tuple[str, ...]
Blocks = Iterator[list[Row]]
Name = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00]+$")]


class SqlCursor(BaseModel):
    """The column that says when a row last changed, and how many days late a change may be committed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: Name
    overlap_days: int = Field(ge=1, le=3_660)


class SqlDataset(BaseModel):
    """One dataset in a database: a ``query``, or a ``table`` (``schema.table``), of which ``columns`` or all of them.

    ``order_by`` names columns that together order every row, so that equal rows give equal bytes. With a ``cursor`` the
    dataset comes as increments of ``batch_rows`` rows each, without one as one snapshot. ``text_bytes`` is the longest
    value that an ODBC driver may hand over: a longer one fails the pull.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: str | None = None
    table: Name | None = None
    columns: tuple[Name, ...] = ()
    order_by: tuple[Name, ...] = Field(min_length=1)
    cursor: SqlCursor | None = None
    batch_rows: int = Field(default=50_000, ge=1, le=1_000_000)
    text_bytes: int = Field(default=65_536, ge=16, le=16 << 20)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.query is None) == (self.table is None):
            raise ValueError("a query or a table, and not both")
        if self.query is not None and self.columns:
            raise ValueError("columns belong to a table; a query names its own")
        return self

    @field_validator("query")
    @classmethod
    def _one_statement(cls, given: str | None) -> str | None:
        text = given.strip().removesuffix(";").rstrip() if given is not None else None
        if text is not None and not re.match(r"(select|with)\b", text, re.IGNORECASE):
            raise ValueError("a query reads: it begins with select or with")
        return text


class SqlSystem(BaseModel):
    """A sender's database. The scheme of ``url`` says which driver reads it: ``postgresql://user@host:port/database``,
    ``sqlite:///absolute/path`` or ``odbc:DRIVER={...};SERVER=...``; the password stands apart, by reference."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["sql"]
    url: str
    password: Reference | None = None
    limits: Limits = Limits()
    datasets: Mapping[str, SqlDataset]

    @field_validator("url")
    @classmethod
    def _known_scheme(cls, given: str) -> str:
        if not given.startswith(_SCHEMES):
            raise ValueError(f"begins with one of: {', '.join(_SCHEMES)}")
        if _SECRET.search(given):
            raise ValueError("the password is named apart: password = env:NAME or file:/absolute/path")
        return given

    @model_validator(mode="after")
    def _increments_only(self) -> Self:
        """A part of a snapshot would end everything that is not in it."""
        for name, dataset in self.datasets.items():
            if dataset.cursor and name in CONTRACTS and CONTRACTS[name].delivers == "snapshot":
                raise ValueError(f"{name} comes as a snapshot, which has no cursor")
        return self


class SqlConnector:
    """Reads each dataset with one query in one consistent view, and holds at most one batch of an increment."""

    def __init__(self, system: SqlSystem, budget: Budget) -> None:
        """Raises ``NotConnected`` where the address is not set on this machine, ``PullFailed`` address_unsafe."""
        self._system, self._budget = system, budget
        self._url = address(system.url)
        if not self._url.startswith(_SCHEMES[:-1]):
            raise PullFailed("address_unsafe", "an unknown scheme")
        self._watched = Watched(budget)
        self._held: dict[str, bytes] = {}

    def __enter__(self) -> Self:
        password = revealed(self._system.password) if self._system.password else ""
        if self._url.startswith("postgresql:"):
            self._driver: SqlDriver = PostgresDriver(self._url, password)
        elif self._url.startswith("sqlite:"):
            self._driver = SqliteDriver(self._url)
        else:
            longest = max((dataset.text_bytes for dataset in self._system.datasets.values()), default=16)
            self._driver = OdbcDriver(self._url.removeprefix("odbc:"), password, longest)
        self._watched.start()
        idle, seconds = self._budget.idle_seconds, self._budget.seconds
        try:
            self._watched.do(lambda: self._driver.open(idle, seconds), idle + 1)
        except BaseException:
            self._watched.stop(self._driver.close)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watched.stop(self._driver.close)

    def list(self, dataset: str, cursor: str | None) -> Iterator[Item]:
        """Yield one item for a snapshot, which its fetching reads, and one for each batch of an increment.

        ``cursor`` is a day; rows are asked for from ``overlap_days`` before it, so that one committed late is not lost.
        """
        settings = self._system.datasets[dataset]
        if settings.cursor is None:
            self._budget.spend_item()
            yield Item(f"{dataset}.csv", dataset, "")
            return
        since = since_day(cursor, settings.cursor.overlap_days)
        names, batches = self._asked(settings, settings.cursor.column, since)
        for number, batch in enumerate(in_batches(batches, settings.batch_rows), 1):
            self._budget.spend_item()
            cursor = later(cursor, (row[-1] for row in batch))
            content = as_csv([names, *(row[:-1] for row in batch)])
            place = f"{dataset}/{number}"
            self._held = {place: content}
            yield Item(f"{dataset}-{number}.csv", place, "", byte_size=len(content), sequence=number, cursor=cursor)

    def fetch(self, item: Item) -> Iterator[bytes]:
        """Yield the CSV of an item: the header, then a line for each row."""
        if item.place in self._held:
            return self._budget.metered(iter([self._held.pop(item.place)]))
        return self._budget.metered(self._snapshot(self._system.datasets[item.place]))

    def _snapshot(self, settings: SqlDataset) -> Iterator[bytes]:
        names, batches = self._asked(settings, None, None)
        yield as_csv([names])
        for batch in batches:
            yield as_csv(batch)

    def _asked(self, settings: SqlDataset, cursor: str | None, since: str | None) -> tuple[Names, Blocks]:
        dialect = self._driver.dialect
        table = dialect.name(*settings.table.split(".")) if settings.table else f"({settings.query})"
        source = Source(table, settings.order_by, dialect)
        there = self._watched.do(lambda: self._driver.columns(source.nothing()), self._budget.seconds)
        columns = {name: there.get(name, False) for name in settings.columns or there}
        return tuple(columns), self._batches(source.rows(columns, cursor, since))

    def _batches(self, statement: str) -> Blocks:
        """The first rows may take as long as the server sorts; after them it may not fall silent."""
        rows, seconds = self._driver.rows(statement), self._budget.seconds
        while (batch := self._watched.do(lambda: next(rows, None), seconds)) is not None:
            yield batch
            seconds = self._budget.idle_seconds
