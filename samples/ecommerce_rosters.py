"""The county's rosters: all classes of a quarter in one list, as a workbook at first and as CSV later."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from samples.ecommerce_classes import Course, Seat
from samples.ecommerce_units import SENDER
from samples.firms import month_after
from samples.people import check_digit
from samples.sheets import DUPLICATE, NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.spelling import DAY, spelled_id, spelled_name, spelled_phone
from samples.truth import Outbox, arrived, truth_of_records, truth_of_sheets
from samples.world import World

_HEADER = (
    "期次", "培训班名称", "办班级别", "承办单位", "培训日期", "结业时间", "学时", "序号", "学员姓名", "性别",
    "身份证号码", "手机号", "来源省份", "签到", "结业", "培训前状态", "备注",
)  # fmt: skip
_COURSE_COLUMNS = 7
_WORKBOOKS = (date(2022, 4, 1), date(2023, 1, 1))
_LAST_DAY, _FIRST_RECEIVED = date(2024, 4, 30), date(2022, 5, 10)
_AMENDED = "QH-2023-030"


def write_rosters(world: World, courses: list[Course], box: Outbox) -> None:
    """Send every quarter's classes, the last quarter's as far as it is, and one class again with an amendment."""
    for nth in range(10):
        begins = month_after(date(2022, 1, 1), 3 * nth)
        ends = min(month_after(begins, 3) - timedelta(days=1), _LAST_DAY)
        mine = [c for c in courses if begins <= c.ends_on <= ends]
        rows = [row for course in mine for row in _rows(course)]
        _spoil(world, rows, nth)
        stem = f"电商培训花名册（{begins.year}年第{(begins.month + 2) // 3}季度）"
        received = max(ends + timedelta(days=4 if ends == _LAST_DAY else 8), _FIRST_RECEIVED)
        if begins in _WORKBOOKS:
            sheet = _sheet(rows, f"清河县电商培训花名册（截至{ends.year}年{ends.month}月{ends.day}日）")
            content, truth = xlsx_bytes([sheet]), truth_of_sheets([sheet])
            box.put(f"{SENDER}/trainings/{stem}.xlsx", content, arrived(received, minute=41), truth)
        else:
            _send(stem, rows, received, box)
    amended = _rows(next(c for c in courses if c.number == _AMENDED))[:-2]
    amended[7].cells[_HEADER.index("签到")] = "到"
    _send(f"电商培训花名册（{_AMENDED}更正）", amended, date(2023, 9, 5), box)


def _send(stem: str, rows: list[Row], received: date, box: Outbox) -> None:
    whole = [Row(list(_HEADER), NON_DATA), *rows]
    path = f"{SENDER}/trainings/{stem}.csv"
    box.put(path, csv_bytes(whole, "gb18030"), arrived(received, minute=41), truth_of_records(whole))


def is_without_number(course: Course, seat: Seat, nth: int) -> bool:
    """Whether the roster has no identity number of the person: short classes ask for name and phone only, mostly."""
    return seat.person.id_no is None or (course.hours <= 8 and nth % 5 < 3)


def _rows(course: Course) -> list[Row]:
    number = int(course.number[-3:])
    starts: object = DAY[("chinese", "dots", "slashes", "iso")[number % 4]](course.starts_on)
    if number % 11 == 4 and course.starts_on < course.ends_on:
        starts = f"{course.starts_on.year}年{course.starts_on.month}月{course.starts_on.day}—{course.ends_on.day}日"
    head = [
        course.number, course.name, course.level, course.organiser, starts, f"{course.ends_on:%Y-%m-%d}", course.hours,
    ]  # fmt: skip
    return [Row([*head, *_person_cells(course, seat, nth, number)]) for nth, seat in enumerate(course.seats)]


def _person_cells(course: Course, seat: Seat, nth: int, number: int) -> list[Any]:
    person, n = seat.person, nth + 7 * number
    id_no = None if is_without_number(course, seat, nth) else person.id_no
    return [
        nth + 1, spelled_name(person.name, n), ("男", "男性")[n % 2] if person.male else "女", spelled_id(id_no, n, ""),
        spelled_phone(person.phone, n), "河北" if course.level == "省级" else None, seat.mark,
        "是" if seat.mark in ("到", "迟") else "否",
        "未就业" if seat.was_out_of_work else ("在职", "创业")[n % 3 == 0], None,
    ]  # fmt: skip


def _spoil(world: World, rows: list[Row], nth: int) -> None:
    """Rows that are refused, each for one reason, one person twice with two marks, and one row twice."""
    body = f"9990011988070{1 + nth % 9}90"
    wrong = f"{body}1" + ("1" if check_digit(f"{body}1") != "1" else "2")
    plan = [
        (21 + nth, "身份证号码", wrong, "id_check_digit"),
        (63 + nth, "结业", "补考中", "unreadable_flag"),
        (97 + nth, "签到", "代签", "unknown_code"),
        (151 + nth, "学员姓名", "甲某、乙某", "two_names"),
        (203 + nth, "身份证号码", wrong[:16], "id_malformed"),
        (252 + nth, "结业时间", "2021-01-05", "class_ends_before_start"),
    ]
    for at, header, value, verdict in plan:
        rows[at].cells[_HEADER.index(header)] = value
        rows[at].verdict = verdict
    world.people.id_numbers += [wrong, wrong[:16]]
    twice = rows[300 + nth]
    twice.verdict = "duplicate_key"
    other = list(twice.cells)
    other[_HEADER.index("培训前状态")] = None
    rows.append(Row(other, "duplicate_key"))
    rows.append(Row(list(rows[310 + nth].cells), DUPLICATE))


def _sheet(rows: list[Row], title: str) -> Sheet:
    """The list as a workbook: what is the same for a whole class stands in one merged cell."""
    sheet = Sheet("花名册")
    sheet.merge(sheet.aside(title), 0, 0, len(_HEADER) - 1)
    sheet.aside(*_HEADER)
    for _, block in groupby(rows, key=lambda row: row.cells[:_COURSE_COLUMNS]):
        first = len(sheet.rows)
        for n, row in enumerate(block):
            head = [None] * _COURSE_COLUMNS if n else row.cells[:_COURSE_COLUMNS]
            sheet.rows.append(Row([*head, *row.cells[_COURSE_COLUMNS:]], row.verdict))
        for column in range(_COURSE_COLUMNS):
            sheet.merge(first, column, len(sheet.rows) - 1)
    return sheet
