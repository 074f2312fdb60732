"""The activity ledgers: a CSV a month from each sender, five layouts, with overlaps, blemishes and mishaps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from samples.activities import MONTHS, Activity, local, withdrawn_later
from samples.headers import ACTIVITIES
from samples.sheets import DUPLICATE, NON_DATA, Row, csv_bytes, zip_bytes
from samples.truth import Outbox, Truth, arrived, joined, refused, truth_of_records

_CONTENT = (
    "入户了解近况,陪伴做作业",
    "讲防溺水、用电安全",
    "与监护人谈家庭教育,约定下月再来",
    '孩子说"想学画画"，已记下',
    "情绪稳定\r\n饮食正常",
    "参观村史馆,一起包饺子",
)


@dataclass(frozen=True)
class Layout:
    """How one sender writes the activity ledger: headers by field, in order, and its spellings."""

    headers: dict[str, str]
    day: Callable[[date], str]
    moment: str
    yes_no: tuple[str, str]
    encoding: str = "gb18030"
    newline: str = "\r\n"
    titled: bool = False


_SECONDS = "%Y-%m-%d %H:%M:%S"
LAYOUTS = {
    "donggang": Layout(ACTIVITIES["donggang"], lambda d: d.isoformat(), _SECONDS, ("是", "否")),
    "lanshan": Layout(
        ACTIVITIES["lanshan"], lambda d: f"{d.year}/{d.month}/{d.day}", "%Y/%m/%d %H:%M", ("√", "×"), titled=True
    ),
    "wulian": Layout(ACTIVITIES["wulian"], lambda d: f"{d:%Y%m%d}", _SECONDS, ("1", "0")),
    "juxian": Layout(ACTIVITIES["juxian"], lambda d: f"{d.year}年{d.month}月{d.day}日", _SECONDS, ("有", "无")),
    "rizhao": Layout(
        ACTIVITIES["rizhao"],
        lambda d: f"{d.year}.{d.month}.{d.day}",
        _SECONDS,
        ("见到", "未见到"),
        "utf-8-sig",
        "\n",
    ),
}
_BUNDLED = MONTHS[:3]


def write_activities(activities: list[Activity], referrals: dict[tuple[str, str], str], box: Outbox) -> None:
    """Send 24 months from five senders, then one correction and one withdrawal."""
    for sender, layout in LAYOUTS.items():
        own = [a for a in activities if a.sender == sender]
        for nth, month in enumerate(MONTHS):
            states = _exported(own, month)
            rows = [Row(list(activity_cells(a, layout, referrals).values())) for a in states]
            rows += _dirt(sender, nth, states[3], layout, referrals)
            if nth % 3 == 1:
                rows += [Row(list(r.cells), DUPLICATE) for r in rows[5:7]]
            _send(sender, nth, month, layout, states, rows, box)
    _correct(activities, referrals, box)
    _withdraw(activities, box)


def _exported(own: list[Activity], month: date) -> list[Activity]:
    """The newest state of every record touched since three days before the month, as the system exports it."""
    end = datetime.combine((month + timedelta(days=31)).replace(day=1), datetime.min.time())
    start = datetime.combine(month - timedelta(days=3), datetime.min.time())
    newest: dict[str, Activity] = {}
    for activity in own:
        if start <= activity.updated_at < end:
            newest[activity.number] = activity
    return list(newest.values())


def activity_cells(a: Activity, layout: Layout, referrals: dict[tuple[str, str], str]) -> dict[str, object]:
    """One state of one record, by field, in the layout's order."""
    nth = int(a.number[-4:]) + a.minutes
    yes, no = layout.yes_no
    facts = {
        "number": a.number, "kind": a.kind, "day": layout.day(a.happened_on),
        "entered": a.entered_at.strftime(layout.moment),
        "updated": a.updated_at.strftime(layout.moment), "mode": a.mode, "contact": yes if a.contact else no,
        "minutes": 720 if nth % 997 == 60 else a.minutes, "volunteer": a.volunteer.number,
        "name": a.volunteer.name, "phone": a.volunteer.phone, "children": ";".join(c.number for c in a.children),
        "count": len(a.children) + (nth % 149 == 3), "guardians": f"{a.guardians}人" if nth % 61 == 2 else a.guardians,
        "place": a.volunteer.village or "县妇女儿童活动中心", "content": _CONTENT[nth % len(_CONTENT)],
        "issue": "是" if a.issue else "否", "referral": referrals.get((a.sender, a.number), ""), "status": a.status,
        "photos": a.photos,
    }  # fmt: skip
    return {field: facts[field] for field in layout.headers}


def _dirt(sender: str, nth: int, like: Activity, layout: Layout, referrals: dict[tuple[str, str], str]) -> list[Row]:
    """Records of this month that must be refused, each for one reason; none of them is a counted activity."""
    spoilt: dict[str, list[tuple[str, object, str]]] = {
        "donggang": [
            ("entered", like.happened_on - timedelta(days=2), "entered_before_happened"),
            ("photos", None, "ragged_record"),
        ],
        "lanshan": [("kind", "慰问演出", "unknown_code"), ("day", "2022/13/45", "unreadable_day")],
        "wulian": [("number", "", "missing_required"), ("minutes", "两小时", "unreadable_number")],
        "juxian": [("updated", "昨天下午", "unreadable_instant"), ("contact", "见过一面", "unreadable_flag")],
    }
    if nth % 4 != 1:
        return []
    rows = []
    for n, (field, value, code) in enumerate(spoilt.get(sender, [])):
        cells = activity_cells(replace(like, number=f"{like.number[:10]}-9{nth:02d}{n}"), layout, referrals)
        written = value.strftime(layout.moment) if isinstance(value, date) else value
        cells = cells | {field: written} if code != "ragged_record" else cells | {"surplus": "多一列"}
        rows.append(Row(list(cells.values()), code))
    return rows


def _send(
    sender: str, nth: int, month: date, layout: Layout, states: list[Activity], rows: list[Row], box: Outbox
) -> None:
    end = (month + timedelta(days=31)).replace(day=1)
    received = arrived(end + timedelta(days=(2, 3, 2, 5, 3, 8)[(nth + len(sender)) % 6]), minute=len(sender))
    stem = f"{sender}/care_activities/关爱活动台账{month.year}年{month.month}月"
    if sender == "juxian" and month in _BUNDLED:
        content, truth = _bundle(layout, states, rows, month)
        box.put(f"{stem}.zip", content, received, truth)
        return
    whole = _framed(layout, rows, f"关爱活动台账（{month.year}年{month.month}月）")
    content, truth = csv_bytes(whole, layout.encoding, layout.newline), truth_of_records(whole)
    mishap = _MISHAPS.get((sender, month))
    if mishap:
        code, spoil = mishap
        box.put(f"{stem}.csv", spoil(content), received, refused(code))
        stem, received = stem + "（重报）", received + timedelta(days=2)
    path = box.put(f"{stem}.csv", content, received, truth)
    if sender == "lanshan" and month == date(2023, 4, 1):
        box.again(path, received + timedelta(days=1))
        box.again(path, received + timedelta(days=30))


_MISHAPS: dict[tuple[str, date], tuple[str, Callable[[bytes], bytes]]] = {
    ("wulian", date(2023, 2, 1)): ("encoding_damaged", lambda b: b[:3000] + b"\xff\xff\xff" + b[3001:]),
    ("rizhao", date(2022, 9, 1)): ("encoding_replaced", lambda b: b.replace("入户".encode(), "入\ufffd".encode(), 3)),
    ("donggang", date(2022, 11, 1)): ("quote_unbalanced", lambda b: b + '"未写完的一行,'.encode("gb18030")),
}


def _framed(layout: Layout, rows: list[Row], title: str) -> list[Row]:
    """Put title, header, total and blank lines around the records, as the layout has them."""
    header = Row(list(layout.headers.values()), NON_DATA)
    if not layout.titled:
        return [header, *rows, Row([], NON_DATA)] if len(rows) % 2 else [header, *rows]
    width = len(layout.headers)
    fields = list(layout.headers)
    total = ["合计", *[""] * (width - 1)]
    for field in ("count", "guardians"):
        at = fields.index(field)
        total[at] = str(sum(int(str(r.cells[at]).removesuffix("人")) for r in rows))
    blank = [""] * width
    return [Row([title, *blank[1:]], NON_DATA), Row(blank, NON_DATA), header, *rows, Row(total, NON_DATA)]


def _bundle(layout: Layout, states: list[Activity], rows: list[Row], month: date) -> tuple[bytes, Truth]:
    """A zip with a CSV for each township, its names in GBK."""
    town_of = {a.number: a.volunteer.town.name for a in states if a.volunteer.town}
    members: dict[str, list[Row]] = {}
    for row in rows:
        members.setdefault(town_of.get(row.cells[0], "县直"), []).append(row)
    framed = {
        f"{month.year}年{month.month}月/{name}.csv": _framed(layout, own, "") for name, own in sorted(members.items())
    }
    content = zip_bytes({n: csv_bytes(r, layout.encoding, layout.newline) for n, r in framed.items()}, "gbk")
    return content, joined({n: truth_of_records(r) for n, r in framed.items()})


def _correct(activities: list[Activity], referrals: dict[tuple[str, str], str], box: Outbox) -> None:
    layout = LAYOUTS["donggang"]
    newest = {
        a.number: a
        for a in activities
        if a.sender == "donggang" and a.happened_on.year == 2023 and a.happened_on.month == 8
    }
    chosen = [a for a in newest.values() if a.status == "有效"][:25]
    changed = [replace(a, minutes=a.minutes + 5, updated_at=local(date(2024, 1, 10), 9, 30)) for a in chosen]
    rows = _framed(layout, [Row(list(activity_cells(a, layout, referrals).values())) for a in changed], "")
    path = "donggang/care_activities/correction/2023年8月活动更正.csv"
    box.put(path, csv_bytes(rows, layout.encoding), arrived(date(2024, 1, 11)), truth_of_records(rows))


def _withdraw(activities: list[Activity], box: Outbox) -> None:
    rows = [Row(["活动编号"], NON_DATA), *[Row([a.number]) for a in withdrawn_later(activities)]]
    path = "donggang/care_activities/withdrawal/2023年5月撤回清单.csv"
    box.put(path, csv_bytes(rows, "gb18030"), arrived(date(2024, 2, 6)), truth_of_records(rows))
