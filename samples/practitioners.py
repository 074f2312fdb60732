"""The people of the county's e-commerce: who streams, for whom, in which micro home, and who looked for work."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from samples.ecommerce_units import Unit
from samples.firms import Firm, months
from samples.world import World, between

HOME_WOMEN, OTHER_WOMEN, FORMER_WOMEN, WEAK_WOMEN, MEN = 3075, 150, 60, 30, 35
EXCELLENT, TOP_HUNDRED, ON_TWO_PLATFORMS = 946, 100, 70
OTHERS, TRAINED_REGULARS, OTHER_REGULARS = 6_700, 44, 26
REGISTER_DAYS = (date(2023, 6, 30), date(2024, 3, 31), date(2024, 4, 30))
# How many had come on the register by which day.
_LISTED = {date(2023, 6, 30): 1050, date(2023, 12, 31): 2050, date(2024, 3, 31): 3250}
_PLATFORMS = ("抖音", "抖音", "快手", "视频号", "淘宝")
_FORMS = ("自主创业", "灵活就业", "受雇", "灵活就业")


@dataclass(eq=False)
class Practitioner:
    """One person who works or wants to work in e-commerce.

    ``accounts`` are (platform, account) of a streamer, ``listed_on`` when she came on the register, ``left`` the status
    and day of one who gave up, ``taught_in`` the month of the one class of those whose sales are compared;
    ``seeks_work`` was out of work at first, ``hired_on`` the day when she found some.
    """

    name: str
    male: bool
    born: date
    id_no: str | None
    phone: str
    seeks_work: bool
    accounts: list[tuple[str, str]] = field(default_factory=list)
    nickname: str = ""
    firm: Firm | None = None
    unit: Unit | None = None
    form: str = ""
    listed_on: date | None = None
    excellent_from: date | None = None
    is_top: bool = False
    left: tuple[str, date] | None = None
    taught_in: date | None = None
    is_untaught: bool = False
    monthly_yuan: int = 0
    hired_on: date | None = None

    @property
    def is_followed(self) -> bool:
        """Whether the person streams every month, so that sales before and after a class can be compared."""
        return self.monthly_yuan > 0

    @property
    def is_free(self) -> bool:
        """Whether any class may have the person: those whose one class or none is compared come to no other."""
        return not self.is_untaught and (self.taught_in is None or self.taught_in < date(2022, 10, 1))


def build_practitioners(world: World, firms: list[Firm], units: list[Unit]) -> list[Practitioner]:
    """Make the people: 3,350 streamers of today's register first, then those who only learn."""
    rng = world.rng("practitioners")
    streamers = _streamers(world, rng, units)
    _promote(rng, streamers)
    _employ(rng, streamers, firms)
    others = [_person(world, rng, male=n % 31 == 7, nineties=n % 3 > 0, weak=n % 33 == 9) for n in range(OTHERS)]
    return streamers + others


def _person(world: World, rng: random.Random, *, male: bool, nineties: bool, weak: bool) -> Practitioner:
    people = world.people
    born = between(rng, date(1990 if nineties else 1966, 1, 1), date(1999 if nineties else 1989, 12, 31))
    id_no = None if weak else people.id_number(born, male)
    return Practitioner(people.name(male), male, born, id_no, people.phone(), rng.random() < 0.76)


def _streamers(world: World, rng: random.Random, units: list[Unit]) -> list[Practitioner]:
    """Everybody on the register of today, in the order in which they came on it."""
    homes = [u for u in units if u.kind == "妇女微家" and u.ends_on is None]
    plan = ["home"] * HOME_WOMEN + ["other"] * OTHER_WOMEN + ["former"] * FORMER_WOMEN + ["weak"] * WEAK_WOMEN
    plan += ["man"] * MEN
    rng.shuffle(plan)
    made = []
    for nth, kind in enumerate(plan):
        one = _person(world, rng, male=kind == "man", nineties=kind in ("home", "weak"), weak=kind == "weak")
        one.accounts = [(_PLATFORMS[nth % 5], f"{'dy' if nth % 2 else 'ks'}{38_000_000 + 977 * nth}")]
        if nth % 48 == 5 and nth < 48 * ON_TWO_PLATFORMS:
            one.accounts.append(("小红书" if nth % 3 else "京东", f"xh{61_000_000 + 391 * nth}"))
        one.nickname = world.people.remember(f"{one.name[1:]}在清河{nth % 97}")
        one.unit = rng.choice(homes) if kind != "other" or nth % 3 else None
        one.form = _FORMS[nth % 4]
        one.listed_on = _listed_on(rng, nth)
        if kind == "former":
            one.left = (("停播", "转行")[nth % 2], between(rng, one.listed_on, date(2024, 4, 28)))
        made.append(one)
    return made


def _listed_on(rng: random.Random, nth: int) -> date:
    before = date(2022, 3, 1)
    for day, count in _LISTED.items():
        if nth < count:
            return between(rng, before, day - timedelta(days=3))
        before = day
    return between(rng, before, date(2024, 4, 25))


def _promote(rng: random.Random, streamers: list[Practitioner]) -> None:
    """Recognise 1,046 active women as excellent, a hundred of them as the best hundred."""
    eligible = [
        s for s in streamers if not s.male and s.left is None and s.listed_on and s.listed_on < date(2024, 3, 1)
    ]
    for nth, one in enumerate(rng.sample(eligible, EXCELLENT + TOP_HUNDRED)):
        one.excellent_from = between(rng, one.listed_on or date(2022, 3, 1), date(2024, 3, 20))
        one.is_top = nth < TOP_HUNDRED


def _employ(rng: random.Random, streamers: list[Practitioner], firms: list[Firm]) -> None:
    """Put women into firms and choose who streams every month; the early ones, so that there is a before."""
    early = [s for s in streamers if not s.male and s.id_no and s.left is None and len(s.accounts) == 1][:1400]
    rng.shuffle(early)
    for nth, one in enumerate(early[: TRAINED_REGULARS + OTHER_REGULARS]):
        one.monthly_yuan = rng.randint(18_000, 95_000)
        one.is_untaught = nth >= TRAINED_REGULARS
        one.taught_in = None if one.is_untaught else rng.choice(months(date(2023, 7, 1), date(2023, 12, 1)))
        one.seeks_work = False
    rest = iter(early[TRAINED_REGULARS + OTHER_REGULARS :])
    for firm in firms:
        for _ in range(2 if firm.trained_from is None else 3 if firm.trained_from.year == 2023 else 8):
            one = next(rest)
            one.firm, one.form, one.seeks_work = firm, "企业就业", False
            one.taught_in, one.is_untaught = firm.trained_from, firm.trained_from is None
