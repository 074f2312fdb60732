"""The lectures of the page: catalogue, orders of 41 units, what was held, and targets, read back from the files."""

from collections import Counter
from datetime import date

import pytest

from samples.federation import chongqing_units
from tests.samples.reading import csv_table, page, sheet_rows, table


@pytest.fixture(scope="module")
def pages(world):
    found = sorted((world.root / "chongqing/lecture_orders").glob("*.json"))
    return {path.name: page(path) for path in found}


@pytest.fixture(scope="module")
def states(pages):
    """Every state that the interface told, page by page."""
    return [item for one in pages.values() if one["code"] == 0 for item in one["data"]["items"]]


def _held(world, pattern):
    found = sorted((world.root / "chongqing/lectures").glob(pattern))
    return [row for path in found for row in table(path, "场次编号")]


def _number(cell) -> int:
    return int("".join(c for c in str(cell).removesuffix(".0") if c.isdigit()) or 0)


def test_the_catalogue_of_2024_has_55_courses_of_8_categories_from_19_lecturers(world):
    rows = table(world.root / "chongqing/courses/课程目录2024.xlsx", "课程编号")
    assert len({row["课程编号"] for row in rows}) == len({row["课程名称"] for row in rows}) == len(rows) == 55
    assert len({row["讲师编号"] for row in rows}) == len({row["讲师"] for row in rows}) == 19
    # merged cells: a category is written once
    assert len([row for row in rows if row["类别"]]) == len({row["类别"] for row in rows} - {""}) == 8


def test_the_catalogue_of_2023_is_smaller_and_a_draft_had_courses_that_were_not_kept(world):
    final, earlier, draft = (
        {row["课程编号"] for row in table(world.root / f"chongqing/courses/课程目录{name}.xlsx", "课程编号")}
        for name in ("2024", "2023", "2024（征求意见）")
    )
    assert len(earlier) == 48 and earlier < final
    assert draft - final == {"KC8-07", "KC8-08", "KC8-09"}


def test_every_one_of_the_41_units_ordered_by_the_end_of_april(states):
    places = {name.rstrip("区县") for name in chongqing_units().values()}
    ordered = {item["district"].rstrip("区县") for item in states if item["createdAt"] < "2024-05-01"}
    assert ordered == places and len(places) == 41
    assert 100 <= len({item["orderNo"] for item in states}) < 150


def test_orders_change_their_state_and_never_go_back_in_time(states):
    told: dict[str, list[tuple[str, str]]] = {}
    for item in states:
        told.setdefault(item["orderNo"], []).append((item["updatedAt"], item["status"]))
    assert all(sorted(seen) == seen for seen in told.values())
    paths = Counter("→".join(dict.fromkeys(status for _, status in seen)) for seen in told.values())
    assert {"点单", "点单→已排", "点单→取消"} <= set(paths)
    assert any(path.endswith("已完成") for path in paths) and any("改期" in path for path in paths)


def test_an_order_is_set_after_it_was_made_and_delivered_after_its_day(states):
    for item in states:
        assert item["createdAt"] <= item["updatedAt"]
        assert (item["arrangedDate"] is None) == (item["status"] in ("点单", "取消"))
        assert item["status"] != "已完成" or item["arrangedDate"] < item["updatedAt"]


def test_pages_overlap_fail_and_are_empty_now_and_then(pages, states):
    follows = [n for n in pages if n.endswith("_02.json") and pages[n]["data"]["items"]]
    for name in follows:
        first = next(pages[n] for n in sorted(pages, reverse=True) if n < name and pages[n]["code"] == 0)
        assert pages[name]["data"]["items"][0] == first["data"]["items"][-1]
        assert first["data"]["next"] == f"c{name[11:15]}02"
    told = [one["data"]["next"] for _, one in sorted(pages.items()) if one["code"] == 0]
    assert None not in told[:-1] and told[-1] is None and len(set(told)) == len(told)
    assert len(follows) >= 2
    assert [name for name, one in pages.items() if one["code"]] == ["orders_20240326_01.json"]
    assert [name for name, one in pages.items() if one["code"] == 0 and not one["data"]["items"]]
    unknown = [item for item in states if item["placeType"] == "坝坝会"]
    assert len(unknown) == 1
    assert [i for i in states if i["orderNo"] == unknown[0]["orderNo"] and i["placeType"] != "坝坝会"]


def test_the_first_lecture_of_2024_is_at_a_firm_before_two_hundred_and_more(world):
    (first,) = _held(world, "第1次*")
    assert (first["讲座时间"], first["现场人数"], first["场所类型"], first["区县"]) == (
        date(2024, 4, 12), "200余", "三新组织", "涪陵区",
    )  # fmt: skip
    assert _number(first["线上观看人次"].replace("1.2万", "12000")) == 12_000
    own = csv_table(world.root / "yubei/lectures/讲座登记2024年4月.csv")
    assert all(row["举办日期"] > "2024-04-12" or "2024年4月2" in row["举办日期"] for row in own) and len(own) == 2


def test_the_hazards_of_lectures_are_there(world, states):
    spring = _held(world, "第*次*")
    by_number = {row["场次编号"]: row for row in spring}
    assert len(spring) == len(by_number) == 10
    delivered = {item["orderNo"] for item in states if item["status"] == "已完成"}
    ordered = [number for row in spring for number in row["订单号"].split("、") if number]
    # the interface is asked at night and does not know yet what happened a day before the last
    assert set(ordered) - delivered == {by_number["JZ2024-010"]["订单号"]}
    assert [number for number, n in Counter(ordered).items() if n == 2] == [by_number["JZ2024-004"]["订单号"]]
    assert [row["场次编号"] for row in spring if row["订单号"] == ""] == ["JZ2024-008"]
    assert (
        by_number["JZ2024-002"]["区县"] == "渝中区、江北区" and len(by_number["JZ2024-002"]["订单号"].split("、")) == 2
    )
    assert by_number["JZ2024-003"]["区县"] == "两江新区"
    over = [
        row["场次编号"]
        for row in spring
        if sum(row[rating] for rating in ("满意度", "满意", "一般", "不满意", "非常不满意")) > _number(row["现场人数"])
    ]
    assert over == ["JZ2024-007"]


def test_viewers_counted_as_listeners_are_corrected(world):
    (right,) = _held(world, "correction/*")
    (wrong,) = [row for row in _held(world, "第5次*") if row["场次编号"] == right["场次编号"]]
    assert (wrong["现场人数"], right["现场人数"]) == (1560, 160)


def test_some_tens_of_lectures_in_2023_and_two_registers_that_share_no_lecture(world):
    city = {row["场次编号"]: row["区县"] for row in _held(world, "*.xlsx")}
    own = {row["讲座编号"] for path in (world.root / "yubei/lectures").glob("*.csv") for row in csv_table(path)}
    assert len([number for number in city if "2023" in number]) == 36
    assert len(own) == 12 and not own & set(city)
    assert not [place for place in city.values() if "渝北" in place]


def test_targets_are_100_lectures_in_41_units_whose_own_do_not_add_up(world):
    rows = sheet_rows(world.root / "chongqing/targets/目标任务分解表2024.xlsx")[2:]
    assert [(row[2], row[3], row[4]) for row in rows[:2]] == [("讲座场次", "重庆市", 100), ("覆盖区县", "重庆市", 41)]
    assert sorted(row[3] for row in rows[2:]) == sorted(chongqing_units().values())
    assert sum(row[4] for row in rows[2:]) == 102
