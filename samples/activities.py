"""What the volunteers did in 24 months: activities of five kinds, and the states that their records went through."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from samples.world import TODAY, Child, Episode, Volunteer, World

COUNTED, STATED_WITHDRAWN, VOID, WITHDRAWN_LATER = 21_384, 150, 30, 40
MONTHS = tuple(date(2022 + (4 + n) // 12, (4 + n) % 12 + 1, 1) for n in range(24))
KINDS = ("走访排查", "安全知识讲解", "家教知识宣讲", "儿童心理抚慰", "陪伴研学")
_WEIGHTS = (58, 14, 12, 10, 6)
_MODES = {"走访排查": ("入户", "电话", "视频"), "陪伴研学": ("集体",)}


@dataclass(frozen=True, eq=False)
class Activity:
    """One activity in one state of its record; times are local (Asia/Shanghai)."""

    number: str
    sender: str
    volunteer: Volunteer
    kind: str
    happened_on: date
    entered_at: datetime
    updated_at: datetime
    mode: str
    contact: bool
    minutes: int
    children: tuple[Child, ...]
    guardians: int
    issue: bool
    status: str
    photos: int


def local(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A moment in Asia/Shanghai without its zone, as ledgers write it."""
    return datetime.combine(day, time(hour, minute, second))


def build_activities(world: World) -> list[Activity]:
    """Every state of every record, by time of entry; 21,384 activities count in the end, before later withdrawals
    the 40 whose numbers ``withdrawn_later`` gives."""
    rng = world.rng("activities")
    slots = _slots(world, rng)
    total = COUNTED + STATED_WITHDRAWN + VOID + WITHDRAWN_LATER
    chosen = sorted(rng.sample(range(len(slots)), total))
    ordered = sorted((slots[n] for n in chosen), key=lambda s: (s[0], s[1].number))
    serial: dict[tuple[str, date], int] = {}
    made = []
    for day, volunteer, children in ordered:
        nth = serial[volunteer.sender, day] = serial.get((volunteer.sender, day), 0) + 1
        made.append(_activity(rng, f"HD{day:%Y%m%d}-{nth:04d}", day, volunteer, children))
    return sorted(_with_states(rng, made), key=lambda a: (a.updated_at, a.sender, a.number))


def withdrawn_later(activities: list[Activity]) -> list[Activity]:
    """The 40 activities of one sender that a withdrawal delivery takes back at the end."""
    own = [a for a in activities if a.sender == "donggang" and date(2023, 5, 1) <= a.happened_on < date(2023, 6, 1)]
    changed = {a.number for a in activities if a.sender == "donggang" and a.status in ("撤回", "作废")}
    return [a for a in own if a.number not in changed][:WITHDRAWN_LATER]


def _slots(world: World, rng: random.Random) -> list[tuple[date, Volunteer, list[Child]]]:
    """Days on which a volunteer may have done something, with the children she cared for on that day."""
    by_volunteer: dict[str, list[Episode]] = {}
    for episode in world.episodes:
        if episode.role == "primary":
            by_volunteer.setdefault(episode.volunteer.number, []).append(episode)
    slots = []
    for episodes in by_volunteer.values():
        for month in MONTHS:
            for _ in range(2):
                day = month + timedelta(days=rng.randint(0, 27))
                cared = [e.child for e in episodes if e.covers(day)]
                if cared:
                    slots.append((day, episodes[0].volunteer, cared))
    return slots


def _activity(rng: random.Random, number: str, day: date, volunteer: Volunteer, children: list[Child]) -> Activity:
    kind = rng.choices(KINDS, _WEIGHTS)[0]
    some = children if kind != "儿童心理抚慰" else children[:1]
    lag = rng.choices((0, 1, 3, 9, 41), (60, 22, 12, 4, 2))[0]
    if day + timedelta(days=lag) > TODAY:
        lag = 0
    entered = local(day, 8 + rng.randint(0, 13), rng.randint(0, 59), rng.randint(0, 59)) + timedelta(days=lag)
    mode = rng.choice(_MODES.get(kind, ("入户", "集体")))
    return Activity(
        number, volunteer.sender, volunteer, kind, day, entered, entered, mode,
        rng.random() < 0.95, rng.randint(20, 150),
        tuple(some), rng.randint(0, 2), rng.random() < 0.01, "补录" if lag > 30 else "有效", rng.randint(0, 5),
    )  # fmt: skip


def _with_states(rng: random.Random, made: list[Activity]) -> list[Activity]:
    """Add the later states of some records: withdrawn or void, and edits that leave them valid."""
    early = [a for a in made if a.updated_at < local(date(2024, 3, 20)) and not _is_kept_for_withdrawal(a)]
    picked = rng.sample(early, STATED_WITHDRAWN + VOID + 300)
    later = []
    for n, activity in enumerate(picked):
        at = activity.updated_at + timedelta(days=5 + n % 30, hours=1)
        if n < STATED_WITHDRAWN:
            later.append(replace(activity, updated_at=at, status="撤回"))
        elif n < STATED_WITHDRAWN + VOID:
            later.append(replace(activity, updated_at=at, status="作废"))
        else:
            later.append(replace(activity, updated_at=at, minutes=activity.minutes + 10))
    return made + later


def _is_kept_for_withdrawal(activity: Activity) -> bool:
    return activity.sender == "donggang" and activity.happened_on.year == 2023 and activity.happened_on.month == 5
