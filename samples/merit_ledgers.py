"""Points of volunteers and those who were honoured."""

from datetime import date, timedelta

from samples.activities import MONTHS, Activity
from samples.places import CITY_SENDER
from samples.sheets import DUPLICATE, NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.spelling import spelled_phone
from samples.truth import Outbox, arrived, refused, truth_of_records, truth_of_sheets
from samples.world import World

_POINTS_HEADER = (
    "流水号",
    "积分日期",
    "阳光妈妈编号",
    "阳光妈妈姓名",
    "手机",
    "积分项目",
    "积分",
    "儿童编号",
    "活动编号",
    "冲销流水号",
    "说明",
)
_POINTS_FROM = date(2023, 1, 1)
HONOURED, AWARD = 10, "首届最美阳光妈妈"


def write_points(activities: list[Activity], box: Outbox) -> None:
    """Send the points of two counties, month by month; a third has nothing to report, and one file is empty."""
    for sender in ("donggang", "wulian"):
        entry_of: dict[str, str] = {}
        own = [a for a in activities if a.sender == sender]
        for month in (m for m in MONTHS if m >= _POINTS_FROM):
            end = (month + timedelta(days=31)).replace(day=1)
            rows = [Row(list(_POINTS_HEADER), NON_DATA)]
            for activity in (a for a in own if month <= a.updated_at.date() < end):
                rows += _entries(activity, f"JF{month:%Y%m}-{len(rows):05d}", entry_of)
            if month.month % 5 == 0:
                rows += [Row(list(rows[4].cells), DUPLICATE), _spoilt(rows[6], month)]
            path = f"{sender}/points/积分明细{month:%Y-%m}.csv"
            received = arrived(end + timedelta(days=6))
            if sender == "wulian" and month == date(2023, 3, 1):
                box.put(path, b"", received, refused("empty_file"))
                path, received = path.replace(".csv", "（重报）.csv"), received + timedelta(days=1)
            box.put(path, csv_bytes(rows, "gb18030"), received, truth_of_records(rows))
    nothing = [Row(list(_POINTS_HEADER), NON_DATA)]
    box.put(
        "lanshan/points/积分明细2023年2月（无）.csv",
        csv_bytes(nothing, "gb18030"),
        arrived(date(2023, 3, 3)),
        truth_of_records(nothing),
    )


def _entries(a: Activity, number: str, entry_of: dict[str, str]) -> list[Row]:
    """A credit for a new record, a reversal for a withdrawn one, nothing for a mere edit."""
    who = [a.volunteer.number, a.volunteer.name, a.volunteer.phone]
    children = ";".join(c.number for c in a.children)
    if a.status in ("撤回", "作废"):
        earlier = entry_of.pop(a.number, None)
        return (
            [Row([number, a.updated_at.date(), *who, "冲销", -2, children, a.number, earlier, "活动撤回"])]
            if earlier
            else []
        )
    if a.number in entry_of:
        return []
    entry_of[a.number] = number
    rule, points = ("入户走访", 2) if a.kind == "走访排查" else ("组织活动", 2)
    return [Row([number, f"{a.updated_at:%Y.%m.%d}", *who, rule, points, children, a.number, "", ""])]


def _spoilt(like: Row, month: date) -> Row:
    cells = list(like.cells)
    cells[0], cells[6] = f"JF{month:%Y%m}-99999", "两分"
    return Row(cells, "unreadable_number")


def write_honours(world: World, box: Outbox) -> None:
    """Send the list of the ten; in the first version one identity number is wrong. The workbook counts from 1904."""
    hero = next(v for v in world.volunteers if v.village.startswith("顾家沟"))
    others = [
        v for v in world.volunteers if v.writes == "full" and v is not hero and v.level in ("village", "township")
    ]
    chosen = [hero, *others[:: len(others) // (HONOURED - 1)][: HONOURED - 1]]
    for version, received in (("", date(2023, 11, 28)), ("（更正）", date(2023, 12, 6))):
        sheet = Sheet("名单")
        sheet.merge(sheet.aside("日照市首届“最美阳光妈妈”选树名单（2023年）"), 0, 0, 7)
        sheet.aside("序号", "荣誉名称", "年度", "姓名", "阳光妈妈身份证号", "手机", "表彰时间", "级别", "主要事迹")
        for n, v in enumerate(chosen):
            wrong = n == 6 and not version
            id_no = v.id_no[:17] + next(d for d in "0123456789" if d != v.id_no[17]) if wrong else v.id_no
            awarded = (date(2023, 11, 20), "2023年11月", "2023.11.20")[n % 3]
            cells = [
                n + 1,
                AWARD,
                2023,
                v.name,
                id_no,
                spelled_phone(v.phone, n),
                awarded,
                "市级",
                "长期陪伴、关爱儿童",
            ]
            sheet.rows.append(Row(cells, "id_check_digit" if wrong else "clean"))
            world.people.id_numbers.append(id_no)
        content = xlsx_bytes([sheet], since_1904=True)
        box.put(
            f"{CITY_SENDER}/honours/最美阳光妈妈名单{version}.xlsx",
            content,
            arrived(received),
            truth_of_sheets([sheet]),
        )
