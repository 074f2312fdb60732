"""What is to be released can be opened as soon as it is told to be whole; whether the rest became whole is told too."""

from pathlib import Path

import duckdb
import pytest

from orchestration.refresh_closing import Closing


@pytest.fixture
def written(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """An engine with two databases attached, a row in each, nothing of it in their files yet."""
    connection = duckdb.connect()
    connection.execute("set checkpoint_threshold = '1TB'")
    for name in ("work", "mart"):
        connection.execute(f"attach '{tmp_path / name}.duckdb' as {name} (recovery_mode no_wal_writes)")
        connection.execute(f"create table {name}.t as select 1 as a")
    return connection


def rows(path: Path) -> list[tuple[int]]:
    with duckdb.connect(str(path), read_only=True) as other:
        return other.execute("select a from t").fetchall()


def test_both_are_whole_and_nobody_has_them_open(written: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    closing = Closing(written, "work", ["mart"])
    closing.released()
    assert rows(tmp_path / "mart.duckdb") == [(1,)]
    assert closing.is_whole()
    assert rows(tmp_path / "work.duckdb") == [(1,)]


def test_a_work_database_that_was_not_written_is_told(written: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    written.execute("detach work")
    closing = Closing(written, "work", ["mart"])
    closing.released()
    assert not closing.is_whole()
    assert rows(tmp_path / "mart.duckdb") == [(1,)]


def test_a_database_to_be_released_that_was_not_written_is_an_error(written: duckdb.DuckDBPyConnection) -> None:
    written.execute("detach mart")
    closing = Closing(written, "work", ["mart"])
    with pytest.raises(duckdb.Error):
        closing.released()
    assert not closing.is_whole()
