"""Closes the databases of a refreshed candidate while others build, tell and audit what is in them."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import duckdb


class Closing:
    """Writes the databases to be released to their files and lets go of them; the work database when that is asked."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        worked_in: str,
        released: Sequence[str],
        at_end: Callable[[], None],
    ) -> None:
        """Take over ``connection``, which has all of them attached under these names.

        It must not write to a file of itself when it is closed (``disable_checkpoint_on_shutdown``). ``at_end`` is
        called when nothing is open any more.
        """
        self._connection, self._worked_in, self._at_end = connection, worked_in, at_end
        self._threads, self._released = ThreadPoolExecutor(len(released)), set(released)
        self._writing: dict[str, Future[None]] = {}

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection of its own to the same databases, in the one that is worked in."""
        return self._connection.cursor().execute(f"use {self._worked_in}")

    def written(self, catalog: str) -> None:
        """Begin to write ``catalog``, if it is to be released, to its file: nothing in it will change any more."""
        if catalog in self._released - self._writing.keys():
            self._writing[catalog] = self._threads.submit(_checkpoint, self._connection.cursor(), catalog)

    def released(self) -> None:
        """Wait until those to be released are whole and nobody here has them open. Raises duckdb.Error."""
        for catalog in sorted(self._released):
            self.written(catalog)
            self._writing[catalog].result()
            self._connection.execute(f"detach {catalog}")
            self._released.remove(catalog)

    def worked(self) -> None:
        """Write the work database to its file, until then what it was before, and close it. Raises duckdb.Error."""
        self._connection.execute(f"checkpoint {self._worked_in}")
        self._connection.close()

    def end(self) -> None:
        """Close everything, as it is."""
        self._threads.shutdown()
        self._connection.close()
        self._at_end()


def _checkpoint(cursor: duckdb.DuckDBPyConnection, catalog: str) -> None:
    with cursor:
        # Without force it fails where somebody still reads what was there before the last change.
        cursor.execute(f"force checkpoint {catalog}")
