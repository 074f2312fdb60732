"""The two DuckDB files as files: which storage version, nothing left in a log, opened so that nothing leaks in."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb

VERSION = "v1.2.0"
# The main header: 8 bytes checksum, 'DUCK', then the version as a little-endian number. 65 is v1.2.0, which
# DuckDB 1.2 to 2.x read (measured); 64 is older, 67 and more is closed to BI drivers that lag behind.
MAGIC, NUMBER = b"DUCK", 65


def settle(path: Path) -> str | None:
    """Bring all of ``path`` into the file itself and close it; return the rule that it breaks, if any.

    Publishing a file without its write-ahead log loses rows in silence, so none may be left.
    """
    if not path.is_file():
        return "missing"
    log = path.with_name(path.name + ".wal")
    try:
        if log.exists():
            _absorb(path)
    except duckdb.Error:
        return "unreadable"
    if log.exists():
        return "write_ahead_log"
    version = _version(path)
    if version is None:
        return "unreadable"
    return None if version == NUMBER else "storage_version"


def _absorb(path: Path) -> None:
    with duckdb.connect(str(path), config={"storage_compatibility_version": VERSION}) as connection:
        # Closing would do it too, but what fails while closing is not reported.
        connection.execute("checkpoint")


def stamp(path: Path) -> list[int]:
    """Return size (bytes) and time of change (ns): equal as long as nobody wrote to ``path``."""
    facts = path.stat()
    return [facts.st_size, facts.st_mtime_ns]


@contextmanager
def sealed(path: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """Open one file alone, read-only, with no way to any other file; instants are spelled in UTC."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set enable_external_access = false")
        yield connection


def _version(path: Path) -> int | None:
    with path.open("rb") as file:
        header = file.read(20)
    return int.from_bytes(header[12:20], "little") if header[8:12] == MAGIC else None
