"""Lectures, spaces, bureaus, regions and the scorecard over a small municipality of two districts and a new area."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt_runs import PROJECT, Dbt, unsound
from fixture_home import Home, person

from ingest.contracts import CONTRACTS

ORGANISATIONS = [
    ("100000", "全国", "nation", None, None),
    ("500000", "重庆市", "province", "100000", "top"),
    ("500000-JY", "甲局", "bureau", "500000", "bureau"),
    ("500105", "江北区", "county", "500000", None),
    ("500112", "渝北区", "county", "500000", "north"),
    ("500000-LJ", "两江新区", "functional_area", "500000", None),
    ("500112-SW", "乙局", "bureau", "500112", "north-bureau"),
    ("430000", "乙省", "province", "100000", "fund"),
    ("430600", "乙市", "city", "430000", None),
    ("430682", "临湘市", "county", "430600", None),
]
MARTS = ["lecture_plan", "lecture_coverage", "course_demand", "space_activity", "scorecard"]


def organisation(code: str, name: str, level: str, parent: str | None, sender: str | None) -> dict[str, Any]:
    """One row of the organisation table; a functional area and a bureau have no code of a region."""
    row = {"org_code": code, "org_name": name, "place_name": name, "level": level, "parent_code": parent}
    return row | {"sender_id": sender, "region_code": code if code.isdigit() else None}


def order(number: int, county: str, status: str, on: date, scheduled_on: date | None = None) -> dict[str, Any]:
    """One order of 2 January 2024 in one state."""
    row: dict[str, Any] = {"order_id": f"D{number}", "county": county, "course_id": "K1", "status": status}
    row |= {"updated_at": datetime(on.year, on.month, on.day, tzinfo=UTC), "scheduled_on": scheduled_on}
    return row | {"ordered_at": datetime(2024, 1, 2, tzinfo=UTC)}


def lecture(number: int, counties: list[str], on: date, orders: list[str], onsite: int = 100) -> dict[str, Any]:
    """One lecture by lecturer t1 that 50 people rated, 40 of them well."""
    row: dict[str, Any] = {"lecture_id": f"L{number}", "counties": counties, "lectured_on": on, "order_ids": orders}
    row |= {"course_id": "K1", "onsite_persons": onsite, "online_person_times": 1000}
    return person("lecturer", None, number="t1") | row | {"very_satisfied": 10, "satisfied": 30, "neutral": 10}


def course(number: int, category: str, lecturer: str) -> dict[str, Any]:
    """One course of the catalogue of 2024."""
    row = {"catalogue_year": 2024, "course_id": f"K{number}", "category": category, "course_name": f"课{number}"}
    return person("lecturer", None, number=lecturer) | row


def space(month: int, new: int, cumulative: int) -> dict[str, Any]:
    """One space's report of one month of 2024."""
    row = {"space_name": "丙空间", "county": "临湘市", "report_month": date(2024, month, 1), "training_events": 2}
    return row | {"person_times": 30, "new_women_persons": new, "cumulative_women_persons": cumulative}


def write_world(path: Path) -> None:
    """One lecture for two districts, one in a functional area, one nowhere, one twice; a space whose sum falls."""
    home = Home(path)
    home.deliver("top", "organisations", date(2024, 1, 1), [organisation(*row) for row in ORGANISATIONS])
    catalogue = [course(1, "甲类", "t1"), course(2, "甲类", "t2"), course(3, "乙类", "t1")]
    home.deliver("top", "courses", date(2024, 1, 1), catalogue)
    goals = [("lectures_held", "重庆市", 10), ("lectures_held", "渝北区", 4), ("districts_covered", "江北区", 1)]
    targets = [{"target_year": 2024, "kpi": kpi, "org_name": name, "target_value": value} for kpi, name, value in goals]
    home.deliver("top", "targets", date(2024, 1, 5), targets)
    home.deliver("top", "lecture_orders", date(2024, 1, 10), [
        order(1, "渝北区", "ordered", date(2024, 1, 2)), order(2, "江北", "ordered", date(2024, 1, 3)),
        order(3, "两江新区", "ordered", date(2024, 1, 3)), order(4, "渝北区", "cancelled", date(2024, 1, 4)),
    ])  # fmt: skip
    home.deliver("bureau", "lecture_orders", date(2024, 2, 1), [
        order(1, "渝北区", "scheduled", date(2024, 1, 12), date(2024, 1, 20)),
    ])  # fmt: skip
    home.deliver("top", "lecture_orders", date(2024, 2, 28), [order(3, "两江新区", "delivered", date(2024, 2, 12))])
    home.deliver("top", "lectures", date(2024, 2, 29), [
        lecture(1, ["渝北区", "江北区"], date(2024, 1, 12), ["D1", "D2"], 220),
        lecture(2, ["两江新区"], date(2024, 2, 12), ["D3"]),
        lecture(3, ["不知道区"], date(2024, 2, 13), ["D9"]),
    ])  # fmt: skip
    home.deliver("north-bureau", "lectures", date(2024, 2, 29), [lecture(1, ["渝北"], date(2024, 2, 20), ["D1"])])
    home.deliver("fund", "space_reports", date(2024, 1, 31), [space(1, 10, 10)])
    home.deliver("fund", "space_reports", date(2024, 3, 31), [space(3, 5, 8)])
    home.write()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, dbt: Dbt) -> Iterator[duckdb.DuckDBPyConnection]:
    """The files of the candidate, read-only, after every data test about them."""
    place = tmp_path_factory.mktemp("lectures")
    write_world(place / "home")
    selected = [f"+{model}" for model in (*MARTS, "dim_regions", "bridge_region_succession")]
    tested = ["--exclude-resource-type", "unit_test", "--indirect-selection", "cautious"]
    statuses = dbt.run(place / "home", place / "build", "build", "--select", *selected, *tested)
    assert unsound(statuses) == {}
    connection = duckdb.connect(str(place / "build/jinguo.duckdb"), read_only=True)
    connection.execute(f"attach '{place / 'build/core/jinguo_core.duckdb'}' as jinguo_core (read_only)")
    yield connection
    connection.close()


def test_a_bureau_speaks_for_the_organisation_beside_it(built: duckdb.DuckDBPyConnection) -> None:
    said = built.execute("select sender, org_key from jinguo_core.core.fct_lectures group by all order by 1").fetchall()
    assert said == [("north-bureau", "500112"), ("top", "500000")]
    delivered = "select distinct org_key from jinguo_core.core.fct_deliveries where sender like '%bureau' order by 1"
    assert built.execute(delivered).fetchall() == [("500000",), ("500112",)]
    for mart in MARTS:
        shown = {key for (key,) in built.execute(f"select distinct org_key from marts.{mart}").fetchall()}
        assert shown and not shown & {"500000-JY", "500112-SW"}


def test_an_order_keeps_every_milestone(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select order_id, sender, org_key, status, scheduled_on, delivered_on, is_delivered, is_cancelled, lectures "
        "from jinguo_core.core.fct_lecture_orders order by order_id, sender desc"
    ).fetchall()
    first = date(2024, 1, 12)
    assert rows == [
        ("D1", "top", "500112", "ordered", None, first, True, False, 2),
        ("D1", "bureau", "500112", "scheduled", date(2024, 1, 20), first, True, False, 2),
        ("D2", "top", "500105", "ordered", None, first, True, False, 1),
        ("D3", "top", "500000-LJ", "delivered", None, date(2024, 2, 12), True, False, 1),
        ("D4", "top", "500112", "cancelled", None, None, False, True, 0),
    ]


def test_one_lecture_for_two_districts_is_half_of_each(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select l.sender, l.lecture_id, b.org_key, b.share, l.is_delivered_without_order, l.is_delivered_twice "
        "from jinguo_core.core.fct_lectures as l join jinguo_core.core.bridge_lecture_organisations as b "
        "using (lecture_key) order by all"
    ).fetchall()
    assert rows == [
        ("north-bureau", "L1", "500112", 1.0, False, True),
        ("top", "L1", "500105", 0.5, False, False),
        ("top", "L1", "500112", 0.5, False, False),
        ("top", "L2", "500000-LJ", 1.0, False, False),
        ("top", "L3", None, 1.0, True, False),
    ]


def test_a_municipality_is_the_sum_of_its_districts(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select org_key, covered_districts, planned_districts, lectures, weighted_lectures, unplaced_lectures, "
        "onsite_persons, satisfied_share from marts.lecture_coverage where org_key like '500%' order by 1"
    ).fetchall()
    assert rows == [
        ("500000", 3, 3, 4, 4.0, 1.0, 520.0, 0.8),
        ("500000-LJ", 1, 1, 1, 1.0, 0.0, 100.0, 0.8),
        ("500105", 1, 1, 1, 0.5, 0.0, 110.0, 0.8),
        ("500112", 1, 1, 2, 1.5, 0.0, 210.0, 0.8),
    ]


def test_the_plan_says_what_was_promised_and_what_was_held(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select org_key, target_lectures, planned_districts, lecturers, courses, course_categories, ordered_lectures, "
        "delivered_orders, delivered_lectures, first_lecture_on, first_lecture_onsite_persons, median_lead_days "
        "from marts.lecture_plan where org_key like '500%' order by 1"
    ).fetchall()
    first = date(2024, 1, 12)
    assert rows == [
        ("500000", 10, 3, 2, 3, 2, 5, 4, 4, first, 220, 10.0),
        ("500000-LJ", None, 1, 0, 0, 0, 1, 1, 1, date(2024, 2, 12), 100, 41.0),
        ("500105", None, 1, 0, 0, 0, 1, 1, 1, first, 220, 10.0),
        ("500112", 4, 1, 0, 0, 0, 3, 2, 2, first, 220, 10.0),
    ]


def test_a_space_that_skips_a_month_is_open_in_it(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select month(month_on), open_spaces, reported_spaces, empowered_women_to_date, counties_to_date, "
        "cumulative_falls from marts.space_activity where org_key = '430000' order by 1"
    ).fetchall()
    assert rows == [(1, 1, 1, 10, 1, 0), (2, 1, 0, 10, 1, 0), (3, 1, 1, 15, 1, 1)]
    placed = built.execute("select distinct org_key, sender from jinguo_core.core.fct_space_reports").fetchall()
    assert placed == [("430682", "fund")]


def test_the_scorecard_ranks_siblings_and_keeps_pace(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select org_key, value, target_value, round(achieved, 3), round(pace, 3), rank_in_parent, ranked_siblings "
        "from marts.scorecard where kpi = 'lectures_held' and month_on = date '2024-02-01' and org_key like '500%' "
        "order by 1"
    ).fetchall()
    elapsed = 60 / 366
    assert rows == [
        ("500000", 4.0, 10.0, 0.4, round(0.4 / elapsed, 3), 1, 1),
        ("500000-LJ", 1.0, None, None, None, 1, 1),
        ("500105", 1.0, None, None, None, 2, 2),
        ("500112", 2.0, 4.0, 0.5, round(0.5 / elapsed, 3), 1, 2),
    ]


def test_what_adds_up_adds_up_in_the_scorecard(built: duckdb.DuckDBPyConnection) -> None:
    wrong = built.execute(
        "select p.kpi, p.org_key, p.month_on from marts.scorecard as p join (select parent_org_key, kpi, month_on, "
        "sum(numerator) as n, sum(denominator) as d from marts.scorecard group by all) as c "
        "on p.org_key = c.parent_org_key and p.kpi = c.kpi and p.month_on = c.month_on "
        "where p.kpi in ('districts_covered', 'space_trainings', 'empowered_women') and p.org_level <> 'nation' "
        "and (p.numerator <> c.n or p.denominator is distinct from c.d)"
    ).fetchall()
    assert wrong == []
    assert built.execute("select count(*) from marts.scorecard where kpi = 'districts_covered'").fetchone() != (0,)


def test_two_districts_became_one_and_history_stays(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select old_region_code, new_region_code, year(effective_on), weight, is_today, steps "
        "from jinguo_core.core.bridge_region_succession where old_region_code in ('500105', '500112') order by all"
    ).fetchall()
    assert rows == [
        ("500105", "500157", 2025, 1.0, True, 1),
        ("500112", "500109", 2025, None, True, 1),
        ("500112", "500157", 2025, None, True, 1),
    ]
    named = "select region_path, is_current from jinguo_core.core.dim_regions where region_code in ('500112', '500157')"
    assert sorted(built.execute(named).fetchall()) == [("重庆市/两江新区", True), ("重庆市/渝北区", False)]


def test_a_code_means_one_region_on_any_day(built: duckdb.DuckDBPyConnection) -> None:
    overlapping = built.execute(
        "select a.region_code from jinguo_core.core.dim_regions as a join jinguo_core.core.dim_regions as b "
        "on a.region_code = b.region_code and a.valid_from < b.valid_from and b.valid_from < a.valid_to"
    ).fetchall()
    assert overlapping == []
    counted = "select is_current, count(*) from jinguo_core.core.dim_regions group by all order by 1"
    assert built.execute(counted).fetchall() == [(False, 1114), (True, 3214)]


def test_every_figure_that_can_have_a_target_is_in_the_list_of_figures() -> None:
    with (PROJECT / "seeds/kpis.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["kpi"] for row in csv.DictReader(file)}
    assert set(CONTRACTS["targets"].written["kpi"].codes) <= listed


def test_no_region_succeeds_itself() -> None:
    with (PROJECT / "seeds/region_successions.csv").open(encoding="utf-8", newline="") as file:
        links = [(row["old_code"], row["new_code"]) for row in csv.DictReader(file)]
    left = set(links)
    while ends := {link for link in left if link[1] not in {old for old, _ in left}}:
        left -= ends
    assert len(links) > 900
    assert left == set()
