"""The pairing ledgers: five senders, five layouts, five snapshots each, the whole ledger every time."""

from datetime import date, timedelta
from typing import Any

from samples.headers import PAIRINGS as HEADERS
from samples.people import fifteen
from samples.places import COUNTIES
from samples.sheets import NON_DATA, Formula, Row, Sheet, csv_bytes, xls_bytes, xlsx_bytes, zip_bytes
from samples.spelling import masked, spelled_day, spelled_id, spelled_name, spelled_phone
from samples.spoiling import Cells, spoilt
from samples.truth import Outbox, arrived, joined, refused, truth_of_records, truth_of_sheets
from samples.world import PAIRING_DAYS, Episode, World

_ANY = ("chinese", "dots", "slashes", "compact", "short", "iso", "wide")
_CELLS = (*_ANY, "cell", "serial")
_LEVELS = {
    "rizhao": {"city": "市级", "county": "县级", "township": "乡级", "village": "村级"},
    "donggang": {"city": "市妇联", "county": "区妇联", "township": "镇街妇联", "village": "社区"},
    "lanshan": {"city": "市", "county": "区", "township": "镇街", "village": "村"},
    "wulian": {"city": "市", "county": "县", "township": "乡", "village": "村"},
    "juxian": {"city": "市级", "county": "县级", "township": "乡镇街道", "village": "村（社区）"},
}
_VOLUNTEER = ("volunteer", "volunteer_id", "phone", "volunteer_number", "level", "identity")
_PLEDGE = {
    "rizhao": ("已签", "未签"),
    "donggang": ("√", "×"),
    "lanshan": ("有", "无"),
    "wulian": ("Y", "N"),
    "juxian": ("是", "否"),
}


def write_pairings(world: World, box: Outbox) -> None:
    """Send every snapshot of every sender; one goes out with a renamed required column and is refused."""
    for sender in HEADERS:
        for nth, day in enumerate(PAIRING_DAYS):
            received = arrived(day + timedelta(days=3 + nth % 2 + len(sender) % 3), minute=len(sender))
            stem = f"{sender}/pairings/结对台账（截至{day.year}年{day.month}月{day.day}日）"
            _WRITERS[sender](_listed(world, sender, day, nth), day, nth, stem, received, box)


def _listed(world: World, sender: str, day: date, nth: int) -> list[tuple[Episode, Cells, str]]:
    """The sender's rows at ``day``, with the verdict on each; rows of one volunteer stand together."""
    own = [e for e in world.episodes if e.sender == sender and e.paired_on <= day]
    own = [e for e in own if not (e.dropped_on and e.dropped_on <= day)]
    own.sort(key=lambda e: (e.child.town.code, e.volunteer.number, e.child.number, e.paired_on))
    rows = [(e, pairing_cells(e, sender, day), "clean") for e in own]
    return spoilt(rows, sender, nth, world.people)


def pairing_cells(e: Episode, sender: str, day: date) -> Cells:
    """One pairing as the sender writes it in the ledger of ``day``, by field."""
    nth, v = int(e.child.number[-4:]), e.volunteer
    vth = int(v.number[6:10])
    ids = {"absent": None, "masked": masked(v.id_no), "fifteen": fifteen(v.id_no) if v.id_no[6:8] == "19" else v.id_no}
    ended = e.ended_on if e.ended_on and e.ended_on <= day else None
    in_workbook = sender in ("donggang", "lanshan", "juxian")
    styles, title_year = (_CELLS, day.year) if in_workbook else (_ANY, None)
    return {
        "township": e.child.town.name, "village": e.child.village, "number": e.child.number,
        "child": spelled_name(e.child.name, nth),
        "child_id": spelled_id(e.child.id_no, nth + 3), "volunteer": v.name,
        "volunteer_id": spelled_id(v.id_no, vth) if v.writes == "full" else ids[v.writes],
        "phone": spelled_phone(v.phone, vth) if v.writes == "full" else v.phone, "volunteer_number": v.number,
        "level": _LEVELS[sender][v.level] + ("\u00a0" if vth % 31 == 3 else ""),
        "identity": ("\u200b" if vth % 43 == 5 else "") + v.identity,
        "role": "协助" if e.role == "assistant" else "主结对",
        "paired_on": spelled_day(e.paired_on, nth, styles, title_year), "mode": "一对一",
        "ended_on": spelled_day(ended, nth, _ANY) if ended else (None, "-", "", "/")[nth % 4],
        "end_reason": e.end_reason if ended else None, "pledge": _PLEDGE[sender][0 if e.pledge else 1],
        "checked": {True: "已", False: "未", None: None}[e.checked],
        "note": ("", None, "每周一次，遇节假日加访")[nth % 3],
    }  # fmt: skip


def _title(sender: str, day: date) -> str:
    place = next((c.name for c in COUNTIES if c.sender == sender), "日照市")
    return f"{place}“阳光妈妈”结对帮扶台账（截至{day.year}年{day.month}月{day.day}日）"


def _record(cells: Cells, sender: str, verdict: str) -> Row:
    return Row([cells.get(field) for field in HEADERS[sender]], verdict)


def _write_csv(rows: list, day: date, nth: int, stem: str, received: Any, box: Outbox) -> None:
    """Two senders write CSV: the city's platform in UTF-8 with a mark, a county out of a spreadsheet in GB18030."""
    sender = stem.split("/")[0]
    names = list(HEADERS[sender].values())
    records = [Row(names, NON_DATA), *[_record(c, sender, v) for _, c, v in rows]]
    encoding = "utf-8-sig"
    if sender == "wulian":
        encoding, width = "gb18030", len(names) - 1
        _ditto(rows, records)
        records.insert(0, Row([_title(sender, day), *[""] * width], NON_DATA))
        records += [
            Row([""] * (width + 1), NON_DATA),
            Row([f"填表人：{rows[0][0].volunteer.name}", *[""] * width], NON_DATA),
        ]
    box.put(f"{stem}.csv", csv_bytes(records, encoding), received, truth_of_records(records))


def _ditto(rows: list, records: list[Row]) -> None:
    """Write 同上 for what the row above says already."""
    at = list(HEADERS["wulian"]).index
    for n in range(1, len(rows)):
        (above, _, v0), (here, _, v1) = rows[n - 1], rows[n]
        if v0 == v1 == "clean" and above.child.town is here.child.town and n % 6 == 0:
            records[n + 1].cells[at("township")] = "同上"
        if v0 == v1 == "clean" and above.volunteer is here.volunteer and n % 2:
            records[n + 1].cells[at("volunteer")] = "〃"


def _write_xlsx(rows: list, day: date, nth: int, stem: str, received: Any, box: Outbox) -> None:
    """Two header rows, volunteer and township cells merged downwards, instructions, a hidden sheet."""
    sender, names = "donggang", list(HEADERS["donggang"])
    sheet = Sheet(f"台账{day.year}.{day.month}")
    sheet.merge(sheet.aside(_title(sender, day)), 0, 0, len(names) - 1)
    sheet.aside("填报单位（盖章）：东港区妇联", *[None] * 8, f"填报时间：{day.year}年{day.month}月{day.day}日")
    groups = {names.index("number"): "儿童信息", names.index("volunteer"): "阳光妈妈信息"}
    inside = set(range(names.index("number"), names.index("role")))
    labels = list(HEADERS[sender].values())
    top = sheet.aside(*[groups.get(c) if c in inside else labels[c] for c in range(len(names))])
    sheet.aside(*[labels[c] if c in inside else None for c in range(len(names))])
    sheet.merge(top, names.index("number"), top, names.index("child_id"))
    sheet.merge(top, names.index("volunteer"), top, names.index("identity"))
    sheet.add("例：", "某镇", "某村", "371102-KJ-0000", "张三", verdict=NON_DATA)
    _fill(sheet, rows, sender, ("township", *_VOLUNTEER))
    sheet.aside(None, "合计", None, None, f"{sum(v == 'clean' for *_, v in rows)}人")
    sheet.aside(f"填表人：{rows[0][0].volunteer.name}", None, None, "审核人：", None, None, "单位负责人：")
    hidden = Sheet("去年", hidden=True)
    hidden.rows += [_record(c, sender, NON_DATA) for _, c, _ in rows[:4]]
    notes = Sheet("填表说明")
    notes.aside("1.一名儿童一行；2.身份证号为文本格式；3.同一阳光妈妈可合并单元格。")
    sheets = [sheet, notes, hidden]
    box.put(f"{stem}.xlsx", xlsx_bytes(sheets), received, truth_of_sheets(sheets))


def _fill(sheet: Sheet, rows: list, sender: str, merged: tuple[str, ...]) -> None:
    """Write the rows; cells of ``merged`` fields that repeat over clean rows become one merged cell."""
    names, first = list(HEADERS[sender]), len(sheet.rows)
    for n, (_, cells, verdict) in enumerate(rows):
        sheet.rows.append(_record(cells | {"serial": n + 1}, sender, verdict))
    for field in (f for f in merged if f in names):
        column, n = names.index(field), 0
        while n < len(rows):
            last = n
            while last + 1 < len(rows) and _one_cell(rows[n], rows[last + 1], field):
                last += 1
                sheet.rows[first + last].cells[column] = None
            sheet.merge(first + n, column, first + last)
            n = last + 1


def _one_cell(head: tuple, below: tuple, field: str) -> bool:
    clean = head[2] == below[2] == "clean"
    if field == "township":
        return clean and head[0].child.town is below[0].child.town
    return clean and head[0].volunteer is below[0].volunteer


def _by_town(rows: list, sender: str, day: date, merged: tuple[str, ...]) -> list[Sheet]:
    sheets = []
    for town in sorted({e.child.town.code: e.child.town for e, *_ in rows}.items()):
        own = [r for r in rows if r[0].child.town is town[1]]
        sheet = Sheet(town[1].name)
        sheet.merge(sheet.aside(_title(sender, day)), 0, 0, len(HEADERS[sender]) - 1)
        sheet.aside(*HEADERS[sender].values())
        _fill(sheet, own, sender, merged)
        sheet.aside(None, f"{town[1].name}小计", f"{sum(v == 'clean' for *_, v in own)}人")
        sheets.append(sheet)
    return sheets


def _write_xls(rows: list, day: date, nth: int, stem: str, received: Any, box: Outbox) -> None:
    """The old format, a sheet for each township; the third snapshot renames a required column first."""
    sheets = _by_town(rows, "lanshan", day, ())
    if nth == 2:
        for sheet in sheets:
            header = sheet.rows[1].cells
            header[header.index("帮扶起始时间")] = "牵手日期"
        box.put(f"{stem}.xls", xls_bytes(sheets), received, refused("column_missing", truth_of_sheets(sheets)))
        for sheet in sheets:
            header = sheet.rows[1].cells
            header[header.index("牵手日期")] = "帮扶起始时间"
        stem, received = stem + "（更正表头）", received + timedelta(days=3)
    box.put(f"{stem}.xls", xls_bytes(sheets), received, truth_of_sheets(sheets))


def _write_bundle(rows: list, day: date, nth: int, stem: str, received: Any, box: Outbox) -> None:
    """A zip whose member has a Chinese name in GBK: one workbook, a sheet for each township."""
    sheets = _by_town(rows, "juxian", day, _VOLUNTEER)
    note = list(HEADERS["juxian"]).index("note")
    sheets[0].rows[3].cells[note] = Formula("=NA()", "#N/A")
    name = f"莒县结对台账/莒县{day.year}年{day.month}月.xlsx"
    truth = joined({name: truth_of_sheets(sheets)})
    box.put(f"{stem}.zip", zip_bytes({name: xlsx_bytes(sheets)}, "gbk"), received, truth)


_WRITERS = {
    "rizhao": _write_csv,
    "donggang": _write_xlsx,
    "lanshan": _write_xls,
    "wulian": _write_csv,
    "juxian": _write_bundle,
}
