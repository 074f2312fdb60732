"""Of a table that is built by dataset, a refresh writes the parts again of which something changed."""

import json

import duckdb
from refreshing import Refreshing, few

from ingest.contracts import CONTRACTS
from orchestration.dbt_build import target
from orchestration.dbt_statements import parts_of
from orchestration.refresh import statements_of
from orchestration.refresh_kept import WORK, kept_for


def _spoil(home: Refreshing) -> None:
    """Change what is kept of all ledgers in a table by dataset, so that a part that was not written again shows."""
    statements = statements_of(home.home)
    assert statements
    kept = kept_for(home.home, statements.stamp)
    assert not isinstance(kept, str)
    with duckdb.connect(str(kept.folder / WORK)) as connection:
        connection.execute("update intermediate.int_rows_told set told = -1")


def _told(home: Refreshing) -> dict[str, bool]:
    """Dataset -> whether its rows are those that were spoilt."""
    folder = next(one for one in home.home.warm.iterdir())
    with duckdb.connect(str(folder / WORK), read_only=True) as connection:
        sql = "select dataset, bool_or(told = -1) from intermediate.int_rows_told group by dataset"
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
