"""Any database with an ODBC driver: every value is bound as text, and a value that would be cut fails the pull."""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ingest.connectors.protocol import PullFailed
from ingest.connectors.sql_text import Dialect, Row

_STATE = re.compile(r"State: (\w{5})")
_BUFFER_BYTES = 32 << 20  # rows are fetched in blocks that fit in here, each value counted at its longest
# Connector/ODBC 3.2 streams with the last two; 3.1 knows only to hold a whole result, about its size in CSV.
_DEFAULTS = {"CHARSET": "utf8mb4", "STREAMRS": "1", "FORWARDONLY": "1"}
_FAMILY = Dialect(quote="`", text="cast({} as char)", bit="cast({} + 0 as char)")
_ANSI = Dialect(quote='"', text="{}", bit="{}")
_CODES = {"28": "system_refused", "42": "system_refused", "IM": "client_missing", "01": "client_missing"}


class OdbcDriver:
    """One ODBC connection. ``dialect``: MySQL and its kin cast to text themselves, as their drivers lose zero dates;
    for all others the driver is asked for text. Raises ``PullFailed`` only."""

    def __init__(self, connection_string: str, password: str, text_bytes: int) -> None:
        self._text_bytes, self._password = text_bytes, password
        given = connection_string.rstrip("; ") + ";"
        self._is_mysql = re.search(r"driver\s*=\s*\{?[^;}]*(maria|mysql)", given, re.IGNORECASE) is not None
        missing = [f"{key}={value};" for key, value in _DEFAULTS.items() if f"{key}=" not in given.upper()]
        self._given = given + "".join(missing) if self._is_mysql else given
        self.dialect = _FAMILY if self._is_mysql else _ANSI

    def open(self, idle_seconds: float, seconds: float) -> None:
        """Connect, and ask for one consistent, read-only view of at most ``seconds`` a statement where we know how."""
        try:
            from arrow_odbc import connect
        except (ImportError, OSError):
            raise PullFailed("client_missing", "arrow-odbc or unixODBC") from None
        self._seconds = max(1, int(seconds))
        with _told("system_unreachable", connecting=True):
            password = self._password or None
            self._connection = connect(self._given, password=password, login_timeout_sec=max(1, int(idle_seconds)))
        if self._is_mysql:
            self._begin_on_mysql()

    def columns(self, statement: str) -> dict[str, bool]:
        """Return the columns of a statement's result, and whether each is of type bit."""
        import pyarrow

        return {field.name: pyarrow.types.is_boolean(field.type) for field in self._read(statement, None).schema}

    def rows(self, statement: str) -> Iterator[list[Row]]:
        """Yield the rows of a statement's result in blocks, every value as text."""
        batches = self._read(statement, _all_text)
        try:
            while True:
                with _told("query_failed"):
                    batch = next(batches, None)
                if batch is None:
                    return
                with _told("answer_unreadable"):
                    yield list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
        finally:
            del batches  # it holds the connection, and whoever keeps the error keeps this frame

    def close(self) -> None:
        """End the reading, so that the server lets go of its tables, and the connection."""
        with suppress(PullFailed), _told("query_failed"):
            self._connection.execute("rollback")
        del self._connection

    def _begin_on_mysql(self) -> None:
        for limit in (f"max_statement_time = {self._seconds}", f"max_execution_time = {self._seconds * 1000}"):
            with suppress(PullFailed), _told("query_failed"):
                self._connection.execute(f"set session {limit}")
        with _told("query_failed"):
            self._connection.execute("set session time_zone = '+08:00'")
            self._connection.execute("set session transaction isolation level repeatable read")
            self._connection.execute("start transaction with consistent snapshot, read only")

    def _read(self, statement: str, wanted: Callable[[Any], Any] | None) -> Any:
        with _told("query_failed"):
            return self._connection.read_arrow_batches(
                statement,
                batch_size=4_096,
                max_bytes_per_batch=max(_BUFFER_BYTES, self._text_bytes * 64),
                max_text_size=self._text_bytes,
                max_binary_size=self._text_bytes,
                map_schema=wanted,
                fetch_concurrently=False,
                query_timeout_sec=self._seconds,
            )


def _all_text(schema: Any) -> Any:
    import pyarrow

    return pyarrow.schema([(field.name, pyarrow.string()) for field in schema])


@contextmanager
def _told(otherwise: str, *, connecting: bool = False) -> Generator[None]:
    """Say in our own words what went wrong: a driver's message can hold the password (Connector/ODBC 3.1 does)."""
    from arrow_odbc import Error

    try:
        yield
    except (Error, UnicodeDecodeError) as error:
        text = str(error)
        found = _STATE.search(text)
        state = found[1] if found else ""
        if connecting:
            raise PullFailed(_CODES.get(state[:2], otherwise), state) from None
        if "without truncation" in text:
            raise PullFailed("value_too_long") from None
        if state in ("HYT00", "HYT01", "HY018", "HY008", "57014", "70100"):
            raise PullFailed("pull_deadline", state) from None
        raise PullFailed("system_unreachable" if state.startswith("08") else otherwise, state) from None
