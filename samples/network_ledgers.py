"""The register of women's groups, a workbook a quarter, and their activities, a CSV a month."""

from dataclasses import replace
from datetime import date, timedelta

from samples.left_behind import target_sheet
from samples.networks import SNAPSHOTS, TOWNS, Unit, build_units
from samples.sheets import DUPLICATE, NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.spelling import spelled_day, spelled_phone
from samples.truth import Outbox, arrived, truth_of_records, truth_of_sheets
from samples.world import World, between

SENDER = "xiaochang"
_UPPER = (
    None,
    "所在地",
    None,
    None,
    "组织情况",
    None,
    None,
    None,
    None,
    "牵头人",
    None,
    None,
    "人数",
    None,
    None,
    None,
    None,
)
_HEADER = (
    "序号", "乡镇", "村", "湾组", "名称", "类别", "微家类型", "纽带", "成立时间", "姓名", "身份", "电话", "成员数",
    "覆盖妇女数", "湾组妇女总数", "阵地", "状态",
)  # fmt: skip
_SECTIONS = ((1, 3), (4, 8), (9, 11), (12, 14))
_MEMBERS = 12
_STYLES = ("dots", "chinese", "cell", "slashes")
_MONTHS = tuple(date(2023 + n // 12, n % 12 + 1, 1) for n in range(16))
_SERVICES = ("养老抚幼", "心理疏导", "婚姻调适", "技能培训", "文娱", "志愿服务")
_ACTIVITY_HEADER = (
    "记录编号", "组织名称", "组织类别", "乡镇", "活动日期", "主题", "服务类型", "参加人次", "活动内容", "照片",
)  # fmt: skip


def write_networks(world: World, box: Outbox) -> None:
    """Send the register of every quarter and of the page's month, the activities of 16 months, and the target."""
    units = build_units(world)
    clerk = (world.people.name(male=False), world.people.phone())
    for nth, day in enumerate(SNAPSHOTS):
        sheet = _register(units, nth, clerk)
        path = f"{SENDER}/org_units/孝昌县妇女小组和妇女微家登记表{day:%Y%m%d}.xlsx"
        box.put(path, xlsx_bytes([sheet]), arrived(day + timedelta(days=3)), truth_of_sheets([sheet]))
    _write_activities(world, units, box)
    goal = target_sheet("孝昌县", "活跃小组微家数", 100)
    path = f"{SENDER}/targets/2024年目标任务分解表.xlsx"
    box.put(path, xlsx_bytes([goal]), arrived(date(2024, 1, 29)), truth_of_sheets([goal]))


def quoted(name: str, nth: int) -> str:
    """The same name with other quotes, without any, or with a space before what follows."""
    opened, closed = (("“", "”"), ('"', '"'), ("「", "」"), ("", ""), ("＂", "＂ "))[nth % 5]
    return name.replace("“", opened).replace("”", closed)


def _register(units: list[Unit], nth: int, clerk: tuple[str, str]) -> Sheet:
    day = SNAPSHOTS[nth]
    sheet = Sheet("登记表")
    title = f"孝昌县妇女小组、“妇女微家”及行业妇联登记表（截至{day.year}年{day.month}月{day.day}日）"
    sheet.merge(sheet.aside(title), 0, 0, len(_HEADER) - 1)
    sheet.aside(*_UPPER)
    sheet.aside(*_HEADER)
    for first, last in _SECTIONS:
        sheet.merge(1, first, 1, last)
    listed = 0
    for town in TOWNS:
        rows = [_row(unit, n, nth) for n, unit in enumerate(units) if unit.town == town and unit.stands_in(nth)]
        rows += _extras(rows[0], next(u for u in units if u.town == town), nth, TOWNS.index(town))
        top = len(sheet.rows)
        for n, row in enumerate(rows):
            listed += 1
            row.cells[0], row.cells[1] = listed, town if n == 0 else None
        sheet.rows += rows
        sheet.merge(top, 1, len(sheet.rows) - 1)
        if nth >= 3:
            sheet.aside(None, "小计", *[None] * (_MEMBERS - 2), sum(row.cells[_MEMBERS] for row in rows))
    members = [row.cells[_MEMBERS] for row in sheet.rows[3:] if row.verdict != NON_DATA]
    sheet.aside(None, "合计", *[None] * (_MEMBERS - 2), sum(members))
    sheet.aside(f"填表人：{clerk[0]}　　联系电话：{clerk[1]}　　审核人：")
    return sheet


def _row(unit: Unit, number: int, nth: int) -> Row:
    """One unit as the ``nth`` snapshot writes it."""
    status = "已撤" if unit.closed_on <= SNAPSHOTS[nth] else ("正常", "活跃")[number % 2]
    phone = spelled_phone(unit.phone, number) if unit.phone else None
    return Row(
        [0, unit.town, unit.village, unit.hamlet, quoted(unit.name, number + nth), unit.kind, unit.home_kind, unit.bond,
         spelled_day(unit.founded_on, number, _STYLES), unit.leader, unit.identity, phone, unit.members,
         unit.covered or None, unit.resident or None, unit.site, status]
    )  # fmt: skip


def _extras(first: Row, like: Unit, nth: int, town: int) -> list[Row]:
    """Rows too many: the first again, planned for next month, contradicting each other, spoilt; none is a unit."""
    stranger = replace(like, name=f"“新苗”筹备{town}组", kind="小组", home_kind="", hamlet="老街", village="街道口村")
    row = _row(stranger, 0, nth)
    if (nth, town) == (0, 2):
        row.cells[8], row.verdict = "去年三八节", "unreadable_day"
    elif (nth, town) == (0, 5):
        row.cells[5], row.verdict = "兴趣班", "unknown_code"
    elif (nth, town) == (1, 4):
        twin = _row(replace(stranger, members=stranger.members + 3), 0, nth)
        row.verdict = twin.verdict = "duplicate_key"
        return [row, twin]
    elif (nth, town) == (2, 1):
        return [Row(list(first.cells), DUPLICATE)]
    elif (nth, town) == (5, 6):
        row.cells[8], row.verdict = date(2024, 5, 20), "future_day"
    else:
        return []
    return [row]


def _write_activities(world: World, units: list[Unit], box: Outbox) -> None:
    """Send what the living units did, month by month; a third of them are quiet."""
    rng = world.rng("unit activities")
    for nth, month in enumerate(_MONTHS):
        end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        rows = [Row(list(_ACTIVITY_HEADER), NON_DATA)]
        for number, unit in enumerate(units):
            if unit.founded_on > month or min(unit.leaves, unit.closed_on) <= end or number % 3 == 0:
                continue
            if rng.random() < 0.6:
                rows.append(
                    _activity(unit, between(rng, month, end), f"{month:%Y%m}-{len(rows):03d}", rng.randint(5, 60))
                )
        rows += _dirt(rows, nth, month)
        path = f"{SENDER}/unit_activities/小组微家活动记录{month:%Y-%m}.csv"
        received = arrived(end + timedelta(days=4 + nth % 3))
        box.put(path, csv_bytes(rows, "gb18030"), received, truth_of_records(rows))


def _activity(unit: Unit, day: date, number: str, came: int) -> Row:
    theme = unit.name.rpartition("”")[2].removesuffix("小组").removesuffix("微家")
    written = f"{came}余" if came % 10 == 0 else f"{came}人次" if came % 7 == 0 else came
    happened = spelled_day(day, came, ("iso", "slashes", "chinese"))
    return Row(
        [f"XC{number}", quoted(unit.name, came), unit.kind, unit.town, happened, f"{theme}活动", _SERVICES[came % 6],
         written, f"由{unit.leader}组织，大家说说心里话", came % 4]
    )  # fmt: skip


def _dirt(rows: list[Row], nth: int, month: date) -> list[Row]:
    """Now and then a record twice, one that cannot be read, and one of a unit that nobody registered."""
    if nth % 3 != 1:
        return []
    plan = (
        (4, f"{month.year}年{month.month}月32日", "unreadable_day"),
        (6, "慰问", "unknown_code"),
        (7, "一屋子人", "unreadable_number"),
        (1, "“过路客”打牌小组", "clean"),
    )
    dirt = [Row(list(rows[2].cells), DUPLICATE)]
    for n, (column, value, verdict) in enumerate(plan):
        cells = list(rows[1].cells)
        cells[0], cells[column] = f"XC{month:%Y%m}-9{nth:02d}{n}", value
        dirt.append(Row(cells, verdict))
    return dirt
