"""Money: the city's ledger in 万元 with a cumulative column, three counties' ledgers in 元; one total is wrong."""

from datetime import date, timedelta
from typing import Any

from samples.places import CITY_SENDER
from samples.sheets import NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.truth import Outbox, arrived, refused, truth_of_records, truth_of_sheets

_CITY_HEADER = (
    "序号", "年度", "凭证号", "资金来源", "项目", "预算数（万元）", "到账数（万元）", "支出数（万元）",
    "累计支出（万元）", "受益户数", "受益人数", "拨付日期", "备注",
)  # fmt: skip
_COUNTY_HEADER = (
    "年度",
    "凭证号",
    "资金来源",
    "项目",
    "预算数",
    "到账数",
    "支出数",
    "受益户数",
    "受益人数",
    "拨付日期",
    "备注",
)
# Source, project, budget, received, spent (in 万元), households, persons, day. City budgets 2022-2024 sum to 225 万元,
# what the charity fund received to 161.15 万元 (the page: 225万元, 160余万元).
_CITY: dict[int, list[tuple[Any, ...]]] = {
    2022: [
        ("市级财政", "未成年人保护工作", 20, 20, 18.5, "120户", "150人", date(2022, 6, 15)),
        ("市级财政", "阳光妈妈关爱行动", 25, 25, 24, 300, 380, "2022年8月"),
        ("市级财政", "家庭教育指导服务", "15万元", 15, 12.25, None, "2.1万", "2022.11.3"),
        ("慈善基金", "困境儿童救助", None, 30.5, 21.3, "60余户", 82, "2022年9月9日"),
        ("慈善基金", "阳光家庭救助", None, 18.1, 10, 40, 57, "20221216"),
        ("企业捐赠", "助学礼包", None, "￥3.20", 3.2, 64, 64, date(2022, 9, 1)),
    ],
    2023: [
        ("市级财政", "未成年人保护工作", 30, 30, 29.5, 180, 210, "2023年5月"),
        ("市级财政", "阳光妈妈关爱行动", 25, 25, 25, 320, 400, date(2023, 7, 20)),
        ("市级财政", "家庭教育指导服务", 20, 20, 16.8, None, "200余", "23.10.8"),
        ("慈善基金", "困境儿童救助", None, 40, 33.75, 95, 120, "2023/06/01"),
        ("慈善基金", "阳光家庭救助", None, "31.35万元", "28.6", 80, 101, "2023-12-20"),
        ("慈善基金", "阳光家庭救助冲销", None, 0, "（0.5）", None, None, "2023-12-28"),
        ("个人捐赠", "爱心助学", None, 1.85, 1.85, 10, 12, "2023年12月"),
    ],
    2024: [
        ("市级财政", "未成年人保护工作", 40, 40, 11, 60, 75, "2024年3月"),
        ("市级财政", "阳光妈妈关爱行动", 30, 30, 7.5, 90, 110, "2024.4.2"),
        ("市级财政", "家庭教育指导服务", 20, 10, 12, None, 300, date(2024, 4, 9)),
        ("慈善基金", "困境儿童救助", None, 25.2, 9.9, 33, 41, "2024年4月12日"),
        ("慈善基金", "阳光家庭救助", None, 16, 0, None, None, "45388"),
    ],
}
_COUNTY = (
    ("县级财政", "困境儿童走访慰问", 120000, 120000, "8.5万元", 210, 260),
    ("县级财政", "阳光妈妈补贴", "￥86,400.00", 86400, 86400, None, None),
    ("上级专项", "儿童之家建设", 50000, "2.1万", 20500.5, None, "200余"),
)


def write_funds(box: Outbox) -> None:
    """Send the city's three fiscal years (one of them first in part), and the counties' year 2023."""
    _city(2022, _CITY[2022], date(2023, 1, 12), "", box)
    _city(2023, _CITY[2023][:4], date(2023, 7, 11), "（上半年）", box)
    _city(2023, _CITY[2023], date(2024, 1, 15), "", box)
    _city(2024, _CITY[2024], date(2024, 4, 28), "", box)
    _workbook("donggang", date(2024, 1, 10), 0, box)
    _workbook("wulian", date(2024, 1, 18), 6000, box)
    rows = [Row(list(_COUNTY_HEADER), NON_DATA), *[Row(r) for r in _county_rows("LS")]]
    rows.append(Row(["2023", "LS-2023-04", "众筹", "零星项目", "", "500", "500", "", "", "", ""], "unknown_code"))
    path = "lanshan/funds/2023年度经费台账.csv"
    box.put(path, csv_bytes(rows, "gb18030"), arrived(date(2024, 1, 25)), truth_of_records(rows))


def _number(value: Any) -> float:
    if value is None:
        return 0
    text = str(value).strip("（）￥").replace(",", "").removesuffix("万元")
    return -float(text) if str(value).startswith("（") else float(text)


def _city(year: int, entries: list[tuple[Any, ...]], received: date, note: str, box: Outbox) -> None:
    sheet = Sheet(f"{year}年度")
    sheet.merge(sheet.aside(f"日照市妇联{year}年度关爱困境儿童经费与善款台账"), 0, 0, len(_CITY_HEADER) - 1)
    sheet.aside("填报单位：日照市妇联", *[None] * 9, "单位：万元")
    sheet.aside(*_CITY_HEADER)
    first, spent = len(sheet.rows), 0.0
    for n, (source, project, *money, households, persons, paid) in enumerate(entries):
        spent = round(spent + _number(money[2]), 2)
        sheet.add(
            n + 1,
            f"{year}年" if n == 0 else None,
            f"SZ-{year}-{n + 1:03d}",
            source,
            project,
            *money,
            spent,
            households,
            persons,
            paid,
        )
    sheet.merge(first, 1, len(sheet.rows) - 1)
    if year == 2022:
        sheet.add(
            99, 2022, "SZ-2022-099", "市级财政", "待定项目", "若干", None, None, None, verdict="unreadable_amount"
        )
    sums = [round(sum(_number(e[c]) for e in entries), 2) for c in (2, 3, 4)]
    sheet.aside(None, "合计", None, None, None, *sums, None)
    sheet.aside("填表人：（签字）", None, None, None, "单位负责人：（签字）")
    path = f"{CITY_SENDER}/funds/{year}年度经费台账{note}.xlsx"
    box.put(path, xlsx_bytes([sheet]), arrived(received), truth_of_sheets([sheet]))


def _county_rows(prefix: str) -> list[list[Any]]:
    return [
        ["2023", f"{prefix}-2023-{n + 1:02d}", *entry, f"2023年{4 + 3 * n}月", ""] for n, entry in enumerate(_COUNTY)
    ]


def _workbook(sender: str, received: date, surplus: int, box: Outbox) -> None:
    """A county's year in 元; ``surplus`` is by how much its total row is wrong. One arrives cut off first."""
    sheet = Sheet("台账")
    sheet.merge(sheet.aside("2023年度关爱经费台账"), 0, 0, len(_COUNTY_HEADER) - 1)
    sheet.aside("单位：元")
    sheet.aside(*_COUNTY_HEADER)
    sheet.rows += [Row(r) for r in _county_rows(sender[:2].upper())]
    sheet.aside("合计", None, None, None, 256400, 227400, 191900.5 + surplus)
    content = xlsx_bytes([sheet])
    stem = f"{sender}/funds/2023年度经费台账"
    if sender == "wulian":
        box.put(f"{stem}.xlsx", content[: len(content) * 2 // 3], arrived(received), refused("workbook_damaged"))
        stem, received = stem + "（重新保存）", received + timedelta(days=1)
    box.put(f"{stem}.xlsx", content, arrived(received), truth_of_sheets([sheet]))
