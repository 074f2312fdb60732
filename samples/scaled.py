"""A larger world for benches: as many senders and months as asked, small files with the contracts' own headers."""

import random
from datetime import date, timedelta
from pathlib import Path

from samples.central import ORGANISATION_HEADER
from samples.people import AREA, check_digit
from samples.truth import Outbox, Truth, arrived

MOST_SENDERS = 2_844
_CHILDREN = "档案编号,姓名,性别,身份证号码,出生日期,乡镇（街道）,困境类型,纳入时间"
_PAIRINGS = (
    "儿童编号,儿童姓名,儿童身份证号,阳光妈妈姓名,阳光妈妈身份证号,联系电话,阳光妈妈编号,层级,身份,结对时间,"
    "承诺书,背景核查"
)
_ACTIVITIES = (
    "活动编号,活动类型,活动日期,录入时间,更新时间,开展方式,是否见到儿童,时长（分钟）,阳光妈妈编号,阳光妈妈姓名,手机,儿童编号,"
    "参与儿童数,参与家长数,地点,发现问题,状态,照片数"
)
_KINDS = ("走访排查", "安全知识讲解", "家教知识宣讲", "儿童心理抚慰", "陪伴研学")
_FIRST_MONTH = date(2024, 1, 1)


def write_scaled(out: Path, senders: int, months: int, seed: int) -> int:
    """Write ``months`` months of ``senders`` senders (codes 990001 and on) below ``out``, as ``write_world`` does.

    Each sends a register and a pairing ledger once and 20 to 50 activities a month. Returns the number of files;
    raises ValueError for more senders than China has counties (2,844).
    """
    if not 1 <= senders <= MOST_SENDERS:
        raise ValueError(f"senders must be 1 to {MOST_SENDERS}, not {senders}")
    box, codes = Outbox(), [f"99{n + 1:04d}" for n in range(senders)]
    _organisations(codes, box)
    month_days = [_month(n) for n in range(months)]
    for code in codes:
        rng = random.Random(f"{seed}/{code}")
        count = rng.randint(20, 40)
        _once(code, count, rng, box)
        for month in month_days:
            _activities(code, month, count, rng, box)
    box.flush(out)
    return len(box.content)


def write_organisations(codes: list[str], out: Path) -> None:
    """Write the tree in which the senders ``codes`` are counties, as one file below ``out``."""
    box = Outbox()
    _organisations(codes, box)
    for path, content in box.content.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)


def _month(nth: int) -> date:
    return date(_FIRST_MONTH.year + nth // 12, nth % 12 + 1, 1)


def _send(path: str, header: str, lines: list[str], received: date, box: Outbox) -> None:
    content = "\r\n".join([header, *lines, ""]).encode("gb18030")
    box.put(path, content, arrived(received), Truth(len(lines) + 1, len(lines), non_data=1))


def _organisations(codes: list[str], box: Outbox) -> None:
    tree = ["100000,全国妇联,全国,全国,,100000,,否,,", "990000,样例省妇联,样例省,省级,100000,990000,,否,,"]
    cities = sorted({code[:4] for code in codes})
    tree += [f"{c}00-S,样例市{c}妇联,样例市{c},市级,990000,{c}00,,否,," for c in cities]
    tree += [f"{c},样例县{c}妇联,样例县{c},县级,{c[:4]}00-S,{c},{c},否,," for c in codes]
    _send("990000/organisations/organisations.csv", ",".join(ORGANISATION_HEADER), tree, date(2024, 1, 2), box)


def _identity(born: date, nth: int) -> str:
    body = f"{AREA}{born:%Y%m%d}{nth % 1000:03d}"
    return body + check_digit(body)


def _people(code: str, nth: int) -> tuple[str, str, str, str, str]:
    """Child number and identity number, volunteer number, identity number and phone."""
    place = int(code[2:]) * 50 + nth
    child = _identity(date(2010, 1, 1) + timedelta(days=place % 3000), place // 3000)
    volunteer = _identity(date(1970, 1, 1) + timedelta(days=place % 9000), place // 9000)
    return f"{code}-KJ-{nth:04d}", child, f"{code}-YM-{nth // 2:04d}", volunteer, f"199{place // 2:08d}"


def _once(code: str, count: int, rng: random.Random, box: Outbox) -> None:
    children, pairings = [], []
    for nth in range(count):
        number, id_no, mother, mother_id, phone = _people(code, nth - nth % 2)
        number, id_no = _people(code, nth)[:2]
        born = f"{id_no[6:10]}-{id_no[10:12]}-{id_no[12:14]}"
        sex = "男" if int(id_no[16]) % 2 else "女"
        begun = date(2022, 1, 1) + timedelta(days=rng.randint(0, 600))
        children.append(f"{number},童{nth:03d},{sex},{id_no},{born},样例镇{nth % 5},留守,{begun:%Y年%m月%d日}")
        pairings.append(
            f"{number},童{nth:03d},{id_no},妈{nth // 2:03d},{mother_id},{phone},{mother},村,执委,"
            f"{begun + timedelta(days=9)},是,已"
        )
    _send(f"{code}/children/register.csv", _CHILDREN, children, date(2024, 1, 5), box)
    _send(f"{code}/pairings/ledger.csv", _PAIRINGS, pairings, date(2024, 1, 6), box)


def _activities(code: str, month: date, count: int, rng: random.Random, box: Outbox) -> None:
    lines = []
    for nth in range(rng.randint(20, 50)):
        day = month + timedelta(days=rng.randint(0, 27))
        child = rng.randrange(count)
        number, _, mother, _, phone = _people(code, child)
        phone = _people(code, child - child % 2)[4]
        at = f"{day} {9 + nth % 10:02d}:{nth % 60:02d}:00"
        lines.append(
            f"HD{month:%Y%m}-{nth:04d},{_KINDS[nth % 5]},{day},{at},{at},入户,是,{30 + nth},"
            f"{mother},妈{child // 2:03d},{phone},{number},1,1,"
            f"村委会,否,有效,{nth % 4}"
        )
    end = (month + timedelta(days=31)).replace(day=1)
    _send(f"{code}/care_activities/{month:%Y%m}.csv", _ACTIVITIES, lines, end + timedelta(days=3), box)
