"""The truth of the sample world: who is registered, who cares for whom, from when to when (the page of April 2024)."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from samples.people import People
from samples.places import COUNTIES, Township

TODAY = date(2024, 4, 30)
REGISTER_DAYS = (
    date(2022, 5, 31),
    date(2022, 8, 31),
    date(2022, 12, 31),
    date(2023, 3, 31),
    date(2023, 6, 30),
    date(2023, 9, 30),
    date(2023, 12, 31),
    date(2024, 3, 31),
    TODAY,
)
PAIRING_DAYS = (date(2022, 6, 30), date(2022, 12, 31), date(2023, 7, 31), date(2024, 3, 31), TODAY)


@dataclass(eq=False)
class Child:
    """One child in need; ``dropped_on`` is the day from which the register silently leaves the child out."""

    number: str
    name: str
    male: bool
    born: date
    id_no: str | None
    town: Township
    village: str
    categories: str
    guardian: str
    guardian_phone: str
    relation: str
    registered_on: date
    month_only: bool
    closed_on: date | None = None
    close_reason: str | None = None
    dropped_on: date | None = None


@dataclass(eq=False)
class Volunteer:
    """One volunteer; ``writes`` says how ledgers write her identity number: full, fifteen, masked or absent."""

    number: str
    name: str
    male: bool
    id_no: str
    phone: str
    level: str
    identity: str
    sender: str
    town: Township | None
    village: str
    writes: str


@dataclass(eq=False)
class Episode:
    """One child paired with one volunteer; ``dropped_on`` is the day from which the ledger overwrites the row."""

    child: Child
    volunteer: Volunteer
    sender: str
    paired_on: date
    role: str = "primary"
    ended_on: date | None = None
    end_reason: str | None = None
    dropped_on: date | None = None
    pledge: bool = True
    checked: bool | None = True

    def covers(self, day: date) -> bool:
        """Whether the pairing holds on ``day``, in truth."""
        end = min(self.ended_on or date.max, self.dropped_on or date.max)
        return self.paired_on <= day < end


@dataclass
class World:
    """Everything that is true; ``people`` remembers every identity that was given out."""

    seed: int
    people: People
    children: list[Child] = field(default_factory=list)
    volunteers: list[Volunteer] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)

    def rng(self, purpose: str) -> random.Random:
        """A source of chance of its own for each purpose, so that one writer's change moves nothing else."""
        return random.Random(f"{self.seed}/{purpose}")


def between(rng: random.Random, first: date, last: date) -> date:
    """A day from ``first`` to ``last``, both possible."""
    return first + timedelta(days=rng.randint(0, (last - first).days))


def sender_of(child: Child) -> str:
    """The sender id of the county where the child is registered."""
    return next(c.sender for c in COUNTIES if c.code == child.town.county_code)
