"""The scanner finds every planted identity in every spelling and format, at any offset; and nothing in clean ones."""

import gzip
import json
import pickle
import sqlite3
import zipfile
import zlib
from pathlib import Path

import duckdb
import polars as pl
import pytest
from leakscan import Scanner, spellings

IDENTITIES = ["綦芷婧", "99900120100101001X", "19910007919"]


@pytest.mark.parametrize("identity", range(3))
@pytest.mark.parametrize("offset", range(4))
def test_every_spelling_at_every_offset(identity, offset):
    scanner = Scanner(IDENTITIES)
    for name, word in spellings(IDENTITIES[identity]).items():
        found = scanner.search(b"\xe5" * offset + word + b"\x81\0x")
        assert identity in {number for number, _ in found}, name


def test_base64_of_a_longer_text():
    import base64

    scanner = Scanner(IDENTITIES)
    for before in range(4):
        for after in range(4):
            whole = base64.b64encode(b"x" * before + IDENTITIES[0].encode() + b"y" * after)
            assert {number for number, _ in scanner.search(whole)} == {0}, (before, after)


def _duck(path: Path, said: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table t as select i, repeat('x', 40) as filler from range(9000) as r(i)")
        connection.execute("alter table t add column said varchar")
        connection.execute("update t set said = ? where i = 4711", [said])


def _sqlite(path: Path, said: str | bytes) -> None:
    connection = sqlite3.connect(path)
    connection.execute("create table t (said)")
    connection.execute("insert into t values (?)", (said,))
    connection.commit()
    connection.close()


def _zip(path: Path, said: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/sheet.xml", said * 2)


CHANNELS = {
    "log": lambda path, said: path.write_text(f"ValueError: {said} is no number", "utf-8"),
    "log in gb18030": lambda path, said: path.write_bytes(f"x{said}".encode("gb18030")),
    "event": lambda path, said: path.write_text(json.dumps({"message": f"bad {said}"})),
    "event in an event": lambda path, said: path.write_text(json.dumps(json.dumps({"message": said}))),
    "pickle": lambda path, said: path.write_bytes(pickle.dumps({"a": said})),
    "parquet": lambda path, said: pl.DataFrame({"a": [said] * 99}).write_parquet(path, compression="zstd"),
    "parquet of lists": lambda path, said: pl.DataFrame({"a": [[said]] * 99}).write_parquet(path),
    "duckdb": _duck,
    "sqlite": _sqlite,
    "sqlite, compressed": lambda path, said: _sqlite(path, zlib.compress(json.dumps(said).encode())),
    "gzip": lambda path, said: path.write_bytes(gzip.compress(said.encode())),
    "zip": _zip,
}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("identity", range(3))
def test_every_channel(channel, identity, tmp_path):
    for number, place in enumerate(("logs", "releases/r1/core")):
        (tmp_path / place).mkdir(parents=True)
        CHANNELS[channel](tmp_path / place / f"file{number}", IDENTITIES[identity])
    found = Scanner(IDENTITIES).scan(tmp_path)
    assert {leak.identity for leak in found} == {identity}
    assert {leak.place.split(" ")[0] for leak in found} == {"logs/file0", "releases/r1/core/file1"}


def test_names_of_files_and_what_is_left_out(tmp_path):
    for folder in ("landing", "clean"):
        (tmp_path / folder / "綦芷婧的名单").mkdir(parents=True)
    found = Scanner(IDENTITIES).scan(tmp_path, [tmp_path / "landing"])
    assert [leak.place for leak in found] == ["clean/綦芷婧的名单 (name)"]


def test_nothing_where_nothing_is(tmp_path):
    (tmp_path / "log").write_text("綦芷 1991000791 99900120100101001 token abcdefghijklmnop", "utf-8")
    _duck(tmp_path / "t.duckdb", "妇联")
    assert Scanner(IDENTITIES).scan(tmp_path) == []


def test_short_words_are_refused():
    with pytest.raises(ValueError):
        Scanner(["王芳"])
