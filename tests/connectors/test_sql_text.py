"""What a database is asked and how its rows are written, before any database."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.connectors.protocol import Budget, Limits, PullFailed
from ingest.connectors.secrets import NotConnected
from ingest.connectors.sql import SqlConnector, SqlSystem
from ingest.connectors.sql_text import Dialect, Source, as_csv, in_batches, later, since_day
from tests.connectors.pulled_by_sql import system_of

ANSI, TICKS = Dialect('"', "cast({} as text)"), Dialect("`", "cast({} as char)", "cast({} + 0 as char)")
TODAY = datetime.now(UTC).date()


@settings(max_examples=60)
@given(st.lists(st.tuples(st.text(), st.none() | st.text(alphabet='a,"\r\n 字'), st.text(alphabet="\r\n")), max_size=5))
def test_whatever_a_value_is_csv_gives_it_back(rows: list[tuple[str | None, ...]]) -> None:
    read = list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8", "surrogatepass"), newline="")))
    assert read == [[value or "" for value in row] for row in rows]


def test_csv_is_written_as_people_write_it() -> None:
    assert as_csv([("id", "名"), ("001", None), ("2", "a,b\n")]) == '001,\n2,"a,b\n"\n'.join(["id,名\n", ""]).encode()


def test_names_are_quoted_whatever_they_hold() -> None:
    assert ANSI.name("s", 'a"b; drop table x') == '"s"."a""b; drop table x"'
    assert TICKS.name("a`b") == "`a``b`"
    asked = Source(ANSI.name("t"), ("id",), ANSI).rows({'x" from y --': False}, None, None)
    assert asked == 'select cast(q."x"" from y --" as text) as "c0" from "t" q order by q."id"'


def test_a_cursor_orders_first_and_comes_last() -> None:
    asked = Source("`t`", ("id",), TICKS).rows({"id": False, "b": True}, "u", "2024-01-05")
    assert asked == (
        "select cast(q.`id` as char) as `c0`, cast(q.`b` + 0 as char) as `c1`, cast(q.`u` as char) as `c2` from `t` q "
        "where (q.`u` >= '2024-01-05' or q.`u` is null or q.`u` < '1000-01-01') order by q.`u`, q.`id`"
    )


@pytest.mark.parametrize("cursor", [None, "", "abc", "2024", "0000-00-00", "2024-02-30", "'; drop table x --"])
def test_a_cursor_that_is_no_day_shortens_nothing(cursor: str | None) -> None:
    assert since_day(cursor, 3) is None
    assert since_day("2024-03-02", 3) == "2024-02-28"
    assert since_day("2024-03-02T10:00:00", 3) == "2024-02-28"


def test_a_cursor_never_goes_back_and_never_beyond_today() -> None:
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert later("2024-05-05", ["2024-05-06 01:02:03", None, "0000-00-00", "x"]) == "2024-05-06"
    assert later("2024-05-05", ["2024-05-01"]) == "2024-05-05"
    assert later(None, [tomorrow, "2099-01-01"]) == TODAY.isoformat()
    assert later(None, [None, "never"]) is None


def test_rows_are_regrouped_without_loss() -> None:
    blocks = [[(str(number),) for number in range(start, start + 7)] for start in (0, 7, 14)]
    assert [len(batch) for batch in in_batches(blocks, 5)] == [5, 5, 5, 5, 1]
    assert [row for batch in in_batches(blocks, 5) for row in batch] == [row for block in blocks for row in block]
    assert list(in_batches([], 5)) == list(in_batches([[]], 5)) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"query": "delete from t"},
        {"query": "select 1", "table": "t"},
        {"table": None},
        {"query": "select 1", "columns": ("a",)},
        {"order_by": ()},
        {"cursor": {"column": "u", "overlap_days": 0}},
    ],
)
def test_a_dataset_is_one_reading_in_one_order(facts: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        system_of("sqlite:///x", **facts)


@pytest.mark.parametrize(
    "url",
    ["mysql://h/d", "postgresql://u:word@h/d", "postgresql://u@h/d?password=x", "odbc:DRIVER=x;PWD=y", "/x.sqlite"],
)
def test_an_address_holds_no_password(url: str) -> None:
    with pytest.raises(ValidationError):
        system_of(url)


def test_a_snapshot_has_no_cursor() -> None:
    facts = {"table": "t", "order_by": ["id"], "cursor": {"column": "u", "overlap_days": 3}}
    with pytest.raises(ValidationError, match="snapshot"):
        SqlSystem(kind="sql", url="sqlite:///x", datasets={"organisations": facts})


def test_addresses_are_taken_from_here_and_known(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotConnected):
        SqlConnector(system_of("env:NO_SUCH_DATABASE"), Budget(Limits()))
    monkeypatch.setenv("ODD_DATABASE", "file:///etc/passwd")
    with pytest.raises(PullFailed, match="address_unsafe"):
        SqlConnector(system_of("env:ODD_DATABASE"), Budget(Limits()))
