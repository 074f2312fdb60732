"""The register of women who stream, of one summer and then by the month, and what is wrong in it."""

from datetime import date, timedelta
from typing import Any

from samples.ecommerce_units import SENDER, quoted
from samples.people import check_digit
from samples.practitioners import REGISTER_DAYS, Practitioner
from samples.sheets import Row, Sheet, xlsx_bytes
from samples.spelling import DAY, spelled_id, spelled_name, spelled_phone
from samples.truth import Outbox, arrived, truth_of_sheets
from samples.world import World

_HEADER = (
    "序号", "主播姓名", "性别", "身份证号", "手机", "直播平台", "主播账号", "粉丝量", "所属企业", "所属企业信用代码",
    "所属妇女微家", "主播级别", "认定时间", "状态", "就业形式", "备注",
)  # fmt: skip
_STYLES = ("chinese", "iso", "slashes", "dots", "cell")


def write_streamers(world: World, people: list[Practitioner], box: Outbox) -> None:
    """Send the register of each day whole; whoever gave up early is left out later without a word."""
    streamers = [p for p in people if p.accounts]
    for nth, day in enumerate(REGISTER_DAYS):
        listed = [s for s in streamers if s.listed_on and s.listed_on <= day]
        if nth:
            listed = [s for s in listed if not _is_dropped(s)]
        sheet = _register(world, listed, nth, day)
        name = f"清河县巾帼主播名册（{day.year}年{day.month}月）.xlsx"
        received = arrived(day + timedelta(days=5), minute=37)
        box.put(f"{SENDER}/streamers/{name}", xlsx_bytes([sheet]), received, truth_of_sheets([sheet]))


def _is_dropped(one: Practitioner) -> bool:
    return one.left is not None and one.listed_on is not None and one.listed_on < REGISTER_DAYS[0]


def _register(world: World, listed: list[Practitioner], nth: int, day: date) -> Sheet:
    sheet = Sheet("名册")
    title = f"清河县巾帼主播名册（截至{day.year}年{day.month}月{day.day}日）"
    sheet.merge(sheet.aside(title), 0, 0, len(_HEADER) - 1)
    sheet.aside("填报单位：清河县妇联", *[None] * 8, "填报人：（签字）")
    sheet.aside(*_HEADER)
    serial = 0
    for one in listed:
        for account in one.accounts:
            serial += 1
            sheet.rows.append(Row(_cells(one, account, serial, day)))
    if nth < 2:
        _spoil(world, sheet.rows[3:], nth)
    sheet.aside(None, "合计", None, f"{serial}条")
    return sheet


def _cells(one: Practitioner, account: tuple[str, str], serial: int, day: date) -> list[Any]:
    """One streamer on one platform as the register of ``day`` writes her."""
    platform, number = account
    is_excellent = one.excellent_from is not None and one.excellent_from <= day
    level = ("百强" if one.is_top else "优秀") if is_excellent else "入门"
    recognised = one.excellent_from if is_excellent else one.listed_on
    followers = 300 + (serial * 7919 + day.month * 131) % 60_000
    # one in some hundred is written as a man by a slip: her identity number says otherwise
    male = not one.male if serial % 701 == 88 else one.male
    return [
        serial, spelled_name(one.name, serial), "男" if male else "女", spelled_id(one.id_no, serial, ""),
        spelled_phone(one.phone, serial), platform, number, _followers(followers, serial),
        one.firm.name_at(day) if one.firm else None, one.firm.code if one.firm else None,
        quoted(one.unit.name, serial) if one.unit else None, level,
        DAY[_STYLES[serial % 5]](recognised) if recognised and serial % 9 else None,
        one.left[0] if one.left and one.left[1] <= day else "在播", one.form,
    ]  # fmt: skip


def _followers(count: int, serial: int) -> object:
    """Followers as people write them: 1.2w, 1.2万, 1万+, or the number."""
    if count < 10_000 or serial % 3 == 0:
        return count
    return f"{count // 1000 / 10:g}w" if serial % 3 == 1 else f"{count // 10_000}万{'+' if serial % 2 else ''}"


def _spoil(world: World, rows: list[Row], nth: int) -> None:
    """Rows that are refused, each for one reason; the next register has them right."""
    body = f"9990011994050{6 + nth}90"
    plan: tuple[tuple[int, str, Any, str], ...] = (
        (40, "身份证号", int(f"{body}30"[:15] + "000"), "id_typed_as_number"),
        (90, "身份证号", f"{body}1" + ("1" if check_digit(f"{body}1") != "1" else "2"), "id_check_digit"),
        (140, "状态", "待定", "unknown_code"),
        (190, "直播平台", "本地通", "unknown_code"),
        (240, "主播姓名", "甲某、乙某", "two_names"),
        (290, "粉丝量", "很多", "unreadable_number"),
        (340, "认定时间", "2032年1月1日", "future_day"),
        (390, "状态", None, "missing_required"),
        (440, "主播账号", 38123456, "id_typed_as_number"),
        (490, "所属企业信用代码", "91999001MA007001I", "uscc_malformed"),
    )
    for at, header, value, verdict in plan:
        rows[at].cells[_HEADER.index(header)] = value
        rows[at].verdict = verdict
        if header == "身份证号":
            world.people.id_numbers.append(str(value))
