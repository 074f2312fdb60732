"""A small town for faults: a few senders with small files, planted persons in them, and the program around it."""

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

from small_project import small_project

ROOT = Path(__file__).parents[2]
SETTLED = 1_700_000_000  # no night waits for a file of 2023
_ACTIVITIES = (
    "活动编号,活动类型,活动日期,录入时间,更新时间,开展方式,是否见到儿童,时长（分钟）,阳光妈妈编号,阳光妈妈姓名,手机,儿童编号,参与儿童数,"
    "参与家长数,地点,发现问题,状态,照片数"
)
_CHILDREN = "档案编号,姓名,性别,身份证号码,出生日期,乡镇（街道）,困境类型,纳入时间"
_SURNAMES, _GIVEN = "卜亓仉逯呙缑亢郗郏蔺", "玥煜霁澍绮昱璟珩翊骁"


def name_of(person: int) -> str:
    """A name that stands nowhere else."""
    return _SURNAMES[person % 10] + _GIVEN[person // 10 % 10] + _GIVEN[person // 100 % 10]


def phone_of(person: int) -> str:
    """A phone number in a range that is given to nobody."""
    return f"1990730{person:04d}"


def number_of(person: int) -> str:
    """An identity number of an area that does not exist, with its check digit (GB 11643)."""
    born = date(2012, 1, 1) + timedelta(days=person)
    body = f"999001{born:%Y%m%d}{person % 1000:03d}"
    weights = (2 ** (17 - place) % 11 for place in range(17))
    return body + "10X98765432"[sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True)) % 11]


def planted() -> list[str]:
    """Every person that may stand in what this town delivers: names, phones, identity numbers."""
    return [said for person in range(200) for said in (name_of(person), phone_of(person), number_of(person))]


def activities(sender: int, day: int, records: int = 5) -> str:
    """A day's activities: good records, one of them twice, one with a day that is none, and a blank record."""
    rows = [
        f"HD{sender}-{day:02d}-{number},走访排查,2023-09-{day:02d},2023-09-{day:02d} 20:15:00,"
        f"2023-09-{day:02d} 20:15:00,"
        f"入户,是,{30 + number},YM-{sender}-{number},{name_of(sender * 10 + number)},{phone_of(sender * 10 + number)},"
        f"KJ-{sender}-{number},1,1,村委会,否,有效,1"
        for number in range(records)
    ]
    spoilt = rows[-1].replace(f"-{records - 1},走访", "-X,走访", 1).replace(f",2023-09-{day:02d},", ",2023-09-31,", 1)
    return "\r\n".join([_ACTIVITIES, *rows, rows[0], spoilt, ",".join([""] * 18), ""])


def register(sender: int, records: int = 12) -> str:
    """A register of children, all of them good."""
    rows = []
    for number in range(records):
        person = sender * 10 + number
        id_no = number_of(person)
        born, sex = f"{id_no[6:10]}-{id_no[10:12]}-{id_no[12:14]}", "男" if int(id_no[16]) % 2 else "女"
        rows.append(
            f"KJ-{sender}-{number},{name_of(person)},{sex},{id_no},{born},样例镇,留守,2023年05月{number + 1:02d}日"
        )
    return "\r\n".join([_CHILDREN, *rows, ""])


def put(folder: Path, place: str, text: str, encoding: str = "utf-8") -> Path:
    """Write a settled file."""
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    os.utime(path, (SETTLED, SETTLED))
    return path


def deliver_first(inbox: Path) -> None:
    """What lies in the inbox before the first night."""
    put(inbox, "east/care_activities/0901.csv", activities(1, 1))
    put(inbox, "west/children/登记.csv", register(3), "gb18030")


def deliver_second(inbox: Path) -> None:
    """What lies there besides before the second night, the one that is disturbed."""
    put(inbox, "east/care_activities/0902.csv", activities(1, 2, 7), "gb18030")
    put(inbox, "west/care_activities/0902.csv", activities(3, 2))
    put(inbox, "north/children/登记.csv", register(5))
    put(inbox, "north/care_activities/correction/0905.csv", activities(5, 5, 3))


def tree(to: Path) -> Path:
    """The program as it is, with the small dbt project and without a sender: the very same steps, in a second."""
    for folder in ("orchestration", "ingest"):
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("senders"))
    (to / "ingest" / "senders").mkdir()
    small_project(to / "dbt_project")
    return to
