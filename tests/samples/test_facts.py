"""The facts of the page of April 2024, in the truth and in the files."""

import io
import re
import unicodedata
import zipfile
from collections import Counter
from datetime import date

import pytest
import python_calamine
import xlrd

from samples.activities import KINDS, MONTHS, build_activities, withdrawn_later
from samples.people import check_digit
from samples.population import build_world
from samples.world import TODAY

SEED = 20240413


@pytest.fixture(scope="module")
def people():
    return build_world(SEED)


def _active(people):
    return [e for e in people.episodes if e.covers(TODAY)]


def test_1639_children_are_registered_and_each_has_one_primary_pairing(people):
    open_children = [c for c in people.children if not (c.closed_on or c.dropped_on) and c.registered_on <= TODAY]
    primary = Counter(e.child.number for e in _active(people) if e.role == "primary")
    assert len(open_children) == 1639
    assert primary == Counter(c.number for c in open_children)
    assert all(c.born > date(2006, 4, 30) for c in open_children)


def test_947_volunteers_of_four_levels(people):
    active = {e.volunteer.number: e.volunteer for e in _active(people)}
    assert Counter(v.level for v in active.values()) == {"city": 38, "county": 96, "township": 203, "village": 610}
    assert len(active) == 947


def test_one_volunteer_has_seven_children_of_her_village_and_nobody_has_more(people):
    load = Counter(e.volunteer.number for e in _active(people) if e.role == "primary")
    (most, seven), (_, next_most) = load.most_common(2)
    hers = [e for e in _active(people) if e.volunteer.number == most]
    assert (seven, next_most) == (7, 5)
    assert {(e.child.village, e.child.town.name, e.volunteer.level) for e in hers} == {
        ("顾家沟村", "西湖镇", "village")
    }
    assert "李洪娥" not in people.people.names


def test_nothing_ends_silently_after_march_so_that_april_does_not_depend_on_the_snapshot_day(people):
    assert all(e.dropped_on is None or e.dropped_on <= date(2024, 3, 31) for e in people.episodes)
    assert all(c.dropped_on is None or c.dropped_on <= date(2024, 3, 31) for c in people.children)


def test_activities_of_five_kinds_in_24_months(people):
    states = build_activities(people)
    taken_back = {(a.sender, a.number) for a in withdrawn_later(states)}
    newest = {(a.sender, a.number): a for a in states}
    counted = [a for key, a in newest.items() if a.status in ("有效", "补录") and key not in taken_back]
    assert len(taken_back) == 40
    assert len(counted) == 21_384
    assert {a.kind for a in counted} == set(KINDS)
    assert MONTHS[0] <= min(a.happened_on for a in counted) and max(a.happened_on for a in counted) <= TODAY


def test_the_last_register_lists_1639_and_the_honours_list_ten(world):
    truth = world.side("truth.json")
    (register,) = (t for p, t in truth.items() if "children" in p and "2024年4月30日" in p)
    assert register["clean"] == 1639
    assert [t["clean"] for p, t in sorted(truth.items()) if p.startswith("rizhao/honours/")] == [9, 10]


def test_the_class_of_155_is_whole_in_the_corrected_roster(world):
    book = python_calamine.load_workbook(world.root / "rizhao/trainings/培训花名册2023（更正）.xlsx")
    rows = book.get_sheet_by_name("第3期").to_python()
    persons = [row for row in rows if isinstance(row[0], float)]
    assert len(persons) == 155
    assert {row[7] for row in persons} == {"到", "√"}


def test_city_budgets_sum_to_2_25_million_and_donations_to_over_1_6(world):
    budget = charity = 0.0
    for year in (2022, 2023, 2024):
        rows = python_calamine.load_workbook(world.root / f"rizhao/funds/{year}年度经费台账.xlsx").get_sheet_by_index(0)
        for row in rows.to_python():
            amounts = (
                [float(str(v).removesuffix("万元").strip("￥") or 0) for v in row[5:7]]
                if row[3] in ("市级财政", "慈善基金") and row[6] != ""
                else [0, 0]
            )
            budget += amounts[0] if row[3] == "市级财政" else 0
            charity += amounts[1] if row[3] == "慈善基金" else 0
    assert round(budget, 2) == 225
    assert 160 <= round(charity, 2) < 170


def _texts(data: bytes, path: str) -> str:
    """All text of a file, whatever its kind, folded to half width."""
    if path.endswith(".xls"):
        book = xlrd.open_workbook(file_contents=data)
        text = "\n".join(str(v) for s in book.sheets() for r in range(s.nrows) for v in s.row_values(r))
    elif data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            text = "\n".join(_texts(bundle.read(n), n) for n in bundle.namelist())
    else:
        text = (
            data.decode("utf-8", "ignore")
            if path.endswith(".xml") or data[:1] == b"\xef"
            else data.decode("gb18030", "ignore")
        )
    return unicodedata.normalize("NFKC", text)


def test_every_identity_number_has_the_unassigned_prefix(world):
    seen = 0
    readable = {path for path, truth in world.side("truth.json").items() if truth["state"] == "clean"}
    for path, data in world.files.items():
        if path not in readable:
            continue
        for number in re.findall(r"(?<![\d.])\d{17}[\dXx](?!\d)", _texts(data, path)):
            assert number.startswith("999001"), path
            seen += 1
    assert seen > 10_000


def test_planted_identities_are_valid_and_many(world):
    planted = world.side("planted.json")
    whole = [n for n in planted["id_numbers"] if re.fullmatch(r"\d{17}[\dX]", n)]
    wrong = [n for n in whole if check_digit(n[:17]) != n[17]]
    assert len(whole) > 2700 and len(planted["names"]) > 4000
    assert 5 < len(wrong) < 60
    assert all(re.fullmatch(r"199\d{8}", phone) for phone in planted["phones"])
