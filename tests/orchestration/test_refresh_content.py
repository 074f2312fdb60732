"""What a refresh compares: contents of relations, files of sources, and which part of a relation is read."""

import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from ingest.home import Home
from orchestration.dbt_slices import slices
from orchestration.refresh.content import Content, changed_sources, content_of, differing, sources_of

P = '"jinguo_work"."staging"."stg_deliveries"'
JOINED = " on c.delivery_id = d.delivery_id and c.batch_id = d.batch_id"
OTHER = '"jinguo_work"."staging"."stg_pairings"'


def _content(*rows: str, by_dataset: bool = False, by_sender: bool = False) -> Content:
    with duckdb.connect() as connection:
        connection.execute("create table t (dataset varchar, number bigint, sender varchar)")
        for row in rows:
            connection.execute(f"insert into t (dataset, number{', sender' * (row.count(',') > 1)}) values {row}")
        return content_of(connection, "t", by_dataset=by_dataset, by_sender=by_sender)


def test_the_order_of_rows_is_nothing() -> None:
    assert _content("('a', 1)", "('b', 2)", "(null, null)") == _content("(null, null)", "('b', 2)", "('a', 1)")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["('a', 1)"], ["('a', 1)", "('a', 1)"]),
        (["('a', 1)", "('a', 1)"], ["('b', 2)", "('b', 2)"]),
        (["('a', 1)", "('a', 1)", "('a', 1)"], ["('a', 1)"]),
        (["('a', null)"], ["(null, null)"]),
        (["('1', 2)"], ["('2', 1)"]),
        ([], ["(null, null)"]),
    ],
)
def test_what_differs_is_seen(one: list[str], other: list[str]) -> None:
    assert differing(_content(*one), _content(*other)) == {"/"}


def test_negative_control_an_exclusive_or_would_not_see_pairs() -> None:
    with duckdb.connect() as connection:
        sql = "select count(*), bit_xor(hash(t)) from (select unnest([{0}, {0}]) as a) as t"
        assert connection.execute(sql.format(1)).fetchall() == connection.execute(sql.format(2)).fetchall()


def test_what_differs_is_told_by_dataset() -> None:
    before = _content("('a', 1)", "('b', 2)", "('c', 3)", by_dataset=True)
    after = _content("('a', 1)", "('b', 3)", "('d', 3)", by_dataset=True)
    assert differing(before, after) == {"b/", "c/", "d/"}
    assert differing(None, after) is None
    assert differing(json.loads(json.dumps(before)), before) == set()


def test_what_differs_is_told_by_sender() -> None:
    before = _content("('a', 1, 'east')", "('a', 2, 'west')", "('a', 3, null)", by_dataset=True, by_sender=True)
    after = _content("('a', 1, 'east')", "('a', 3, 'west')", "('a', 4, null)", by_dataset=True, by_sender=True)
    assert differing(before, after) == {"a/west", "a/"}


def test_clean_batches_that_came_change_the_rows_of_their_senders(tmp_path: Path) -> None:
    home, source = Home(tmp_path), "source.jinguo.clean.funds"
    (home.clean / "funds").mkdir(parents=True)
    paths = [home.clean / "funds" / f"{name}.parquet" for name in ("one", "other")]

    def changed() -> dict[str, set[str] | None]:
        with duckdb.connect() as connection:
            return changed_sources(connection, before, sources_of(home, [source]))

    pl.DataFrame({"sender": ["east"]}).write_parquet(paths[0])
    before = sources_of(home, [source])
    pl.DataFrame({"sender": ["west", "north", "west"]}).write_parquet(paths[1])
    assert changed() == {source: {"funds/west", "funds/north"}}
    before = sources_of(home, [source])
    assert changed() == {}
    paths[1].write_bytes(paths[0].read_bytes())
    assert changed() == {source: None}, "one is another"
    paths[1].unlink()
    assert changed() == {source: None}, "one is gone"
    before = {}
    assert changed() == {source: None}, "nothing is known of before"


def test_a_source_changes_with_its_files(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (home.clean / "funds").mkdir(parents=True)
    home.deliveries.mkdir()
    (home.deliveries / "deliveries.parquet").write_bytes(b"one")
    names = ("source.jinguo.clean.funds", "source.jinguo.deliveries.deliveries")
    before = sources_of(home, [*names, "model.jinguo.stg_funds"])
    assert before.keys() == set(names)
    connection = duckdb.connect()
    assert changed_sources(connection, before, sources_of(home, names)) == {}
    pl.DataFrame({"sender": ["east"]}).write_parquet(home.clean / "funds" / "a.parquet")
    assert changed_sources(connection, before, sources_of(home, names)) == {names[0]: {"funds/east"}}
    (home.clean / "funds" / "a.parquet").unlink()
    (home.deliveries / "deliveries.parquet").write_bytes(b"two")
    assert changed_sources(connection, before, sources_of(home, names)) == {names[1]: None}


@pytest.mark.parametrize(
    "sql",
    [
        f"select d.a from {P} as d where d.dataset = 'funds' and d.kind = 'snapshot' and d.proves_absence",
        f"select 1 from {P} as r\nwhere r.delivery_id = p.delivery_id and r.dataset = 'funds' -- so\n and r.a = k.a)",
        f"where s in (select s from {P} where dataset = 'funds' and state = 'clean' and kind in ('a', 'b') )",
        f"with a as (select * from {P} where dataset = 'funds') select * from a",
        f"select * from x as r left join {P} as p on r.a = p.a and p.dataset = 'funds' and p.b < r.c left join y",
        f"select * from x as r inner join {P} as p on r.a = p.a and p.dataset = 'funds' where p.b or r.c",
        f"from read_parquet('/h/clean/funds/*.parquet') as c inner join {P} as d{JOINED} where d.state = 'clean'",
        f"from {P} as d inner join (select distinct a, y from s) as s on d.a = s.a where d.dataset = 'funds')",
    ],
)
def test_a_statement_that_reads_one_dataset_is_recognised(sql: str) -> None:
    assert slices(sql, {"deliveries": P, "pairings": OTHER}) == {"deliveries": ["funds"]}


def test_a_statement_can_read_several() -> None:
    sql = " union all ".join(f"select * from {P} as d where d.dataset = '{one}'" for one in ("funds", "points"))
    assert slices(sql, {"deliveries": P}) == {"deliveries": ["funds", "points"]}


@pytest.mark.parametrize(
    "sql",
    [
        f"select * from {P} as d where d.dataset = 'funds' or d.kind = 'snapshot'",
        f"select * from {P} as d where d.dataset = 'funds' and d.kind = 'a' or true",
        f"select * from {P} as d where d.dataset <> 'funds'",
        f"select * from {P} as d where d.dataset in ('funds', 'points')",
        f"select * from {P} as d where d.dataset = 'funds' and d.kind in ('a') or d.kind in ('b')",
        f"select * from {P} as d where not d.dataset = 'funds'",
        f"select * from {P} as d where e.dataset = 'funds'",
        f"select * from {P} as d left join x as d2 on d2.dataset = 'funds'",
        f"select * from {P} as d where d.dataset = 'funds' union all select * from {P}",
        f"select * from {P} as d full join x as p on p.dataset = 'funds'",
        f"select * from x right join {P} as p on p.dataset = 'funds'",
        f"select '--', * from {P}\nunion all select * from {P} as d where d.dataset = 'funds'",
        f"from read_parquet('/h/clean/funds/*.parquet') as c left join {P} as d on c.delivery_id = d.delivery_id",
    ],
)
def test_a_statement_that_may_read_more_reads_everything(sql: str) -> None:
    assert slices(sql, {"deliveries": P}) == {}
