"""How many came to a fair and how many looked in from afar: sums by school and platform, nobody named."""

from datetime import date

from samples.fair_ledgers import CITY
from samples.fairs import AUTUMN, MAIN, SPRING, Fair
from samples.sheets import NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.truth import Outbox, arrived, truth_of_records, truth_of_sheets
from samples.world import World

FEDERATION = "jilin"
ONSITE_PERSONS, ONLINE_PERSON_TIMES, UNIVERSITIES = 6_432, 1_371_400, 62
_HOST = "延边大学"
_ONSITE = (_HOST, "延边职业技术学院", "延边医药职业学院", "延边大学师范学院")
_PLATFORMS = ("吉林省高校毕业生就业网", "吉人社招聘直播间")
_KINDS = ("师范大学", "农业大学", "医学院", "工程学院", "财经学院", "外国语学院", "职业技术学院", "科技学院")
_TOWNS = ("长春", "吉林", "四平", "通化", "白城", "松原", "辽源", "白山")
_HEADER = ("序号", "参与方式", "统计口径", "学校或平台", "参与数量", "备注")
Line = tuple[str, str, str, object]


def universities() -> list[str]:
    """The universities that took part online; those that came are among them."""
    made = [f"{town}{kind}" for kind in _KINDS for town in _TOWNS]
    return [*_ONSITE, *made[: UNIVERSITIES - len(_ONSITE)]]


def reach_lines(world: World) -> list[Line]:
    """The main fair's lines as they stood in the end: channel, unit, school or platform, number as written."""
    rng = world.rng("fair reach")
    came = [5_200, 486, 412]
    onsite = [
        ("现场", "人数", school, n) for school, n in zip(_ONSITE, [*came, ONSITE_PERSONS - sum(came)], strict=True)
    ]
    schools = universities()
    read = [rng.randint(40, 260) * 100 for _ in schools]
    read[0], read[7], read[19] = 98_000, 100_000, 50_000
    written = [_spelled(n, nth) for nth, n in enumerate(read)]
    written[7], written[19] = "10万+", "5万余"
    rest = ONLINE_PERSON_TIMES - sum(read)
    online = [("线上", "人次", school, n) for school, n in zip(schools, written, strict=True)]
    online += [("线上", "人次", _PLATFORMS[0], f"{rest // 3}"), ("直播", "人次", _PLATFORMS[1], 6_200)]
    online.append(("线上", "人次", _PLATFORMS[1], rest - rest // 3))
    return [*onsite, *online, ("现场", "宣讲嘉宾", _HOST, 3), ("现场", "合作协议", _HOST, 1)]


def _spelled(n: int, nth: int) -> object:
    return (f"{n / 10_000:g}万", n, f"{n:,}", f"{n / 10_000:g}w", f"{n}人次")[nth % 5]


def write_reach(world: World, box: Outbox) -> None:
    """Send the main fair's sums and their revision of the day after, then those of the two small fairs."""
    final = reach_lines(world)
    early = [*final[:40], ("线上", "约数", "长春某高校", 300), ("线上", "人次", "吉林某高校", "很多"), *final[-3:]]
    early[0] = (*early[0][:3], "5000余")
    verdicts = {40: "unknown_code", 41: "unreadable_number"}
    for lines, faults, day in ((early, verdicts, date(2024, 4, 14)), (final, {}, date(2024, 4, 15))):
        sheet = _sheet(MAIN, lines, faults, day)
        name = f"{MAIN.code}参与情况汇总{'' if faults else '（修订）'}.xlsx"
        box.put(f"{FEDERATION}/fair_reach/{name}", xlsx_bytes([sheet]), arrived(day, hour=9), truth_of_sheets([sheet]))
    small: list[Line] = [("现场", "人数", "长春师范大学", 1_180), ("网上", "人次", "长春师范大学", "2.3万")]
    sheet = _sheet(AUTUMN, small, {}, date(2023, 10, 23))
    path = f"{FEDERATION}/fair_reach/{AUTUMN.code}参与情况汇总.xlsx"
    box.put(path, xlsx_bytes([sheet]), arrived(date(2023, 10, 24)), truth_of_sheets([sheet]))
    _city(box)


def _sheet(fair: Fair, lines: list[Line], faults: dict[int, str], day: date) -> Sheet:
    """A title, the fair in labelled cells, the lines, and a footer; the channel stands once for its lines."""
    sheet = Sheet("汇总")
    sheet.merge(sheet.aside(f"{fair.name}参与情况汇总表"), 0, 0, 5)
    sheet.aside("场次编号", fair.code, None, "招聘会名称", fair.name)
    sheet.aside("举办日期", fair.held_on, None, f"统计时间：{day.year}年{day.month}月{day.day}日")
    sheet.aside(*_HEADER)
    top, channel = len(sheet.rows), ""
    for nth, (way, unit, school, n) in enumerate(lines):
        if way != channel:
            if channel:
                sheet.merge(top, 1, len(sheet.rows) - 1)
            top = len(sheet.rows)
        sheet.add(nth + 1, None if way == channel else way, unit, school, n, verdict=faults.get(nth, "clean"))
        channel = way
    sheet.merge(top, 1, len(sheet.rows) - 1)
    sheet.aside("注：线上为平台统计的人次，未去重，不与现场人数相加。")
    return sheet


def _city(box: Outbox) -> None:
    """The city's small fair, as a CSV with the official headers."""
    rows = [Row(["场次编号", "招聘会名称", "举办日期", "渠道", "学校或平台", "统计口径", "数量"], NON_DATA)]
    fixed = [SPRING.code, SPRING.name, SPRING.held_on]
    lines = (("现场", _HOST, "人", "800余"), ("网络", _HOST, "人次", "1.2万"), ("网络", _HOST, "人次", "1.2万"))
    rows += [Row([*fixed, *line], "duplicate" if nth == 2 else "clean") for nth, line in enumerate(lines)]
    path = f"{CITY}/fair_reach/{SPRING.code}.csv"
    box.put(path, csv_bytes(rows, "utf-8-sig"), arrived(date(2024, 3, 18)), truth_of_records(rows))
