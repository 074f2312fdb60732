"""The classes in e-commerce: when, at which level, who sat in them, how each attended, and in what state she came."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from samples.firms import months
from samples.practitioners import Practitioner
from samples.world import World

FIRST, LAST = date(2022, 1, 1), date(2024, 4, 1)
CLASS_COUNT, PROVINCIAL = 144, (date(2022, 8, 1), date(2023, 9, 1))
_SUBJECTS = (
    "直播带货",
    "短视频运营",
    "羊绒产品选品",
    "网店客服",
    "电商美工",
    "跨境电商",
    "直播话术提升",
    "供应链与仓储",
)
_ORGANISERS = ("清河县妇联", "清河县电商协会", "清河县职教中心", "羊绒小镇孵化基地")
_MARKS = ("到", "迟", "早退", "假", "缺")
_HOW_OFTEN = (90, 3, 2, 3, 2)
ATTENDED = ("到", "迟", "早退")
# How many days after the class one finds work: up to so many, with this weight; nobody is found with the rest.
_HIRED = ((80, 70), (170, 12), (350, 6), (0, 12))


@dataclass(frozen=True)
class Seat:
    """One person in one class: the mark in the list, and whether she was out of work when it began."""

    person: Practitioner
    mark: str
    was_out_of_work: bool

    @property
    def is_attended(self) -> bool:
        """Whether the person was there, late and early leavers too."""
        return self.mark in ATTENDED


@dataclass
class Course:
    """One class with everybody who was enrolled."""

    number: str
    name: str
    level: str
    organiser: str
    starts_on: date
    ends_on: date
    hours: int
    seats: list[Seat] = field(default_factory=list)


def build_classes(world: World, people: list[Practitioner]) -> list[Course]:
    """Make 144 classes of two years and four months with 17,700 attendances or so; the first class finds one work."""
    rng = world.rng("e-commerce classes")
    free, came = [p for p in people if p.is_free], set()
    courses = _plan(rng)
    taught: set[date] = set()
    for course in courses:
        month = course.starts_on.replace(day=1)
        bound = [] if month in taught else [p for p in people if p.taught_in == month]
        taught.add(month)
        known = set(map(id, bound))
        size = rng.randint(96, 152)
        chosen = bound + [p for p in rng.sample(free, size) if id(p) not in known]
        for person in chosen:
            mark = "到" if id(person) in known else rng.choices(_MARKS, _HOW_OFTEN)[0]
            out = person.seeks_work and not (person.hired_on and person.hired_on <= course.starts_on)
            course.seats.append(Seat(person, mark, out))
            if mark in ATTENDED and id(person) not in came:
                came.add(id(person))
                person.hired_on = _hired(rng, course.ends_on) if person.seeks_work else None
    return courses


def _hired(rng: random.Random, after: date) -> date | None:
    within = rng.choices([days for days, _ in _HIRED], [weight for _, weight in _HIRED])[0]
    return after + timedelta(days=rng.randint(within // 4, within)) if within else None


def _plan(rng: random.Random) -> list[Course]:
    """Five classes a month or six, each of one to five days; one of the province in each of the first two years."""
    courses: list[Course] = []
    running = months(FIRST, LAST)
    busy_from = len(running) - CLASS_COUNT % len(running)
    for n, month in enumerate(running):
        for k in range(CLASS_COUNT // len(running) + (n >= busy_from)):
            nth = sum(c.starts_on.year == month.year for c in courses) + 1
            days = (1, 3, 2, 5, 3)[k % 5]
            starts = month + timedelta(days=1 + 5 * k + rng.randint(0, 2))
            is_provincial = month in PROVINCIAL and k == 3
            name = f"{_SUBJECTS[(n + k) % len(_SUBJECTS)]}培训班第{nth}期"
            courses.append(
                Course(
                    f"QH-{month.year}-{nth:03d}",
                    f"{month.year}年河北省巾帼电商培训班" if is_provincial else name,
                    "省级" if is_provincial else "县本级",
                    "河北省妇联" if is_provincial else _ORGANISERS[(n + 2 * k) % 4],
                    starts,
                    starts + timedelta(days=days - 1),
                    8 * days,
                )
            )
    return courses
