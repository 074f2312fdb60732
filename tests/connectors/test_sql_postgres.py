"""PostgreSQL: through ADBC, and through ODBC as any other database."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.connectors.protocol import Budget, Limits, PullFailed
from ingest.connectors.sql import SqlConnector
from tests.connectors.pulled_by_sql import DATASET, PASSWORD, content, failing, ids, system_of, table
from tests.servers import postgres
from tests.servers.postgres import Postgres
from tests.servers.process import HOST, free_port

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NUMBER = st.decimals(min_value=-(10**14), max_value=10**14, places=15)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres.running() as running:
        yield running


@pytest.fixture(autouse=True)
def _clean(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, postgres.PASSWORD)
    server.run("drop table if exists t")


def odbc(server: Postgres) -> str:
    place = f"SERVER={HOST};PORT={server.port};DATABASE={postgres.DATABASE};UID={postgres.USER}"
    return f"odbc:DRIVER={{PostgreSQL Unicode}};{place}"


VALUES = """create table t
(id text, n numeric(30,15), d date, "at" timestamptz, b bool, f float8, "列,""甲""\" text, j jsonb);
insert into t values ('001', 123456789012345.123456789012345, '2024-01-02', '2024-01-01 16:30+00', true, 0.1,
E'a\\r\\nb,"c"', '{"a": [1]}'), ('002', -0.000000000000001, 'infinity', null, null, 'NaN', '', null);"""
WRITTEN = [
    ["id", "n", "d", "at", "b", "f", '列,"甲"', "j"],
    ["001", "123456789012345.123456789012345", "2024-01-02", "2024-01-02 00:30:00+08", "true", "0.1", 'a\r\nb,"c"',
     '{"a": [1]}'],
    ["002", "-0.000000000000001", "infinity", "", "", "NaN", "", ""],
]  # fmt: skip


def test_values_come_as_the_server_writes_them_whatever_its_settings(server: Postgres) -> None:
    server.run(VALUES)
    assert table(content(system_of(server.url))) == WRITTEN
    server.run("alter role postgres set datestyle = 'German'; alter role postgres set timezone = 'America/Lima'")
    try:
        assert table(content(system_of(server.url))) == WRITTEN
    finally:
        server.run("alter role postgres reset all")


def test_a_database_in_another_encoding_comes_as_utf_8(server: Postgres) -> None:
    server.run("create database old encoding 'EUC_CN' locale 'C' template template0")
    server.run("set client_encoding = utf8; create table t (id text); insert into t values ('东港区')", "old")
    assert content(system_of(server.url_of("old"))) == "id\n东港区\n".encode()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, NUMBER, st.dates(min_value=date(1, 1, 1))), max_size=4))
def test_whatever_is_in_the_table_comes_as_its_own_text(
    server: Postgres, rows: list[tuple[str, Decimal, date]]
) -> None:
    made = ["drop table if exists t; create table t (id int, v text, n numeric(30,15), d date)"]
    for number, (value, amount, day) in enumerate(rows):
        text = f"convert_from(decode('{value.encode().hex()}', 'hex'), 'UTF8')"
        made.append(f"insert into t values ({number}, {text}, {amount:f}, '{day.isoformat()}')")
    own = server.run("; ".join([*made, "select n::text, d::text from t order by id"])).splitlines()
    came = table(content(system_of(server.url)))[1:]
    assert [row[1] for row in came] == [value for value, _, _ in rows]
    assert ["|".join(row[2:]) for row in came] == own


def test_one_reading_is_one_moment(server: Postgres) -> None:
    server.run("create table t (id int, v text); insert into t select i, 'old' from generate_series(1, 30000) i")
    system = system_of(server.url)
    with SqlConnector(system, Budget(system.limits)) as connector:
        (item,) = connector.list(DATASET, None)
        chunks = connector.fetch(item)
        begun = [next(chunks), next(chunks)]
        server.run("update t set v = 'new'")
        assert b"new" not in b"".join([*begun, *chunks])
        assert b"new" not in b"".join(connector.fetch(item)), "and the next query of the same pull sees that moment too"
    assert b"old" not in content(system), "the negative control"


def test_nothing_is_written(server: Postgres) -> None:
    server.run("create table t (id int); insert into t values (1)")
    server.run("create or replace function wipe() returns int language sql as 'delete from t returning id'")
    assert failing(system_of(server.url, query="select wipe() as id")) == "query_failed"
    assert failing(system_of(server.url, query="with d as (delete from t returning id) select id from d")) != ""
    assert failing(system_of(server.url, query="select id from t) q; delete from t; --")) == "query_failed"
    assert server.run("select count(*) from t") == "1"
    assert server.run("select wipe()") == "1", "the negative control: the function does write"


def test_a_slow_query_ends_with_the_deadline(server: Postgres) -> None:
    slow = system_of(server.url, limits=Limits(seconds=2.5), query="select pg_sleep(60)::text as id")
    assert failing(slow) == "pull_deadline"
    running = "select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%'"
    end = time.monotonic() + 10
    while server.run(f"{running} and pid <> pg_backend_pid()") != "0":
        assert time.monotonic() < end, "the server stops it too, a moment after us"


def test_who_may_not_come_in_or_see_is_refused(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    server.run("create table t (id int); drop role if exists clerk")
    server.run(f"create role clerk login password '{postgres.PASSWORD}'")
    assert failing(system_of(server.url.replace("postgres@", "clerk@"))) == "system_refused"
    monkeypatch.setenv(PASSWORD, "another")
    assert failing(system_of(server.url)) == "system_refused"
    assert failing(system_of(server.url.replace(str(server.port), str(free_port())))) == "system_unreachable"
    monkeypatch.delenv(PASSWORD)
    assert failing(system_of(server.url)) == "secret_missing"


def test_a_backend_that_is_killed_gives_no_shorter_table(server: Postgres) -> None:
    server.run("create table t as select i as id, repeat('x', 500) as v from generate_series(1, 200000) i")
    system = system_of(server.url)
    with SqlConnector(system, Budget(system.limits)) as connector:
        (item,) = connector.list(DATASET, None)
        chunks = connector.fetch(item)
        next(chunks), next(chunks)
        server.run("select pg_terminate_backend(pid) from pg_stat_activity where query like 'COPY%'")
        with pytest.raises(PullFailed, match=r"system_unreachable|query_failed"):
            list(chunks)


def test_a_server_that_falls_silent_is_left(server: Postgres) -> None:
    """Stopped, not ended: its socket accepts and never answers."""
    system = system_of(server.url, limits=Limits(idle_seconds=0.2))
    os.killpg(server.pid, signal.SIGSTOP)
    try:
        assert failing(system) == "system_unreachable"
    finally:
        os.killpg(server.pid, signal.SIGCONT)
    for thread in threading.enumerate():
        if thread.name.startswith("database"):
            thread.join(10)


def test_a_row_that_commits_late_is_caught_within_the_overlap(server: Postgres) -> None:
    server.run("create table t (id text, u timestamp); insert into t values ('before', '2024-05-10 08:00')")
    psql = [server.bin / "psql", "-qXAt", "-d", server.url]
    environment = {**os.environ, "PGPASSWORD": postgres.PASSWORD}
    with subprocess.Popen(psql, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as other:
        assert other.stdin is not None and other.stdout is not None
        other.stdin.write(b"begin; insert into t values ('late', '2024-05-09 23:00') returning id;\n")
        other.stdin.flush()
        assert other.stdout.readline() == b"late\n"
        caught = system_of(server.url, cursor={"column": "u", "overlap_days": 2})
        assert ids(caught, None) == ["before"]
        other.stdin.write(b"commit;\n")
    assert ids(caught, "2024-05-10") == ["late", "before"]
    server.run("insert into t values ('too late', '2024-05-01')")
    assert "too late" not in ids(caught, "2024-05-10"), "the negative control"


def test_any_other_driver_is_asked_for_text(server: Postgres) -> None:
    server.run(VALUES.replace("'infinity'", "null").replace("'NaN'", "2"))
    came = table(content(system_of(odbc(server))))
    assert [row[:3] for row in came] == [[*row[:2], "" if row[0] == "002" else row[2]] for row in WRITTEN]
    assert [row[6] for row in came] == [row[6] for row in WRITTEN]
    server.run("alter table t add u timestamp; update t set u = '2024-05-10' where id = '001'")
    assert ids(system_of(odbc(server), cursor={"column": "u", "overlap_days": 1}), "2024-05-12") == ["002"]


def test_no_driver_cuts_a_value(server: Postgres) -> None:
    server.run("create table t (id int, v text); insert into t values (1, 'short'), (2, repeat('字', 3000))")
    assert failing(system_of(odbc(server), text_bytes=8_000)) == "value_too_long"
    assert len(content(system_of(odbc(server), text_bytes=9_000))) > 9_000
    assert len(content(system_of(server.url, text_bytes=16))) > 9_000, "what streams is not cut"


def test_a_database_is_read_in_blocks(server: Postgres) -> None:
    server.run("create table t as select i as id, repeat(md5(i::text), 30) as v from generate_series(1, 40000) i")
    system = system_of(server.url)
    with SqlConnector(system, Budget(system.limits)) as connector:
        (item,) = connector.list(DATASET, None)
        sizes = [len(chunk) for chunk in connector.fetch(item)]
    assert sum(sizes) > 38_000_000 and max(sizes) < sum(sizes) / 2
