"""Of a table that is built by dataset or by sender, a refresh writes the rows again of which something changed."""

import json
from dataclasses import replace

import duckdb
import polars as pl
import pytest
from refreshing import Refreshing, few

from ingest.contracts import CONTRACTS
from orchestration.dbt_build import target
from orchestration.dbt_statements import Part, Step, parts_of
from orchestration.refresh.kept import WORK, kept_for
from orchestration.refresh.parts import rewriting
from orchestration.refresh.refresh import statements_of


def _spoil(home: Refreshing) -> None:
    """Change all that is kept in a table by dataset and in one by sender: what was not written again shows."""
    statements = statements_of(home.home)
    assert statements
    kept = kept_for(home.home, statements.stamp)
    assert not isinstance(kept, str)
    with duckdb.connect(str(kept.folder / WORK)) as connection:
        connection.execute("update intermediate.int_rows_told set told = -1")
        connection.execute("update intermediate.int_rows_sent set deliveries = -1")


def _told(home: Refreshing) -> dict[str, bool]:
    """Dataset -> whether its rows are those that were spoilt."""
    return _asked(home, "select dataset, bool_or(told = -1) from intermediate.int_rows_told group by dataset")


def _sent(home: Refreshing) -> dict[str, bool]:
    """Sender -> whether his row is the one that was spoilt."""
    return _asked(home, "select sender, deliveries = -1 from intermediate.int_rows_sent")


def _asked(home: Refreshing, sql: str) -> dict[str, bool]:
    folder = next(one for one in home.home.warm.iterdir())
    with duckdb.connect(str(folder / WORK), read_only=True) as connection:
        return dict(connection.execute(sql).fetchall())


def test_of_a_table_by_dataset_only_the_changed_part_is_written_again(home: Refreshing) -> None:
    home.count(few(home, "pairings"))
    home.refresh()
    _spoil(home)
    home.count(home.ids("children")[1:] + home.ids("pairings"))
    home.refresh()
    assert _told(home) == {"children": False, "pairings": True}


def test_a_part_that_does_not_name_its_dataset_has_the_whole_table_written_again(home: Refreshing) -> None:
    home.count(few(home, "pairings"))
    home.refresh()
    _spoil(home)
    path = target(home.home) / "statements.json"
    written = path.read_bytes()
    told = json.loads(written)
    [step] = [one for one in told["steps"] if one["unique_id"] == "model.jinguo.int_rows_told"]
    assert {one["dataset"] for one in step["parts"]} == set(CONTRACTS)
    sql, parents = step["statements"], step["parents"]
    names = {"model.jinguo.stg_deliveries": '"jinguo_work"."staging"."stg_deliveries"'}
    assert len(parts_of(sql, parents, names)) == len(CONTRACTS)
    assert parts_of(sql, [*parents, "source.jinguo.clean.unheard_of"], names) == [], "who reads it?"
    assert parts_of([*sql[:-1], "insert into t select 'x' as y"], parents, names) == [], "of which dataset?"
    assert parts_of([*sql, sql[-1]], parents, names) == [], "twice the same dataset"
    step["parts"] = []
    path.write_text(json.dumps(told), encoding="utf-8")
    home.count(home.ids("children")[1:] + home.ids("pairings"))
    home.refresh()
    path.write_bytes(written)
    assert _told(home) == {"children": False, "pairings": False}


@pytest.fixture
def one_less(home: Refreshing) -> tuple[str, str]:
    """One sender of whom a delivery is taken out of a home whose tables are spoilt, and another sender."""
    home.count(few(home, "pairings", "care_activities"))
    home.refresh()
    _spoil(home)
    ours = home.all.filter(pl.col("dataset") == "care_activities")
    one, other = sorted(set(ours["sender"]))
    home.count(few(home, "pairings") + ours.filter(pl.col("sender") == other)["delivery_id"].to_list())
    return one, other


def test_of_a_table_by_sender_only_the_rows_of_who_changed_are_written_again(
    home: Refreshing, one_less: tuple[str, str]
) -> None:
    home.refresh()
    assert _sent(home) == {one_less[0]: False, one_less[1]: True}


def test_where_the_sender_of_a_change_is_not_told_the_whole_table_is_written_again(
    home: Refreshing, one_less: tuple[str, str]
) -> None:
    path = target(home.home) / "statements.json"
    written = path.read_bytes()
    told = json.loads(written)
    [step] = [one for one in told["steps"] if one["unique_id"] == "model.jinguo.stg_stated"]
    step["by_sender"] = False
    path.write_text(json.dumps(told), encoding="utf-8")
    home.refresh()
    path.write_bytes(written)
    assert _sent(home) == dict.fromkeys(one_less, False)


def test_what_a_part_reads_is_narrowed_wherever_it_is_by_sender() -> None:
    part = Part("d", "insert into t select * from a as x join b on a.i = b.i", {"a": None, "b": None})
    step = Step("t", "by_dataset", "t", [], ["a", "b"], {}, warns=False, parts=[part], by_sender=True)
    deleted, added = rewriting(step, {"a": "a as", "t": "t"}, {"a": {"d/o'x", "e/y"}})
    assert deleted == "delete from t where dataset = 'd' and sender in ('o''x', 'y')"
    assert "from (select * from a as where sender in ('o''x', 'y')) x join b" in added
    for unknown in ({"a": {"d/x"}, "b": {"d/x"}}, {"a": {"d/"}}, {"a": None}):
        deleted, _ = rewriting(step, {"a": "a as"}, unknown)
        assert deleted == "delete from t where dataset = 'd'"
    filed = replace(step, parts=[replace(part, reads={"a": None, "source.b": None})])
    deleted, _ = rewriting(filed, {"a": "a as"}, {"a": {"d/x"}})
    assert deleted == "delete from t where dataset = 'd'", "a file would be read with the rows of all"
