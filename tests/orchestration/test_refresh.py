"""A refresh says what a build from nothing says, does no more than it must, and nothing where it cannot be sure."""

import json
import random

import pytest
from refreshing import Refreshing, few
from small_home import ROOT

from orchestration.assets.warehouse import _bad
from orchestration.dbt_build import ensure_manifest, target
from orchestration.dbt_graph import DbtGraph
from orchestration.dbt_statements import load
from orchestration.refresh import replay as refresh_replay
from orchestration.refresh.refresh import CATALOGS, SETTINGS, NotRefreshed, refresh, statements_of

TEST = "test.jinguo.no_second_delivery"


def _allowed(home: Refreshing, dice: random.Random) -> list[str]:
    """Some of the deliveries, at least two, and one of children: two of them the project's test forbids."""
    some = [one for one in home.ids() if one not in home.ids("children")]
    return dice.sample(some, dice.randint(2, len(some))) + dice.sample(home.ids("children"), 1)


@pytest.mark.parametrize("seed", range(2))
def test_refreshes_in_any_order_say_what_one_build_says(home: Refreshing, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(4):
        home.count(_allowed(home, dice))
        _, refreshed = home.refresh()
    built = home.build()
    assert (built.release_hash, built.unchanged) == (refreshed.release_hash, True)


def test_a_refresh_after_an_unchanged_build_goes_on(home: Refreshing) -> None:
    home.count(few(home, "pairings"))
    home.refresh()
    home.build()
    home.count(few(home, "pairings", "care_activities"))
    _, refreshed = home.refresh()
    assert not refreshed.unchanged


def test_negative_control_the_sets_of_deliveries_say_different_things(home: Refreshing) -> None:
    dice, said = random.Random(0), set()
    for _ in range(3):
        home.count(_allowed(home, dice))
        said.add(home.refresh()[1].release_hash)
    assert len(said) == 3


def test_rows_in_another_order_have_nothing_built_again(home: Refreshing) -> None:
    home.count([one for one in home.ids() if one not in home.ids("children")[1:]])
    made, release = home.refresh()
    assert (made.rows, release.unchanged) == ({}, True)
    assert made.untouched == {
        "core.deliveries_known",
        "marts.deliveries_counted",
        "marts.children_counted",
        "marts.rows_told",
    }


def test_what_reads_one_dataset_is_left_when_another_changes(home: Refreshing) -> None:
    home.count(few(home) + home.ids("pairings")[:1])
    made, _ = home.refresh()
    assert made.untouched == {"marts.children_counted"}
    home.count([*home.ids("children")[1:], *home.ids("pairings")[:1]])
    made, _ = home.refresh()
    built = {"core.deliveries_known": 2, "marts.deliveries_counted": 2, "marts.children_counted": 1}
    told = {"intermediate.int_rows_told": 2, "marts.rows_told": 2, "intermediate.int_rows_sent": 1}
    assert made.rows == built | told | {"intermediate.int_children_heard": 1}


def test_a_failed_test_is_told_and_a_warning_of_before_is_remembered(home: Refreshing) -> None:
    home.count(home.ids())
    made = refresh(home.home, home.begin, lambda _: None)
    made.end()
    assert (made.nodes[TEST].status, made.nodes[TEST].failures) == ("fail", 1)
    assert [one.unique_id for one in _bad(DbtGraph(ensure_manifest(home.home)), made.nodes.values())] == [TEST]


def test_a_test_that_only_warns_forbids_nothing(home: Refreshing) -> None:
    path, statements = target(home.home) / "statements.json", statements_of(home.home)
    assert statements
    told = json.loads(path.read_text("utf-8"))
    written = path.read_bytes()
    [step] = [one for one in told["steps"] if one["unique_id"] == TEST]
    step["warns"] = True
    path.write_text(json.dumps(told), encoding="utf-8")
    assert load(path, statements.stamp)
    home.count(home.ids())
    made, _ = home.refresh()
    path.write_bytes(written)
    assert made.nodes[TEST].status == "warn"
    home.count([one for one in home.ids() if one not in home.ids("pairings")[:1]])
    again, _ = home.refresh()
    assert (again.nodes[TEST].status, TEST in again.ran) == ("warn", False)


def test_a_changed_project_is_not_refreshed(home: Refreshing) -> None:
    from orchestration import project

    added = project.PROJECT / "tests" / "added.sql"
    added.write_text("select 1 as one where false", encoding="utf-8")
    with pytest.raises(NotRefreshed, match="the project was never built as it is now"):
        home.refresh()
    added.unlink()


def test_a_statement_that_fails_quotes_nothing(home: Refreshing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh_replay, "content_of", _broken)
    home.count(few(home, "pairings"))
    with pytest.raises(NotRefreshed, match=r"a statement or a file failed: ConversionException$"):
        home.refresh()
    monkeypatch.undo()


def _broken(connection, *_rest, **_named):
    connection.execute("select cast('999001198001010011' as integer)")


def test_the_databases_are_opened_as_dbt_opens_them() -> None:
    profile = (ROOT / "dbt_project" / "profiles.yml").read_text("utf-8")
    assert "settings: {TimeZone: UTC}" in profile
    assert SETTINGS == {"TimeZone": "UTC"}
    for catalog, file in CATALOGS.items():
        assert f"/{file}" in profile
        assert catalog == "jinguo_work" or f"alias: {catalog}}}" in profile
