"""How the world comes to be: children enter and leave, volunteers are found, pairings are made and replaced."""

import random
from datetime import date, timedelta

from samples.people import People
from samples.places import CITY_PAIRED, CITY_SENDER, CITY_VOLUNTEERS, COUNTIES, HERO_VILLAGE, County, Township
from samples.world import PAIRING_DAYS, REGISTER_DAYS, TODAY, Child, Episode, Volunteer, World, between

_CATEGORIES = (
    "事实无人抚养",
    "孤儿",
    "重残",
    "重病",
    "贫困家庭",
    "监护缺失",
    "留守",
    "孤儿、重残",
    "事实无人抚养；贫困家庭",
    "留守，重病",
    "重残/贫困家庭",
    "流动",
)
_RELATIONS = ("祖母", "祖父", "外祖母", "父亲", "母亲", "姑姑", "叔父", "福利院")
_IDENTITIES = {
    "city": ("专职干部", "心理咨询师", "家庭教育指导师"),
    "county": ("专职干部", "心理咨询师", "社会志愿者"),
    "township": ("执委", "专职干部"),
    "village": ("村居主席", "执委", "执委"),
}
_LEAVERS_STATED, _LEAVERS_SILENT, _REPLACED = 150, 81, 190


def build_world(seed: int) -> World:
    """Make the truth for ``seed``: 1,639 registered children and 947 active volunteers at 2024-04-30."""
    world = World(seed, People(random.Random(f"{seed}/people")))
    rng = world.rng("population")
    for county in COUNTIES:
        _register(world, rng, county)
    for county in COUNTIES:
        _volunteers(world, rng, county)
    for _ in range(CITY_VOLUNTEERS):
        world.volunteers.append(_volunteer(world, rng, "city", CITY_SENDER, None, ""))
    _pair(world, rng)
    _replace(world, rng)
    _assist(world, rng)
    return world


def _register(world: World, rng: random.Random, county: County) -> None:
    """The county's children: the ones of today, then the ones who left."""
    share = county.children / 1639
    leavers = round((_LEAVERS_STATED + _LEAVERS_SILENT) * share)
    for n in range(county.children + leavers):
        town = rng.choice(county.townships)
        if county.code == "371102" and n < 7:
            town = next(t for t in county.townships if HERO_VILLAGE in t.villages)
        village = HERO_VILLAGE if HERO_VILLAGE in town.villages and n < 7 else town.villages[-1 - n % 5]
        child = _child(world, rng, f"{county.code}-KJ-{n + 1:04d}", town, village)
        if county.code != "371103" and 20 <= n < 24:
            child.id_no = None
        if n in (90 + int(county.code) % 4, 77):
            rare = f"{child.name[0]}\ue1a3{child.name[2]}" if n == 77 else f"古丽{child.name[2]}·买合{child.name[1]}"
            child.name = world.people.remember(rare)
        world.children.append(child)
        if n >= county.children:
            _leave(world, rng, child, stated=n % 3 != 0)


def _child(world: World, rng: random.Random, number: str, town: Township, village: str) -> Child:
    male = rng.random() < 0.52
    born = between(rng, date(2007, 1, 15), date(2019, 6, 30))
    late = rng.random() < 0.25
    registered = (
        between(rng, date(2022, 5, 20), date(2024, 4, 12))
        if late
        else between(rng, date(2019, 9, 1), date(2022, 5, 19))
    )
    people = world.people
    name = people.name(male)
    return Child(
        number, name, male, born, people.id_number(born, male), town, village, rng.choice(_CATEGORIES),
        people.name(False), people.phone(), rng.choice(_RELATIONS), registered, rng.random() < 0.08,
    )  # fmt: skip


def _leave(world: World, rng: random.Random, child: Child, *, stated: bool) -> None:
    child.registered_on = between(rng, date(2019, 9, 1), date(2022, 5, 19))
    child.month_only = False
    if not stated:
        child.dropped_on = rng.choice(REGISTER_DAYS[1:-1])
        return
    child.closed_on = between(rng, date(2022, 7, 1), date(2024, 3, 20))
    child.close_reason = rng.choice(("迁出", "监护恢复", "被收养", "年满18周岁"))
    if child.close_reason == "年满18周岁":
        child.born = date(child.closed_on.year - 18, child.closed_on.month, min(child.closed_on.day, 28))
        child.id_no = world.people.id_number(child.born, child.male)


def _volunteers(world: World, rng: random.Random, county: County) -> None:
    for level, count in county.volunteers.items():
        for _ in range(count):
            town = None if level == "county" else rng.choice(county.townships)
            village = rng.choice(town.villages[-5:]) if town and level == "village" else ""
            world.volunteers.append(_volunteer(world, rng, level, county.sender, town, village))


def _volunteer(
    world: World, rng: random.Random, level: str, sender: str, town: Township | None, village: str
) -> Volunteer:
    people = world.people
    male = level != "village" and rng.random() < 0.03
    born = between(rng, date(1962, 1, 1), date(1996, 12, 31))
    number = f"{sender[:2].upper()}-YM-{len(world.volunteers) + 1:04d}"
    writes = rng.choices(("full", "absent", "masked", "fifteen"), (90, 6, 2, 2))[0]
    return Volunteer(
        number, people.name(male), male, people.id_number(born, male), people.phone(), level,
        rng.choice(_IDENTITIES[level]), sender, town, village, writes,
    )  # fmt: skip


def _first_pairing(rng: random.Random, child: Child) -> date:
    """Pairing began in 2021-06; later children are paired within two weeks."""
    if child.registered_on < date(2021, 6, 1):
        return between(rng, date(2021, 6, 5), date(2022, 4, 20))
    return child.registered_on + timedelta(days=rng.randint(2, 14))


def _pair(world: World, rng: random.Random) -> None:
    """Pair every child; the children of today with the 947, each of whom gets at least one."""
    today = [c for c in world.children if not (c.closed_on or c.dropped_on)]
    city = [v for v in world.volunteers if v.level == "city"]
    given = rng.sample([c for c in today if c.village != HERO_VILLAGE], CITY_PAIRED)
    for n, child in enumerate(given):
        _begin(world, rng, child, city[n % len(city)])
    taken = set(map(id, given))
    for county in COUNTIES:
        mine = [c for c in today if c.town.county_code == county.code and id(c) not in taken]
        _pair_county(world, rng, mine, [v for v in world.volunteers if v.sender == county.sender])
    own = {c.code: [v for v in world.volunteers if v.sender == c.sender and v.level == "county"] for c in COUNTIES}
    for child in world.children:
        if child.closed_on or child.dropped_on:
            _end(rng, child, _begin(world, rng, child, rng.choice(own[child.town.county_code])))


def _pair_county(world: World, rng: random.Random, children: list[Child], volunteers: list[Volunteer]) -> None:
    heroes = [c for c in children if c.village == HERO_VILLAGE]
    if heroes:
        hero = next(v for v in volunteers if v.level == "village")
        hero.town, hero.village, hero.writes, hero.male, hero.identity = (
            heroes[0].town,
            HERO_VILLAGE,
            "full",
            False,
            "村居主席",
        )
        for child in heroes:
            _begin(world, rng, child, hero)
        volunteers = [v for v in volunteers if v is not hero]
    rest = [c for c in children if c.village != HERO_VILLAGE]
    rng.shuffle(rest)
    load = {id(v): 1 for v in volunteers}
    for volunteer, child in zip(volunteers, rest[: len(volunteers)], strict=True):
        if volunteer.town:
            volunteer.town = child.town
            volunteer.village = child.village if volunteer.level == "village" else ""
        _begin(world, rng, child, volunteer)
    for child in rest[len(volunteers) :]:
        near = [v for v in volunteers if v.town in (None, child.town) and load[id(v)] < 5]
        volunteer = rng.choice(near or [v for v in volunteers if load[id(v)] < 5])
        load[id(volunteer)] += 1
        _begin(world, rng, child, volunteer)


def _begin(world: World, rng: random.Random, child: Child, volunteer: Volunteer) -> Episode:
    checked = rng.choices((True, False, None), (92, 5, 3))[0]
    episode = Episode(
        child, volunteer, volunteer.sender, _first_pairing(rng, child), pledge=rng.random() < 0.95, checked=checked
    )
    world.episodes.append(episode)
    return episode


def _end(rng: random.Random, child: Child, episode: Episode) -> None:
    """The pairing of a child who left: ended with a reason, or simply no longer in the ledger."""
    if child.closed_on and rng.random() < 0.7:
        episode.ended_on = max(child.closed_on, episode.paired_on + timedelta(days=20))
        episode.end_reason = {"迁出": "迁出", "监护恢复": "监护恢复", "年满18周岁": "儿童年满18"}.get(
            child.close_reason or "", "其他"
        )
    else:
        left = child.closed_on or child.dropped_on or TODAY
        episode.dropped_on = next(d for d in PAIRING_DAYS if d >= left)


def _replace(world: World, rng: random.Random) -> None:
    """Give some children of today an earlier volunteer, who left: by a stated end, or overwritten without a word."""
    early = [e for e in world.episodes if not (e.ended_on or e.dropped_on) and e.child.registered_on < date(2021, 6, 1)]
    early = [e for e in early if e.child.village != HERO_VILLAGE and e.sender != CITY_SENDER]
    for n, episode in enumerate(rng.sample(early, _REPLACED)):
        if n % 2 == 0:
            former = _volunteer(world, rng, "village", episode.sender, episode.child.town, episode.child.village)
            former.number = f"{former.number}-{n:03d}"
        before = Episode(episode.child, former, episode.sender, between(rng, date(2021, 6, 5), date(2022, 4, 20)))
        ended = between(rng, date(2022, 7, 5), date(2024, 3, 10))
        episode.paired_on = ended + timedelta(days=rng.randint(0, 12))
        if n % 5 < 3:
            before.ended_on, before.end_reason = ended, rng.choice(("志愿者离岗", "更换", "志愿者离岗"))
        else:
            before.dropped_on = next(d for d in PAIRING_DAYS if d >= episode.paired_on)
        world.episodes.append(before)


def _assist(world: World, rng: random.Random) -> None:
    """Some children have a second volunteer beside the first; she has a child of her own already."""
    own = [
        e
        for e in world.episodes
        if e.sender == "donggang" and not (e.ended_on or e.dropped_on) and e.child.village != HERO_VILLAGE
    ]
    for episode in rng.sample([e for e in own if e.paired_on < date(2024, 1, 1)], 40):
        helper = rng.choice([e.volunteer for e in own if e.volunteer is not episode.volunteer])
        day = between(rng, max(episode.paired_on, date(2022, 1, 1)), date(2024, 4, 15))
        world.episodes.append(Episode(episode.child, helper, "donggang", day, role="assistant"))
