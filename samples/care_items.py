"""The wide sheet of what every left-behind child was promised in a year: a row a child, a column an item."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from samples.left_behind import SENDER, Pupil
from samples.people import check_digit
from samples.sheets import Row, Sheet, xlsx_bytes
from samples.spelling import spelled_day, spelled_id
from samples.truth import Outbox, Truth, arrived, truth_of_records
from samples.world import World, between

ITEMS = ("集体生日会", "亲子电影", "亲情家书", "亲子活动", "家庭教育指导")
SHEET_DAYS = (date(2024, 3, 31), date(2024, 4, 30))
_FIXED = ("序号", "乡镇（街道）", "学校", "年级", "姓名", "身份证号", "出生日期")
_SHARE = {SHEET_DAYS[0]: 0.22, SHEET_DAYS[1]: 0.55}
_DONE = ("√", "day", "√", "day", "✓", "是")
_NOT = (None, None, "×", "×（生病）", "×不在本地", "×不需要", "×（不在本地）")
_STYLES = ("dots", "cell", "chinese")


@dataclass
class MatrixRow(Row):
    """One child; ``item_verdicts`` are those of her items, each a record of its own, where they are not the row's."""

    item_verdicts: tuple[str, ...] = ()


def truth_of_matrix(sheets: Iterable[Sheet]) -> Truth:
    """Count a wide workbook: every row of a child once for each item, every other row once.

    A cell that all records of a row share is wrong once, however many of them it refuses.
    """
    records: list[Row] = []
    shared: Counter[str] = Counter()
    for sheet in sheets:
        for row in sheet.rows:
            verdicts = row.item_verdicts if isinstance(row, MatrixRow) else (row.verdict,)
            records += [Row(row.cells, verdict) for verdict in verdicts]
            shared += Counter({one: len(verdicts) - 1 for one in verdicts[:1] if len(set(verdicts)) == 1})
    truth = truth_of_records(records)
    truth.rejected |= {code: n - shared[code] for code, n in truth.rejected.items() if code != "records"}
    return truth


def write_care_items(world: World, pupils: list[Pupil], box: Outbox) -> None:
    """Send the sheet twice: what stands in March still stands in April, and more; April has two header rows."""
    rng = world.rng("care items")
    done = [[rng.random() for _ in ITEMS] for _ in pupils]
    days = [[between(rng, date(2024, 1, 15), SHEET_DAYS[0]) for _ in ITEMS] for _ in pupils]
    for nth, day in enumerate(SHEET_DAYS):
        listed = [n for n, pupil in enumerate(pupils) if pupil.stands_at(day)]
        sheet = Sheet("“五个一”完成情况")
        _head(sheet, day, two_rows=nth == 1)
        for serial, n in enumerate(listed):
            marks = [_mark(done[n][k], days[n][k], 5 * n + k, day) for k in range(len(ITEMS))]
            sheet.rows.append(_row(pupils[n], serial, marks))
        _party(sheet, [pupils[n] for n in listed])
        if nth == 0:
            _spoil(world, [row for row in sheet.rows if isinstance(row, MatrixRow)])
        sheet.aside("填表人：", None, None, None, "审核人：")
        sheets = [sheet, _guests([pupils[n] for n in listed[:30]])]
        path = f"{SENDER}/care_items/“五个一”完成情况表{day:%Y%m%d}.xlsx"
        box.put(path, xlsx_bytes(sheets), arrived(day + timedelta(days=4)), truth_of_matrix(sheets))


def _head(sheet: Sheet, day: date, *, two_rows: bool) -> None:
    """Title, the year and the day in labelled cells, and the header; the items over 完成情况, or alone."""
    sheet.merge(sheet.aside("常山县留守儿童和困境儿童“五个一”完成情况表"), 0, 0, len(_FIXED) + len(ITEMS))
    sheet.aside("年度", "2024", None, f"截至{day.year}年{day.month}月{day.day}日")
    top = sheet.aside(*_FIXED, *ITEMS, "备注")
    if two_rows:
        sheet.aside(*[None] * len(_FIXED), *["完成情况"] * len(ITEMS))
        for column in (*range(len(_FIXED)), len(_FIXED) + len(ITEMS)):
            sheet.merge(top, column, top + 1)


def _mark(luck: float, done_on: date, nth: int, day: date) -> object:
    """What stands in one cell: done as a tick or a day, not done, not to be done, or nothing yet."""
    if luck < _SHARE[day]:
        style = _DONE[nth % len(_DONE)]
        return spelled_day(done_on, nth // len(_DONE), _STYLES) if style == "day" else style
    return _NOT[nth % len(_NOT)] if luck > 0.8 else None


def _row(pupil: Pupil, serial: int, marks: list[object]) -> MatrixRow:
    school, id_no = f"{pupil.town[:2]}中心小学", spelled_id(pupil.id_no, serial)
    cells = [serial + 1, pupil.town, school, pupil.form, pupil.name, id_no, pupil.born, *marks, None]
    return MatrixRow(cells, item_verdicts=("clean",) * len(ITEMS))


def _party(sheet: Sheet, listed: list[Pupil]) -> None:
    """The birthday party of a whole form: its day stands once, merged over all the children of the form."""
    rows = [n for n, row in enumerate(sheet.rows) if isinstance(row, MatrixRow)]
    column = len(_FIXED)
    for town, form in (("白石镇", "六年级"), ("招贤镇", "六年级"), ("球川镇", "五年级")):
        block = [at for at, pupil in zip(rows, listed, strict=True) if (pupil.town, pupil.form) == (town, form)]
        for at in block:
            sheet.rows[at].cells[column] = date(2024, 3, 15) if at == block[0] else None
        if block:
            sheet.merge(block[0], column, block[-1])


def _spoil(world: World, rows: list[MatrixRow]) -> None:
    """Marks that say nothing, and a number that is no number: all of that child's items are refused."""
    for at, item, mark in ((7, 1, "⊙"), (60, 3, "下次"), (121, 4, "？")):
        verdicts = list(rows[at].item_verdicts)
        rows[at].cells[len(_FIXED) + item], verdicts[item] = mark, "unreadable_mark"
        rows[at].item_verdicts = tuple(verdicts)
    body = "99900120130203012"
    wrong = body + ("1" if check_digit(body) != "1" else "2")
    rows[200].cells[5], rows[200].item_verdicts = wrong, ("id_check_digit",) * len(ITEMS)
    world.people.id_numbers.append(wrong)


def _guests(pupils: list[Pupil]) -> Sheet:
    """The sheet with those who were at one party: no item of anybody."""
    sheet = Sheet("生日会名单")
    sheet.aside("集体生日会名单（3月15日）")
    sheet.aside("姓名", "身份证号")
    for pupil in pupils:
        sheet.aside(pupil.name, pupil.id_no)
    return sheet
