"""Networks, job fairs and promised items over one small province: what ends, what is counted once, in any order."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from dbt_runs import Dbt, build_core, content
from fixture_home import Home, letters, person

AS_OF = "2024-04-30"
MARTS = ("organisation_network", "job_fairs", "application_funnel", "supply_demand", "care_item_completion")
FACTS = {
    "dim_org_units": "*", "fct_unit_activities": "*", "fct_job_posts": "*", "bridge_job_post_channels": "*",
    "fct_fair_reach": "*", "fct_care_items": "*", "fct_job_applications": "* exclude (delivery_id, sheet_no, row_no)",
}  # fmt: skip
APPLIED = datetime(2024, 4, 13, 1, tzinfo=UTC)
UNIT = {"unit_kind": "group", "township": "丰山镇", "village": "一村", "hamlet": "东湾", "resident_women": 40}


def organisations() -> list[dict[str, Any]]:
    """A province with its bureau, a county and a township."""
    listed = [
        ("220000", "甲省", "province", None, "province"),
        ("220000-JY", "甲省就业局", "bureau", "220000", "bureau"),
        ("222400", "甲市", "city", "220000", None),
        ("222401", "甲县", "county", "222400", "county"),
        ("222401100", "丰山镇", "township", "222401", None),
    ]
    names = ("org_code", "org_name", "level", "parent_code", "sender_id")
    return [dict(zip(names, one, strict=True)) | {"place_name": one[1]} for one in listed]


def network(home: Home) -> None:
    """Two groups of one hamlet and two micro homes; one of each is gone from the second register."""
    home.deliver("province", "organisations", date(2023, 12, 1), organisations())
    environment = UNIT | {"unit_name": "卫您好小组", "covered_women": 40} | person("leader", "l1")
    singing = UNIT | {"unit_name": "歌唱小组", "covered_women": 30, "founded_on": date(2024, 1, 5)}
    talk: dict[str, Any] = {
        "unit_kind": "micro_home",
        "unit_name": "谈心微家",
        "township": "丰山镇",
        "home_kind": "village_talk",
    }
    talk |= {"founded_on": date(2024, 2, 1), "site": "园区", "status": "active"}
    trade = talk | {"unit_name": "互助微家", "home_kind": "trade_mutual_aid"}
    home.deliver("county", "org_units", date(2024, 2, 29), [environment, singing, talk, trade])
    later = [environment | {"leader_identity": "executive_member"}, talk, trade | {"status": "closed"}]
    home.deliver("county", "org_units", date(2024, 4, 20), later)
    told = [("A1", "卫您好小组", "group", "丰山"), ("A2", "谈心微家", None, None), ("A3", "没有的小组", None, None)]
    names = ("activity_id", "unit_name", "unit_kind", "township")
    done = [dict(zip(names, one, strict=True)) | {"happened_on": date(2024, 4, 3), "person_times": 9} for one in told]
    home.deliver("county", "unit_activities", date(2024, 4, 30), done)


def fair(home: Home) -> None:
    """One fair, reported by the federation and by the bureau; its posts are revised the day after."""
    one = {"fair_id": "F1", "fair_on": date(2024, 4, 13)}
    post = one | {"firm_id": "91220000MA0000000X", "industry": "C", "post_name": "岗"}
    first = [
        post | {"post_id": "P1", "openings": 5, "channels": ["onsite", "online"]},
        post | {"post_id": "P2", "openings": None, "channels": ["onsite"]},
    ]
    live = {"post_id": "P3", "firm_id": "91220000MA1111111X", "openings": None, "channels": ["live"]}
    home.deliver("bureau", "job_posts", date(2024, 4, 13), first)
    home.deliver("bureau", "job_posts", date(2024, 4, 14), [first[0] | {"openings": 8}, post | live])
    reach = [
        ("onsite", "persons", "甲大学", 100), ("onsite", "persons", "乙学院", 20),
        ("online", "person_times", "甲大学", 900), ("online", "person_times", "平台", 5000),
        ("onsite", "speakers", None, 3), ("onsite", "agreements", None, 1),
    ]  # fmt: skip
    names = ("channel", "counted", "source_name", "reach")
    rows = [one | dict(zip(names, each, strict=True)) for each in reach]
    home.deliver("province", "fair_reach", date(2024, 4, 15), rows)


def applications(home: Home, days: list[int]) -> None:
    """States of five applications, one export a day; ``days`` says after how many days each of them arrived."""
    exports = [
        [("a", "P1", "applied"), ("b", "P1", "applied"), ("c", "P3", "interviewed"), ("d", "P9", "applied")],
        [("a", "P1", "interviewed"), ("b", "P1", "withdrawn"), ("c", "P3", "screened"), ("a", "P3", "applied")],
        [("a", "P1", "signed")],
    ]
    for number, (export, late) in enumerate(zip(exports, days, strict=True)):
        at = APPLIED + timedelta(days=number)
        same = {"fair_id": "F1", "applied_at": APPLIED, "status_at": at, "updated_at": at, "sex": "female"}
        rows = [
            person("applicant", who) | same | {"post_id": post, "status": status, "channel": "onsite"}
            for who, post, status in export
        ]
        received = APPLIED + timedelta(days=late)
        home.deliver("bureau", "job_applications", date(2024, 4, 13 + number), rows, received=received)


def promised(home: Home) -> None:
    """Four registered children and one whom only the matrix knows; the fourth is not in it, the third is new."""
    born = {"child_birth_year": 2014, "county": "甲县", "township": "丰山镇"}
    since = [date(2022, 3, 1), date(2022, 3, 1), date(2024, 3, 20), date(2022, 3, 1)]
    register = [person("child", f"c{n}") | born | {"registered_on": day} for n, day in enumerate(since, 1)]
    home.deliver("county", "children", date(2024, 1, 31), [*register[:2], register[3]])
    home.deliver("county", "children", date(2024, 4, 20), register)
    cells = {"c1": ("done", "done"), "c2": ("done", "exempt"), "c3": ("done", "done"), "c9": (None, "not_done")}
    matrix = [
        person("child", who) | {"item_year": 2024, "township": "丰山镇", "item_kind": kind, "item_status": status}
        for who, statuses in cells.items()
        for kind, status in zip(("family_film", "family_letter"), statuses, strict=True)
    ]
    home.deliver("county", "care_items", date(2024, 3, 31), matrix[:1])
    home.deliver("county", "care_items", date(2024, 4, 20), matrix)


def build(dbt: Dbt, path: Path, days: list[int], *, shuffled: bool) -> Path:
    """Build the five marts and all they stand on from the world's deliveries; return the candidate."""
    home = Home(path)
    network(home)
    fair(home)
    applications(home, days)
    promised(home)
    if shuffled:
        Random(3).shuffle(home.deliveries)
        home.rows = {dataset: rows[::-1] for dataset, rows in home.rows.items()}
    return build_core(dbt, home.write(), path / "build", MARTS, as_of=AS_OF)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, dbt: Dbt) -> Path:
    """The candidate, every export in its order."""
    return build(dbt, tmp_path_factory.mktemp("fair"), [0, 1, 2], shuffled=False)


def figures(built: Path, mart: str, columns: str, where: str) -> list[tuple]:
    """Return the sorted rows of one mart."""
    with duckdb.connect(str(built / "jinguo.duckdb"), read_only=True) as connection:
        query = f"select {columns} from marts.{mart} where {where}"
        return sorted(connection.execute(query).fetchall(), key=repr)


def test_a_unit_ends_when_closed_and_when_a_register_is_silent_about_it(built: Path) -> None:
    ended = content(built, "dim_org_units", ["unit_name", "valid_to", "closed_basis"], "closed_basis is not null")
    day = date(2024, 4, 20)
    assert ended == [("互助微家", day, "stated"), ("歌唱小组", day, "inferred")]


def test_a_changed_unit_stays_the_same_unit(built: Path) -> None:
    now = "unit_name = '卫您好小组' and year(known_to) = 9999"
    versions = content(built, "dim_org_units", ["valid_from", "leader_identity"], now)
    assert versions == [(date(2024, 2, 29), None), (date(2024, 4, 20), "executive_member")]
    keys = content(built, "dim_org_units", ["distinct unit_key"], now)
    assert len(keys) == 1


def test_the_network_of_the_county(built: Path) -> None:
    columns = "unit_kind, units, founded_units, living_units, activity_events, most_units_in_one_hamlet"
    march = figures(built, "organisation_network", columns, "org_key = '222401' and as_on = date '2024-03-31'")
    april = figures(built, "organisation_network", columns, "org_key = '222401' and as_on = date '2024-04-30'")
    assert march == [("group", 2, 0, 0, 0, 2), ("micro_home", 2, 0, 0, 0, 0)]
    assert april == [("group", 1, 0, 1, 1, 1), ("micro_home", 1, 0, 1, 1, 0), ("unassigned", 0, 0, 0, 1, 0)]
    february = "org_key = '220000' and as_on = date '2024-02-29' and unit_kind = 'micro_home'"
    assert figures(built, "organisation_network", "founded_units, home_kinds", february) == [(2, 2)]


def test_a_fair_is_one_whoever_reports_it_and_as_revised(built: Path) -> None:
    columns = "firms, posts, openings, posts_without_openings, live_firms, onsite_persons, online_person_times"
    shown = figures(built, "job_fairs", f"{columns}, universities, speakers, agreements, applicants", "true")
    assert shown == [(2, 2, 8, 1, 1, 120, 5900, 1, 3, 1, 4)]


def test_the_steps_of_applications(built: Path) -> None:
    reached = figures(
        built, "application_funnel", "step_no, persons, withdrawn_applications, moved_backwards_applications",
        "channel = 'all'",
    )  # fmt: skip
    assert reached == [(1, 4, 1, 0), (2, 2, 0, 0), (3, 2, 0, 1), (4, 1, 0, 0), (5, 1, 0, 0), (6, 1, 0, 0)]
    unknown = content(built, "fct_job_applications", ["applicant_key"], "is_unknown_post")
    assert unknown == [(letters("id-d"),)]
    demand = figures(built, "supply_demand", "industry, openings, applicants, openings_per_applicant", "true")
    assert demand == [("C", 8, 3, 8 / 3), ("unassigned", None, 1, None)]


def test_promised_items_know_who_is_eligible_and_exempt(built: Path) -> None:
    columns = "item_kind, eligible_children, due_children, done_children, unlisted_children, ineligible_children"
    shown = figures(built, "care_item_completion", columns, "org_key = '222401'")
    assert shown == [("all", 4, 4, 2, 1, 1), ("family_film", 4, 4, 2, 1, 1), ("family_letter", 4, 3, 1, 1, 1)]


def test_any_order_of_arrival_gives_the_same_tables(built: Path, tmp_path: Path, dbt: Dbt) -> None:
    again = build(dbt, tmp_path, [5, 9, 3], shuffled=True)
    for fact, columns in FACTS.items():
        assert content(again, fact, [columns]) == content(built, fact, [columns]), fact
    for mart in MARTS:
        assert figures(again, mart, "*", "true") == figures(built, mart, "*", "true"), mart
