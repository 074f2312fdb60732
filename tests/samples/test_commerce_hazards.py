"""The layouts and blemishes of one county's e-commerce exports are really in its files."""

import csv
import io
import json
import re
from collections import Counter
from datetime import datetime
from functools import cache

import pytest
import python_calamine


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig") if data.startswith(b"\xef\xbb\xbf") else data.decode("gb18030")


def _csv(world, pattern):
    return _csv_in(world.root, pattern)


@cache
def _csv_in(root, pattern):
    found = [p.read_bytes() for p in sorted(root.glob(pattern))]
    assert found, pattern
    return "".join(map(_text, found))


def _rows(world, pattern):
    return _rows_in(world.root, pattern)


@cache
def _rows_in(root, pattern):
    """Every row of every sheet of every workbook."""
    rows = []
    for path in sorted(root.glob(pattern)):
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        rows += [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    assert rows, pattern
    return rows


def _cells(world, pattern):
    return "\n".join(str(cell) for row in _rows(world, pattern) for cell in row)


@pytest.fixture(scope="module")
def pages(world):
    return {p.stem: json.loads(p.read_text("utf-8")) for p in sorted(world.root.glob("qinghe-sw/firm_sales/*.json"))}


def _records(page):
    return page["data"]["list"] if page["data"] else []


def test_pages_hold_200_firms_at_most_and_say_how_many_there_are(pages):
    assert all(len(_records(page)) <= 200 for page in pages.values())
    failed = [stem for stem, page in pages.items() if page["code"] != 0]
    cut = [
        s for s, p in pages.items() if p["data"] and p["data"]["pages"] == 1 and p["data"]["total"] != len(_records(p))
    ]
    assert (failed, cut) == (["sales_2023-05_p1"], ["sales_2023-08_p1"])
    assert {"sales_2023-05_again_p1", "sales_2023-08_again_p1"} <= pages.keys()


def test_one_month_shifted_between_two_pages_and_was_mended_by_the_next(pages):
    keys = {s: [(r["uscc"].upper(), r["platform"]) for r in _records(p)] for s, p in pages.items()}
    first, second = keys["sales_2024-02_p1"], keys["sales_2024-02_p2"]
    assert first[-1] == second[0]
    assert set(keys["sales_2024-01_p1"]) - set(first) - set(second) == {keys["sales_2024-01_p1"][0]}
    mended = [
        (r["uscc"].upper(), r["platform"]) for r in _records(pages["restated_20240405"]) if r["period"] == "2024-02"
    ]
    assert keys["sales_2024-01_p1"][0] in mended
    assert not set(keys["sales_2024-03_p1"]) & set(keys["sales_2024-03_p2"])


def test_sales_are_written_in_every_way(pages):
    records = [r for page in pages.values() for r in _records(page)]
    amounts = {type(r["salesAmount"]).__name__ for r in records}
    assert amounts == {"str", "int", "NoneType"}
    assert {r["unit"] for r in records} == {"元", "万元"}
    assert any(re.fullmatch(r"\d,\d{3},\d{3}\.00", str(r["salesAmount"])) for r in records)
    assert any(r["salesAmount"] == "-" for r in records)
    names = {}
    for r in records:
        names.setdefault(r["uscc"].upper(), set()).add(r["entName"])
    assert Counter(len(one) for one in names.values())[2] == 1
    assert any(code.startswith("92") for code in names)


def test_restated_figures_fall_and_carry_a_later_moment(pages):
    told = {}
    for page in sorted(pages.values(), key=lambda p: max((r["updatedAt"] for r in _records(p)), default="")):
        for r in _records(page):
            if r["unit"] == "元" and isinstance(r["salesAmount"], str) and r["salesAmount"][0].isdigit():
                key = (r["uscc"].upper(), r["platform"], r["period"])
                told.setdefault(key, []).append((r["updatedAt"], float(r["salesAmount"].replace(",", ""))))
    twice = [sorted(versions) for versions in told.values() if len(versions) > 1]
    assert len(twice) > 500
    assert sum(versions[-1][1] < versions[0][1] for versions in twice) > 0.9 * len(twice)
    assert max(map(len, twice)) >= 3


LIVE = "qinghe/livestreams/*.csv"
FOUND = {
    "UTF-8 with mark and GB18030": lambda w: (
        {p.read_bytes()[:3] == b"\xef\xbb\xbf" for p in w.root.glob(LIVE)} == {True, False}
    ),
    "6.03w": lambda w: re.search(r",\d+\.\d+w,", _csv(w, LIVE)),
    "￥1.2万": lambda w: re.search(r",￥\d+\.\d+万,", _csv(w, LIVE)),
    "event in four spellings": lambda w: all(f"辛集{sign}三地" in _csv(w, LIVE) for sign in ("”", '""', "」", "")),
    "fewer sales at each telling": lambda w: _fair_sales(w)[0] > _fair_sales(w)[1] > _fair_sales(w)[2] == 5_300_000,
    "session with two streamers": lambda w: max(_twice(w)) == 2,
    "past midnight": lambda w: any(a.date() < b.date() for a, b in _spans(w)),
    "under a minute": lambda w: any(0 < (b - a).total_seconds() < 60 for a, b in _spans(w)),
    "ends before it starts": lambda w: any(a >= b for a, b in _spans(w)),
    "followers 1.2w and 1万+": lambda w: re.search(r"\d\.\dw\n(?s:.*)\d万\+\n", _cells(w, "qinghe/streamers/*.xlsx")),
    "status of who gave up": lambda w: {"停播", "转行"} <= set(_cells(w, "qinghe/streamers/*.xlsx").split("\n")),
    "number as a number": lambda w: any(
        isinstance(row[3], float) and row[3] > 1e17 for row in _rows(w, "qinghe/streamers/*.xlsx")
    ),
    "site in quotes of several kinds": lambda w: (
        {"“羊绒小镇”", "「羊绒小镇」", '"羊绒小镇"', "羊绒小镇"}
        <= set(_cells(w, "qinghe/org_units/*.xlsx").split("\n"))
    ),
    "closed with a word": lambda w: "撤销" in _cells(w, "qinghe/org_units/*.xlsx").split("\n"),
    "marks of four kinds": lambda w: {"到", "迟", "早退", "假"} <= set(_csv(w, "qinghe/trainings/*.csv").split(",")),
    "days as a range": lambda w: re.search(r"月\d+—\d+日", _csv(w, "qinghe/trainings/*.csv")),
    "lost contact": lambda w: "失联" in _csv(w, "qinghe/employment_checks/*.csv"),
    "income as a range": lambda w: (
        {"3000-5000", "5-8K", "面议"} <= set(_csv(w, "qinghe/employment_checks/*.csv").split(","))
    ),
    "no column of cohorts": lambda w: "批次类型" not in _csv(w, "qinghe/employment_checks/*.csv"),
}


def _spans(world):
    line = re.compile(r",(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),")
    return [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in line.findall(_csv(world, LIVE))]


def _fair_sales(world):
    """What the fair's sessions sold, as told at first, a fortnight later, and in the end; spoilt rows too."""
    sums = []
    for stem in ("三地大会直播数据", "三地大会直播数据（更新）", "三地大会直播数据（结算）"):
        lines = list(csv.DictReader(io.StringIO(_csv(world, f"qinghe/livestreams/{stem}.csv"))))
        sold = {line["直播间ID"]: line["成交金额"].strip("￥").replace(",", "") for line in lines}
        sums.append(round(sum(float(one.rstrip("万")) * (10_000 if "万" in one else 1) for one in sold.values()), 2))
    return sums


def _twice(world):
    """How many streamers each session of the settled fair has."""
    lines = _csv(world, "qinghe/livestreams/*（结算）.csv").splitlines()[1:]
    return Counter(line.split(",")[1] for line in lines).values()


@pytest.mark.parametrize("hazard", FOUND)
def test_hazard_is_there(world, hazard):
    assert FOUND[hazard](world)


def test_one_woman_streams_on_two_platforms_and_one_is_written_as_a_man(world):
    rows = [r for r in _rows(world, "qinghe/streamers/*（2024年4月）.xlsx") if str(r[3]).startswith("999001")]
    assert max(Counter(r[3] for r in rows).values()) == 2
    assert any((int(r[3][16]) % 2 == 1) != (r[2] == "男") for r in rows if re.fullmatch(r"\d{17}[\dX]", str(r[3])))


def test_what_is_nowhere_is_not_found(world):
    assert "没有这个词" not in _cells(world, "qinghe/org_units/*.xlsx")
    with pytest.raises(AssertionError):
        _csv(world, "qinghe/no_such_dataset/*.csv")
