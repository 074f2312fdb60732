"""One night of a whole country: as many counties as China has, each with the eight ledgers that counties really send.

Every county has children, volunteers and numbers of its own. Each file of some twenty records has a header, a record
that must be refused and a record that stands twice; half of the files are GB18030, half UTF-8.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from samples.people import AREA, check_digit
from samples.scaled import MOST_SENDERS, write_organisations

NO_DAY = "去年夏天"
_LEVELS, _KINDS = ("市", "县", "乡", "村"), ("走访排查", "安全知识讲解", "家教知识宣讲", "儿童心理抚慰", "陪伴研学")
_STREETS = ("东街镇", "西湖镇", "南桥乡", "北山街道")


@dataclass(frozen=True)
class County:
    """One county of the night: its sender's code, which of all it is, and the month that it reports on."""

    code: str
    nth: int
    month: date

    def day(self, nth: int) -> date:
        """A day of the month."""
        return self.month + timedelta(days=(nth * 7 + self.nth) % 28)

    def begun(self, nth: int) -> date:
        """A day in the year before."""
        return self.month - timedelta(days=10 + (nth * 17 + self.nth) % 340)

    def id_no(self, nth: int, year: int) -> str:
        """An identity number that no other person of the country has."""
        person = self.nth * 64 + nth
        body = f"{AREA}{date(year, 1, 1) + timedelta(days=person % 1800):%Y%m%d}{person // 1800:03d}"
        return body + check_digit(body)

    def child(self, nth: int) -> str:
        """The number of a child."""
        return f"{self.code}-KJ-{nth:04d}"

    def volunteer(self, nth: int) -> str:
        """The number of a volunteer, who is paired with two children."""
        return f"{self.code}-YM-{nth // 2:04d}"

    def phone(self, nth: int) -> str:
        """The volunteer's phone."""
        return f"199{self.nth * 64 + nth // 2:08d}"


def _children(county: County, nth: int) -> str:
    id_no = county.id_no(nth, 2012)
    sex = "男" if int(id_no[16]) % 2 else "女"
    born = f"{id_no[6:10]}-{id_no[10:12]}-{id_no[12:14]}"
    begun = f"{county.begun(nth):%Y年%m月%d日}" if nth != 3 else NO_DAY
    return f"{county.child(nth)},童{nth:03d},{sex},{id_no},{born},{_STREETS[nth % 4]},留守,{begun}"


def _pairings(county: County, nth: int) -> str:
    paired = county.begun(nth) + timedelta(days=9) if nth != 3 else NO_DAY
    return (
        f"{county.child(nth)},童{nth:03d},{county.id_no(nth, 2012)},妈{nth // 2:03d},{county.id_no(nth // 2, 1980)},"
        f"{county.phone(nth)},{county.volunteer(nth)},{_LEVELS[nth % 4]},执委,{paired},是,已"
    )


def _care_activities(county: County, nth: int) -> str:
    day = county.day(nth)
    at = f"{day} {9 + nth % 10:02d}:{nth % 60:02d}:00"
    return (
        f"HD{day:%Y%m}-{nth:04d},{_KINDS[nth % 5]},{day if nth != 3 else NO_DAY},{at},{at},入户,是,{30 + nth},"
        f"{county.volunteer(nth)},妈{nth // 2:03d},{county.phone(nth)},{county.child(nth)},1,1,村委会,否,有效,{nth % 4}"
    )


def _referrals(county: County, nth: int) -> str:
    day = county.day(nth)
    found = f"{day} 08:{nth % 60:02d}:00" if nth != 3 else NO_DAY
    stamps = ",".join(f"{day} {hour:02d}:{nth % 60:02d}:00" for hour in (10, 11))
    return (
        f"XS{day:%Y%m}-{nth:04d},演示县{county.code},{found},走访,忽视,中,{stamps},民政,{day} 15:00:00,,,"
        f"{day} 16:00:00,0,{county.child(nth)}"
    )


def _points(county: County, nth: int) -> str:
    day = county.day(nth)
    return (
        f"JF{day:%Y%m}-{nth:05d},{day if nth != 3 else NO_DAY},{county.volunteer(nth)},妈{nth // 2:03d},"
        f"{county.phone(nth)},入户走访,{1 + nth % 5},{county.child(nth)},HD{day:%Y%m}-{nth:04d},"
    )


def _support_services(county: County, nth: int) -> str:
    kind, source = (
        ("心理热线", "婚姻调解", "心理辅导", "公益课堂")[nth % 4],
        ("教育", "法院", "检察院", "自主求助", "妇联")[nth // 4],
    )
    events = nth + county.nth if nth != 3 else "很多"
    return f"{county.month:%Y年%m月},{kind},{source},县,{events},{2 * (nth + county.nth)},3"


def _trainings(county: County, nth: int) -> str:
    day = county.day(0)
    there = "到" if nth % 7 else "假"
    id_no = county.id_no(32 + nth, 1985)
    sex = "男" if int(id_no[16]) % 2 else "女"
    starts = day if nth != 3 else NO_DAY
    return (
        f"{day.year}-{county.code},家庭教育骨干培训班,演示县{county.code}妇联,{starts},{day + timedelta(days=2)},16,"
        f"学员{nth:03d},{sex},{id_no},{county.phone(32 + nth)},{there},{'是' if nth % 7 else '否'},就业"
    )


def _funds(county: County, nth: int) -> str:
    source = ("市级财政", "县级财政", "上级专项", "慈善基金", "企业捐赠")[nth % 5]
    amount = 10_000 * (1 + nth) + county.nth if nth != 3 else "若干万"
    spent = 9_000 * (1 + nth) + county.nth % 1000
    return (
        f"{county.month.year},PZ-{county.code}-{nth:03d},{source},困境儿童走访慰问,{20_000 * (1 + nth)},{amount},"
        f"{spent},{10 + nth},{12 + nth},{county.day(nth)}"
    )


Line = Callable[[County, int], str]
LEDGERS: dict[str, tuple[str, Line]] = {
    "children": ("档案编号,姓名,性别,身份证号码,出生日期,乡镇（街道）,困境类型,纳入时间", _children),
    "pairings": (
        "儿童编号,儿童姓名,儿童身份证号,阳光妈妈姓名,阳光妈妈身份证号,联系电话,阳光妈妈编号,层级,身份,结对时间,承诺书,背景核查",
        _pairings,
    ),
    "care_activities": (
        (
            "活动编号,活动类型,活动日期,录入时间,更新时间,开展方式,是否见到儿童,时长（分钟）,阳光妈妈编号,"
            "阳光妈妈姓名,手机,儿童编号,参与儿童数,参与家长数,地点,发现问题,状态,照片数"
        ),
        _care_activities,
    ),
    "referrals": (
        (
            "线索编号,县（市、区）,发现时间,线索来源,侵害类型,严重程度,首次介入时间,上报时间,转办部门,处置时间,"
            "结案时间,重启时间,更新时间,是否删除,儿童编号"
        ),
        _referrals,
    ),
    "points": (
        "流水号,积分日期,阳光妈妈编号,阳光妈妈姓名,手机,积分项目,积分,儿童编号,活动编号,冲销流水号",
        _points,
    ),
    "support_services": ("月份,服务类型,推送来源,层级,服务件数,服务人次,岗位数", _support_services),
    "trainings": (
        "班次编号,班次名称,培训机构,开班时间,结束时间,课时,学员姓名,性别,身份证号码,手机,出勤,是否结业,培训前状态",
        _trainings,
    ),
    "funds": ("年度,凭证号,资金来源,项目,预算数,到账数,支出数,受益户数,受益人数,拨付日期", _funds),
}
RECORDS = 19


def content(county: County, dataset: str) -> bytes:
    """One file: a header, nineteen records of which one is refused, and the fifth of them once more."""
    header, line = LEDGERS[dataset]
    lines = [line(county, nth) for nth in range(RECORDS)]
    return "\r\n".join([header, *lines, lines[4], ""]).encode("utf-8" if county.nth % 2 else "gb18030")


def write_nation(inbox: Path, month: date, senders: int = MOST_SENDERS) -> Iterator[int]:
    """Write what ``senders`` counties send about ``month``, yielding the number of files written so far.

    One more file has the organisations, so that each sender is known to its city and province.
    """
    counties = [County(f"99{nth + 1:04d}", nth, month) for nth in range(senders)]
    write_organisations([county.code for county in counties], inbox)
    done = 1
    for county in counties:
        for dataset in LEDGERS:
            folder = inbox / county.code / dataset
            folder.mkdir(parents=True)
            (folder / f"{dataset}{month:%Y%m}.csv").write_bytes(content(county, dataset))
        done += len(LEDGERS)
        yield done
