"""Who applied for which post and what came of it: the rows of an application table, exported whenever they change."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from samples.fair_ledgers import BUREAU
from samples.fairs import AUTUMN, MAIN, Fair, Post
from samples.sheets import DUPLICATE, NON_DATA, Row, csv_bytes
from samples.truth import Outbox, arrived, truth_of_records
from samples.world import TODAY, World, between

APPLICANTS = {AUTUMN.code: 150, MAIN.code: 960}
APPLICATIONS = {AUTUMN.code: 320, MAIN.code: 2_200}
_HEADER = (
    "applicant_id_no", "applicant_name", "applicant_phone", "fair_code", "post_no", "sex", "graduation_year",
    "applied_at", "status", "status_at", "channel", "updated_at",
)  # fmt: skip
_NEXT = ("投递", "初筛", "面试", "意向", "录用", "签约")
_ON = (0.5, 0.55, 0.55, 0.65, 0.6)
_MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Applicant:
    """One person who looks for work."""

    name: str
    male: bool
    id_no: str
    phone: str
    graduates: int


@dataclass(frozen=True)
class State:
    """One application in one state; times are local."""

    fair: Fair
    who: Applicant
    post: str
    channel: str
    applied_at: datetime
    status: str
    at: datetime


def build_applications(world: World, posts: dict[str, list[Post]]) -> list[State]:
    """Every state of every application, by time."""
    rng = world.rng("applications")
    states: list[State] = []
    for fair in (AUTUMN, MAIN):
        people = [_applicant(world, rng) for _ in range(APPLICANTS[fair.code])]
        numbers = [post.number for post in posts[fair.code]]
        pairs: dict[tuple[str, str], Applicant] = {}
        while len(pairs) < APPLICATIONS[fair.code]:
            who = people[len(pairs)] if len(pairs) < len(people) else rng.choice(people)
            pairs.setdefault((who.id_no, rng.choice(numbers)), who)
        for nth, ((_, number), who) in enumerate(pairs.items()):
            unknown = fair is MAIN and nth % 240 == 17
            states += _course(rng, fair, who, f"{fair.prefix}-9{nth % 1000:03d}" if unknown else number, nth)
    return sorted(states, key=lambda s: (s.at, s.who.id_no, s.post))


def _applicant(world: World, rng: random.Random) -> Applicant:
    male = rng.random() < 0.12
    born = between(rng, date(2000, 1, 1), date(2003, 12, 31))
    people = world.people
    return Applicant(people.name(male), male, people.id_number(born, male), people.phone(), 2024 - (born.year < 2001))


def _course(rng: random.Random, fair: Fair, who: Applicant, post: str, nth: int) -> list[State]:
    """What becomes of one application, up to the world's day: on, refused, withdrawn, or back by one step."""
    day = fair.held_on + timedelta(days=rng.choices((-2, -1, 0, 1, 3, 7), (8, 12, 60, 10, 6, 4))[0])
    at = datetime.combine(day, datetime.min.time()) + timedelta(minutes=rng.randint(480, 1200), seconds=nth % 60)
    channel = "线下" if day == fair.held_on and nth % 3 else ("线上", "直播")[nth % 11 == 0]
    states = [State(fair, who, post, channel, at, _NEXT[0], at)]
    for step, chance in enumerate(_ON, 1):
        moved = rng.random()
        at += timedelta(hours=rng.randint(20, 90))
        if moved < chance:
            states.append(replace(states[0], status=_NEXT[step], at=at))
            continue
        if moved < chance + 0.2:
            states.append(replace(states[0], status="不合适" if moved < chance + 0.14 else "撤回", at=at))
        break
    if nth % 12 == 4 and states[-1].status in _NEXT[2:5]:
        states.append(replace(states[0], status=_NEXT[1], at=at + timedelta(hours=30)))
    limit = datetime.combine(TODAY, datetime.max.time())
    return [state for state in states if state.at <= limit]


def write_applications(states: list[State], box: Outbox) -> None:
    """Send what changed: week by week for the small fair, day by day for the main one."""
    for fair, step in ((AUTUMN, 7), (MAIN, 1)):
        own = [state for state in states if state.fair is fair]
        start, end = own[0].at.date(), own[-1].at.date()
        for nth in range((end - start).days // step + 1):
            first = start + timedelta(days=nth * step)
            newest = {(s.who.id_no, s.post): s for s in own if first <= s.at.date() < first + timedelta(days=step)}
            if newest:
                _send(list(newest.values()), first + timedelta(days=step - 1), nth, box)


def _send(states: list[State], last: date, nth: int, box: Outbox) -> None:
    rows = [Row(list(_HEADER), NON_DATA), *[Row(cells_of(state, n)) for n, state in enumerate(states)]]
    if nth % 4 == 2:
        rows += [Row(list(rows[1].cells), DUPLICATE), *_dirt(states[0], nth)]
    path = f"{BUREAU}/job_applications/zph_apply_{last:%Y%m%d}.csv"
    content = csv_bytes(rows, "utf-8", "\n")
    box.put(path, content, arrived(last + timedelta(days=1), hour=1), truth_of_records(rows))


def cells_of(state: State, nth: int) -> list[object]:
    """One row of the table; now and then the state is older than the application: a clock that was wrong."""
    who = state.who
    status_at = state.applied_at - timedelta(hours=9) if nth % 83 == 70 and state.status != _NEXT[0] else state.at
    return [
        who.id_no, who.name, who.phone, state.fair.code, state.post, 1 if who.male else 2, who.graduates,
        state.applied_at.strftime(_MOMENT), state.status, status_at.strftime(_MOMENT), state.channel,
        state.at.strftime(_MOMENT),
    ]  # fmt: skip


def _dirt(like: State, nth: int) -> list[Row]:
    """Rows that must be refused, each for one reason; none of them is an application that counts."""
    plan = (("status", "待定", "unknown_code"), ("post_no", "", "missing_required"),
            ("updated_at", "刚刚", "unreadable_instant"), ("applicant_id_no", None, "id_malformed"))  # fmt: skip
    rows = []
    for n, (field, value, verdict) in enumerate(plan):
        cells = cells_of(replace(like, post=f"{like.fair.prefix}-7{nth:02d}{n}"), 0)
        cells[_HEADER.index(field)] = like.who.id_no[:16] if value is None else value
        rows.append(Row(cells, verdict))
    return rows
