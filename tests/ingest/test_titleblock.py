"""What stands above a header: as-of date, year, unit and labelled values."""

from datetime import date

import pytest

from ingest.titleblock import read_title_block


@pytest.mark.parametrize(
    ("rows", "as_of", "year"),
    [
        ([("某区台账（截至2024年4月30日）",)], date(2024, 4, 30), 2024),
        ([("截止日期：2024-4-30",)], date(2024, 4, 30), 2024),
        ([("2023年度台账",), ("填报时间：2024.1.5",)], date(2024, 1, 5), 2023),
        ([("填报时间", "2024/4/30")], date(2024, 4, 30), 2024),
        ([("某区2024年2月台账",)], date(2024, 2, 29), 2024),
        ([("某区台账（2024年2月）",)], date(2024, 2, 29), 2024),
        ([("某区台账",), ("", "2024年2月")], date(2024, 2, 29), 2024),
        ([("月份", "2024年2月")], date(2024, 2, 29), 2024),
        ([("报告月份：2024 年 2 月 单位：元",)], date(2024, 2, 29), 2024),
        ([("（截至：2024年2月）",)], date(2024, 2, 29), 2024),
        ([("填报时间：2024年2月",)], date(2024, 2, 29), 2024),
        # when something happened is not how far a ledger speaks
        ([("开班时间", "2024年4月15日")], None, 2024),
        ([("开班时间", "2024年4月")], None, 2024),
        ([("某区签到册 开班时间：2024年4月",)], None, 2024),
        ([("举办日期：2024年4月13日",), ("某区2024年2月台账",)], date(2024, 2, 29), 2024),
        ([("2024年4月13日招聘会",)], None, 2024),
        ([("填报时间：2024年13月1日",)], None, 2024),
        ([("某区台账", "联系电话：13320241234")], None, None),
        ([], None, None),
    ],
)
def test_dates(rows, as_of, year):
    title = read_title_block(rows)
    assert (title.as_of_on, title.year) == (as_of, year)


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元", "万元"), ("金额单位:人民币万元", "万元"), ("单位：户、万元", "万元"),
        ("经费台账（万元）", "万元"),
        ("填报单位：广元", ""), ("填报单位（盖章）：某妇联  单位：元", "元"), ("填报单位：某妇联", ""),
    ],
)  # fmt: skip
def test_unit_line(line, unit):
    assert read_title_block([(line,)]).unit == unit


@pytest.mark.parametrize(
    "rows",
    [
        [("填报单位：西湖镇",)],
        [("填报单位（盖章）：西湖镇", None)],
        [(None, "填报单位", None, "西湖镇")],
        [("填报单位：西湖镇  填报时间：2024-04-13 09:30",)],
        [("填报时间：2024-04-13", "填报单位:西湖镇")],
    ],
)
def test_value_beside_its_label(rows):
    assert read_title_block(rows).value_of("填报单位") == "西湖镇"
    assert read_title_block(rows).value_of("审核单位") is None
