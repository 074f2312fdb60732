"""What the bureau's interface answered each month: pages of firms' sales as received, and what it restated since."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from samples.firms import FIRST_MONTH, LAST_MONTH, Firm, month_after, months
from samples.pages import page_bytes, truth_of_page
from samples.sheets import DUPLICATE, Row
from samples.truth import Outbox, arrived, refused
from samples.world import World

SENDER = "qinghe-sw"
_PAGED_FROM, _PAGE = date(2024, 1, 1), 100
_SHIFTED, _EXPIRED, _CUT = date(2024, 2, 1), date(2023, 5, 1), date(2023, 8, 1)
# How likely a figure changes in the first, second and third month after it was told, and by how much it falls.
_CHANGED = (0.3, 0.12, 0.05)
_REFUNDED = (0.012, 0.006, 0.003)
_SILENT = -9
Record = dict[str, Any]


@dataclass
class _Interface:
    """The bureau's side: every firm on each of its platforms, and whose figures of last month were not right."""

    rng: random.Random
    listed: list[tuple[Firm, str]]
    owed: set[int] = field(default_factory=set)


def write_firm_sales(world: World, firms: list[Firm], box: Outbox) -> None:
    """Send each month's page or pages, then the rows of the three months before that have changed since."""
    bureau = _Interface(world.rng("firm sales"), [(firm, platform) for firm in firms for platform in firm.platforms])
    for nth, month in enumerate(months(FIRST_MONTH, LAST_MONTH)):
        pulled = month_after(month, 1) + timedelta(days=4)
        restated = _restated(bureau, month, pulled)
        rows = [Row([_record(bureau.rng, firm, on, month, pulled)]) for firm, on in bureau.listed]
        bureau.owed = _dirt(nth, rows)
        _month(bureau, month, pulled, rows, box)
        if restated:
            _send(f"restated_{pulled:%Y%m%d}", restated, (len(restated), 1, 1), pulled, box)


def employees_at(firm: Firm, month: date) -> tuple[int, int]:
    """How many work at the firm in ``month``, and how many of them are women; both grow slowly."""
    before = (LAST_MONTH.year - month.year) * 12 + LAST_MONTH.month - month.month
    return firm.employees - before * (firm.employees // 90), firm.women - before * (firm.women // 90)


def _restated(bureau: _Interface, month: date, pulled: date) -> list[Row]:
    """The rows of the three months before ``month`` that have changed; what was wrong or left out comes now."""
    rows = []
    for age, chance in enumerate(_CHANGED, 1):
        earlier = month_after(month, -age)
        if earlier < FIRST_MONTH:
            break
        for nth, (firm, platform) in enumerate(bureau.listed):
            if bureau.rng.random() < chance or (age == 1 and nth in bureau.owed):
                rows.append(Row([_record(bureau.rng, firm, platform, earlier, pulled)]))
    return rows


def _record(rng: random.Random, firm: Firm, platform: str, month: date, pulled: date) -> Record:
    """One firm on one platform in one month, as told on ``pulled``: refunds to come are still in the figure."""
    age = (pulled.year - month.year) * 12 + pulled.month - month.month - 1
    yuan = round(firm.sold[platform, month] * (1 + sum(_REFUNDED[age:]) * rng.uniform(0.8, 1.2)))
    employees, women = employees_at(firm, month)
    has_brand, has_federation = (
        begun is not None and begun <= month for begun in (firm.brand_from, firm.federation_from)
    )
    return {
        "uscc": firm.code.lower() if (firm.nth + month.month) % 53 == 7 else firm.code,
        "entName": firm.name_at(month), "legalPersonSex": "女" if firm.owner_female else "男",
        "femaleLed": firm.female_led, "isFuZiHao": has_brand, "platform": platform, "period": f"{month:%Y-%m}",
        **_amount(yuan, firm.nth), "orderCount": yuan // 180, "employeeCnt": employees, "femaleEmployeeCnt": women,
        "hasWomenFed": has_federation,
        "updatedAt": f"{pulled - timedelta(days=1)} {rng.randint(8, 22):02d}:{rng.randint(0, 59):02d}:{age:02d}",
    }  # fmt: skip


def _amount(yuan: int, nth: int) -> Record:
    if nth % 9 == 4:
        return {"salesAmount": f"{yuan // 10_000}.{yuan % 10_000:04d}", "unit": "万元"}
    if nth % 9 == 6:
        return {"salesAmount": yuan, "unit": "元"}
    return {"salesAmount": f"{yuan:,}.00", "unit": "元"}


def _dirt(nth: int, rows: list[Row]) -> set[int]:
    """Spoil some rows of the ``nth`` month; return the places of those that the next month must put right.

    What one small firm's platform has not told is not told later either: that firm's year is not whole.
    """
    owed = set()
    for at, turn, period, wrong, verdict in (
        (20, 1, 5, {"femaleEmployeeCnt": rows[20].cells[0]["employeeCnt"] + 3}, "women_over_employees"),
        (31, 2, 6, {"uscc": rows[31].cells[0]["uscc"][:17] + "I"}, "uscc_malformed"),
        (33, 4, 6, {"salesAmount": "统计中"}, "unreadable_amount"),
        (35, 5, 6, {"platform": "小程序商城"}, "unknown_code"),
        (-3, 0, 3, {"salesAmount": "-"}, "clean"),
        (_SILENT, 1, 3, {"salesAmount": None}, "clean"),
    ):
        if nth % period == turn:
            rows[at].cells[0] |= wrong
            rows[at].verdict = verdict
            owed |= {at % len(rows)} - {_SILENT % len(rows)}
    if nth % 4 == 2:
        rows.insert(41, Row([dict(rows[40].cells[0])], DUPLICATE))
    return owed


def _month(bureau: _Interface, month: date, pulled: date, rows: list[Row], box: Outbox) -> None:
    """One page up to 2023, pages of a hundred from then on; once the pages shifted while they were fetched."""
    stem, total = f"sales_{month:%Y-%m}", len(rows)
    if month in (_EXPIRED, _CUT):
        answer = page_bytes({"code": 40101, "msg": "token expired", "data": None})
        content, code = (
            (answer, "api_error") if month == _EXPIRED else (_page(rows[:-4], (total, 1, 1)), "page_incomplete")
        )
        box.put(f"{SENDER}/firm_sales/{stem}_p1.json", content, arrived(pulled), refused(code))
        stem, pulled = f"{stem}_again", pulled + timedelta(days=1)
    if month < _PAGED_FROM:
        _send(f"{stem}_p1", rows, (total, 1, 1), pulled, box)
        return
    first, second, then = rows[:_PAGE], rows[_PAGE:], total
    if month == _SHIFTED:
        # a firm came in front between the two calls: the last of page 1 opens page 2, and the new one is in neither
        first, then = rows[1 : _PAGE + 1], total - 1
        bureau.owed.add(0)
    _send(f"{stem}_p1", first, (then, 2, 1), pulled, box)
    _send(f"{stem}_p2", second, (total, 2, 2), pulled, box)


def _send(name: str, rows: list[Row], of: tuple[int, int, int], pulled: date, box: Outbox) -> None:
    path = f"{SENDER}/firm_sales/{name}.json"
    box.put(path, _page(rows, of), arrived(pulled, minute=20 + of[2] + len(name)), truth_of_page(rows))


def _page(rows: list[Row], of: tuple[int, int, int]) -> bytes:
    """One answer; ``of`` is how many firms there are, on how many pages, and which page this is."""
    total, pages, page = of
    data = {"total": total, "pages": pages, "page": page, "size": 200 if pages == 1 else _PAGE}
    return page_bytes({"code": 0, "msg": "ok", "data": data | {"list": [row.cells[0] for row in rows]}})
