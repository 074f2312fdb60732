"""Lectures that were held: the city's workbooks, and the register that one district keeps of those within it.

The two never list the same lecture: what is held in that district is told by the district.
"""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from samples.courses import Course
from samples.federation import chongqing_units
from samples.lecture_orders import AUDIENCES, VENUES, Order
from samples.sheets import NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.spelling import spelled_day
from samples.truth import Outbox, arrived, truth_of_records, truth_of_sheets
from samples.world import World

OWN_REGISTER = "500112"
FIRST_ON = date(2024, 4, 12)
_HEADER = (
    "序号", "场次编号", "订单号", "区县", "讲座时间", "讲座地点", "场所类型", "面向", "课程编号", "讲师编号", "讲师",
    "现场人数", "线上观看人次", "满意度",
)  # fmt: skip
_RATINGS = ("非常满意", "满意", "一般", "不满意", "非常不满意")
_OWN_HEADER = (
    "讲座编号", "对应订单", "举办日期", "讲座地点", "场所", "课程编号", "主讲人", "到场人数", "直播观看人次",
    "非常满意", "比较满意", "一般", "不太满意", "很不满意", "意见建议",
)  # fmt: skip
_Units = tuple[str, ...]
# day, units, order or orders wanted, on site, online, ratings; what each of them is there for stands beside it
_SPRING: tuple[tuple[date, _Units, bool, object, object, tuple[int, ...]], ...] = (
    (FIRST_ON, ("500102",), True, "200余", "1.2万", (168, 27, 3, 0, 0)),  # the one on the page
    (date(2024, 4, 16), ("500103", "500105"), True, 180, "3600人次", (120, 41, 6, 1, 0)),  # for two districts
    (date(2024, 4, 18), ("500000-LJ",), True, "96人", 450, (70, 18, 2, 0, 0)),  # where there is no region code
    (date(2024, 4, 19), ("500109",), True, 112, None, (81, 20, 4, 0, 1)),
    (date(2024, 4, 23), ("500106",), True, 1560, 1400, (98, 37, 8, 2, 0)),  # viewers among those who came; corrected
    (date(2024, 4, 24), ("500109",), False, 105, None, (66, 24, 3, 0, 0)),  # the order of five days before, again
    (date(2024, 4, 25), ("500101",), True, 130, "约900", (95, 40, 8, 1, 0)),  # more ratings than people
    (date(2024, 4, 26), ("500113",), False, 88, None, (60, 15, 2, 0, 0)),  # without an order
    (date(2024, 4, 28), ("500243",), True, 140, 620, (101, 30, 4, 1, 0)),
    (date(2024, 5, 5), ("500240",), True, "150余", None, (110, 28, 5, 0, 0)),
)  # fmt: skip
_AGAIN, _MISCOUNTED = 5, 4


@dataclass(frozen=True)
class Lecture:
    """One lecture as it is written down."""

    number: str
    orders: tuple[str, ...]
    units: _Units
    held_on: date
    venue: str
    audience: str
    course: Course
    onsite: object
    online: object
    ratings: tuple[int, ...]


def spring_lectures(orders: list[Order]) -> list[Lecture]:
    """The city's lectures of 2024 up to 2024-05-05; the orders that they meet are delivered by this."""
    made: list[Lecture] = []
    for n, (day, units, ordered, onsite, online, ratings) in enumerate(_SPRING, 1):
        met = [_open_order(orders, unit, day) for unit in units] if ordered else []
        for order in met:
            order.deliver(day)
        like = met[0] if met else next(o for o in orders if o.unit == units[0])
        venue = "三新组织" if n == 1 else like.venue
        numbers = made[3].orders if n == _AGAIN + 1 else tuple(order.number for order in met)
        course = made[3].course if n == _AGAIN + 1 else like.course
        made.append(
            Lecture(f"JZ2024-{n:03d}", numbers, units, day, venue, like.audience, course, onsite, online, ratings)
        )
    return made


def _open_order(orders: list[Order], unit: str, day: date) -> Order:
    """An order of the unit that was made in time for ``day`` and that nobody has met; there is always one."""
    before = day - timedelta(days=10)
    return next(
        o for o in orders if o.unit == unit and o.ordered_at.date() < before and o.states[-1].status != "已完成"
    )


def _year_before(
    rng: random.Random, courses: list[Course], prefix: str, days: list[date], units: _Units
) -> list[Lecture]:
    """Lectures of 2023, when nobody ordered yet."""
    made = []
    for n, day in enumerate(days, 1):
        onsite, online = rng.randint(45, 190), (None, rng.randint(80, 900), f"{rng.randint(80, 900)}人次")[n % 3]
        best = rng.randint(onsite // 2, onsite * 2 // 3)
        ratings = (best, onsite // 5, n % 4, int(n % 3 == 0), 0)
        course, unit = rng.choice(courses), rng.choice(units)
        venue, audience = rng.choice(VENUES), rng.choice(AUDIENCES)
        written = f"{onsite}人" if n % 5 == 2 else onsite
        made.append(
            Lecture(f"{prefix}2023-{n:03d}", (), (unit,), day, venue, audience, course, written, online, ratings)
        )
    return made


def write_lectures(world: World, catalogues: dict[int, list[Course]], orders: list[Order], box: Outbox) -> None:
    """Send 2023 month by month and spring 2024 lecture by lecture from the city, and the district's own register."""
    rng = world.rng("lectures")
    units = tuple(unit for unit in chongqing_units() if unit != OWN_REGISTER)
    days = [date(2023, month, day) for month in range(3, 12) for day in sorted(rng.sample(range(1, 29), 4))]
    held = _year_before(rng, catalogues[2023], "JZ", days, units)
    for month in range(3, 12):
        own = [lecture for lecture in held if lecture.held_on.month == month]
        _workbook(f"讲座开展情况2023年{month}月", own, date(2023, month + 1, 6), box, spoil=month == 5)
        if month == 5:
            _workbook("讲座开展情况2023年5月（补）", own[:1], date(2023, 6, 12), box)
    spring = spring_lectures(orders)
    together = [[lecture] for lecture in spring[:6]] + [spring[6:8]] + [[lecture] for lecture in spring[8:]]
    for nth, few in enumerate(together, 1):
        _workbook(f"第{nth}次讲座反馈（2024）", few, few[-1].held_on + timedelta(days=1), box)
    right = replace(spring[_MISCOUNTED], onsite=160)
    _workbook("correction/第5次讲座反馈（人数更正）", [right], date(2024, 4, 29), box)
    _own_register(rng, catalogues, orders, box)


def _workbook(name: str, held: list[Lecture], received: date, box: Outbox, *, spoil: bool = False) -> None:
    """One workbook of the city: a title, two header rows, the five ratings under one merged header."""
    sheet, width = Sheet("反馈表"), len(_HEADER) + len(_RATINGS) - 1
    sheet.merge(sheet.aside("家庭教育流动学校“百场讲座进万家”活动反馈表"), 0, 0, width - 1)
    sheet.aside("填报单位：市妇女儿童活动中心")
    upper = sheet.aside(*_HEADER)
    lower = sheet.aside(*[None] * (len(_HEADER) - 1), *_RATINGS)
    for column in range(len(_HEADER) - 1):
        sheet.merge(upper, column, lower)
    sheet.merge(upper, len(_HEADER) - 1, upper, width - 1)
    places = chongqing_units()
    for n, one in enumerate(held):
        day = spelled_day(one.held_on, n + one.held_on.month, ("cell", "chinese", "dots", "slashes"))
        lost = spoil and n == 0
        sheet.add(
            n + 1, one.number, "、".join(one.orders), "、".join(places[unit] for unit in one.units),
            "春天某日" if lost else day, "报告厅", one.venue, one.audience, one.course.number,
            one.course.lecturer.number, one.course.lecturer.name, one.onsite, one.online, *one.ratings,
            verdict="unreadable_day" if lost else "clean",
        )  # fmt: skip
    sheet.aside("填报人：", None, None, "审核人：")
    box.put(f"chongqing/lectures/{name}.xlsx", xlsx_bytes([sheet]), arrived(received), truth_of_sheets([sheet]))


def _own_register(rng: random.Random, catalogues: dict[int, list[Course]], orders: list[Order], box: Outbox) -> None:
    """The district's CSV: three quarters of 2023, then April 2024 with one lecture ordered of the city and one not."""
    days = [date(2023, month, day) for month in range(4, 13) for day in (rng.randint(1, 28),)]
    held = _year_before(rng, catalogues[2023], "YB", days, (OWN_REGISTER,))
    order = _open_order(orders, OWN_REGISTER, date(2024, 4, 20))
    order.deliver(date(2024, 4, 20))
    spring = [
        replace(held[0], number="YB2024-001", orders=(order.number,), held_on=date(2024, 4, 20), course=order.course),
        replace(held[1], number="YB2024-002", held_on=date(2024, 4, 27), course=catalogues[2024][20]),
    ]
    for name, few, received in (
        ("2023年二季度", held[:3], date(2023, 7, 7)),
        ("2023年三季度", held[3:6], date(2023, 10, 10)),
        ("2023年四季度", held[6:], date(2024, 1, 9)),
        ("2024年4月", spring, date(2024, 5, 3)),
    ):
        rows = [Row(list(_OWN_HEADER), NON_DATA), *[_own_row(n, one) for n, one in enumerate(few)]]
        if received.month == 10:
            rows.append(Row([*rows[1].cells[:4], "广场", *rows[1].cells[5:]], "unknown_code"))
            rows[-1].cells[0] = "YB2023-900"
        path = f"yubei/lectures/讲座登记{name}.csv"
        box.put(path, csv_bytes(rows, "gb18030"), arrived(received), truth_of_records(rows))


def _own_row(nth: int, one: Lecture) -> Row:
    day = spelled_day(one.held_on, nth, ("iso", "chinese", "compact"))
    facts = [one.number, ";".join(one.orders), day, "街道社区教育学校", one.venue, one.course.number]
    return Row([*facts, one.course.lecturer.name, one.onsite, one.online, *one.ratings, "讲得好,实用"])
