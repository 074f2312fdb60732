"""Live sessions: one a month of every streamer whose sales are compared, and the fair of October 2023."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from samples.firms import SEASON, months
from samples.practitioners import Practitioner
from samples.world import World

FIRST_MONTH, LAST_MONTH = date(2023, 4, 1), date(2024, 4, 1)
FAIR, FAIR_ON = "“邢台、保定、辛集”三地电商融合发展大会", date(2023, 10, 18)
FAIR_STREAMERS, FAIR_YUAN, FAIR_VIEWERS = 128, 5_300_000, 6_030_000
WEEK, WEEK_ON = "“春风送暖”巾帼直播周", date(2024, 4, 12)
PLACES = {"邢台市": 60, "保定市": 40, "辛集市": 28}
_PAIRS, _AGAIN = 12, 20
_UPLIFT = 1.3
Streamer = tuple[str, str]
Cast = tuple[str, list[Streamer]]


@dataclass(eq=False)
class Session:
    """One live session; ``yuan`` is what had been paid when it was settled, ``first_yuan`` what was shown at first.

    What lies between them was cancelled before it was sent; ``returned_yuan`` of what was paid came back as refunds.
    """

    platform: str
    number: str
    streamers: list[Streamer]
    event: str
    place: str
    starts_at: datetime
    ends_at: datetime
    viewers: int
    yuan: int
    first_yuan: int

    @property
    def returned_yuan(self) -> int:
        """What was refunded of the paid amount in the end: up to six per cent, in whole hundreds."""
        return round(self.yuan * (self.viewers // 100 % 7) / 10_000) * 100

    @property
    def is_test(self) -> bool:
        """Whether somebody only tried the camera."""
        return (self.ends_at - self.starts_at).total_seconds() < 60


def build_sessions(world: World, people: list[Practitioner]) -> list[Session]:
    """Make the sessions: every month's, the fair's, and those of one week in spring."""
    rng = world.rng("livestreams")
    followed = [p for p in people if p.is_followed]
    monthly = [s for month in months(FIRST_MONTH, LAST_MONTH) for s in _monthly(rng, followed, month)]
    return [*monthly, *_fair(world, rng, people), *_week(rng, followed)]


def _number(rng: random.Random) -> str:
    """A session's number as platforms have them: nineteen digits."""
    return f"72{rng.randrange(10**17):017d}"


def _session(
    rng: random.Random, cast: Cast, day: date, figures: tuple[int, int], event: str = "", place: str = "邢台市"
) -> Session:
    """One session on ``day`` with its viewers and yuan: some run past midnight, half lose orders that are cancelled."""
    platform, streamers = cast
    hour = rng.choice((10, 14, 19, 20, 22, 23))
    starts = datetime.combine(day, time(hour, rng.randint(0, 59), rng.randint(0, 59)))
    ends = starts + timedelta(minutes=rng.randint(75, 240), seconds=rng.randint(0, 59))
    viewers, yuan = figures
    cancelled = rng.choice((0, 0.02, 0, 0.05, 0.08))
    first = yuan + round(yuan * cancelled / 100) * 100
    return Session(platform, _number(rng), streamers, event, place, starts, ends, viewers, yuan, first)


def _monthly(rng: random.Random, followed: list[Practitioner], month: date) -> list[Session]:
    sessions = []
    for person in followed:
        if rng.random() < 0.04:
            continue
        factor = SEASON[month.month - 1] * rng.uniform(0.92, 1.08)
        if person.taught_in and month > person.taught_in:
            factor *= _UPLIFT
        yuan = round(person.monthly_yuan * factor / 100) * 100
        figures, on = (rng.randint(20, 300) * 100, yuan), month + timedelta(days=rng.randint(0, 26))
        sessions.append(_session(rng, _who(person), on, figures))
    test = _session(rng, _who(followed[month.month]), month + timedelta(days=9), (0, 0))
    test.ends_at = test.starts_at + timedelta(seconds=30 + month.month)
    return [*sessions, test]


def _who(person: Practitioner) -> Cast:
    platform, account = person.accounts[0]
    return platform, [(account, person.nickname)]


def _fair(world: World, rng: random.Random, people: list[Practitioner]) -> list[Session]:
    """The fair: 128 women of three places, some of them two in one session, some in two; sums as the page has them."""
    women = [p for p in people if p.accounts and not p.male and p.id_no and p.listed_on and p.listed_on < FAIR_ON]
    own = [_who(p) for p in rng.sample([p for p in women if not p.is_followed], PLACES["邢台市"])]
    guests: list[Cast] = []
    for nth in range(FAIR_STREAMERS - len(own)):
        nickname = world.people.remember(f"{world.people.name(male=False)[1:]}冀品{nth}")
        guests.append((("抖音", "快手", "视频号")[nth % 3], [(f"GUEST{9_300_000 + 613 * nth}", nickname)]))
    casts, at = [], 0
    everybody = [*own, *guests]
    for place, count in PLACES.items():
        mine = everybody[at : at + count]
        at += count
        pairs = [(mine[2 * n][0], mine[2 * n][1] + mine[2 * n + 1][1]) for n in range(_PAIRS // len(PLACES))]
        solo = mine[2 * len(pairs) :]
        casts += [(place, cast) for cast in (*pairs, *solo, *mine[-(_AGAIN // len(PLACES)) :])]
    yuan, viewers = (_shares(rng, total, len(casts)) for total in (FAIR_YUAN, FAIR_VIEWERS))
    return [
        _session(rng, cast, FAIR_ON + timedelta(days=n % 3), (viewers[n], yuan[n]), FAIR, place)
        for n, (place, cast) in enumerate(casts)
    ]


def _shares(rng: random.Random, total: int, count: int) -> list[int]:
    """``total`` in ``count`` parts of whole hundreds, each at least a third of the mean."""
    weights = [rng.uniform(0.4, 1.8) for _ in range(count)]
    parts = [int(total / 100 * w / sum(weights)) for w in weights]
    parts[0] += total // 100 - sum(parts)
    return [100 * part for part in parts]


def _week(rng: random.Random, followed: list[Practitioner]) -> list[Session]:
    """A week so near to the last day that no figure of it is settled yet."""
    return [
        _session(rng, _who(p), WEEK_ON + timedelta(days=n % 5), (rng.randint(30, 200) * 100, 100 * n + 9000), WEEK)
        for n, p in enumerate(rng.sample(followed, 25))
    ]
