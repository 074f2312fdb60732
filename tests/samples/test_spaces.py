"""The spaces of the page and their classes, read back from the forms and rosters."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from samples.space_classes import PROVINCES
from tests.samples.reading import csv_table, sheet_rows, table

LABELS = {
    "name": ("空间名称", "空间"),
    "month": ("月份", "报告月份", "填报月份"),
    "trainings": ("开展培训次数", "培训次数"),
    "times": ("参训人次", "培训人次"),
    "new": ("新增赋能女性人数", "新增赋能女性"),
    "cumulative": ("累计赋能女性人数", "累计赋能女性", "累计赋能人数"),
    "county": ("所在县（市）", "所在县", "县市"),
}
NUMBERS = ("trainings", "times", "new", "cumulative")


def _form(path):
    """Every label's value: the cell to its right, or below where that is empty."""
    rows, found = sheet_rows(path), {}
    words = {word: name for name, several in LABELS.items() for word in several}
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell in words:
                right = row[c + 1] if c + 1 < len(row) else ""
                found[words[cell]] = right if right != "" else rows[r + 1][c]
    numbers = {name: int(str(found[name]).rstrip("次人").removesuffix(".0")) for name in NUMBERS}
    digits = "".join(one for one in found["month"] if one.isdigit())
    return found | numbers | {"month": (int(digits[:4]), int(digits[4:]))}


@pytest.fixture(scope="module")
def forms(world):
    """What holds in the end: a later form of a month stands for an earlier one."""
    truth = world.side("truth.json")
    arrived = [path for path in truth if "/space_reports/" in path]
    sent = sorted(arrived, key=lambda path: ("correction" in path or "重报" in path, path))
    return {(path.split("/")[0], _form(world.root / path)["month"]): _form(world.root / path) for path in sent}


def test_25_trainings_and_nearly_800_women_in_three_counties(forms):
    assert sum(form["trainings"] for form in forms.values()) == 25
    assert sum(form["new"] for form in forms.values()) == 788
    assert {form["county"] for form in forms.values()} == {"临湘市", "新化县", "冷水江市"}
    last = [form["cumulative"] for (_, month), form in forms.items() if month == (2024, 4)]
    assert len(last) == 3 and 750 <= sum(last) <= 800


def test_the_spaces_begin_one_after_the_other_and_one_month_is_missing(forms):
    months = {s: sorted(month for sender, month in forms if sender == s) for s in {sender for sender, _ in forms}}
    assert {s: (m[0], len(m)) for s, m in months.items()} == {
        "linxiang": ((2023, 5), 12), "xinhua": ((2023, 6), 11), "lengshuijiang": ((2023, 7), 9),
    }  # fmt: skip
    assert (2023, 10) not in months["lengshuijiang"]


def test_the_cumulative_figure_falls_once(forms):
    fallen = []
    for sender in {sender for sender, _ in forms}:
        own = [(month, form["cumulative"]) for (s, month), form in sorted(forms.items()) if s == sender]
        fallen += [(sender, later[0]) for earlier, later in pairwise(own) if later[1] < earlier[1]]
    assert fallen == [("xinhua", (2024, 3))]


def test_person_times_for_persons_are_corrected_and_persons_above_them_refused(world, forms):
    truth = world.side("truth.json")
    (correction,) = [path for path in truth if "/space_reports/correction/" in path]
    first = _form(world.root / correction.replace("correction/", "").replace("（更正）", ""))
    right = _form(world.root / correction)
    assert first["new"] == first["times"] == right["times"] > right["new"]
    (refused,) = [path for path, t in truth.items() if "persons_over_person_times" in t["rejected"]]
    assert refused.startswith("xinhua/") and _form(world.root / refused)["new"] > _form(world.root / refused)["times"]
    assert all(form["new"] <= form["times"] for form in forms.values())


def test_the_forms_have_their_labels_in_different_places(world):
    first = {
        sender: next((world.root / sender / "space_reports").glob("*.xlsx"))
        for sender in ("linxiang", "xinhua", "lengshuijiang")
    }
    at = {}
    for sender, path in first.items():
        rows = sheet_rows(path)
        at[sender] = next((r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell in LABELS["month"])
    assert len(set(at.values())) == 3


def test_the_class_of_april_has_34_women_of_four_provinces_for_three_days(world):
    path = world.root / "hnf/trainings/赋能培训签到册2024年4月.xlsx"
    rows = table(path, "来自省（区、市）")
    head = [cell for row in sheet_rows(path)[:5] for cell in row]
    assert len(rows) == len({row["姓名"] for row in rows}) == 34
    assert {row["来自省（区、市）"] for row in rows} == set(PROVINCES)
    assert Counter(row["签到"] for row in rows)["假"] == 1
    assert head[head.index("开班时间") + 1] == date(2024, 4, 13) and head[head.index("结束时间") + 1] == "2024.4.15"


def test_leaders_and_trainees_are_the_same_women_in_several_ledgers(world):
    trained = {row["身份证号"] for row in table(world.root / "hnf/trainings/赋能培训签到册2024年4月.xlsx", "姓名")}
    local = {row["身份证号"] for row in csv_table(world.root / "linxiang/trainings/短视频与直播带货培训班.csv")}
    in_beijing = {row["身份证号"] for row in csv_table(world.root / "cwdf/trainings/带头人培训班名册.csv")}
    calls = {
        (sender, months): {row["身份证号"] for row in table(path, "姓名")}
        for sender, number in (("linxiang", "LX-2023-2"), ("xinhua", "XH-2023-1"))
        for months in (3, 6)
        for path in [world.root / f"{sender}/employment_checks/{number}回访{months}个月.xlsx"]
    }
    leaders = {number for number in trained & in_beijing & calls["xinhua", 3] if len(number) == 18}
    assert len(leaders) == 3
    assert len([n for n in local & calls["linxiang", 3] & calls["linxiang", 6] if len(n) == 18]) >= 15
    assert leaders & local


def test_one_call_is_made_far_too_late_and_some_women_cannot_be_reached(world):
    rows = table(world.root / "linxiang/employment_checks/LX-2023-2回访3个月.xlsx", "姓名")
    assert [row["姓名"] for row in rows if "2024.2.28" in str(row["回访时间"]) or "2024-02-28" in str(row["回访时间"])]
    assert {row["目前状态"] for row in rows} == {"灵活就业", "单位就业", "自主创业", "未就业", "失联"}
    assert all((row["是否联系上"] == "否") == (row["目前状态"] == "失联") for row in rows)
