"""The marts over a small city of two counties: exact roll-ups, nothing below the county, no person in any row."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from dbt_runs import PROJECT, Dbt, unsound
from fixture_home import Home, letters, person

MARTS = sorted(path.stem for path in (PROJECT / "models/marts").glob("*.sql"))
OF_CHILDREN = ["pairing_coverage", "care_activity", "visit_timeliness", "pairing_survival", "referral_timeliness"]
STRANGERS = "senders_stand_in_the_table_of_organisations"
SPOILED = (
    "delete from jinguo.marts.care_activity where org_level = 'province'",
    "update jinguo.marts.pairing_coverage set registered_children = 1 where as_on = date '2023-02-28'",
    "insert into intermediate.int_facts_unplaced values ('points', 'east', '371102', true, 1)",
    "update jinguo_core.core.dim_organisations set level = 'nation' where org_key = '371103'",
    "update jinguo_core.core.dim_organisations set region_code = '371199' where org_key = '371102'",
    "update jinguo.marts.delivery_status set late_periods = late_periods + 1",
    "delete from seeds.kpis where kpi = 'pairing_coverage'",
    """insert into intermediate.int_adults_mentioned (dataset, sender, number_token, id_token)
    values ('honours', 'east', 'n', 'a'), ('honours', 'west', 'n', 'b')""",
)
LABELLED = (
    "care_activity activity_kind care_activities.activity_kind",
    "data_quality org_level organisations.level",
    "data_quality dataset deliveries.dataset",
    "delivery_status state delivery_status.state",
    "published_claims programme_key programmes.programme_key",
    "scorecard kpi targets.kpi",
)
LETTERS = r"[a-p]{16,}"
HAN = re.compile(r"[\u4e00-\u9fff]")


def organisation(code: str, name: str, level: str, parent: str | None, sender: str | None = None) -> dict[str, Any]:
    """One row of the organisation table."""
    place = {"place_name": name, "sender_id": sender, "parent_code": parent}
    return {"org_code": code, "org_name": name, "level": level} | place


def child(number: int, county: str, **more: Any) -> dict[str, Any]:
    """One row of the register of children."""
    of_child = {"county": county, "township": "西湖镇" if county == "东区" else None, "registered_on": date(2022, 3, 1)}
    return person("child", f"c{number}", number=f"n{number}", child_birth_year=2014) | of_child | more


def pairing(number: int, volunteer: int, **more: Any) -> dict[str, Any]:
    """One row of a ledger of pairings."""
    row = person("child", None, number=f"n{number}") | person("volunteer", f"v{volunteer}", number=f"m{volunteer}")
    return row | {"paired_on": date(2022, 4, 1), "role": "primary", "volunteer_level": "village"} | more


def visit(name: str, volunteer: int, numbers: list[int], day: date) -> dict[str, Any]:
    """One row of a ledger of activities."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    row = {"activity_id": name, "activity_kind": "home_visit", "happened_on": day, "entered_at": at, "updated_at": at}
    tokens = [letters(f"c-number-n{number}") for number in numbers]
    row |= {"has_contact": True, "child_number_tokens": tokens, "children_count": len(tokens), "status": "valid"}
    return person("volunteer", None, number=f"m{volunteer}") | row


def write_world(path: Path) -> None:
    """Two counties; volunteer 1 cares for children of both; child 3 has nobody; a stranger reports, too."""
    home = Home(path)
    tree = [
        organisation("370000", "甲省", "province", None),
        organisation("371100", "甲市", "city", "370000", "city"),
        organisation("371100-MZ", "甲市民政局", "city", "371100", "bureau"),
        organisation("371102", "东区", "county", "371100", "east"),
        organisation("371103", "西区", "county", "371100", "west"),
        organisation("371102106", "西湖镇", "township", "371102"),
    ]
    home.deliver("city", "organisations", date(2023, 1, 1), tree)
    register = [child(number, "东区") for number in (1, 2, 3)] + [child(number, "西区") for number in (4, 5)]
    for day in (date(2023, 1, 31), date(2023, 3, 31)):
        home.deliver("bureau", "children", day, register)
        home.deliver("east", "pairings", day, [pairing(1, 1), pairing(2, 1)])
        home.deliver("west", "pairings", day, [pairing(4, 1), pairing(5, 2)])
    home.deliver("east", "care_activities", date(2023, 2, 28), [visit("E1", 1, [1, 2], date(2023, 2, 3))])
    home.deliver("west", "care_activities", date(2023, 2, 28), [visit("W1", 1, [4], date(2023, 2, 4))])
    home.deliver("stranger", "care_activities", date(2023, 2, 28), [visit("S1", 9, [5], date(2023, 2, 5))])
    home.write()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, dbt: Dbt) -> Path:
    """A folder in which the small world has been built once; every unit test and data test of the project passed."""
    place = tmp_path_factory.mktemp("marts")
    write_world(place / "home")
    assert unsound(dbt.run(place / "home", place / "build", "build")) == {STRANGERS: "warn"}
    return place


@pytest.fixture
def built(root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The two files of the candidate, read-only."""
    connection = duckdb.connect(str(root / "build/jinguo.duckdb"), read_only=True)
    connection.execute(f"attach '{root / 'build/core/jinguo_core.duckdb'}' as jinguo_core (read_only)")
    yield connection
    connection.close()


def test_every_mart_has_unit_tests() -> None:
    tested = (PROJECT / "models/marts").glob("*_tests.yml")
    assert {path.stem.removesuffix("_tests") for path in tested} == set(MARTS)


def test_what_a_stranger_sends_is_in_no_figure_and_in_sight(built: duckdb.DuckDBPyConnection) -> None:
    shown = built.execute(
        "select org_name, deliveries, clean_records, unplaced_facts from marts.data_quality "
        "where org_key = 'unassigned' and dataset = 'care_activities'"
    ).fetchall()
    assert shown == [("未列入机构表", 1, 1, 1)]
    unplaced = built.execute("select sum(unplaced_facts) from marts.data_quality where org_key <> 'unassigned'")
    assert unplaced.fetchone() == (0,)
    facts = built.execute("select count(*), count(org_key) from jinguo_core.core.fct_care_activities").fetchone()
    assert facts == (3, 2)


def test_every_data_test_can_fail(root: Path, dbt: Dbt, tmp_path: Path) -> None:
    shutil.copytree(root / "build", tmp_path / "build")
    with duckdb.connect(str(tmp_path / "build/jinguo_work.duckdb")) as spoiled:
        spoiled.execute(f"attach '{tmp_path / 'build/core/jinguo_core.duckdb'}' as jinguo_core")
        spoiled.execute(f"attach '{tmp_path / 'build/jinguo.duckdb'}' as jinguo")
        for statement in SPOILED:
            spoiled.execute(statement)
    selected = ["--select", "test_type:singular"]
    assert dbt.run(root / "home", tmp_path / "build", "test", *selected) == {
        "care_activity_rolls_up_exactly": "fail",
        "delivery_states_sum_up": "fail",
        "pairing_coverage_rolls_up_exactly": "fail",
        "facts_of_listed_senders_have_an_organisation": "fail",
        "every_figure_is_described": "fail",
        "numbers_name_one_person": "warn",
        "organisations_lie_in_known_regions": "warn",
        "organisations_hang_below_one_nation": "warn",
        STRANGERS: "warn",
    }


def test_the_city_counts_a_volunteer_of_two_counties_once(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select org_key, registered_children, paired_children, active_volunteers, max_caseload, is_fully_paired "
        "from marts.pairing_coverage where as_on = date '2023-02-28' order by org_key"
    ).fetchall()
    assert rows == [
        ("370000", 5, 4, 2, 3, False),
        ("371100", 5, 4, 2, 3, False),
        ("371102", 3, 2, 1, 2, False),
        ("371103", 2, 2, 2, 1, True),
    ]


@pytest.mark.parametrize(
    ("mart", "measures"),
    [
        ("pairing_coverage", ["registered_children", "paired_children", "active_pairings"]),
        (
            "visit_timeliness",
            ["due_periods", "met_periods", "overdue_pairings", "contact_person_times", "exposed_days"],
        ),
        ("care_activity", ["activity_events", "child_person_times", "entered_in_time_events"]),
    ],
)
def test_what_adds_up_adds_up(built: duckdb.DuckDBPyConnection, mart: str, measures: list[str]) -> None:
    sums = ", ".join(f"sum({measure})" for measure in measures)
    query = f"select {sums} from marts.{mart} where org_level = ?"
    county, city, province = (built.execute(query, [level]).fetchone() for level in ("county", "city", "province"))
    assert city is not None
    assert all(city)
    assert county == city == province


@pytest.mark.parametrize("mart", OF_CHILDREN)
def test_no_mart_about_children_goes_below_the_county(built: duckdb.DuckDBPyConnection, mart: str) -> None:
    levels = {level for (level,) in built.execute(f"select distinct org_level from marts.{mart}").fetchall()}
    assert levels <= {"county", "city", "province", "nation"}
    # there was something to hold back
    assert built.execute(
        "select count(*) from jinguo_core.core.dim_children where org_key = '371102106'"
    ).fetchone() != (0,)


def texts(built: duckdb.DuckDBPyConnection, database: str, schema: str) -> Iterator[tuple[str, str, str]]:
    """Each text in a schema with its table and column."""
    columns = built.execute(
        "select table_name, column_name from duckdb_columns() where database_name = ? and schema_name = ? "
        "and data_type = 'VARCHAR'",
        [database, schema],
    ).fetchall()
    for table, column in columns:
        rows = built.execute(f"select distinct {column} from {database}.{schema}.{table} where {column} is not null")
        yield from ((table, column, text) for (text,) in rows.fetchall())


def test_no_key_of_a_person_in_any_mart(built: duckdb.DuckDBPyConnection) -> None:
    assert [found for found in texts(built, "jinguo", "marts") if re.fullmatch(LETTERS, found[2])] == []
    assert any(re.fullmatch(LETTERS, text) for _, _, text in texts(built, "jinguo_core", "core"))


def test_every_table_and_column_says_in_chinese_what_it_is(built: duckdb.DuckDBPyConnection) -> None:
    tables = dict(
        built.execute("select table_name, comment from duckdb_tables() where schema_name = 'marts'").fetchall()
    )
    assert sorted(tables) == MARTS
    assert [name for name, said in tables.items() if not (said or "").startswith("一行为")] == []
    columns = built.execute("select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts'")
    assert [row for row in columns.fetchall() if not HAN.search(row[2] or "")] == []


def test_a_claim_about_a_day_not_reached_is_neither_true_nor_false(built: duckdb.DuckDBPyConnection) -> None:
    judged = built.execute("select count(*), count(actual), count(holds) from marts.published_claims").fetchone()
    assert judged is not None
    assert judged[0] >= 13
    assert judged[1:] == (0, 0)


@pytest.mark.parametrize("mart", MARTS)
def test_every_share_stands_beside_what_it_divides(mart: str) -> None:
    model = yaml.safe_load((PROJECT / f"models/marts/{mart}.yml").read_text(encoding="utf-8"))["models"][0]
    names = {column["name"] for column in model["columns"]}
    assert model["constraints"][0]["type"] == "primary_key"
    shares = [column for column in model["columns"] if column["name"].endswith("_share")]
    for share in shares:
        divided = set(re.findall(r"[a-z][a-z_0-9]+", share["description"]))
        assert len(divided & names) >= 2, share["name"]


@pytest.mark.parametrize("labelled", LABELLED)
def test_every_code_has_a_chinese_label(built: duckdb.DuckDBPyConnection, labelled: str) -> None:
    mart, column, code_list = labelled.split()
    shown = {code for (code,) in built.execute(f"select distinct {column} from marts.{mart}").fetchall()}
    labels = built.execute("select code from marts.code_labels where code_list = ?", [code_list]).fetchall()
    assert shown
    assert shown <= {code for (code,) in labels}
