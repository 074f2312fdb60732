"""The places of the sample world: one city, four counties, a functional area, their townships and some villages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Township:
    """A township or street office, with the villages that the world uses."""

    code: str
    name: str
    county_code: str
    villages: tuple[str, ...]


@dataclass(frozen=True)
class County:
    """A county that sends ledgers under ``sender``; ``children`` and the volunteers of its levels at 2024-04-30."""

    code: str
    name: str
    sender: str
    townships: tuple[Township, ...]
    children: int
    volunteers: dict[str, int]


CITY_CODE, CITY_SENDER, REGISTER_SENDER = "371100", "rizhao", "rizhao-mz"
CITY_VOLUNTEERS, CITY_PAIRED = 38, 52
HERO_VILLAGE = "顾家沟村"

_VILLAGES = ("东庄村", "西岭村", "前河村", "后疃村", "大官庄村", "小官庄村", "北山村", "南泉村", "石沟村", "柳林社区")


def township_code(county: str, name: str, nth: int) -> str:
    """The 9-digit code of a county's ``nth`` township: street offices begin at 001, towns at 100."""
    return f"{county}{(1 if name.endswith('街道') else 100) + nth:03d}"


def _townships(county: str, names: str) -> tuple[Township, ...]:
    found = []
    for n, name in enumerate(names.split()):
        code = township_code(county, name, n)
        villages = _VILLAGES[n % 3 : n % 3 + 6]
        found.append(Township(code, name, county, (HERO_VILLAGE, *villages) if name == "西湖镇" else villages))
    return tuple(found)


def _county(code: str, name: str, sender: str, children: int, levels: tuple[int, int, int], towns: str) -> County:
    volunteers = dict(zip(("county", "township", "village"), levels, strict=True))
    return County(code, name, sender, _townships(code, towns), children, volunteers)


COUNTIES = (
    _county(
        "371102",
        "东港区",
        "donggang",
        412,
        (24, 52, 150),
        "日照街道 石臼街道 秦楼街道 河山镇 涛雒镇 西湖镇 陈疃镇 南湖镇 三庄镇 后村镇",
    ),
    _county(
        "371103",
        "岚山区",
        "lanshan",
        318,
        (24, 40, 118),
        "岚山头街道 安东卫街道 碑廓镇 虎山镇 巨峰镇 高兴镇 黄墩镇 中楼镇",
    ),
    _county(
        "371121",
        "五莲县",
        "wulian",
        371,
        (24, 47, 140),
        "洪凝街道 街头镇 潮河镇 许孟镇 于里镇 汪湖镇 叩官镇 中至镇 高泽镇 松柏镇",
    ),
    _county(
        "371122",
        "莒县",
        "juxian",
        538,
        (24, 64, 202),
        "城阳街道 阎庄街道 浮来山街道 招贤镇 夏庄镇 刘官庄镇 峤山镇 小店镇 龙山镇 长岭镇 安庄镇 洛河镇",
    ),
)


_CENTRE: str = """
100000,中华全国妇女联合会,全国,全国,,100000,federation,否,1949-04-03,
370000,山东省妇女联合会,山东省,省级,100000,370000,,否,1950年6月,
371100,日照市妇女联合会,日照市,市级,370000,371100,rizhao,否,1989年12月,
371100-MZ,日照市民政局,日照市,部门,371100,371100,rizhao-mz,否,1989-12-01,
371171,日照经济技术开发区妇联,日照经济技术开发区,功能区,371100,371171,,是,1991-11-01,
"""


def organisation_rows() -> list[list[str]]:
    """The city's part of the tree and what stands above it.

    Code, name, place, level, parent, region, sender id, functional area, opened, closed.
    """
    rows = [line.split(",") for line in _CENTRE.split()]
    for county in COUNTIES:
        rows.append(organisation_row(county.code, county.name, "县级", CITY_CODE, county.sender, "1993-03-01"))
        for town in county.townships:
            rows.append(organisation_row(town.code, town.name, "乡镇", county.code, "", "2001年3月"))
            villages = enumerate(town.villages[:3], 201)
            rows += [
                organisation_row(f"{town.code}{n}", name, "村级", town.code, "", "2016-11-08") for n, name in villages
            ]
    return rows


def organisation_row(code: str, place: str, level: str, parent: str, sender: str, opened: str) -> list[str]:
    """One federation with the name of its place, and with the code of its region as its own."""
    return [code, f"{place}妇女联合会", place, level, parent, code, sender, "否", opened, ""]
