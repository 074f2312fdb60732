"""A county's left-behind children: its register of them, the volunteers it honoured, and its target of the year."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from samples.sheets import NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.spelling import spelled_day, spelled_id, spelled_name, spelled_phone
from samples.truth import Outbox, arrived, truth_of_records, truth_of_sheets
from samples.world import World, between

SENDER = "changshan"
CHILDREN, REPRESENTATIVES, LAUNCHED_ON = 324, 10, date(2024, 4, 12)
REGISTER_DAYS = (date(2024, 1, 31), date(2024, 4, 30))
TOWNS = (
    "天马街道", "紫港街道", "金川街道", "白石镇", "招贤镇", "青石镇", "球川镇", "辉埠镇", "芳村镇", "何家乡", "同弓乡",
    "大桥头乡", "新昌乡", "东案乡",
)  # fmt: skip
_LATE, _CLOSED, _DROPPED = 9, 6, 4
_HEADER = (
    "序号", "乡镇（街道）", "姓名", "性别", "身份证号码", "出生日期", "困境类型", "留守类型", "监护人姓名",
    "与儿童关系", "监护人电话", "就读学校/年级", "是否寄宿", "纳入时间", "退出时间", "退出原因",
)  # fmt: skip
_STYLES = ("dots", "cell", "chinese", "iso")


@dataclass(frozen=True)
class Pupil:
    """One left-behind child; ``dropped_on`` is the day from which the register leaves the child out in silence."""

    name: str
    male: bool
    born: date
    id_no: str | None
    town: str
    form: str
    guardian: str
    phone: str
    registered_on: date
    closed_on: date = date.max
    dropped_on: date = date.max

    def stands_at(self, day: date) -> bool:
        """Whether the child is on the register on ``day``."""
        return self.registered_on <= day < min(self.closed_on, self.dropped_on)


def build_pupils(world: World) -> list[Pupil]:
    """The children, town by town and form by form; 4 have no identity number, 9 came and 10 left in the spring."""
    rng = world.rng("left-behind children")
    pupils = []
    for nth in range(CHILDREN + _CLOSED + _DROPPED):
        early = nth >= _LATE
        registered = between(
            rng, *((date(2019, 9, 1), date(2023, 12, 20)) if early else (date(2024, 2, 19), date(2024, 3, 20)))
        )
        gone = nth - CHILDREN
        closed = between(rng, date(2024, 2, 10), date(2024, 3, 20)) if 0 <= gone < _CLOSED else date.max
        dropped = date(2024, 3, 31) if gone >= _CLOSED else date.max
        pupils.append(_pupil(world, rng, nth, registered, closed, dropped))
    return sorted(pupils, key=lambda p: (TOWNS.index(p.town), p.form))


def _pupil(world: World, rng: random.Random, nth: int, registered: date, closed: date, dropped: date) -> Pupil:
    people, male, born = world.people, rng.random() < 0.5, between(rng, date(2010, 9, 1), date(2017, 8, 31))
    name, id_no = people.name(male), people.id_number(born, male)
    form = f"{'一二三四五六'[min(5, max(0, 2017 - born.year - (born.month < 9)))]}年级"
    return Pupil(
        name, male, born, None if nth % 80 == 33 else id_no, TOWNS[nth % len(TOWNS)], form, people.name(False),
        people.phone(), registered, closed, dropped,
    )  # fmt: skip


def write_left_behind(world: World, pupils: list[Pupil], box: Outbox) -> None:
    """Send the register twice, what was spoilt in January right in April; the ten who were honoured; the target."""
    _write_register(pupils, box)
    _write_representatives(world, box)
    sheet = target_sheet("常山县", "“五个一”完成率", "90%")
    path = f"{SENDER}/targets/2024年目标任务分解表.xlsx"
    box.put(path, xlsx_bytes([sheet]), arrived(date(2024, 1, 24)), truth_of_sheets([sheet]))


def _write_register(pupils: list[Pupil], box: Outbox) -> None:
    for nth, day in enumerate(REGISTER_DAYS):
        before = REGISTER_DAYS[nth - 1] if nth else date.min
        listed = [p for p in pupils if p.registered_on <= day < p.dropped_on and p.closed_on > before]
        sheet = Sheet("留守儿童")
        title = f"常山县留守儿童和困境儿童花名册（截至{day.year}年{day.month}月{day.day}日）"
        sheet.merge(sheet.aside(title), 0, 0, len(_HEADER) - 1)
        sheet.aside(*_HEADER)
        for n, pupil in enumerate(listed):
            sheet.rows.append(_spoilt(_row(pupil, n, day), n) if nth == 0 else _row(pupil, n, day))
        sheet.aside(None, "合计", f"{len(listed)}人")
        path = f"{SENDER}/children/留守儿童花名册{day:%Y%m%d}.xlsx"
        box.put(path, xlsx_bytes([sheet]), arrived(day + timedelta(days=5)), truth_of_sheets([sheet]))


def _row(pupil: Pupil, nth: int, day: date) -> Row:
    closed = pupil.closed_on if pupil.closed_on <= day else None
    return Row(
        [
            nth + 1, pupil.town, spelled_name(pupil.name, nth), "男" if pupil.male else "女",
            spelled_id(pupil.id_no, nth), pupil.born, ("留守", "留守、贫困家庭", "留守儿童")[nth % 3],
            ("父母双方外出", "一方外出")[nth % 2], pupil.guardian, ("奶奶", "外祖母", "爷爷")[nth % 3], pupil.phone,
            f"{pupil.town[:2]}中心小学 {pupil.form}", ("否", "是")[nth % 5 == 0],
            spelled_day(pupil.registered_on, nth, _STYLES), closed, "迁出" if closed else None,
        ]
    )  # fmt: skip


def _spoilt(row: Row, nth: int) -> Row:
    plan: dict[int, tuple[int, Any, str]] = {
        40: (13, "待核实", "unreadable_day"),
        90: (3, "女孩", "unknown_code"),
        139: (4, str(row.cells[4])[:16], "id_malformed"),
    }
    if nth in plan:
        column, value, verdict = plan[nth]
        row.cells[column], row.verdict = value, verdict
    return row


def _write_representatives(world: World, box: Outbox) -> None:
    """The ten to whom the volunteers' flag was handed, three of them without an identity number."""
    rng = world.rng("representatives")
    rows = [Row(["序号", "荣誉名称", "年度", "姓名", "身份证号", "联系电话", "表彰时间", "级别", "单位"], NON_DATA)]
    for nth in range(REPRESENTATIVES):
        born = between(rng, date(1968, 1, 1), date(1995, 12, 31))
        id_no = None if nth % 4 == 1 else world.people.id_number(born, male=False)
        name, phone = world.people.name(male=False), spelled_phone(world.people.phone(), nth)
        awarded = spelled_day(LAUNCHED_ON, nth, _STYLES)
        rows.append(Row([nth + 1, "“爱心妈妈”代表", 2024, name, id_no, phone, awarded, "县级", "某乡镇妇联"]))
    path = f"{SENDER}/honours/爱心妈妈代表名单2024.csv"
    box.put(path, csv_bytes(rows, "gb18030"), arrived(date(2024, 4, 16)), truth_of_records(rows))


def target_sheet(place: str, figure: str, value: object) -> Sheet:
    """One county's target of 2024, as a sheet of a single line."""
    sheet = Sheet("目标任务")
    sheet.merge(sheet.aside(f"{place}妇联2024年度目标任务分解表"), 0, 0, 6)
    sheet.aside("序号", "年度", "指标名称", "责任单位", "目标值", "起始日期", "完成时限")
    sheet.add(1, 2024, figure, place, value, "2024年1月", date(2024, 12, 31))
    return sheet
