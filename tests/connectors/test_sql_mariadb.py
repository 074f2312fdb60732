"""MariaDB through ODBC: zero dates, GBK tables, exact decimals, and nothing cut."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.connectors.protocol import Budget, Limits, PullFailed
from ingest.connectors.sql import SqlConnector
from tests.connectors.pulled_by_sql import DATASET, PASSWORD, content, failing, ids, system_of, table
from tests.servers import mariadb
from tests.servers.mariadb import Mariadb
from tests.servers.process import free_port

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBER = st.decimals(min_value=-(10**14), max_value=10**14, places=15)
DAY = st.dates().map(str) | st.sampled_from(["0000-00-00", "2024-00-00", "1582-10-10"])


@pytest.fixture(scope="module")
def server() -> Iterator[Mariadb]:
    with mariadb.running() as running:
        yield running


@pytest.fixture(autouse=True)
def _clean(server: Mariadb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, mariadb.PASSWORD)
    server.run("drop table if exists t")


def test_values_come_as_the_server_writes_them(server: Mariadb) -> None:
    server.run(
        """create table t (id varchar(9) primary key, 姓名 varchar(50), d date not null, dt datetime(6),
        n decimal(30,15), f double, b bit(1), flag bool, remark text) character set gbk;
        insert into t values ('001', '张三', '0000-00-00', '0000-00-00 00:00:00', 123456789012345.123456789012345, 0.1,
        b'1', true, 'a\\r\\nb,"c"'),
        ('002', null, '2024-01-02', '2024-01-02 03:04:05.000006', -0.000000000000001, 1e20, b'0', false, '')"""
    )
    assert table(content(system_of(server.url))) == [
        ["id", "姓名", "d", "dt", "n", "f", "b", "flag", "remark"],
        ["001", "张三", "0000-00-00", "0000-00-00 00:00:00.000000", "123456789012345.123456789012345", "0.1", "1", "1",
         'a\r\nb,"c"'],
        ["002", "", "2024-01-02", "2024-01-02 03:04:05.000006", "-0.000000000000001", "1e20", "0", "0", ""],
    ]  # fmt: skip


def test_zero_dates_would_be_lost_without_the_servers_own_text(server: Mariadb) -> None:
    """The negative control: what the driver makes of a zero date by itself."""
    from arrow_odbc import connect

    server.run("create table t (id int, d date); insert into t values (1, '0000-00-00')")
    connection = connect(server.url.removeprefix("odbc:") + ";", password=mariadb.PASSWORD)
    try:
        read = [
            str(row["d"]) for batch in connection.read_arrow_batches("select d from t") for row in batch.to_pylist()
        ]
    except Exception:
        read = []
    assert read != ["0000-00-00"]
    assert table(content(system_of(server.url)))[1] == ["1", "0000-00-00"]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, NUMBER, DAY), max_size=4))
def test_whatever_is_in_the_table_comes_as_its_own_text(server: Mariadb, rows: list[tuple[str, Decimal, str]]) -> None:
    made = ["drop table if exists t; create table t (id int, v text, n decimal(30,15), d date) character set utf8mb4"]
    for number, (value, amount, day) in enumerate(rows):
        text = f"convert(x'{value.encode().hex()}' using utf8mb4)"
        made.append(f"insert into t values ({number}, {text}, {amount:f}, '{day}')")
    own = server.run("; ".join([*made, "select n, d from t order by id"])).splitlines()
    came = table(content(system_of(server.url)))[1:]
    assert [row[1] for row in came] == [value for value, _, _ in rows]
    assert ["\t".join(row[2:]) for row in came] == own


def test_names_are_quoted(server: Mariadb) -> None:
    server.run("create table t (id int, `a``b; drop table t` int, `order` int); insert into t values (1, 2, 3)")
    assert table(content(system_of(server.url)))[0] == ["id", "a`b; drop table t", "order"]
    assert content(system_of(server.url, columns=("order",), order_by=("order",))) == b"order\n3\n"


def test_one_reading_is_one_moment_and_writes_nothing(server: Mariadb) -> None:
    server.run("create table t (id int primary key, v varchar(9)) engine=innodb; insert into t values (1, 'old')")
    system = system_of(server.url)
    with SqlConnector(system, Budget(system.limits)) as connector:
        (item,) = connector.list(DATASET, None)
        server.run("update t set v = 'new'")
        assert b"".join(connector.fetch(item)) == b"id,v\n1,old\n"
    assert content(system) == b"id,v\n1,new\n", "the negative control"
    wipe = "create or replace function wipe() returns int modifies sql data begin delete from t; return 1; end"
    server.run(f"delimiter //\n{wipe}//\n")
    assert failing(system_of(server.url, query="select wipe() as id")) == "query_failed"
    assert server.run("select count(*) from t; select wipe(); select count(*) from t") == "1\n1\n0"


def test_rows_without_a_day_and_late_ones_come_again(server: Mariadb) -> None:
    server.run(
        """create table t (id varchar(9), u datetime); insert into t values ('old', '2024-05-01'), ('zero', 0),
        ('null', null), ('late', '2024-05-08 10:00:00'), ('new', '2024-05-10 10:00:00')"""
    )
    system = system_of(server.url, cursor={"column": "u", "overlap_days": 2})
    assert sorted(ids(system, None)) == ["late", "new", "null", "old", "zero"]
    assert sorted(ids(system, "2024-05-10")) == ["late", "new", "null", "zero"]
    one_day = system_of(server.url, cursor={"column": "u", "overlap_days": 1})
    assert "late" not in ids(one_day, "2024-05-10"), "the negative control"


def test_no_value_is_cut(server: Mariadb) -> None:
    server.run(
        "create table t (id int, v longtext character set gbk); insert into t values (1, 'a'), (2, repeat('字', 900))"
    )
    assert failing(system_of(server.url, text_bytes=2_000)) == "value_too_long"
    assert table(content(system_of(server.url, text_bytes=2_700)))[2] == ["2", "字" * 900]


def test_a_slow_query_ends_with_the_deadline(server: Mariadb) -> None:
    slow = system_of(server.url, limits=Limits(seconds=1.5), query="select sleep(20) as id")
    assert failing(slow) == "pull_deadline"


def test_who_may_not_come_in_is_refused_and_the_password_is_not_told(
    server: Mariadb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, "a-wrong-word")
    system = system_of(server.url)
    with pytest.raises(PullFailed, match="system_refused") as failed:
        SqlConnector(system, Budget(system.limits)).__enter__()
    assert "wrong" not in f"{failed.value!r} {failed.value.__cause__} {failed.value.about}"
    assert failed.value.__suppress_context__


def test_what_is_not_there_is_named(server: Mariadb) -> None:
    assert failing(system_of(server.url)) == "query_failed"
    assert failing(system_of(server.url.replace(str(server.port), str(free_port())))) == "system_unreachable"
    assert failing(system_of(server.url.replace("MariaDB Unicode", "No Such MariaDB"))) == "client_missing"
