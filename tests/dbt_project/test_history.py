"""The two laws of history: known_on is a filter on known time, and tables are a function of the set of deliveries."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from dbt_runs import OPEN, Dbt, build_core, content, tables
from random_world import SEED, random_world

HISTORIES = (
    "dim_organisations",
    "dim_children",
    "bridge_child_categories",
    "dim_volunteers",
    "fct_pairings",
    "fct_care_activities",
)
DAYS = ("2023-03-31", "2023-07-03")


def as_known_on(build: Path, table: str, columns: list[str], day: str) -> list[tuple]:
    """The rows that the full build knew at the end of ``day`` in Asia/Shanghai, with what came later forgotten."""
    end = f"timestamp '{date.fromisoformat(day) + timedelta(days=1)} 00:00:00' - interval 8 hour"
    reopened = [f"case when known_to >= {end} then {OPEN} else known_to end" if c == "known_to" else c for c in columns]
    return content(build, table, reopened, f"known_from < {end}")


@pytest.mark.parametrize("day", DAYS)
def test_known_on_is_a_filter_on_known_time(dbt: Dbt, everything: tuple[Path, Path], day: str) -> None:
    home, full = everything
    then = build_core(dbt, home, home / "build" / day, HISTORIES, known_on=day)
    for table in HISTORIES:
        columns = tables(full)[table]
        assert content(then, table, columns) == as_known_on(full, table, columns, day), table


def test_later_deliveries_do_change_what_is_known(everything: tuple[Path, Path]) -> None:
    _, full = everything
    for table in HISTORIES:
        assert content(full, table, ["1"], f"known_to < {OPEN}"), f"{table}: the law above would hold for nothing"


def test_order_of_files_and_rows_does_not_matter(dbt: Dbt, everything: tuple[Path, Path], tmp_path: Path) -> None:
    _, full = everything
    shuffled = random_world(tmp_path, SEED)
    dice = Random(3)
    dice.shuffle(shuffled.deliveries)
    for told in shuffled.rows.values():
        dice.shuffle(told)
    other = build_core(dbt, shuffled.write(), tmp_path / "build" / "other")
    for table, columns in tables(full).items():
        assert content(other, table, columns) == content(full, table, columns), table


def test_a_lost_delivery_is_seen(everything: tuple[Path, Path]) -> None:
    _, full = everything
    assert content(full, "fct_deliveries", ["delivery_id"], "state = 'held'")
    known = {token for (token,) in content(full, "dim_children", ["delivery_id"])}
    held = {token for (token,) in content(full, "fct_deliveries", ["delivery_id"], "state = 'held'")}
    assert known and not known & held


@pytest.mark.parametrize("table", ["dim_children", "dim_volunteers", "dim_organisations"])
def test_versions_never_overlap(everything: tuple[Path, Path], table: str) -> None:
    _, full = everything
    key = {"dim_children": "child_key", "dim_volunteers": "volunteer_key", "dim_organisations": "org_key"}[table]
    columns = tables(full)[table]
    found = [dict(zip(columns, row, strict=True)) for row in content(full, table, columns)]
    clashes = [
        (a[key], a["valid_from"], b["valid_from"])
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if a[key] == b[key]
        and max(a["valid_from"], b["valid_from"]) < min(a["valid_to"], b["valid_to"])
        and max(a["known_from"], b["known_from"]) < min(a["known_to"], b["known_to"])
    ]
    assert not clashes
