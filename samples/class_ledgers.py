"""Training rosters: a workbook a year with a sheet for each class, and one county's CSV."""

from dataclasses import dataclass
from datetime import date

from samples.places import CITY_SENDER
from samples.sheets import DUPLICATE, NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.spelling import spelled_id
from samples.truth import Outbox, arrived, truth_of_records, truth_of_sheets
from samples.world import World, between

TRAINED = 155
_HEADER = ("序号", "姓名", "性别", "身份证号", "联系电话", "单位", "文化程度", "签到", "是否结业", "培训前状态", "备注")
_COUNTY_HEADER = (
    "班次编号",
    "班次名称",
    "培训机构",
    "开班时间",
    "结束时间",
    "课时",
    "学员姓名",
    "性别",
    "身份证号码",
    "手机",
    "出勤",
    "是否结业",
    "培训前状态",
)
_MARKS = ("到", "√", "×", "¢", "√", "△", "到", "○")


@dataclass(frozen=True)
class Course:
    """One class: its number, name, days as written, hours, how many came, and whether everybody was there."""

    number: str
    name: str
    starts: object
    ends: object
    hours: int
    persons: int
    all_there: bool


_Y2022 = (
    Course("2022-01", "阳光妈妈骨干培训班", "2022年8月中旬", "2022年8月20日", 16, 62, False),
    Course("2022-02", "家庭教育指导培训班", "2022年11月13—15日", "2022年11月15日", 24, 48, False),
)
_Y2023 = (
    Course("2023-01", "儿童心理服务培训班", date(2023, 5, 10), date(2023, 5, 12), 24, 57, False),
    Course("2023-02", "基层妇联干部培训班", "2023.6.6", "2023.6.7", 12, 70, False),
)
_LAST = Course(
    "2023-03", "家庭教育指导者专业素养和专业能力提升培训班", "2023年12月18日", "2023年12月21日", 32, TRAINED, True
)
Trainee = tuple[str, bool, str | None, str]


def write_trainings(world: World, box: Outbox) -> None:
    """Send the rosters; the class of 155 comes with two wrong rows first, then right."""
    everybody = _trainees(world)
    plan = (
        ("2022", _Y2022, date(2022, 12, 5), False),
        ("2023（上半年）", _Y2023, date(2023, 7, 4), False),
        ("2023", (*_Y2023, _LAST), date(2024, 1, 8), True),
        ("2023（更正）", (*_Y2023, _LAST), date(2024, 1, 22), False),
    )
    for label, courses, received, early in plan:
        sheets = [_class_sheet(world, course, everybody, spoil=early and course is _LAST) for course in courses]
        words = Sheet("字典")
        words.aside("签到符号", "√ 到", "○ 不到", "× 请假", "¢ 迟到", "△ 早退")
        path = f"{CITY_SENDER}/trainings/培训花名册{label}.xlsx"
        box.put(path, xlsx_bytes([*sheets, words]), arrived(received), truth_of_sheets([*sheets, words]))
    _county(everybody, box)


def _trainees(world: World) -> list[Trainee]:
    """Volunteers first, then others, some of them men, some without a number: name, male, number, phone."""
    rng = world.rng("trainees")
    known = [v for v in world.volunteers if v.writes == "full"]
    chosen: list[Trainee] = [(v.name, v.male, v.id_no, v.phone) for v in rng.sample(known, 95)]
    for n in range(90):
        male = n % 9 == 2
        born = between(rng, date(1970, 1, 1), date(2000, 12, 31))
        id_no = None if n % 13 == 6 else world.people.id_number(born, male)
        chosen.append((world.people.name(male), male, id_no, world.people.phone()))
    rng.shuffle(chosen)
    return chosen


def _class_sheet(world: World, course: Course, everybody: list[Trainee], *, spoil: bool) -> Sheet:
    """One class: a head block of labels and values, then the roster."""
    sheet = Sheet(f"第{int(course.number[-2:])}期")
    sheet.merge(sheet.aside(f"日照市妇联{course.name}花名册"), 0, 0, len(_HEADER) - 1)
    sheet.aside("班次编号", course.number, None, "班次名称", course.name)
    sheet.aside("培训机构", "日照市家庭教育研究会", None, "课时", course.hours)
    sheet.aside("开班时间", course.starts, None, "结束时间", course.ends)
    sheet.aside("地点", "市委党校", None, "师资", "省家庭教育讲师团")
    sheet.aside(*_HEADER)
    start = 0 if course.all_there else int(course.number[-2:]) * 20
    for n, (name, male, id_no, phone) in enumerate(everybody[start : start + course.persons]):
        mark = ("到", "√")[n % 2] if course.all_there else _MARKS[n % len(_MARKS)]
        done = "是" if mark in ("到", "√") else "否"
        row = Row(
            [
                n + 1,
                name,
                "男" if male else "女",
                spelled_id(id_no, n, ""),
                phone,
                "某镇妇联",
                "大专",
                mark,
                done,
                ("在职", "无业", None)[n % 3],
            ]
        )
        if spoil and n in (17, 88):
            right = id_no or "999001198501010028"
            row.cells[3] = right[:16] if n == 17 else int(right[:17] + "0")
            row.verdict = "id_malformed" if n == 17 else "id_typed_as_number"
            world.people.id_numbers.append(str(row.cells[3]))
        sheet.rows.append(row)
    sheet.add()
    sheet.aside("审核人：", None, None, "填表人：")
    return sheet


def _county(everybody: list[Trainee], box: Outbox) -> None:
    """A county's class as CSV with the official headers."""
    rows = [Row(list(_COUNTY_HEADER), NON_DATA)]
    fixed = ["371102-2023-1", "镇街妇联执委培训班", "东港区委党校", "2023年4月11日", "2023年4月12日", 8]
    for n, (name, male, id_no, phone) in enumerate(everybody[40:95]):
        mark = _MARKS[n % len(_MARKS)]
        rows.append(
            Row([*fixed, name, "男性" if male else "女性", id_no, phone, mark, "√" if mark in ("到", "√") else "×", ""])
        )
    rows.append(Row(list(rows[3].cells), DUPLICATE))
    name, male, id_no, phone = everybody[96]
    late = [*fixed[:4], "2023年4月1日", 8, name, "男" if male else "女", id_no, phone, "到", "√", ""]
    rows.append(Row(late, "class_ends_before_start"))
    # a file's name can name a person too
    box.put(
        f"donggang/trainings/镇街执委培训（{everybody[3][0]}整理）.csv",
        csv_bytes(rows, "gb18030"),
        arrived(date(2023, 4, 20)),
        truth_of_records(rows),
    )
