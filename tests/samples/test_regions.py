"""The organisation tables: one sender lists one organisation, every parent is listed, and codes are true codes."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from samples.federation import chongqing_units, federation_rows
from samples.places import organisation_rows

REGIONS = Path(__file__).parents[2] / "dbt_project/seeds/regions.csv"
DAY = "2024-04-30"
CITY, NATION = organisation_rows(), federation_rows(date(2024, 1, 8))
BY_CODE = {row[0]: row for row in CITY + NATION}


def test_no_organisation_is_listed_twice_and_every_parent_is_listed():
    assert len(BY_CODE) == len(CITY) + len(NATION)
    assert {row[4] for row in BY_CODE.values()} - set(BY_CODE) == {""}


def test_every_sender_of_the_world_is_one_organisation(world):
    senders = Counter(row[6] for row in BY_CODE.values() if row[6])
    assert set(senders.values()) == {1}
    assert {path.split("/")[0] for path in world.files} <= set(senders)


def test_41_units_of_which_three_have_no_code():
    units = [row for row in NATION if row[4] == "500000"]
    assert Counter(row[3] for row in units) == {"县级": 38, "功能区": 3}
    assert [row[5] for row in units if row[3] == "功能区"] == ["", "", ""]
    assert {row[0]: row[2] for row in units} == chongqing_units()
    assert all(row[9] == "" for row in units)


def test_a_bureau_or_a_foundation_stands_beside_its_federation():
    beside = {row[0]: row[3] for row in BY_CODE.values() if "-" in row[0] and row[3] != "功能区"}
    assert beside == {
        "371100-MZ": "部门", "130534-SW": "部门", "220000-JY": "部门", "100000-CWDF": "基金会", "430000-HNF": "基金会",
    }  # fmt: skip
    assert all(BY_CODE[code][4] == code.split("-")[0] for code in beside)


@pytest.mark.parametrize("row", [row for row in NATION if row[3] in ("省级", "市级", "县级")], ids=lambda row: row[0])
def test_codes_are_those_of_the_divisions_on_that_day(row):
    with REGIONS.open(encoding="utf-8") as lines:
        there = [
            r for r in csv.DictReader(lines) if r["region_code"] == row[5] and r["valid_from"] <= DAY < r["valid_to"]
        ]
    (region,) = there
    assert region["region_name"].startswith(row[2].removesuffix("州"))


def test_townships_lie_below_their_county():
    towns = [row for row in NATION if row[3] == "乡镇"]
    assert Counter(row[4] for row in towns) == {"130534": 6, "420921": 8, "330822": 14}
    assert all(row[0].startswith(row[4]) and len(row[0]) == 9 for row in towns)
    assert {row[0]: row[2] for row in towns}["420921101"] == "丰山镇"


def test_one_functional_area_was_renamed_between_the_two_tables():
    before = {row[0]: row[2] for row in federation_rows(date(2022, 5, 3))}
    after = {row[0]: row[2] for row in NATION}
    assert [code for code in after if before[code] != after[code]] == ["500000-GX"]
