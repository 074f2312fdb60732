"""SQLite through ADBC: an embedded database is a system like any other."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ingest.connectors.protocol import Limits
from ingest.connectors.sql import SqlSystem
from tests.connectors.pulled_by_sql import content, failing, ids, items, system_of, table


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "系统 1.sqlite"


def run(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.executescript(sql)


def of(file: Path, **facts: object) -> SqlSystem:
    return system_of(f"sqlite://{file}", **facts)


def test_values_come_as_the_database_writes_them(file: Path) -> None:
    run(
        file,
        "create table t (id text, 姓名 text, n, d); insert into t values ('001', '甲,\"乙\"', 12.50, '2024-01-02')",
    )
    run(file, "insert into t values ('002', null, 9007199254740993, ''), ('003', char(13, 10), 0.1, null)")
    assert table(content(of(file))) == [
        ["id", "姓名", "n", "d"],
        ["001", '甲,"乙"', "12.5", "2024-01-02"],
        ["002", "", "9007199254740993", ""],
        ["003", "\r\n", "0.1", ""],
    ]


def test_a_column_that_begins_with_thousands_of_nulls_is_still_text(file: Path) -> None:
    many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000)"
    run(file, f"create table t as {many} select i as id, null as late from n; insert into t values (5001, '字')")
    rows = table(content(of(file)))
    assert len(rows) == 5_002 and rows[-1] == ["5001", "字"]


def test_columns_are_chosen_and_named_by_the_query(file: Path) -> None:
    run(file, "create table t (id, secret, \"a b\"); insert into t values (2, 'x', 'y'), (1, 'x', 'z')")
    assert content(of(file, columns=("a b", "id"))) == b"a b,id\nz,1\ny,2\n"
    assert content(of(file, query="select id as 编号 from t where id > 1;", order_by=("编号",))) == "编号\n2\n".encode()


def test_an_empty_table_is_a_snapshot_without_rows_and_no_increment(file: Path) -> None:
    run(file, "create table t (id, u)")
    assert content(of(file)) == b"id,u\n"
    assert items(of(file, cursor={"column": "u", "overlap_days": 1})) == []


def test_increments_overlap_and_never_pass_over_a_row_without_a_day(file: Path) -> None:
    days = ["2024-05-01", "2024-05-07 09:00:00", "2024-05-08", "2024-05-10", None, "0000-00-00", "2099-01-01"]
    rows = ", ".join(f"('{number}', {'null' if day is None else repr(day)})" for number, day in enumerate(days))
    run(file, f"create table t (id, u); insert into t values {rows}")
    system = of(file, cursor={"column": "u", "overlap_days": 3})
    assert sorted(ids(system, None)) == list("0123456")
    assert sorted(ids(system, "2024-05-10")) == list("123456")
    run(file, "insert into t values ('late', '2024-05-08')")
    assert "late" in ids(system, "2024-05-10"), "committed late, with an older time"
    assert "late" not in ids(of(file, cursor={"column": "u", "overlap_days": 1}), "2024-05-10"), "the negative control"


def test_batches_have_the_header_and_a_cursor_to_go_on_from(file: Path) -> None:
    run(file, "create table t (id, u); insert into t values (1,'2024-01-01'),(2,'2024-01-02'),(3,'2024-01-03')")
    given = items(of(file, cursor={"column": "u", "overlap_days": 1}, batch_rows=2))
    assert [(item.place, item.sequence, item.cursor, item.byte_size) for item, _ in given] == [
        ("points/1", 1, "2024-01-02", len(given[0][1])),
        ("points/2", 2, "2024-01-03", len(given[1][1])),
    ]
    assert [body for _, body in given] == [b"id,u\n1,2024-01-01\n2,2024-01-02\n", b"id,u\n3,2024-01-03\n"]


def test_equal_tables_give_equal_bytes_in_whatever_order_they_were_filled(file: Path, tmp_path: Path) -> None:
    run(file, "create table t (id, n); insert into t values (1, 'a'), (2, 'b'), (10, 'c')")
    run(tmp_path / "other", "create table t (id, n); insert into t values (10, 'c'), (2, 'b'), (1, 'a')")
    assert content(of(file)) == content(of(tmp_path / "other"))
    assert content(of(file, order_by=("n",))) == content(of(file))


def test_the_file_is_neither_made_nor_written(file: Path, tmp_path: Path) -> None:
    assert failing(of(tmp_path / "absent")) == "system_unreachable"
    assert not (tmp_path / "absent").exists()
    run(file, "create table t (id)")
    before = (file.stat().st_mtime_ns, file.read_bytes())
    content(of(file))
    assert (file.stat().st_mtime_ns, file.read_bytes()) == before


def test_what_cannot_be_asked_fails_and_names_no_value(file: Path) -> None:
    run(file, "create table t (id)")
    assert failing(of(file, table="nothing")) == "query_failed"
    assert failing(of(file, columns=("nothing",))) == "query_failed"
    assert failing(of(file, order_by=("nothing",))) == "query_failed"
    assert failing(of(file, query="select id from t; drop table t")) == "query_failed"
    run(file, "insert into t values (cast(x'ff41' as text))")
    assert failing(of(file)) == "answer_unreadable"
    assert failing(of(file, limits=Limits(bytes=1))) == "pull_too_large"
