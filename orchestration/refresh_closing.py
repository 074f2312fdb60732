"""Closes the databases of a refreshed candidate while others tell and audit what is in them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

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
        """Begin; ``connection``, now this one's, has all of them attached under these names.

        It must not write to a file of itself when it is closed (``disable_checkpoint_on_shutdown``). ``at_end`` is
        called when nothing is open any more.
        """
        self._connection, self._worked_in, self._at_end = connection, worked_in, at_end
        threads = ThreadPoolExecutor(len(released))
        self._released = [threads.submit(_let_go, connection.cursor(), catalog) for catalog in released]
        threads.shutdown(wait=False)

    def released(self) -> None:
        """Wait until those to be released are whole and nobody here has them open. Raises duckdb.Error."""
        for one in self._released:
            one.result()

    def worked(self) -> None:
        """Write the work database to its file, until then what it was before, and close it. Raises duckdb.Error."""
        self._connection.execute(f"checkpoint {self._worked_in}")
        self._connection.close()

    def end(self) -> None:
        """Close everything, as it is."""
        for one in self._released:
            one.exception()
        self._connection.close()
        self._at_end()


def _let_go(cursor: duckdb.DuckDBPyConnection, catalog: str) -> None:
    with cursor:
        cursor.execute(f"checkpoint {catalog}")
        cursor.execute(f"detach {catalog}")
