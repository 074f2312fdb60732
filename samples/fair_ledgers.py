"""What is sent of a job fair: its posts (a workbook, a CSV, a page of an API) and how many came."""

from dataclasses import replace
from datetime import date, timedelta

from samples.fairs import AUTUMN, MAIN, SPRING, Fair, Post
from samples.pages import page_bytes, truth_of_page
from samples.sheets import CLEAN, DUPLICATE, NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.spelling import wide
from samples.truth import Outbox, arrived, refused, truth_of_records, truth_of_sheets
from samples.world import World

BUREAU, CITY = "jilin-jy", "yanbian"
_HEADER = (
    "序号", "展位", "企业名称", "统一社会信用代码", "所属行业", "岗位编号", "岗位名称", "招聘人数", "学历要求",
    "薪资待遇", "工作地点", "招聘渠道", "联系人", "联系电话",
)  # fmt: skip
_CSV_HEADER = (
    "招聘会编号", "招聘会名称", "招聘会日期", "信用代码", "企业名称", "行业", "职位编号", "职位名称", "职业类别",
    "需求人数", "学历", "月薪", "工作地", "渠道",
)  # fmt: skip
_CODE, _TRADE, _OPENINGS, _PAY, _CHANNEL = 3, 4, 7, 9, 11
_LATE, _CANCELLED = 20, 6


def write_posts(world: World, posts: dict[str, list[Post]], box: Outbox) -> None:
    """Send the posts of the three fairs; the list of the main one a day early with its faults, then whole."""
    _autumn(posts[AUTUMN.code], box)
    _spring(posts[SPRING.code], box)
    final, contact = posts[MAIN.code], (world.people.name(male=False), world.people.phone())
    for nth, received in enumerate((date(2024, 4, 13), date(2024, 4, 14))):
        rows = [_row(n, post, contact) for n, post in enumerate(final if nth else _early(final), 1)]
        sheet = _sheet(rows if nth else _spoilt(rows), received - timedelta(days=1), contact)
        name = "岗位信息表（修订）" if nth else "岗位信息表"
        path = f"{BUREAU}/job_posts/{MAIN.code}{name}.xlsx"
        box.put(path, xlsx_bytes([sheet]), arrived(received, hour=10), truth_of_sheets([sheet]))


def _row(nth: int, post: Post, contact: tuple[str, str]) -> Row:
    firm = post.firm
    code = {17: firm.code.lower(), 29: wide(firm.code)}.get(nth % 97, firm.code)
    return Row(
        [nth, f"A{nth % 90 + 1:02d}", firm.name, code, firm.trade, post.number, post.name, post.openings,
         post.education, post.pay, post.place, post.channels, *contact]
    )  # fmt: skip


def _early(final: list[Post]) -> list[Post]:
    """The list before its revision: some posts still missing, some that were cancelled afterwards."""
    known = final[:-_LATE]
    gone = [replace(p, number=f"{MAIN.prefix}-8{n:03d}") for n, p in enumerate(known[40 : 40 + _CANCELLED])]
    return known + gone


def _spoilt(rows: list[Row]) -> list[Row]:
    """The first version's faults: one for each row, and posts that stand once for each channel."""
    plan = {
        61: (_CODE, None, "uscc_malformed"), 402: (_CODE, None, "uscc_malformed"), 733: (_CODE, None, "uscc_malformed"),
        120: (_TRADE, "互联网+", "unknown_code"), 251: (_PAY, "看能力", "unreadable_range"),
        380: (_OPENINGS, "很多", "unreadable_number"), 519: (_OPENINGS, 1500, "clean"),
    }  # fmt: skip
    for at, (column, value, verdict) in plan.items():
        cells = rows[at].cells
        cells[column] = _miswritten(cells[column].upper()) if verdict == "uscc_malformed" else value
        rows[at].verdict = verdict
    for at in (200, 260, 320, 440, 560, 620):
        twin = Row(list(rows[at].cells), "duplicate_key")
        rows[at].verdict, rows[at].cells[_CHANNEL], twin.cells[_CHANNEL] = "duplicate_key", "现场", "网络"
        rows.append(twin)
    return [*rows, Row(list(rows[0].cells), DUPLICATE), Row(list(rows[5].cells), DUPLICATE)]


def _miswritten(code: str) -> str:
    """The code with another last character."""
    return code[:17] + ("0" if code[17] != "0" else "1")


def _sheet(rows: list[Row], stated: date, contact: tuple[str, str]) -> Sheet:
    """The workbook's sheet; a firm's name, code and trade stand once for all its posts that follow each other."""
    sheet = Sheet("岗位信息表")
    sheet.merge(sheet.aside(f"{MAIN.name}岗位信息表（截至{stated.year}年{stated.month}月{stated.day}日）"), 0, 0, 13)
    sheet.aside(f"场次编号：{MAIN.code}", None, None, f"招聘会名称：{MAIN.name}")
    sheet.aside("举办日期：2024年4月13日", None, None, "举办地点：延边大学")
    sheet.aside(*_HEADER)
    for block in _blocks(rows):
        top = len(sheet.rows)
        codes = [row.cells[_CODE] for row in block]
        for row in block[1:]:
            row.cells[2], row.cells[_CODE], row.cells[_TRADE] = None, None, None
        sheet.rows += block
        for column in (2, _CODE, _TRADE) if len(codes) > 1 else ():
            sheet.merge(top, column, len(sheet.rows) - 1)
    sheet.aside("合计", None, None, None, None, f"{len(rows)}个岗位")
    sheet.aside(f"填表人：{contact[0]}", None, None, f"联系电话：{contact[1]}")
    return sheet


def _blocks(rows: list[Row]) -> list[list[Row]]:
    """Rows of one firm that follow each other and say the same of it."""
    blocks: list[list[Row]] = []
    for row in rows:
        last = blocks[-1][-1].cells if blocks else [None] * 5
        if row.verdict == "clean" and last[2:5] == row.cells[2:5] and blocks[-1][-1].verdict == "clean":
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return blocks


def _autumn(posts: list[Post], box: Outbox) -> None:
    """The small fair of the year before: a CSV under other headers."""
    rows = [Row(list(_CSV_HEADER), NON_DATA)]
    rows += [Row(_csv_cells(AUTUMN, post)) for post in posts]
    rows.append(Row(list(rows[9].cells), DUPLICATE))
    content = csv_bytes(rows, "gb18030")
    box.put(f"{BUREAU}/job_posts/{AUTUMN.code}岗位表.csv", content, arrived(date(2023, 10, 23)), truth_of_records(rows))


def _csv_cells(fair: Fair, post: Post) -> list[object]:
    return [
        fair.code, fair.name, fair.held_on, post.firm.code, post.firm.name, post.firm.trade, post.number, post.name,
        "专业技术人员", post.openings, post.education, post.pay, post.place, post.channels,
    ]  # fmt: skip


def _spring(posts: list[Post], box: Outbox) -> None:
    """A city's fair as one page of its API: first an error under HTTP 200, then a page cut short, then all."""
    records = [_record(post) for post in posts]
    records[4]["corp"]["uscc"] = _miswritten(posts[4].firm.code)
    items = [Row([post.number], "uscc_malformed" if nth == 4 else CLEAN) for nth, post in enumerate(posts)]
    tries = (
        (date(2024, 3, 15), {"code": 40101, "msg": "登录已过期", "data": None}, refused("api_error")),
        (date(2024, 3, 16), _page(records[:20], len(records)), refused("page_incomplete")),
        (date(2024, 3, 17), _page(records, len(records)), truth_of_page(items)),
    )
    for day, page, truth in tries:
        box.put(f"{CITY}/job_posts/{SPRING.code}-{day:%Y%m%d}.json", page_bytes(page), arrived(day), truth)


def _page(records: list[dict], total: int) -> dict:
    return {"code": 0, "msg": "ok", "data": {"total": total, "pages": 1, "list": records}}


def _record(post: Post) -> dict:
    return {
        "fairCode": SPRING.code, "fairName": SPRING.name, "heldOn": SPRING.held_on.isoformat(),
        "corp": {"uscc": post.firm.code, "name": post.firm.name, "trade": post.firm.trade},
        "jobNo": post.number, "jobName": post.name, "headcount": post.openings, "degree": post.education,
        "salary": post.pay, "city": post.place, "channel": post.channels, "contact": None,
    }  # fmt: skip
