"""A county's women's groups and micro homes: who they are, since when, and what the register says of each quarter."""

import random
from dataclasses import dataclass, replace
from datetime import date

from samples.world import World, between

SNAPSHOTS = (
    date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 30), date(2023, 12, 31), date(2024, 3, 31), date(2024, 4, 30),
)  # fmt: skip
TOWNS = ("花园镇", "丰山镇", "周巷镇", "小河镇", "王店镇", "卫店镇", "白沙镇", "邹岗镇")
GROUPS, MICRO_HOMES = 54, 44
HAMLET, HAMLET_WOMEN = "夏家榨湾", 86
_PAGE_GROUPS = (
    ("“玉玲姐”广场舞小组", "趣缘", 61), ("“卫您好”环境卫生清洁小组", "地缘", 72), ("“护苗苗”爱心妈妈小组", "趣缘", 38),
    ("“搭把手”邻里互助小组", "地缘", 80), ("“好姊妹”关心关爱小组", "地缘", HAMLET_WOMEN),
    ("“书香湾”家庭阅读小组", "趣缘", 45), ("“和为贵”矛盾调解小组", "地缘", 66),
)  # fmt: skip
_NICKNAMES = (
    "巧手娘",
    "百灵鸟",
    "暖心坊",
    "半边天",
    "平安铃",
    "绿叶情",
    "夕阳红",
    "向阳花",
    "红围裙",
    "知心姐",
    "小石榴",
    "春燕",
)
_THEMES = (
    "巧手编织", "戏曲传唱", "助老照护", "移风易俗宣讲", "平安巡逻", "河道巡护", "健身操", "厨艺交流", "留守儿童陪护",
    "就业信息", "手工布鞋", "法律宣传",
)  # fmt: skip
_KINDS = (
    ("湾组谈心说事", "地缘", ("村妇联执委", "女能人", "女党员", "调解员")),
    ("行业合作互助", "业缘", ("致富带头人", "女性创业典型")),
    ("社区志愿服务", "趣缘", ("巾帼志愿者", "社工", "女网格员")),
)
_VILLAGES = ("联丰村", "团结村", "胜利村", "金盆村")
_HAMLETS = ("上湾", "下湾", "陈家湾", "大屋湾", "余家湾", "小区一组")


@dataclass(frozen=True)
class Unit:
    """One group, micro home or federation; ``leaves`` is the first snapshot without it, ``closed_on`` a stated end."""

    name: str
    kind: str
    home_kind: str
    bond: str
    leader: str
    phone: str
    identity: str
    town: str
    village: str
    hamlet: str
    site: str
    founded_on: date
    members: int
    covered: int
    resident: int
    leaves: date = date.max
    closed_on: date = date.max

    def stands_in(self, nth: int) -> bool:
        """Whether the ``nth`` snapshot lists the unit; a closed one stands there once more, as closed."""
        before = SNAPSHOTS[nth - 1] if nth else date.min
        return self.founded_on <= SNAPSHOTS[nth] < self.leaves and self.closed_on > before


def build_units(world: World) -> list[Unit]:
    """All units there ever were, by town."""
    rng = world.rng("networks")
    units = [_group_of_the_page(world, rng, nth) for nth in range(len(_PAGE_GROUPS))]
    rest = GROUPS - len(units) + 2
    units += [_group(world, rng, nth) for nth in range(rest)]
    units[-2] = replace(units[-2], founded_on=date(2022, 5, 4), leaves=SNAPSHOTS[4])
    units[-1] = replace(units[-1], founded_on=date(2022, 6, 1), closed_on=date(2024, 2, 20))
    homes = [_home(world, rng, nth) for nth in range(MICRO_HOMES + 5)]
    homes[-2] = replace(homes[-2], founded_on=date(2023, 2, 8), leaves=SNAPSHOTS[3])
    homes[-1] = replace(homes[-1], founded_on=date(2023, 3, 8), closed_on=date(2023, 11, 30))
    units += [*homes, _both(world, rng, units[3]), *[_womens_home(world, rng, town) for town in TOWNS]]
    units.append(_federation(world, rng))
    return sorted(units, key=lambda u: TOWNS.index(u.town))


def _person(world: World, rng: random.Random) -> tuple[str, str]:
    """A leader; four of ten are known by their name alone."""
    name, phone = world.people.name(male=False), world.people.phone()
    return name, phone if rng.random() < 0.6 else ""


def _group_of_the_page(world: World, rng: random.Random, nth: int) -> Unit:
    name, bond, covered = _PAGE_GROUPS[nth]
    return Unit(
        name, "小组", "", bond, *_person(world, rng), "党员" if nth % 2 else "村妇联执委", "丰山镇", "夏家榨村", HAMLET,
        "夏家榨湾百姓舞台", between(rng, date(2021, 3, 8), date(2023, 12, 20)), 9 + nth, covered, HAMLET_WOMEN,
    )  # fmt: skip


def _group(world: World, rng: random.Random, nth: int) -> Unit:
    resident = rng.randint(40, 160)
    covered = resident + 9 if nth == 21 else rng.randint(15, resident)
    name = f"“{_NICKNAMES[nth % 12]}”{_THEMES[(nth + nth // 12) % 12]}小组"
    founded = between(rng, date(2020, 3, 8), date(2024, 3, 20))
    return Unit(
        name, "小组", "", ("地缘", "趣缘", "业缘")[nth % 3], *_person(world, rng),
        ("女能人", "执委", "网格员")[nth % 3], TOWNS[nth % 8], _VILLAGES[nth // 8 % 4], _HAMLETS[nth % 6], "", founded,
        rng.randint(6, 30), covered, resident,
    )  # fmt: skip


def _home(world: World, rng: random.Random, nth: int) -> Unit:
    """A micro home; three are older than 2023, all others were founded since."""
    kind, bond, identities = _KINDS[nth % 3]
    early = MICRO_HOMES - 1 <= nth < MICRO_HOMES + 2
    founded = between(
        rng, *((date(2021, 5, 1), date(2022, 12, 20)) if early else (date(2023, 1, 5), date(2024, 4, 20)))
    )
    resident = rng.randint(60, 400)
    name = f"“{_NICKNAMES[(nth + nth // 24 + 5) % 12]}”{kind}微家"
    return Unit(
        name, "微家", kind, bond, *_person(world, rng), rng.choice(identities), TOWNS[(nth // 3) % 8],
        _VILLAGES[nth % 4], _HAMLETS[nth % 6], "" if nth % 4 else "村党群服务中心", founded, rng.randint(5, 18),
        rng.randint(20, resident), resident,
    )  # fmt: skip


def _both(world: World, rng: random.Random, group: Unit) -> Unit:
    """The micro home that is the same place, under the same name, as one of the groups."""
    leader, phone = _person(world, rng)
    began = date(2023, 5, 15)
    return replace(
        group,
        kind="微家",
        home_kind="湾组谈心说事",
        leader=leader,
        phone=phone,
        founded_on=began,
        members=8,
        covered=40,
    )


def _womens_home(world: World, rng: random.Random, town: str) -> Unit:
    return Unit(
        f"{town}妇女之家", "妇女之家", "", "", *_person(world, rng), "村妇联执委", town, _VILLAGES[0], "",
        "镇党群服务中心", date(2018, 3, 8), 12, 0, 0,
    )  # fmt: skip


def _federation(world: World, rng: random.Random) -> Unit:
    return Unit(
        "孝昌县快递和外卖行业妇联", "行业妇联", "", "业缘", *_person(world, rng), "党员", "花园镇", "府前社区", "",
        "花园镇快递分拨中心", date(2024, 4, 18), 96, 0, 0,
    )  # fmt: skip
