"""What the 41 units of a city order from the catalogue, and the pages on which an interface tells it week by week."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from samples.activities import local
from samples.courses import Course
from samples.federation import chongqing_units
from samples.pages import page_bytes, truth_of_page
from samples.sheets import DUPLICATE, Row
from samples.truth import Outbox, arrived, refused
from samples.world import World, between

VENUES = ("社区", "学校", "机关", "企业", "三新组织")
AUDIENCES = ("普通家庭", "普通家庭", "普通家庭", "特殊困境儿童家庭")
_OPENED, _SECOND_BY, _CLOSED = date(2024, 2, 27), date(2024, 3, 29), date(2024, 4, 26)
_POLLS = (date(2024, 2, 26), *(date(2024, 3, 5) + timedelta(weeks=n) for n in range(9)), date(2024, 5, 6))
_OVERLAP, _PAGE = timedelta(days=1), 30
_REFUSED_POLL, _EMPTY_POLL = date(2024, 3, 26), date(2024, 4, 9)


@dataclass(frozen=True)
class State:
    """One state of an order: since when (local time), and the day set for the lecture, if any."""

    since: datetime
    status: str
    scheduled_on: date | None = None


@dataclass(eq=False)
class Order:
    """One unit's order of one course, with all its states in order."""

    number: str
    unit: str
    course: Course
    wanted: str
    venue: str
    audience: str
    contact: tuple[str, str]
    states: list[State] = field(default_factory=list)

    @property
    def ordered_at(self) -> datetime:
        """When the order was made, in local time."""
        return self.states[0].since

    def deliver(self, day: date) -> None:
        """Let the lecture be set for ``day`` and held on it."""
        set_at = max(self.ordered_at + timedelta(days=4), local(day - timedelta(days=9), 15, 20))
        done_at = local(day + timedelta(days=1), 10, 5)
        self.states[1:] = [State(min(set_at, done_at), "已排", day), State(done_at, "已完成", day)]


def build_orders(world: World, courses: list[Course]) -> list[Order]:
    """Two to four orders of every unit, all made by 2024-04-26 and all but one by the end of March; none is met yet."""
    rng = world.rng("lecture_orders")
    asked = sorted(
        (between(rng, _OPENED, _SECOND_BY if nth else _CLOSED), unit)
        for unit in chongqing_units()
        for nth in range(rng.randint(2, 4))
    )
    popular = courses[:44]
    return [_order(world, rng, n, day, unit, rng.choice(popular)) for n, (day, unit) in enumerate(asked, 1)]


def _order(world: World, rng: random.Random, nth: int, day: date, unit: str, course: Course) -> Order:
    at = local(day, rng.randint(9, 17), rng.randint(0, 59), rng.randint(0, 59))
    wanted = between(rng, date(2024, 5, 8), date(2024, 11, 30))
    order = Order(
        f"DD{day:%Y%m%d}-{nth:04d}", unit, course,
        f"{wanted.year}年{wanted.month}月" if nth % 3 else wanted.isoformat(),
        rng.choice(VENUES), rng.choice(AUDIENCES), (world.people.name(male=False), world.people.phone()),
    )  # fmt: skip
    order.states = [State(at, "点单"), *_later(rng, at, wanted)]
    return order


def _later(rng: random.Random, at: datetime, wanted: date) -> Iterator[State]:
    fate = rng.choices(("waits", "set", "moved", "cancelled"), (30, 50, 9, 11))[0]
    first = at + timedelta(days=rng.randint(3, 12), hours=1)
    if fate in ("set", "moved"):
        yield State(first, "已排", wanted)
    if fate == "moved":
        yield State(first + timedelta(days=6), "改期", wanted + timedelta(days=14))
    if fate == "cancelled":
        yield State(first, "取消")


def write_orders(orders: list[Order], box: Outbox) -> None:
    """Ask every week for what changed since a day before the last time; one page fails and is asked again.

    Between two pages a row shifts: the second begins with the last of the first. Every answer but the last of all names
    the one that comes next, be it next week's.
    """
    following = dict(pairwise(_POLLS))
    for earlier, day in pairwise(_POLLS):
        since, until = local(earlier, 2) - _OVERLAP, local(day, 2)
        rows = [Row([item], verdict) for item, verdict in _changed(orders, since, until, first=earlier == _POLLS[0])]
        pages = [rows[max(0, at - 1) : at + _PAGE] for at in range(0, len(rows), _PAGE)]
        if day == _EMPTY_POLL:
            pages.append([])
        for nth, page in enumerate(pages, 1):
            stem = f"chongqing/lecture_orders/orders_{day:%Y%m%d}_{nth:02d}"
            received = arrived(day, hour=0, minute=10 + nth)
            if day == _REFUSED_POLL and nth == 1:
                failed = page_bytes({"code": 50012, "msg": "服务繁忙，请稍后再试", "data": None})
                box.put(f"{stem}.json", failed, received, refused("api_error"))
                stem, received = f"{stem}_retry", received + timedelta(minutes=20)
            then, page_after = (day, nth + 1) if nth < len(pages) else (following.get(day), 1)
            after = f"c{then:%m%d}{page_after:02d}" if then else None
            data = {"items": [row.cells[0] for row in page], "next": after}
            content = page_bytes({"code": 0, "msg": "ok", "data": data})
            box.put(f"{stem}.json", content, received, truth_of_page(page))


def _changed(
    orders: list[Order], since: datetime, until: datetime, *, first: bool
) -> Iterator[tuple[dict[str, Any], str]]:
    """The newest state of every order touched in between, by time of change.

    In the first answer one record comes twice, and the last has a venue that nobody knows: it is right in the next.
    """
    touched = []
    for order in orders:
        states = [s for s in order.states if s.since < until]
        if states and states[-1].since >= since:
            touched.append((states[-1], order))
    ordered = sorted(touched, key=lambda pair: (pair[0].since, pair[1].number))
    for n, (state, order) in enumerate(ordered):
        item, verdict = _item(order, state, n), "clean"
        if first and n == len(ordered) - 1:
            item, verdict = item | {"placeType": "坝坝会"}, "unknown_code"
        yield item, verdict
        if first and n == 7:
            yield dict(item), DUPLICATE


def _item(order: Order, state: State, nth: int) -> dict[str, Any]:
    place = chongqing_units()[order.unit]
    short = nth % 6 == 2 and order.unit.isdigit() and "自治" not in place and len(place) > 2
    name, phone = order.contact
    return {
        "orderNo": order.number, "district": place[:-1] if short else place, "courseCode": order.course.number,
        "createdAt": f"{order.ordered_at:%Y-%m-%d %H:%M:%S}", "expectDate": order.wanted, "placeType": order.venue,
        "target": order.audience, "status": state.status,
        "arrangedDate": state.scheduled_on.isoformat() if state.scheduled_on else None,
        "updatedAt": f"{state.since:%Y-%m-%d %H:%M:%S}", "contact": {"联系人": name, "联系电话": phone},
    }  # fmt: skip
