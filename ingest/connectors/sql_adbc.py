"""PostgreSQL, and what speaks its protocol, and SQLite, through ADBC: rows stream, in one read-only view."""

import socket
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from ingest.connectors.protocol import PullFailed
from ingest.connectors.sql_text import Dialect, Row


class SqlDriver(Protocol):
    """One connection to a database; every value comes as text. Raises ``PullFailed`` only."""

    dialect: Dialect

    def open(self, idle_seconds: float, seconds: float) -> None: ...

    def columns(self, statement: str) -> dict[str, bool]: ...

    def rows(self, statement: str) -> Iterator[list[Row]]: ...

    def close(self) -> None: ...


class _AdbcDriver:
    """What both share: one transaction, one statement after the other."""

    _connection: Any

    def columns(self, statement: str) -> dict[str, bool]:
        """Return the columns of a statement's result; none is of a type that casts badly."""
        with _told(), closing(self._connection.cursor()) as cursor:
            cursor.execute(statement)
            return {column[0]: False for column in cursor.description}

    def rows(self, statement: str) -> Iterator[list[Row]]:
        """Yield the rows of a statement's result in blocks, every value as text."""
        with _told(), closing(self._connection.cursor()) as cursor:
            cursor.execute(statement)
            with cursor.fetch_record_batch() as batches:
                for batch in batches:
                    yield list(zip(*(column.to_pylist() for column in batch.columns), strict=True))

    def close(self) -> None:
        """Close the connection; what it read is not committed, as there is nothing to commit."""
        with _told():
            self._connection.close()

    def _begin(self, statements: list[str]) -> None:
        with _told(), closing(self._connection.cursor()) as cursor:
            for statement in statements:
                cursor.execute(statement)


class PostgresDriver(_AdbcDriver):
    """A PostgreSQL server: repeatable read, read only, with its own limit on a statement."""

    dialect = Dialect(quote='"', text="cast({} as text)")

    def __init__(self, url: str, password: str) -> None:
        self._url, self._password = url, password

    def open(self, idle_seconds: float, seconds: float) -> None:
        """Connect and begin the one transaction in which everything is read."""
        try:
            from adbc_driver_postgresql import dbapi
        except ImportError:
            raise PullFailed("client_missing", "adbc-driver-postgresql") from None
        sign = "&" if urlsplit(self._url).query else "?"
        options = f"connect_timeout={max(2, int(idle_seconds))}&client_encoding=utf8"
        secret = f"&password={quote(self._password, safe='')}" if self._password else ""
        try:
            self._connection = dbapi.connect(f"{self._url}{sign}{options}{secret}")
        except dbapi.Error:
            raise PullFailed(_why(self._url, idle_seconds)) from None
        self._begin(
            [
                "set transaction isolation level repeatable read, read only",
                f"set local statement_timeout = {int(seconds * 1000) + 1}",
                # a server's settings must not decide how a value is written
                "set local datestyle = 'ISO, YMD'",
                "set local timezone = 'Asia/Shanghai'",
                "set local extra_float_digits = 1",
                "set local bytea_output = 'hex'",
            ]
        )


class SqliteDriver(_AdbcDriver):
    """A SQLite file, opened to be read only. Null and empty text are one: the driver guesses a column's type from its
    first rows, and would take a text for a number after a thousand nulls."""

    dialect = Dialect(quote='"', text="coalesce(cast({} as text), '')")

    def __init__(self, url: str) -> None:
        # three strokes or four before an absolute path: both are written
        self._path = f"/{url.removeprefix('sqlite:').lstrip('/')}"

    def open(self, idle_seconds: float, seconds: float) -> None:
        """Open the file; a file that is not there is not made."""
        try:
            from adbc_driver_sqlite import dbapi
        except ImportError:
            raise PullFailed("client_missing", "adbc-driver-sqlite") from None
        try:
            self._connection = dbapi.connect(f"file:{quote(self._path)}?mode=ro")
        except dbapi.Error:
            raise PullFailed("system_unreachable") from None


def _why(url: str, seconds: float) -> str:
    """A server that accepts a connection and then no login refused us; its words are in its own language."""
    place = urlsplit(url)
    try:
        socket.create_connection((place.hostname or "localhost", place.port or 5432), seconds).close()
    except OSError:
        return "system_unreachable"
    return "system_refused"


@contextmanager
def _told() -> Generator[None]:
    """Say in our own words what went wrong: a server's message quotes values."""
    from adbc_driver_manager import Error
    from pyarrow import ArrowException

    try:
        yield
    except UnicodeDecodeError:
        raise PullFailed("answer_unreadable", "text is not UTF-8") from None
    except (Error, ArrowException, OSError) as error:
        state: Any = getattr(error, "sqlstate", None) or ""
        code = {"57014": "pull_deadline", "42501": "system_refused"}.get(state)
        lost = state.startswith(("08", "57P"))
        raise PullFailed(code or ("system_unreachable" if lost else "query_failed"), state) from None
