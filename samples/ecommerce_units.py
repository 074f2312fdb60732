"""The women's network in e-commerce: groups, micro homes and federations in firms, by the quarter, and what they do."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from samples.firms import Firm, month_after, months
from samples.sheets import NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.spelling import DAY
from samples.truth import Outbox, arrived, truth_of_records, truth_of_sheets
from samples.world import World, between

SENDER, SITE = "qinghe", "羊绒小镇"
TOWNSHIPS = ("葛仙庄镇", "连庄镇", "油坊镇", "谢炉镇", "王官庄镇", "坝营镇")
QUARTERS = (*(month_after(date(2022, 10, 1), 3 * n) - timedelta(days=1) for n in range(1, 7)), date(2024, 4, 30))
GROUPS, MICRO_HOMES, HOMES_ON_SITE = 14, 38, 24
_HEADER = (
    "序号", "所在乡镇", "村（社区）", "小组/微家名称", "组织类别", "微家类型", "纽带", "负责人", "联系电话", "身份",
    "所在园区", "成立时间", "成员数", "覆盖妇女数", "妇女总数", "状态", "备注",
)  # fmt: skip
_TRADES = (
    "直播培训", "创意设计", "主播孵化", "直播供货", "短视频拍摄", "客服互助", "选品", "仓储物流", "打版", "羊绒编织",
    "品牌运营", "摄影", "模特", "跨境电商", "文案", "售后", "面料", "染色", "质检", "包装", "法律咨询", "财税",
    "托幼互助", "心理关爱",
)  # fmt: skip
_VILLAGES = ("东关村", "西张庄村", "前石村", "后屯村", "杨二庄社区")
_IDENTITIES = ("致富带头人", "女能人", "执委", "女党员", "巾帼志愿者")
_THEMES = (("直播话术", "技能培训"), ("选品交流", "技能"), ("助老理发", "志愿服务"), ("婚姻家庭", "婚姻调适"),
           ("广场舞", "文娱"), ("心灵茶话", "心理疏导"), ("小饭桌", "养老抚幼"))  # fmt: skip


@dataclass(eq=False)
class Unit:
    """One group, micro home or federation; one that is dropped ends on ``ends_on`` without a word."""

    name: str
    kind: str
    township: str
    village: str
    site: str
    leader: str
    phone: str
    founded_on: date
    members: int
    ends_on: date | None = None
    is_dropped: bool = False

    def stands(self, day: date) -> bool:
        """Whether the unit works on ``day``, in truth."""
        return self.founded_on <= day and not (self.ends_on and self.ends_on <= day)


def build_units(world: World, firms: list[Firm]) -> list[Unit]:
    """Make the units: 52 groups and micro homes of today, one that was closed, one dropped, and firms' federations."""
    rng = world.rng("units")
    units = [_unit(world, rng, n) for n in range(GROUPS + MICRO_HOMES + 2)]
    units[-1].ends_on, units[-2].ends_on = date(2023, 8, 20), date(2023, 11, 5)
    units[-2].is_dropped = True
    for unit in units[-2:]:
        unit.founded_on = date(2022, 5, 9)
    return units + [_federation(world, rng, firm, firm.federation_from) for firm in firms if firm.federation_from]


def _federation(world: World, rng: random.Random, firm: Firm, since: date) -> Unit:
    return Unit(
        f"{firm.name_at(date.min)}妇联", "企业妇联", TOWNSHIPS[firm.nth % 6], "", SITE if firm.nth % 3 else "",
        world.people.name(male=False), world.people.phone(), since + timedelta(days=rng.randint(0, 9)), firm.women,
    )  # fmt: skip


def _unit(world: World, rng: random.Random, nth: int) -> Unit:
    """The groups first, some of them on the site too; then the micro homes, most of them there."""
    is_group, home = nth < GROUPS, nth - GROUPS
    on_site = nth < 3 if is_group else home < HOMES_ON_SITE
    township = TOWNSHIPS[0] if on_site else TOWNSHIPS[1 + nth % 5]
    village = _VILLAGES[nth % 5]
    trade = _TRADES[nth if is_group else home % len(_TRADES)]
    name = f"“{trade}”互助小组" if is_group else f"“{SITE if on_site else village[:-1]}”{trade}妇女微家"
    first, last = (date(2022, 3, 1), date(2022, 12, 20)) if nth % 3 else (date(2023, 1, 5), date(2024, 3, 20))
    founded, members = between(rng, first, last), rng.randint(8, 25) if is_group else rng.randint(60, 140)
    return Unit(
        name, "妇女小组" if is_group else "妇女微家", township, village, SITE if on_site else "",
        world.people.name(male=False), world.people.phone(), founded, members,
    )  # fmt: skip


def quoted(name: str, nth: int) -> str:
    """A name with its quotes in one of the ways in which clerks type them."""
    style = nth % 5
    if style == 1:
        return name.replace("“", '"').replace("”", '"')
    if style == 2:
        return name.replace("“", "「").replace("”", "」")
    if style == 3:
        return name.replace("“", " “").replace("”", "” ").strip()
    return name.replace("“", "").replace("”", "") if style == 4 else name


def write_units(world: World, units: list[Unit], box: Outbox) -> None:
    """Send the register of every quarter's end and of the last day, and the activities of every month."""
    for nth, day in enumerate(QUARTERS):
        sheet = _register(units, nth, day)
        name = f"清河县电商领域妇女小组和妇女微家登记表（{day.year}年{day.month}月）.xlsx"
        received = arrived(day + timedelta(days=5), minute=31)
        box.put(f"{SENDER}/org_units/{name}", xlsx_bytes([sheet]), received, truth_of_sheets([sheet]))
    rng = world.rng("unit activities")
    for month in months(date(2022, 11, 1), date(2024, 4, 1)):
        _activities(rng, [u for u in units if u.kind != "企业妇联"], month, box)


def _register(units: list[Unit], nth: int, day: date) -> Sheet:
    """One register: a block for each township, its name in one merged cell."""
    sheet = Sheet("登记表")
    told = f"{day.year}年{day.month}月{day.day}日"
    sheet.merge(sheet.aside(f"清河县电商领域妇女组织登记表（截至{told}）"), 0, 0, len(_HEADER) - 1)
    sheet.aside("填报单位（盖章）：清河县妇联", *[None] * 9, f"填报时间：{told}")
    sheet.aside(*_HEADER)
    # a unit that was closed with a word is listed as closed once; one that was dropped is simply no longer there
    before = QUARTERS[nth - 1] if nth else date(2022, 6, 30)
    listed = [u for u in units if u.stands(day) or (u.ends_on and not u.is_dropped and before < u.ends_on <= day)]
    serial = 0
    for township in TOWNSHIPS:
        first = len(sheet.rows)
        for unit in (u for u in listed if u.township == township and u.founded_on <= day):
            serial += 1
            cells = _cells(unit, serial, nth, day)
            sheet.add(serial, township if len(sheet.rows) == first else None, *cells)
        sheet.merge(first, 1, len(sheet.rows) - 1)
    if nth == 1:
        _spoil(sheet, serial)
    sheet.aside(None, "合计", None, f"{serial}个")
    sheet.aside("填表人：（签字）", None, None, "审核人：")
    return sheet


def _spoil(sheet: Sheet, serial: int) -> None:
    """A line that nobody can count, and one founded in the future: neither is a unit."""
    kind = ["兴趣社团", None, None, None, None, None, None, date(2023, 2, 1), 5, 5, 9, "正常"]
    sheet.add(serial + 1, TOWNSHIPS[-1], "东关村", "“夕阳”读书社", *kind, verdict="unknown_code")
    ahead = ["妇女微家", None, None, None, None, None, None, "2032年3月1日", 5, 5, 9, "正常"]
    sheet.add(serial + 2, TOWNSHIPS[-1], "东关村", "“明日”微家", *ahead, verdict="future_day")


def _cells(unit: Unit, serial: int, nth: int, day: date) -> list[object]:
    """One unit as the register of ``day`` writes it, from the village on."""
    is_home = unit.kind == "妇女微家"
    n = serial + nth
    founded = DAY[("chinese", "dots", "cell", "iso")[serial % 4]](unit.founded_on)
    women = unit.members * 3 - (unit.members * 2 + 5 if serial % 19 == 7 else 0)
    return [
        unit.village or None, quoted(unit.name, n), ("妇女微家", "微家")[n % 2] if is_home else unit.kind,
        "电商特色" if is_home else None, "业缘" if unit.site else "地缘", unit.leader, unit.phone,
        _IDENTITIES[serial % 5] if unit.kind != "企业妇联" else "女性创业典型",
        quoted(f"“{unit.site}”", n + 2) if unit.site else None,
        founded if serial % 6 else f"{unit.founded_on.year}年{unit.founded_on.month}月",
        f"{unit.members}人" if serial % 4 == 1 else unit.members, unit.members, women,
        "正常" if unit.stands(day) else "撤销", None,
    ]  # fmt: skip


def _activities(rng: random.Random, units: list[Unit], month: date, box: Outbox) -> None:
    header = ["记录编号", "微家名称", "组织类别", "镇街", "活动日期", "活动主题", "服务类型", "参加人次", "照片"]
    rows, end = [Row(header, NON_DATA)], month_after(month, 1)
    standing = [u for u in units if u.stands(month)]
    for n, unit in enumerate(rng.sample(standing, round(len(standing) * 0.6))):
        day = between(rng, month, end - timedelta(days=1))
        theme, service = _THEMES[rng.randrange(len(_THEMES))]
        number, count = f"QHHD{month:%Y%m}{n + 1:03d}", rng.randint(9, 60)
        people = f"{count}余" if n % 13 == 5 else f"{count}人次" if n % 7 == 2 else count
        cells = [number, quoted(unit.name, n), unit.kind, unit.township, day, theme, service, people, n % 4]
        rows.append(Row(cells))
    if month.month % 5 == 0:
        cells = list(rows[2].cells)
        cells[0], cells[4] = f"{cells[0][:10]}901", f"{month.year}-{month.month:02d}-32"
        rows.append(Row(cells, "unreadable_day"))
    if month.month % 4 == 0:
        cells = list(rows[3].cells)
        cells[0], cells[6] = f"{cells[0][:10]}902", "观光"
        rows.append(Row(cells, "unknown_code"))
    path = f"{SENDER}/unit_activities/小组微家活动记录{month:%Y%m}.csv"
    box.put(path, csv_bytes(rows, "gb18030"), arrived(end + timedelta(days=3), minute=33), truth_of_records(rows))
