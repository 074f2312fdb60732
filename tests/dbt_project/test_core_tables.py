"""The released file says in Chinese what every table and column is, and says what happened."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from dbt_runs import Dbt, build_core, content, rows
from fixture_home import Home, letters, person
from random_world import organisations


def test_every_core_table_and_column_has_a_comment(everything: tuple[Path, Path]) -> None:
    _, build = everything
    mute = rows(
        build,
        """select table_name, column_name from duckdb_columns() where schema_name = 'core' and comment is null
        union all select table_name, null from duckdb_tables() where schema_name = 'core' and comment is null""",
    )
    assert not mute


def test_core_says_which_storage_it_was_written_for(everything: tuple[Path, Path]) -> None:
    _, build = everything
    with duckdb.connect(str(build / "core" / "jinguo_core.duckdb"), read_only=True) as connection:
        tags = connection.execute("select tags from duckdb_databases() where database_name = 'jinguo_core'").fetchall()
    assert "v1.2.0" in str(tags)


def test_tokens_are_letters_and_no_name_is_in_core(everything: tuple[Path, Path]) -> None:
    _, build = everything
    keys = content(build, "dim_children", ["child_key"]) + content(build, "fct_pairings", ["pairing_key"])
    assert keys and all(set(key) <= set("abcdefghijklmnop") for (key,) in keys)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, dbt: Dbt) -> Path:
    """Two children; one loses her volunteer by overwriting, a correction moves the other's category back in time."""
    home = Home(tmp_path_factory.mktemp("page"))
    home.deliver("city", "organisations", date(2022, 5, 1), organisations(False))
    one = person("child", "c1", number="n1", child_birth_year=2012) | {"county": "东区", "township": "西湖镇"}
    one |= {"registered_on": date(2021, 3, 1), "categories": ["orphan"]}
    two = one | person("child", "c2", number="n2", child_birth_year=2012)
    for month in (1, 2, 3):
        home.deliver("bureau", "children", date(2023, month, 28), [one, two])
    fixed = [two | {"categories": ["left_behind"]}]
    home.deliver(
        "bureau", "children", date(2023, 1, 28), fixed, kind="correction", received=datetime(2023, 4, 9, tzinfo=UTC)
    )
    for month, volunteer in ((1, "v1"), (2, "v2")):
        pair = person("child", None, number="n1") | person("volunteer", volunteer) | {"township": "西湖镇"}
        home.deliver("east", "pairings", date(2023, month, 28), [pair | {"paired_on": date(2023, month, 1)}])
    shown = ("fct_pairings", "dim_children", "worklist_unpaired")
    return build_core(dbt, home.write(), home.path / "build" / "page", shown)


def test_overwritten_volunteer_closes_the_old_episode(page: Path) -> None:
    now = content(page, "fct_pairings", ["volunteer_key", "role", "valid_to", "closed_basis"], "year(known_to) = 9999")
    assert sorted(now, key=str) == sorted(
        [
            (letters("id-v1"), "primary", date(2023, 2, 28), "inferred"),
            (letters("id-v2"), "primary", date(9999, 12, 31), None),
        ],
        key=str,
    )


def test_correction_rewrites_valid_time_and_keeps_what_was_known(page: Path) -> None:
    who = f"child_key = '{letters('id-c2')}' and status = 'active'"
    now = content(page, "dim_children", ["categories", "valid_from"], f"{who} and year(known_to) = 9999")
    before = content(page, "dim_children", ["categories", "valid_from"], f"{who} and year(known_to) < 9999")
    assert now == [("left_behind", date(2021, 3, 1))]
    assert before == [("orphan", date(2021, 3, 1))]


def test_the_child_without_volunteer_is_on_the_worklist(page: Path) -> None:
    listed = content(page, "worklist_unpaired", ["child_key", "county_org_key", "row_no"])
    assert listed == [(letters("id-c2"), "371102", 3)]
