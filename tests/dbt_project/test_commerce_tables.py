"""E-commerce and what became of the women: restated sales, sessions exported again, one woman under one key."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from dbt_runs import Dbt, build_core, content, tables
from fixture_home import Home, letters, person
from test_marts import organisation

FIRM = "91130534MA00000001"
CORE = (
    "fct_ecommerce_sales", "dim_firms", "fct_livestreams", "bridge_livestream_streamers", "dim_streamers",
    "fct_employment_outcomes", "fct_targets", "fct_trainings", "fct_training_attendance",
)  # fmt: skip
MARTS = ("firm_sales", "livestream_events", "training_reach", "employment_outcomes", "sales_uplift")


def sales(yuan: int | None, updated: date, **more: Any) -> dict[str, Any]:
    """One firm's sales of March 2023 on one platform, as the platform showed them on one day."""
    row: dict[str, Any] = {"firm_id": FIRM, "firm_name": "甲公司", "is_sole_trader": False, "platform": "douyin"}
    row |= {"sales_month": date(2023, 3, 1), "sales_yuan": yuan, "employees": 10, "female_employees": 6}
    return row | {"is_women_brand": True, "updated_at": datetime(*updated.timetuple()[:3], tzinfo=UTC)} | more


def session(account: str, extracted: date, yuan: int) -> dict[str, Any]:
    """One streamer in the one session of 1 March 2023, as exported on one day."""
    start = datetime(2023, 3, 1, 12, tzinfo=UTC)
    row = person("streamer", None, number=account) | {"platform": "douyin", "session_id": "S1", "event_name": "大会"}
    row |= {"starts_at": start, "ends_at": start + timedelta(hours=2), "viewers": 100, "buyers": 5, "gross_yuan": yuan}
    return row | {"place": "甲县", "extracted_at": datetime(*extracted.timetuple()[:3], tzinfo=UTC)}


def check(who: str, cohort: str, ended: date, called: date | None, status: str) -> dict[str, Any]:
    """One woman at the three-month follow-up of one class."""
    row = person("participant", who) | {"cohort_id": cohort, "cohort_kind": "training", "cohort_on": ended}
    row |= {"checkpoint_months": 3, "has_contact": status != "lost", "status": status, "evidence": "contract"}
    return row | {"checked_on": called, "sex": "female"}


def trainee(who: str, cohort: str, ended: date, **more: Any) -> dict[str, Any]:
    """One woman in one class of three days."""
    row = person("trainee", who) | {"class_id": cohort, "class_name": "电商班", "starts_on": ended - timedelta(days=2)}
    row |= {"ends_on": ended, "sex": "female", "attendance": "present", "is_completed": True}
    return row | {"status_before": "unemployed"} | more


def world(path: Path) -> Home:
    """One county and its bureau of commerce; one class has matured, the other has not."""
    home = Home(path)
    tree = [
        organisation("130000", "甲省", "province", None),
        organisation("130500", "甲市", "city", "130000"),
        organisation("130534", "甲县", "county", "130500", "xian"),
        organisation("130534-SW", "甲县商务局", "bureau", "130534", "shang"),
    ]
    home.deliver("xian", "organisations", date(2023, 1, 1), tree)
    home.deliver("shang", "firm_sales", date(2023, 4, 5), [sales(100, date(2023, 4, 2))])
    home.deliver("shang", "firm_sales", date(2023, 5, 5), [sales(100, date(2023, 5, 2))])
    home.deliver("shang", "firm_sales", date(2023, 6, 5), [sales(80, date(2023, 6, 2), is_women_brand=False)])
    for day, yuan in ((date(2023, 3, 3), 1000), (date(2023, 4, 20), 700)):
        home.deliver("xian", "livestreams", day, [session(who, day, yuan) for who in ("acc1", "acc2")])
    streamer = person("streamer", "w1", number="acc1") | {"platform": "douyin", "sex": "female", "status": "active"}
    home.deliver("xian", "streamers", date(2023, 4, 1), [streamer | {"level": "excellent"}])
    for cohort, ended in (("K1", date(2022, 12, 31)), ("K2", date(2023, 5, 20))):
        home.deliver("xian", "trainings", ended, [trainee(who, cohort, ended) for who in ("w1", "w2", "w3")])
    called = [check("w1", "K1", date(2022, 12, 31), date(2023, 4, 5), "employed")]
    called += [check("w2", "K1", date(2022, 12, 31), None, "lost")]
    home.deliver("xian", "employment_checks", date(2023, 4, 10), called)
    early = [check("w1", "K2", date(2023, 5, 20), date(2023, 5, 30), "employed")]
    home.deliver("xian", "employment_checks", date(2023, 5, 31), early)
    return home


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, dbt: Dbt) -> Path:
    """The small county's build."""
    home = world(tmp_path_factory.mktemp("commerce"))
    return build_core(dbt, home.write(), home.path / "build", (*CORE, *MARTS))


def shown(built: Path, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of ``query`` over the marts."""
    with duckdb.connect(str(built / "jinguo.duckdb"), read_only=True) as marts:
        return marts.execute(query).fetchall()


def test_a_restated_month_keeps_its_first_value_and_counts_what_differed(built: Path) -> None:
    told = content(built, "fct_ecommerce_sales", ["sales_yuan", "first_sales_yuan", "restatements"])
    assert [tuple(float(cell) for cell in row) for row in told] == [(80.0, 100.0, 1.0)]
    summed = shown(built, "select firms, sales_yuan, restated_yuan from marts.firm_sales where org_key = '130534'")
    assert [tuple(float(cell) for cell in row) for row in summed] == [(1.0, 80.0, 20.0)]


def test_what_a_firm_is_follows_the_newest_statement_about_the_month(built: Path) -> None:
    now = content(built, "dim_firms", ["is_women_brand", "valid_from"], "year(known_to) = 9999")
    before = content(built, "dim_firms", ["is_women_brand", "valid_from"], "year(known_to) < 9999")
    assert (now, before) == ([(False, date(2023, 3, 1))], [(True, date(2023, 3, 1))])


def test_every_extraction_is_kept_and_only_the_newest_counts(built: Path) -> None:
    columns = ["extraction_no", "cast(gross_yuan as integer)", "is_newest", "is_settled"]
    kept = content(built, "fct_livestreams", columns)
    assert kept == [(1, 1000, False, False), (2, 700, True, True)]
    event = shown(
        built,
        """select sessions, streamers, cast(gross_yuan as integer), is_final, conversion_share
        from marts.livestream_events where org_key = '130500'""",
    )
    assert event == [(1, 2, 700, True, 0.05)]


def test_a_woman_trained_employed_and_streaming_is_one_key(built: Path) -> None:
    key = letters("id-w1")
    found = [
        content(built, table, [f"distinct {column}"], f"{column} = '{key}'")
        for table, column in (
            ("fct_training_attendance", "trainee_key"),
            ("fct_employment_outcomes", "participant_key"),
            ("dim_streamers", "streamer_key"),
            ("bridge_livestream_streamers", "streamer_key"),
        )
    ]
    assert found == [[(key,)]] * 4
    reached = shown(
        built,
        """select trained_persons_to_date, newly_employed_persons_to_date, proven_employed_share
        from marts.training_reach where org_key = '130534' and training_year = 2023""",
    )
    assert reached == [(3, 1, 1.0)]


def test_what_has_not_matured_is_null_and_the_lost_stay_in_the_denominator(built: Path) -> None:
    outcomes = shown(
        built,
        """select cohort_month_on, is_matured, cohort_persons, counted_persons, contacted_persons, employed_persons,
            cohort_employed_share, contacted_employed_share
        from marts.employment_outcomes where org_key = '130534' and checkpoint_months = 3 order by 1""",
    )
    assert outcomes == [
        (date(2022, 12, 1), True, 3, 3, 1, 1, 1 / 3, 1.0),
        (date(2023, 5, 1), False, 3, None, None, None, None, None),
    ]


def test_the_order_of_deliveries_and_rows_does_not_matter(built: Path, dbt: Dbt, tmp_path: Path) -> None:
    shuffled, dice = world(tmp_path), Random(5)
    dice.shuffle(shuffled.deliveries)
    for told in shuffled.rows.values():
        dice.shuffle(told)
    other = build_core(dbt, shuffled.write(), tmp_path / "build", CORE)
    columns = tables(built)
    for table in CORE:
        assert content(other, table, columns[table]) == content(built, table, columns[table]), table
        assert content(built, table, ["1"]) or table == "fct_targets", f"{table}: nothing was compared"
