"""The civil affairs bureau's register of children in need: one workbook a quarter, a sheet for each county."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from samples.headers import REGISTER as FIELDS
from samples.people import check_digit, fifteen
from samples.places import COUNTIES, REGISTER_SENDER, County
from samples.sheets import NON_DATA, Formula, Row, Sheet, xlsx_bytes
from samples.spelling import spelled_day, spelled_id, spelled_name
from samples.truth import Outbox, arrived, truth_of_sheets
from samples.world import REGISTER_DAYS, Child, World

_TWO_ROWS_FROM = date(2023, 6, 30)
_UPPER = {"number": "儿童信息", "name": "儿童信息", "sex": "儿童信息", "id_no": "儿童信息", "birth": "儿童信息"}
_UPPER |= {"guardian": "监护人信息", "relation": "监护人信息", "guardian_phone": "监护人信息"}
_LOWER = {"guardian": "姓名", "guardian_phone": "联系电话"}
_STYLES = ("chinese", "dots", "slashes", "cell", "iso", "compact", "serial", "wide", "short")
_NEEDS = ("心理疏导", "学业辅导", "无", "生活照料，亲情陪伴", "—", "")
Cells = dict[str, Any]


def write_register(world: World, box: Outbox) -> None:
    """Send every snapshot of the register; the last one twice, byte for byte."""
    path = ""
    for nth, day in enumerate(REGISTER_DAYS):
        sheets = [_county_sheet(world, county, nth, day) for county in COUNTIES]
        sheets = [_instructions(), *sheets, _left_over(world)]
        name = f"日照市困境儿童登记花名册（截至{day.year}年{day.month}月{day.day}日）.xlsx"
        received = arrived(day + timedelta(days=4 if nth % 3 else 6))
        path = box.put(f"{REGISTER_SENDER}/children/{name}", xlsx_bytes(sheets), received, truth_of_sheets(sheets))
    box.again(path, arrived(REGISTER_DAYS[-1] + timedelta(days=6)))


def registered_at(world: World, day: date, before: date) -> list[Child]:
    """The children whom a register of ``day`` lists: the open ones, and those closed since ``before``."""
    listed = [c for c in world.children if c.registered_on <= day and not (c.dropped_on and c.dropped_on <= day)]
    return [c for c in listed if c.closed_on is None or c.closed_on > before]


def _county_sheet(world: World, county: County, nth: int, day: date) -> Sheet:
    before = REGISTER_DAYS[nth - 1] if nth else date(2022, 4, 30)
    children = [c for c in registered_at(world, day, before) if c.town.county_code == county.code]
    children.sort(key=lambda c: (county.townships.index(c.town), c.number))
    sheet = Sheet(county.name, hidden_rows=(12, 13) if nth == 3 and county is COUNTIES[0] else ())
    _head(sheet, county, day)
    if county is COUNTIES[0]:
        _example(sheet)
    dirt = _dirt(county, nth)
    for town in county.townships:
        block = [c for c in children if c.town is town]
        first = len(sheet.rows)
        for n, child in enumerate(block):
            cells = child_cells(child, day, n + 1)
            verdict = dirt.get(children.index(child), _as_it_is)(cells)
            if verdict.startswith("id_"):
                world.people.id_numbers.append(str(cells["id_no"]))
            _append(sheet, cells if n == 0 else cells | {"township": None}, verdict)
        if block:
            sheet.merge(first, 1, len(sheet.rows) - 1)
        if day >= _TWO_ROWS_FROM and len(block) > 1:
            sheet.aside(None, "小计", None, f"{len(block)}人")
    for extra in _extras(county, nth, children[40], day):
        sheet.rows.append(extra)
    _foot(sheet, world, len(children))
    return sheet


def _append(sheet: Sheet, cells: Cells, verdict: str) -> None:
    sheet.rows.append(Row([cells.get(field) for field in FIELDS], verdict))


def _head(sheet: Sheet, county: County, day: date) -> None:
    title = f"日照市困境儿童登记花名册（{county.name}，截至{day.year}年{day.month}月{day.day}日）"
    sheet.merge(sheet.aside(title), 0, 0, len(FIELDS) - 1)
    sheet.aside("填报单位（盖章）：日照市民政局", None, None, None, None, f"填报时间：{day.year}年{day.month}月")
    if day < _TWO_ROWS_FROM:
        sheet.aside(*FIELDS.values())
        return
    names = list(FIELDS)
    seen: set[str] = set()
    upper = [None if (u := _UPPER.get(f, FIELDS[f])) in seen else seen.add(u) or u for f in names]
    top = sheet.aside(*upper)
    sheet.aside(*[_LOWER.get(f, FIELDS[f]) if f in _UPPER else None for f in names])
    sheet.merge(top, names.index("number"), top, names.index("birth"))
    sheet.merge(top, names.index("guardian"), top, names.index("guardian_phone"))
    for column, field in enumerate(names):
        if field not in _UPPER:
            sheet.merge(top, column, top + 1)


def child_cells(child: Child, day: date, serial: int) -> Cells:
    """One child as the register of ``day`` writes it, by field."""
    nth = int(child.number[-4:])
    male = not child.male if nth in (31, 131) else child.male
    birth: Any = child.born if nth % 3 else child.born.isoformat()
    if child.id_no and nth % 60 == 7 and 2 <= child.born.month <= 9:
        birth = f"{child.born.year}.{child.born.month}"
    month = f"{child.registered_on.year}年{child.registered_on.month}月"
    closed = child.closed_on if child.closed_on and child.closed_on <= day else None
    left = "留守" in child.categories
    return {
        "serial": serial, "township": child.town.name, "number": child.number, "name": spelled_name(child.name, nth),
        "sex": "男" if male else "女", "id_no": spelled_id(child.id_no, nth, "未办理" if nth % 2 else "无户口"),
        "birth": birth, "nation": ("汉族", "汉")[nth % 2], "address": f"{child.town.name}{child.village}",
        "categories": child.categories + ("、低收入" if nth in (45, 245) else ""),
        "left_behind": ("父母双方外出", "一方外出")[nth % 2] if left else ("-", None, "/")[nth % 3],
        "guardian": child.guardian, "relation": child.relation,
        "guardian_phone": int(child.guardian_phone) if nth % 5 == 0 else child.guardian_phone,
        "school": f"{child.town.name[:-1]}中心小学 三年级", "boarding": ("否", "是", "×", "√")[nth % 4],
        "registered_on": month if child.month_only else spelled_day(child.registered_on, nth, _STYLES),
        "closed_on": None if not closed or nth % 17 == 0 else spelled_day(closed, nth, _STYLES[:6]),
        "close_reason": child.close_reason if closed else None, "needs": _NEEDS[nth % len(_NEEDS)],
        "age": Formula("=YEAR(TODAY())-2010") if nth % 20 == 0 else day.year - child.born.year,
    }  # fmt: skip


def _as_it_is(cells: Cells) -> str:
    return "clean"


def _set(field: str, value: Any, verdict: str) -> Callable[[Cells], str]:
    def spoil(cells: Cells) -> str:
        cells[field] = value(cells) if callable(value) else value
        return verdict

    return spoil


def _plain_id(cells: Cells) -> str:
    """A full number for the row's number, whatever blemish or gap the row shows."""
    body = f"99900120140304{int(cells['number'][-3:]):03d}"
    return body + check_digit(body)


_AS_NUMBER = _set("id_no", lambda c: int(_plain_id(c)[:17] + "0"), "id_typed_as_number")
_WRONG_DIGIT = _set("id_no", lambda c: _plain_id(c)[:17] + ("1" if _plain_id(c)[17] != "1" else "2"), "id_check_digit")
_OLD_NUMBER = _set("id_no", lambda c: fifteen(_plain_id(c)), "id_too_old")


def _dirt(county: County, nth: int) -> dict[int, Callable[[Cells], str]]:
    """Rows spoilt in early snapshots, by position; the next snapshot has them right."""
    if nth == 0:
        return {
            3: _AS_NUMBER, 8: _AS_NUMBER, 15: _WRONG_DIGIT, 22: _OLD_NUMBER,
            27: _set("registered_on", 2022.1, "ambiguous_day"),
            33: _set("registered_on", "待核实", "unreadable_day"),
            38: _set("sex", "女孩", "unknown_code"),
            44: _set("registered_on", None, "missing_required"),
        }  # fmt: skip
    if nth in (2, 4) and county is not COUNTIES[1]:
        return {5: _AS_NUMBER, 50: _WRONG_DIGIT, 61: _set("boarding", "周末回家", "unreadable_flag")}
    return {}


def _extras(county: County, nth: int, like: Child, day: date) -> list[Row]:
    """Records too many: a child who stands twice with different facts, and rows of nobody on the register."""
    number = f"{county.code}-KJ-9{nth:03d}"
    stranger = replace(like, number=number, id_no=None, closed_on=None, close_reason=None, month_only=False)
    if nth == 1 and county is COUNTIES[2]:
        twice = [child_cells(stranger, day, 901), child_cells(stranger, day, 902) | {"boarding": "是", "needs": ""}]
        twice[0]["boarding"] = "否"
        return [Row([c.get(f) for f in FIELDS], "duplicate_key") for c in twice]
    cells = child_cells(stranger, day, 903)
    if nth >= 6 and county is COUNTIES[0]:
        return [Row([(cells | {"registered_on": "2042年3月5日"}).get(f) for f in FIELDS], "future_day")]
    if nth >= 5 and county is COUNTIES[3]:
        early = cells | {"registered_on": "2023.5.8", "closed_on": "2022.5.8", "close_reason": "迁出"}
        return [Row([early.get(f) for f in FIELDS], "closed_before_registered")]
    return []


def _example(sheet: Sheet) -> None:
    body = "99900120150601012"
    sheet.add(
        "示例", "某某镇", "371102-KJ-0000", "张三", "女", body + check_digit(body), "2015-06-01", verdict=NON_DATA
    )


def _foot(sheet: Sheet, world: World, count: int) -> None:
    sheet.aside(None, "合计", None, f"{count}人")
    sheet.add()
    clerk = world.volunteers[-1]
    sheet.aside(f"填表人：{clerk.name}　　审核人：{world.volunteers[-2].name}　　联系电话：{clerk.phone}")
    sheet.aside("注：困境类型可多选，以顿号分隔。")


def _instructions() -> Sheet:
    sheet = Sheet("填表说明")
    for line in (
        "填表说明",
        "一、身份证号码请以文本格式填写。",
        "二、纳入时间至少填写到月。",
        "三、退出儿童保留一期后删除。",
    ):
        sheet.aside(line)
    return sheet


def _left_over(world: World) -> Sheet:
    sheet = Sheet("Sheet2", hidden=True)
    sheet.aside("姓名", "身份证号码", "备注")
    for child in world.children[:3]:
        sheet.aside(child.name, child.id_no, "上年度数据，勿用")
    return sheet
