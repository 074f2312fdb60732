"""Closes the databases of a refreshed candidate while others tell and audit what is in them."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import duckdb


class Closing:
    """Checkpoints and lets go of the databases to be released, then of the work database, for which no reader waits."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, worked_in: str, released: Sequence[str]) -> None:
        """Begin; ``connection`` has all of them attached under these names and is closed at the end."""
        threads = ThreadPoolExecutor(len(released) + 1)
        self._released = [threads.submit(_let_go, connection.cursor(), catalog) for catalog in released]
        self._whole: Future[None] = threads.submit(self._close, connection, worked_in)
        threads.shutdown(wait=False)

    def released(self) -> None:
        """Wait until those to be released are whole and nobody here has them open. Raises duckdb.Error."""
        for one in self._released:
            one.result()

    def is_whole(self) -> bool:
        """Wait for the end; return whether the work database was written to its own."""
        return self._whole.exception() is None

    def _close(self, connection: duckdb.DuckDBPyConnection, worked_in: str) -> None:
        with connection:
            self.released()
            connection.execute(f"checkpoint {worked_in}")


def _let_go(cursor: duckdb.DuckDBPyConnection, catalog: str) -> None:
    with cursor:
        cursor.execute(f"checkpoint {catalog}")
        cursor.execute(f"detach {catalog}")
