"""The e-commerce firms of one county: their codes, their sales month by month, and how many work there."""

import random
from dataclasses import dataclass, field
from datetime import date

from samples.people import AREA
from samples.world import World

FIRM_COUNT, LARGE_FIRMS, WOMEN_BRANDS, FEDERATIONS, SOLE_TRADERS = 150, 104, 110, 33, 4
FIRST_MONTH, LAST_MONTH = date(2022, 10, 1), date(2024, 4, 1)
LARGE_YUAN, WOMEN_SHARE = 5_000_000, 0.6
# Sales of a month against the year's mean: the two shopping festivals, and the standstill at New Year.
SEASON = (0.86, 0.62, 0.88, 0.9, 0.92, 1.12, 0.84, 0.86, 0.98, 1.12, 1.72, 1.18)
_PLATFORMS = ("抖音", "淘宝", "天猫", "拼多多", "快手", "京东", "视频号", "1688")
_TRADES = ("绒业", "羊绒制品", "电子商务", "服饰", "网络科技", "纺织")
_SYLLABLES = "岫珩霁澍蓁沅芷苒翊峤筠晟骁琬樾蕙荔屹"
_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CHARACTERS_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_UPLIFT = 1.14


@dataclass(eq=False)
class Firm:
    """One firm; ``named`` has its names by the month from which they hold, ``trained_from`` when its people learnt."""

    nth: int
    code: str
    named: list[tuple[date, str]]
    platforms: tuple[str, ...]
    yearly_yuan: int
    employees: int
    women: int
    female_led: bool
    owner_female: bool
    brand_from: date | None = None
    federation_from: date | None = None
    trained_from: date | None = None
    sold: dict[tuple[str, date], int] = field(default_factory=dict)

    @property
    def is_sole_trader(self) -> bool:
        """Whether the firm is its owner: a code that begins with 92."""
        return self.code.startswith("92")

    def name_at(self, month: date) -> str:
        """The firm's name in ``month``."""
        return [name for since, name in self.named if since <= month][-1]

    def sales_of(self, year: int) -> int:
        """What the firm sold in ``year`` on all its platforms, in yuan, refunds off."""
        return sum(yuan for (_, month), yuan in self.sold.items() if month.year == year)


def months(first: date, last: date) -> list[date]:
    """The first days of the months from ``first`` to ``last``, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [month_after(first, n) for n in range(count)]


def month_after(month: date, count: int) -> date:
    """The first day of the month ``count`` months after ``month``."""
    nth = month.year * 12 + month.month - 1 + count
    return date(nth // 12, nth % 12 + 1, 1)


def unified_code(category: str, serial: int) -> str:
    """A unified social credit code (GB 32100) of the unassigned area: ``category`` is 91 or 92."""
    body = f"MA{serial:06d}"
    check = -sum(_CHARACTERS_36.index(c) * w for c, w in zip(body, _BODY_WEIGHTS, strict=True)) % 11
    first = f"{category}{AREA}{body}{'X' if check == 10 else check}"
    total = sum(_CHARACTERS.index(c) * pow(3, n, 31) for n, c in enumerate(first))
    return first + _CHARACTERS[-total % 31]


def build_firms(world: World) -> list[Firm]:
    """Make the firms of the county: 104 sell five million yuan a year, 110 carry the brand, 33 have a federation."""
    rng = world.rng("firms")
    firms = [_firm(world, rng, n) for n in range(FIRM_COUNT)]
    for nth, firm in enumerate(rng.sample(firms, WOMEN_BRANDS)):
        firm.brand_from = FIRST_MONTH if nth < 70 else rng.choice(months(FIRST_MONTH, date(2024, 3, 1)))
    companies = [f for f in firms if not f.is_sole_trader and f.nth < LARGE_FIRMS]
    for nth, firm in enumerate(rng.sample(companies, FEDERATIONS)):
        firm.federation_from = FIRST_MONTH if nth < 12 else rng.choice(months(FIRST_MONTH, date(2024, 3, 1)))
    # by turns: trained before the platform kept figures, trained in between, not yet trained
    for firm in firms:
        if firm.nth % 8 < 3:
            firm.trained_from = rng.choice(months(date(2023, 3, 1), date(2023, 12, 1)))
        elif firm.nth % 8 < 6:
            firm.trained_from = rng.choice(months(date(2022, 2, 1), date(2022, 9, 1)))
    _balance(firms)
    for firm in firms:
        _sell(rng, firm)
    renamed = next(f for f in firms if f.nth % 8 == 4)
    renamed.named.append((date(2023, 9, 1), renamed.named[0][1].replace("清河县", "河北")))
    return firms


def _firm(world: World, rng: random.Random, nth: int) -> Firm:
    sole = nth >= FIRM_COUNT - SOLE_TRADERS
    brand = _SYLLABLES[nth % len(_SYLLABLES)] + _SYLLABLES[(nth // len(_SYLLABLES) * 5 + nth + 1) % len(_SYLLABLES)]
    name = f"清河县{brand}{_TRADES[nth % len(_TRADES)]}有限公司"
    if sole:
        name = f"清河县{world.people.name(male=False)}服饰店"
    large = nth < LARGE_FIRMS
    yearly = rng.randint(5_900_000, 38_000_000) if large else rng.randint(700_000, 4_300_000)
    employees = rng.randint(3, 9) if sole else rng.randint(150, 420) if large else rng.randint(40, 160)
    first, second = rng.sample(_PLATFORMS, 2)
    platforms = (first, second) if nth % 7 == 3 else (first,)
    code = unified_code("92" if sole else "91", 7001 + 37 * nth)
    women = round(employees * (0.6 + rng.uniform(-0.12, 0.12)))
    return Firm(nth, code, [(date.min, name)], platforms, yearly, employees, women, rng.random() < 0.7, nth % 4 != 1)


def _balance(firms: list[Firm]) -> None:
    """Three in five who work there are women: what chance gave too many or too few is spread over the firms."""
    owing = round(sum(f.employees for f in firms) * WOMEN_SHARE) - sum(f.women for f in firms)
    for n in range(abs(owing)):
        firms[n % LARGE_FIRMS].women += 1 if owing > 0 else -1


def _sell(rng: random.Random, firm: Firm) -> None:
    """What the firm sold in truth; a class of its people shows from the next month on."""
    shares = (0.65, 0.35) if len(firm.platforms) == 2 else (1.0,)
    for month in months(FIRST_MONTH, LAST_MONTH):
        factor = SEASON[month.month - 1] * rng.uniform(0.96, 1.04)
        if firm.trained_from and month > firm.trained_from:
            factor *= _UPLIFT
        for platform, share in zip(firm.platforms, shares, strict=True):
            firm.sold[platform, month] = round(firm.yearly_yuan / 12 * factor * share)
