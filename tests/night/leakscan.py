"""Search everything that a home holds for planted persons: bytes in every spelling, and what formats hide, decoded.

Shares no code with the pipeline. Compressed or encoded formats are opened first, because a plain search finds nothing
in them and so proves nothing (measured: facts of DuckDB, Parquet and of Dagster's compressed snapshots).
"""

import base64
import gzip
import io
import sqlite3
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

_GZIP, _ZIP, _ZLIB = b"\x1f\x8b", b"PK\x03\x04", (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
_PARQUET = b"PAR1"
_PACKED = (_GZIP, _ZIP, *_ZLIB, _PARQUET)
LARGEST = 64 << 20
# Words are looked up by their first bytes, by as many as they have: identity numbers share the six of their area, and
# that code alone stands in every clean row of a person.
HEADS = (8, 6, 4)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, order=True)
class Leak:
    """One planted identity at one place: its number in the list of identities, and how it was spelled there."""

    place: str
    identity: int
    spelling: str


def spellings(text: str) -> dict[str, bytes]:
    """Return the bytes of ``text`` by the name of the encoding, each at least 4 bytes long."""
    escaped = text.encode("unicode_escape")
    found = {
        "utf-8": text.encode(),
        "gb18030": text.encode("gb18030"),
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "escape": escaped,
        "ESCAPE": escaped.replace(b"\\u", b"\\U").upper().replace(b"\\U", b"\\u"),
        "escape in escape": escaped.replace(b"\\", b"\\\\"),
        "url": urllib.parse.quote(text).encode(),
        "url lower": urllib.parse.quote(text).lower().encode(),
        "full width": text.translate(_WIDE).encode(),
    }
    for shift in range(3):  # base64 of a longer text: what does not depend on its neighbours
        whole = base64.b64encode(b"\0" * shift + text.encode())
        start, end = (0, 2, 3)[shift], len(whole) - (4 if (shift + len(text.encode())) % 3 else 0)
        found[f"base64 +{shift}"] = whole[start:end]
    return found


class Scanner:
    """Finds any of ``identities`` in bytes, in all their spellings at once (no spelling is shorter than 4 bytes)."""

    def __init__(self, identities: Iterable[str]) -> None:
        self.identities = list(identities)
        self._words: dict[bytes, list[tuple[bytes, int, str]]] = {}
        for number, identity in enumerate(self.identities):
            if len(identity) < 3:
                raise ValueError("too short to mean one person")
            for spelling, word in {word: name for name, word in reversed(spellings(identity).items())}.items():
                head = spelling[: next(length for length in HEADS if length <= len(spelling))]
                self._words.setdefault(head, []).append((spelling, number, word))
        heads = np.frombuffer(b"".join(head[:4] for head in self._words), dtype="<u2").reshape(-1, 2)
        self._first, self._second = (np.zeros(1 << 16, dtype=bool) for _ in range(2))
        self._first[heads[:, 0]] = True
        self._second[heads[:, 1]] = True
        self._heads = {
            length: np.array(
                sorted(int.from_bytes(head, "little") for head in self._words if len(head) == length), "u8"
            )
            for length in HEADS
        }

    def search(self, data: bytes) -> set[tuple[int, str]]:
        """Return (number of the identity, spelling) of everything found in ``data``, at any offset."""
        if len(data) < min(HEADS):
            return set()
        raw = np.frombuffer(data + bytes(max(HEADS)), dtype=np.uint8).astype(np.uint16)
        pairs = raw[:-1] | raw[1:] << 8
        starts = np.flatnonzero(self._first[pairs[: len(data)]] & self._second[pairs[2 : len(data) + 2]])
        found = set()
        for length in HEADS if len(starts) else ():
            for at in starts[self._is_head(raw, starts, length)].tolist():
                for word, number, spelling in self._words.get(data[at : at + length], ()):
                    if data.startswith(word, at):
                        found.add((number, spelling))
        return found

    def _is_head(self, raw: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
        """Whether a word begins with the ``length`` bytes at each of ``starts``."""
        read = np.zeros(len(starts), dtype="u8")
        for shift in range(length):
            read |= raw[starts + shift].astype("u8") << np.uint64(8 * shift)
        heads = self._heads[length]
        if not len(heads):
            return np.zeros(len(starts), dtype=bool)
        return heads[np.searchsorted(heads, read).clip(max=len(heads) - 1)] == read

    def scan(self, root: Path, leave_out: Iterable[Path] = ()) -> list[Leak]:
        """Return every leak in the names and contents of the files below ``root``, save those below ``leave_out``."""
        left_out, leaks = set(leave_out), set()
        for path in sorted(root.rglob("*")):
            if left_out & {path, *path.parents}:
                continue
            place = path.relative_to(root).as_posix()
            for layer, data in self._layers(path, place):
                leaks |= {Leak(layer, number, spelling) for number, spelling in self.search(data)}
        return sorted(leaks)

    def _layers(self, path: Path, place: str) -> Iterator[tuple[str, bytes]]:
        yield f"{place} (name)", path.name.encode("utf-8", "surrogateescape")
        if path.is_file() and not path.is_symlink():
            yield from unfolded(place, path.read_bytes(), path)


def unfolded(place: str, data: bytes, path: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield ``data`` itself and, named after ``place``, everything that is packed in it."""
    yield place, data
    if data.startswith(_GZIP):
        yield from unfolded(f"{place} (gzip)", gzip.decompress(data))
    elif data.startswith(_ZLIB):
        try:
            yield from unfolded(f"{place} (zlib)", zlib.decompress(data))
        except zlib.error:
            return
    elif data.startswith(_ZIP) and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                # the sample holds workbooks that are bombs; nothing of ours is that large
                if member.file_size <= LARGEST:
                    yield from unfolded(f"{place} (zip: {member.filename})", archive.read(member))
    elif data.startswith(_PARQUET):
        yield f"{place} (parquet)", _spelled(pl.read_parquet(io.BytesIO(data)).rows())
    elif path is not None and data.startswith(b"SQLite format 3\0"):
        yield from _sqlite(place, path)
    elif path is not None and data[8:12] == b"DUCK":
        yield from _duckdb(place, path)


def _spelled(rows: list) -> bytes:
    return repr(rows).encode("utf-8", "backslashreplace")


def _sqlite(place: str, path: Path) -> Iterator[tuple[str, bytes]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.text_factory = bytes
    try:
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            name, plain = table.decode(), []
            for row in connection.execute(f'select * from "{name}"'):
                for value in row:
                    if isinstance(value, bytes):
                        plain.append(value)
                        if value.startswith(_PACKED):
                            yield from unfolded(f"{place} (table {name})", value)
            # many short values, searched as one
            yield f"{place} (table {name})", b"\n".join(plain)
    finally:
        connection.close()


def _duckdb(place: str, path: Path) -> Iterator[tuple[str, bytes]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name, comment from duckdb_tables() where not internal"
        ).fetchall()
        comments = connection.execute("select column_name, comment from duckdb_columns() where not internal").fetchall()
        yield f"{place} (comments)", _spelled([tables, comments])
        for schema, table, _ in tables:
            rows = connection.execute(f'select * from "{schema}"."{table}"').fetchall()
            yield f"{place} (table {schema}.{table})", _spelled(rows)
