"""Clues of harm and their handling, and the monthly counts of hotline and mediation."""

from datetime import date, datetime, timedelta

from samples.activities import MONTHS, Activity, local
from samples.places import CITY_SENDER, COUNTIES
from samples.sheets import NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.truth import Outbox, arrived, truth_of_records, truth_of_sheets
from samples.world import Child, World, sender_of

_REFERRAL_HEADER = (
    "线索编号", "县（市、区）", "发现时间", "线索来源", "侵害类型", "严重程度", "首次介入时间", "上报时间", "转办部门",
    "处置时间", "结案时间", "重启时间", "更新时间", "是否删除", "儿童编号", "儿童身份证号", "处置结果",
)  # fmt: skip
_AGENCIES = ("民政", "公安", "教育", "法院", "检察", "司法", "公安、检察", "民政;教育")
_HARMS = ("监护缺失", "忽视", "身体侵害", "心理侵害", "其他", "性侵害")
_SOURCES = ("热线", "学校", "法院", "检察院", "公安", "群众")
_SERVICE_HEADER = ("月份", "服务类型", "推送来源", "层级", "服务件数", "服务人次", "岗位数")


def referral_numbers(activities: list[Activity]) -> dict[tuple[str, str], str]:
    """Which activity brought which clue to light: (sender, activity number) to clue number."""
    found = sorted({(a.happened_on, a.sender, a.number) for a in activities if a.issue})
    return {(sender, number): f"XS{day.year}-{n + 1:04d}" for n, (day, sender, number) in enumerate(found)}


def write_referrals(world: World, activities: list[Activity], numbers: dict[tuple[str, str], str], box: Outbox) -> None:
    """Send the clues touched in each month: found, then handled in a later file; one is deleted by mark."""
    states = [
        s
        for a in activities
        if a.issue and a.updated_at == a.entered_at
        for s in _from_visit(a, numbers[a.sender, a.number])
    ]
    states += [s for n in range(48) for s in _from_elsewhere(world, n)]
    for nth, month in enumerate(MONTHS):
        end = (month + timedelta(days=31)).replace(day=1)
        newest = {s[0]: s for at, s in sorted(states, key=lambda x: (x[0], x[1][0])) if month <= at.date() < end}
        rows = [Row(list(_REFERRAL_HEADER), NON_DATA), *[Row(list(s)) for s in newest.values()]]
        if nth == 5:
            rows.append(
                Row(
                    ["XS2022-9001", "东港区", "去年夏天", *[""] * 9, "2022-10-08 09:00:00", "0", "", "", ""],
                    "unreadable_instant",
                )
            )
        path = f"{CITY_SENDER}/referrals/侵害线索处置单_{month:%Y%m}.csv"
        box.put(path, csv_bytes(rows, "utf-8-sig"), arrived(end + timedelta(days=3)), truth_of_records(rows))


def _stamp(at: datetime | None, day_only: bool) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d" if day_only else "%Y-%m-%d %H:%M:%S")


def _states(
    number: str, child: Child, county: str, found: datetime, source: str, n: int, known: str
) -> list[tuple[datetime, list[str]]]:
    """Two states of one clue: as reported, and as handled; every ninth is known to the day only."""
    day_only = n % 9 == 4
    intervened, reported = found + timedelta(hours=2 + n % 20), found + timedelta(hours=3 + n % 30)
    handled = found + timedelta(hours=20 + 7 * (n % 12))
    closed = handled + timedelta(days=4)
    if n == 30:
        handled = found - timedelta(days=3)
    reopened = closed - timedelta(hours=1) if n % 40 == 7 else None
    base = [
        number,
        county,
        _stamp(found, day_only),
        source,
        _HARMS[n % 6],
        ("中", "低", "高")[n % 3],
        _stamp(intervened, day_only),
    ]
    base += [_stamp(reported, day_only), _AGENCIES[n % 8]]
    tail = [child.number, child.id_no or "", known]
    first = [*base, "", "", "", reported.strftime("%Y-%m-%d %H:%M:%S"), "0", *tail]
    last = [
        *base,
        _stamp(handled, day_only),
        _stamp(closed, day_only),
        _stamp(reopened, day_only),
        closed.strftime("%Y-%m-%d %H:%M:%S"),
    ]
    last += ["1" if n == 21 else "0", *tail]
    return [(reported, first), (closed, last)] if n % 13 else [(reported, first)]


def _from_visit(a: Activity, number: str) -> list[tuple[datetime, list[str]]]:
    county = next((c.name for c in COUNTIES if c.code == a.children[0].town.county_code), "")
    found = local(a.happened_on, 10, 15)
    return _states(number, a.children[0], county, found, "走访", int(number[-4:]), "已协调处理,持续跟进")


def _from_elsewhere(world: World, n: int) -> list[tuple[datetime, list[str]]]:
    child = world.children[n * 31]
    county = next(c.name for c in COUNTIES if c.sender == sender_of(child))
    found = local(date(2022, 5, 3), 9, 40) + timedelta(days=n * 15, hours=n % 9)
    return _states(f"XS{found.year}-8{n:03d}", child, county, found, _SOURCES[n % 6], n + 500, "转办")


def write_services(world: World, box: Outbox) -> None:
    """Send the monthly counts: a workbook from the city, a small CSV from each county; one month is amended."""
    rng = world.rng("services")
    for nth, month in enumerate(MONTHS):
        received = arrived((month + timedelta(days=31)).replace(day=1) + timedelta(days=4 + nth % 7))
        counts = [rng.randint(4, 60) for _ in range(8)]
        _city_month(nth, month, counts, received, box, "")
        if nth == 13:
            _city_month(nth, month, [c + 2 for c in counts], received + timedelta(days=20), box, "（更正）")
        for county in COUNTIES:
            rows = [Row(list(_SERVICE_HEADER), NON_DATA)]
            for level, posts in (("县级", 2), ("乡镇", len(county.townships)), ("村居", 6 * len(county.townships))):
                events = rng.randint(0, 25)
                rows.append(Row([f"{month:%Y-%m}", "婚姻调解", "妇联转介", level, events, events * 2, posts]))
            path = f"{county.sender}/support_services/热线与调解月报{month:%Y%m}.csv"
            box.put(
                path,
                csv_bytes(rows, "utf-8-sig" if county.code < "371121" else "gb18030"),
                received,
                truth_of_records(rows),
            )


def _city_month(nth: int, month: date, counts: list[int], received: datetime, box: Outbox, note: str) -> None:
    """The city's month: merged month cell, ditto marks, counts such as 200余 and 2.1万, a total that holds."""
    written = f"{month.year}年{month.month}月"
    sheet = Sheet(written)
    sheet.merge(sheet.aside(f"日照市“阳光母亲”心理健康热线与婚姻调解月报（{written}）"), 0, 0, 6)
    sheet.aside(*_SERVICE_HEADER)
    first = len(sheet.rows)
    for n, source in enumerate(("教育部门", "法院", "检察院", "自主求助")):
        times = f"{counts[n]}次" if (nth + n) % 5 == 0 else counts[n]
        sheet.add(written if n == 0 else None, "心理健康热线", source, "市级", times, counts[n], 1 if n == 0 else 0)
    sheet.add(None, "婚姻调解", "妇联转介", "市级", counts[4], counts[4] * 2, 2)
    sheet.add(None, "心理辅导", "自主求助", "同上", counts[5], f"{counts[5]}人", 3)
    served = "2.1万" if nth == 20 else "200余" if nth % 4 == 2 else 150 + counts[6]
    sheet.add(None, "公益课堂", "妇联", "市级", counts[7], served, 0)
    sheet.merge(first, 0, len(sheet.rows) - 1)
    total = sum(counts) - counts[6]
    if nth == 3:
        sheet.add(written, "热线", "街道办", "市级", 3, 3, 0, verdict="unknown_code")
        total += 3
    sheet.aside(None, "合计", None, None, total, None, 6)
    sheet.aside("填报人：（签字）", None, None, "审核人：（签字）")
    path = f"{CITY_SENDER}/support_services/热线与调解月报{written}{note}.xlsx"
    box.put(path, xlsx_bytes([sheet]), received, truth_of_sheets([sheet]))
