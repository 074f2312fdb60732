"""Follow-up calls: who of those out of work before a class works three, six and twelve months after it."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from samples.ecommerce_classes import Course
from samples.ecommerce_units import SENDER
from samples.firms import month_after
from samples.practitioners import Practitioner
from samples.sheets import NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.spelling import DAY, spelled_id, spelled_phone
from samples.truth import Outbox, arrived, truth_of_records, truth_of_sheets
from samples.world import World

LAST_DAY = date(2024, 4, 30)
WORKING = ("单位就业", "灵活就业", "自主创业")
_HEADER = (
    "期次", "结业时间", "回访节点（月）", "姓名", "性别", "身份证号", "电话", "是否联系上", "目前状态", "入职时间",
    "与培训相关", "月均收入", "凭证类型", "回访时间", "备注",
)  # fmt: skip
_EVIDENCE = {
    "单位就业": ("劳动合同", "社保缴纳"),
    "灵活就业": ("平台流水", "本人陈述"),
    "自主创业": ("营业执照", "平台流水"),
}
_INCOMES = ("3000-5000", "4500", "5-8K", "3500—4500元", "面议", "4000元/月", "6000", "1万以上", "年薪6万")
_WORKBOOKS = (date(2022, 7, 1), date(2023, 4, 1), date(2024, 1, 1))


@dataclass(frozen=True)
class Check:
    """One call to one person of one class: ``status`` is what she does on the day of the call."""

    course: Course
    months: int
    person: Practitioner
    checked_on: date
    status: str


def due_on(course: Course, months: int) -> date:
    """The day that lies ``months`` months after the class."""
    month = month_after(course.ends_on.replace(day=1), months)
    return month + timedelta(days=min(course.ends_on.day, 28) - 1)


def build_checks(world: World, courses: list[Course]) -> list[Check]:
    """Call everybody who came out of work to a first class: three in four classes, later fewer; none before the day."""
    rng, seen, checks = world.rng("employment checks"), set(), []
    for nth, course in enumerate(courses):
        fresh = [s.person for s in course.seats if s.is_attended and s.was_out_of_work and id(s.person) not in seen]
        seen |= {id(s.person) for s in course.seats if s.is_attended}
        for months, is_called in ((3, nth % 4 != 3), (6, nth % 3 == 0), (12, nth % 4 == 0)):
            late = 62 if nth % 17 == 5 else rng.randint(-8, 20)
            called = due_on(course, months) + timedelta(days=late)
            if is_called and called + timedelta(days=5) <= LAST_DAY:
                checks += [_call(rng, course, months, p, called + timedelta(days=rng.randint(0, 5))) for p in fresh]
    return checks


def _call(rng: random.Random, course: Course, months: int, person: Practitioner, day: date) -> Check:
    works = person.hired_on is not None and person.hired_on <= day
    if rng.random() < 0.07:
        status = "失联"
    elif works:
        status = rng.choices(WORKING, (45, 35, 20))[0]
    else:
        status = "升学" if rng.random() < 0.02 else "未就业"
    return Check(course, months, person, day, status)


def write_checks(checks: list[Check], box: Outbox) -> None:
    """Send every quarter's calls, a class's calls of one point in one file; the last month's come alone."""
    for nth in range(9):
        begins = month_after(date(2022, 4, 1), 3 * nth)
        ends = min(month_after(begins, 3) - timedelta(days=1), LAST_DAY)
        called = {(c.course.number, c.months): c.checked_on for c in sorted(checks, key=lambda c: c.checked_on)}
        rows = [
            Row(_cells(check, n))
            for n, check in enumerate(checks)
            if begins <= called[check.course.number, check.months] <= ends
        ]
        _spoil(rows, nth)
        stem = f"电商培训学员就业回访表（{begins.year}年第{(begins.month + 2) // 3}季度）"
        received = arrived(ends + timedelta(days=4), minute=43)
        if begins in _WORKBOOKS:
            sheet = _sheet(rows, ends)
            box.put(f"{SENDER}/employment_checks/{stem}.xlsx", xlsx_bytes([sheet]), received, truth_of_sheets([sheet]))
            continue
        whole = [Row(list(_HEADER), NON_DATA), *rows]
        content = csv_bytes(whole, "utf-8-sig")
        box.put(f"{SENDER}/employment_checks/{stem}.csv", content, received, truth_of_records(whole))


def _sheet(rows: list[Row], day: date) -> Sheet:
    sheet = Sheet("回访")
    sheet.merge(sheet.aside(f"就业跟踪回访表（截至{day.year}年{day.month}月{day.day}日）"), 0, 0, len(_HEADER) - 1)
    sheet.aside(*_HEADER)
    sheet.rows += rows
    sheet.aside("注：失联人员须至少拨打三次。")
    return sheet


def _cells(check: Check, nth: int) -> list[Any]:
    person, works = check.person, check.status in WORKING
    evidence = _EVIDENCE[check.status][nth % 2] if works and nth % 7 else "本人陈述" if works else None
    hired = person.hired_on if works and person.hired_on else None
    income = _INCOMES[nth % len(_INCOMES)] if works else None
    return [
        check.course.number, f"{check.course.ends_on:%Y-%m-%d}", check.months, person.name,
        "男" if person.male else "女", spelled_id(person.id_no, nth, ""), spelled_phone(person.phone, nth),
        "否" if check.status == "失联" else "是", check.status,
        None if hired is None else f"{hired.year}年{hired.month}月" if nth % 3 else hired,
        ("是", "否")[nth % 6 == 0] if works else None, "25万" if works and nth % 401 == 44 else income, evidence,
        DAY[("iso", "dots", "chinese")[nth % 3]](check.checked_on), None,
    ]  # fmt: skip


def _spoil(rows: list[Row], nth: int) -> None:
    """Rows that are refused, each for one reason."""
    plan: tuple[tuple[int, str, Any, str], ...] = (
        (9, "目前状态", "在家", "unknown_code"),
        (19, "月均收入", "还可以", "unreadable_range"),
        (29, "回访时间", "2031-01-05", "future_day"),
        (39, "身份证号", "99900119880701", "id_malformed"),
    )
    for at, header, value, verdict in plan[nth % 2 :]:
        if at < len(rows):
            rows[at].cells[_HEADER.index(header)] = value
            rows[at].verdict = verdict
