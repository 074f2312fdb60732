"""The platforms' CSV of live sessions: told soon after, and again while orders are cancelled and goods come back."""

import random
from datetime import date, datetime, time, timedelta

from samples.ecommerce_units import SENDER, quoted
from samples.firms import month_after, months
from samples.livestreams import FAIR, FAIR_ON, FIRST_MONTH, LAST_MONTH, WEEK, WEEK_ON, Session
from samples.sheets import DUPLICATE, NON_DATA, Row, csv_bytes
from samples.truth import Outbox, arrived, truth_of_records
from samples.world import World

_HEADER = (
    "平台", "直播间ID", "达人ID", "主播昵称", "直播标题", "所属活动", "来源地", "开播时间", "关播时间",
    "累计观看人次", "观看人数（UV）", "最高在线人数", "平均在线人数", "成交金额", "退款金额", "退款口径", "成交订单",
    "订单粒度", "成交人数", "新增粉丝数", "数据导出时间",
)  # fmt: skip
_STAMP = "%Y-%m-%d %H:%M:%S"


def write_livestreams(world: World, sessions: list[Session], box: Outbox) -> None:
    """Send every month's sessions with those of the month before again; the fair three times; the spring week once."""
    rng = world.rng("livestream ledgers")
    for month in months(FIRST_MONTH, LAST_MONTH):
        taken = datetime.combine(month_after(month, 1) + timedelta(days=1), datetime.min.time()) + timedelta(hours=10)
        fresh = [s for s in sessions if not s.event and _month_of(s) == month]
        again = [s for s in sessions if not s.event and _month_of(s) == month_after(month, -1)]
        rows = _rows(rng, fresh, taken, 0) + _rows(rng, again, taken, 1)
        rows += _dirt(month, rows)
        _send(f"直播场次数据{month:%Y%m}", rows, taken, box)
    fair = [s for s in sessions if s.event == FAIR]
    early, soon, late = (datetime.combine(FAIR_ON + timedelta(days=n), time(9, 30)) for n in (5, 19, 40))
    first = _rows(rng, fair, early, 0)
    _spoil_fair(first)
    _send("三地大会直播数据", first, early, box)
    _send("三地大会直播数据（更新）", _rows(rng, fair, soon, 0.5), soon, box)
    _send("三地大会直播数据（结算）", _rows(rng, fair, late, 1), late, box)
    week, taken = [s for s in sessions if s.event == WEEK], datetime.combine(WEEK_ON, datetime.min.time())
    taken += timedelta(days=9, hours=9)
    _send("春季直播周数据", _rows(rng, week, taken, 0), taken, box)


def _month_of(session: Session) -> date:
    return session.starts_at.date().replace(day=1)


def _send(stem: str, rows: list[Row], taken: datetime, box: Outbox) -> None:
    whole = [Row(list(_HEADER), NON_DATA), *rows]
    encoding = "utf-8-sig" if taken.month % 2 else "gb18030"
    received = arrived(taken + timedelta(days=1), minute=35)
    box.put(f"{SENDER}/livestreams/{stem}.csv", csv_bytes(whole, encoding), received, truth_of_records(whole))


def _rows(rng: random.Random, sessions: list[Session], taken: datetime, settled: float) -> list[Row]:
    """A row for each streamer of each session; two who stream together have the session's figures both.

    ``settled`` is how far each is settled by then: not at all, half or wholly. The amount paid has lost what was
    cancelled by then; what was refunded stands beside it and is still in it.
    """
    rows = []
    for session in sessions:
        nth = rng.randrange(10_000)
        figures = _figures(session, nth, settled)
        for account, nickname in session.streamers:
            cells = [
                session.platform, session.number, account, nickname, "羊绒专场", quoted(session.event, nth),
                session.place, session.starts_at.strftime(_STAMP), session.ends_at.strftime(_STAMP),
                *figures, taken.strftime(_STAMP),
            ]  # fmt: skip
            rows.append(Row(cells))
    return rows


def _figures(session: Session, nth: int, settled: float) -> list[object]:
    """What the platform shows, from the views to the new followers."""
    cancelled, refund = session.first_yuan - session.yuan, round(session.returned_yuan * settled)
    yuan = session.first_yuan - round(cancelled * settled / 100) * 100
    viewers, orders = session.viewers, yuan // 160
    peak = viewers // (7 + nth % 5)
    if nth % 211 == 9 and yuan:
        refund = yuan + 100
    return [
        viewers + viewers // 2, _counted(viewers, nth), _counted(peak, nth + 1), peak // 2, _priced(yuan, nth),
        f"{refund:.2f}", ("成功", "申请")[nth % 2], orders, ("订单", "SKU")[nth % 3 == 0], orders * 9 // 10,
        viewers // 200,
    ]  # fmt: skip


def _counted(count: int, nth: int) -> str:
    """A count as the platform's page writes it: 6.03w for sixty thousand three hundred."""
    if nth % 3 == 0 and count % 100 == 0 and count >= 10_000:
        return f"{count / 10_000:g}{'w' if nth % 2 else '万'}"
    return str(count)


def _priced(yuan: int, nth: int) -> str:
    if nth % 4 == 1 and yuan >= 10_000:
        return f"￥{yuan / 10_000:g}万"
    return f"{yuan:,}.00" if nth % 4 == 2 else f"{yuan}"


def _spoil_fair(rows: list[Row]) -> None:
    """The fair's first figures have three impossible rows; the settled ones have them right."""
    _put(rows[30], {"最高在线人数": "999999"}, "peak_over_viewers")
    _put(rows[41], {"关播时间": rows[41].cells[_HEADER.index("开播时间")]}, "session_ends_before_start")
    _put(rows[52], {"累计观看人次": "99"}, "viewers_over_views")


def _dirt(month: date, like: list[Row]) -> list[Row]:
    """Rows too many, each refused for one reason: sessions that nobody has seen; and one row twice."""
    plan: dict[int, list[tuple[dict[str, object], str]]] = {
        5: [({"平台": "小喇叭"}, "unknown_code"), ({"成交金额": "保密"}, "unreadable_amount")],
        7: [({"观看人数（UV）": "上万人"}, "unreadable_number")],
        9: [({"开播时间": ""}, "missing_required"), ({"关播时间": "次日凌晨"}, "unreadable_instant")],
        12: [({"最高在线人数": "88w"}, "peak_over_viewers")],
        2: [({"关播时间": "2022-01-01 00:00:00"}, "session_ends_before_start")],
    }
    rows = []
    for n, (wrong, verdict) in enumerate(plan.get(month.month, [])):
        row = Row(list(like[n + 3].cells))
        _put(row, {"直播间ID": f"73{month:%Y%m}{n:011d}"} | wrong, verdict)
        rows.append(row)
    if month.month % 3 == 0:
        rows.append(Row(list(like[8].cells), DUPLICATE))
    if month.month == 11:
        rows.append(Row([*like[9].cells, "多一列"], "ragged_record"))
    return rows


def _put(row: Row, wrong: dict[str, object], verdict: str) -> None:
    for header, value in wrong.items():
        row.cells[_HEADER.index(header)] = value
    row.verdict = verdict
