"""What is to be released can be opened once it is told to be whole; what is worked in is written when that is asked."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import duckdb
import pytest

from orchestration.refresh.closing import Closing


@pytest.fixture
def written(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """An engine with two databases attached, a row in each file, and another row instead that is in neither yet."""
    for name in ("work", "mart"):
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as before:
            before.execute("create table t as select 0 as a")
    connection = duckdb.connect().execute("set checkpoint_threshold = '1TB'")
    for name in ("work", "mart"):
        connection.execute(f"attach '{tmp_path / name}.duckdb' as {name} (recovery_mode no_wal_writes)")
        connection.execute(f"drop table {name}.t")
        connection.execute(f"create table {name}.t as select 1 as a")
    return connection.execute("pragma disable_checkpoint_on_shutdown")


def rows(path: Path) -> list[tuple[int]]:
    with duckdb.connect(str(path), read_only=True) as other:
        return other.execute("select a from t").fetchall()


def test_both_are_whole_and_nobody_has_them_open(written: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    closing = Closing(written, "work", ["mart"], lambda: None)
    closing.written("mart")
    closing.written("work")
    closing.released()
    assert rows(tmp_path / "mart.duckdb") == [(1,)]
    closing.worked()
    assert rows(tmp_path / "work.duckdb") == [(1,)]
    closing.end()


def test_what_nobody_said_is_written_is_whole_too(written: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    closing = Closing(written, "work", ["mart"], lambda: None)
    closing.released()
    assert rows(tmp_path / "mart.duckdb") == [(1,)]
    closing.end()


def test_others_read_what_is_being_written(written: duckdb.DuckDBPyConnection) -> None:
    closing = Closing(written, "work", ["mart"], lambda: None)
    closing.written("mart")
    with closing.cursor() as cursor:
        assert cursor.execute("select m.a + w.a from mart.t as m, t as w").fetchall() == [(2,)]
    closing.released()
    closing.end()


def test_who_still_reads_what_was_before_does_not_hinder_it(written: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    marts = [f"mart{number}" for number in range(20)]
    for mart in marts:
        written.execute(f"attach '{tmp_path / mart}.duckdb' as {mart} (recovery_mode no_wal_writes)")
        written.execute(f"create table {mart}.t as select 1 as a")
    closing, asked, is_over = Closing(written, "work", marts, lambda: None), marts[:1], Event()

    def read() -> None:
        while not is_over.is_set():
            with closing.cursor() as cursor:
                cursor.execute(f"select a from {asked[0]}.t").fetchall()

    with ThreadPoolExecutor() as readers:
        reading = [readers.submit(read) for _ in range(2)]
        for asked[0] in marts:
            with closing.cursor() as cursor:
                cursor.execute(f"create or replace table {asked[0]}.t as select 2 as a")
            closing.written(asked[0])
            time.sleep(0.02)
        is_over.set()
    closing.released()
    assert [one.exception() for one in reading] == [None, None]
    assert [rows(tmp_path / f"{mart}.duckdb") for mart in marts] == [[(2,)]] * len(marts)
    closing.end()


def test_nothing_that_is_not_written_yet_is_kept_at_the_end(written: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    ended = list[bool]()
    closing = Closing(written, "work", ["mart"], lambda: ended.append(True))
    closing.end()
    assert (rows(tmp_path / "mart.duckdb"), rows(tmp_path / "work.duckdb"), ended) == ([(0,)], [(0,)], [True])


def test_a_work_database_that_was_not_written_is_an_error(written: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    written.execute("detach work")
    closing = Closing(written, "work", ["mart"], lambda: None)
    closing.released()
    with pytest.raises(duckdb.Error):
        closing.worked()
    closing.end()
    assert (rows(tmp_path / "mart.duckdb"), rows(tmp_path / "work.duckdb")) == ([(1,)], [(0,)])


def test_a_database_to_be_released_that_was_not_written_is_an_error(written: duckdb.DuckDBPyConnection) -> None:
    written.execute("detach mart")
    closing = Closing(written, "work", ["mart"], lambda: None)
    with pytest.raises(duckdb.Error):
        closing.released()
    closing.end()
