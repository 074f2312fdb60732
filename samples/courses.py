"""The catalogue of a school of family education: 55 courses of eight categories, given by 19 lecturers, in 2024."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from samples.sheets import Row, Sheet, xlsx_bytes
from samples.truth import Outbox, arrived, truth_of_sheets
from samples.world import World

_SUBJECTS = {
    "依法带娃": ("家庭教育促进法与父母责任", "做新时代智慧父母", "未成年人保护与家庭"),
    "亲子沟通": ("倾听与表达", "青春期沟通", "隔代养育中的沟通"),
    "习惯养成": ("好习惯从家开始", "时间管理", "家务劳动与责任"),
    "心理健康": ("情绪管理", "抗挫力培养", "识别孩子的求助信号"),
    "学业发展": ("学习动力", "升学衔接", "专注力"),
    "网络素养": ("手机与家庭约定", "预防网络沉迷", "网络交友安全"),
    "安全守护": ("防性侵与防欺凌", "防溺水与居家安全", "生命教育"),
    "家风传承": ("家风家训", "父亲的陪伴", "幸福家庭"),
}
_STAGES = ("学龄前", "小学", "初中", "高中", "全学段")
_SIZES = {2024: (9, 8, 7, 7, 6, 6, 6, 6), 2023: (7, 7, 6, 6, 6, 5, 5, 6)}
_LECTURERS = {2024: 19, 2023: 16}
_HEADER = (
    "序号", "类别", "课程编号", "课程名称", "适用学段", "对象", "时长（分钟）", "讲师编号", "讲师", "讲师资质",
)  # fmt: skip


@dataclass(frozen=True)
class Lecturer:
    """One lecturer of the school, by the number under which the city keeps her or him."""

    number: str
    name: str


@dataclass(frozen=True)
class Course:
    """One course of a catalogue."""

    number: str
    category: str
    name: str
    stage: str
    audience: str
    minutes: object
    lecturer: Lecturer


def build_catalogues(world: World) -> dict[int, list[Course]]:
    """The courses of 2023 and 2024; what is in both has the same number, and mostly the same lecturer."""
    people = [Lecturer(f"CQJS-{n + 1:02d}", world.people.name(male=n % 3 == 0)) for n in range(_LECTURERS[2024])]
    return {year: _courses(year, people[: _LECTURERS[year]]) for year in _SIZES}


def _courses(year: int, lecturers: list[Lecturer]) -> list[Course]:
    made: list[Course] = []
    for group, (category, subjects) in enumerate(_SUBJECTS.items()):
        for n in range(_SIZES[year][group]):
            stage = _STAGES[(n + group) % len(_STAGES)]
            audience = "特殊困境儿童家庭" if n % 5 == 4 else "普通家庭"
            minutes = (90, "90分钟", 120, "60分钟")[(n + group) % 4]
            name = f"{subjects[n % len(subjects)]}（{stage}）"
            lecturer = lecturers[(3 * group + n) % len(lecturers)]
            made.append(Course(f"KC{group + 1}-{n + 1:02d}", category, name, stage, audience, minutes, lecturer))
    return made


def write_courses(catalogues: dict[int, list[Course]], box: Outbox) -> None:
    """Send the catalogue of 2023, then that of 2024 as a draft with two courses that were not kept, then in full."""
    _catalogue(2023, catalogues[2023], [], "", date(2023, 2, 20), box)
    final = catalogues[2024]
    like = final[-1]
    dropped = [
        Row(
            [
                "",
                "家风传承",
                "KC8-07",
                "亲子阅读（小学）",
                "小学",
                "普通家庭",
                90,
                like.lecturer.number,
                like.lecturer.name,
            ]
        ),
        Row(
            [
                "",
                "家风传承",
                "KC8-08",
                "家庭财商（初中）",
                "初中",
                "普通家庭",
                60,
                like.lecturer.number,
                like.lecturer.name,
            ]
        ),
        Row(["", "家风传承", "KC8-09", None, "初中", "普通家庭", 60], "missing_required"),
    ]
    _catalogue(2024, final[:-2], dropped, "（征求意见）", date(2024, 1, 15), box)
    _catalogue(2024, final, [], "", date(2024, 2, 26), box)


def _catalogue(year: int, courses: list[Course], more: list[Row], note: str, received: date, box: Outbox) -> None:
    """One year's workbook; the cells of a category are merged."""
    sheet = Sheet(f"{year}年")
    sheet.merge(sheet.aside(f"家庭教育流动学校课程与讲师目录{note}"), 0, 0, len(_HEADER) - 1)
    sheet.aside("年度", f"{year}年", None, "承办单位", "市妇女儿童活动中心")
    sheet.aside(*_HEADER)
    begun: dict[str, int] = {}
    for n, c in enumerate(courses):
        first = c.category not in begun
        titles = ("国家二级心理咨询师", "高级教师", "家庭教育指导师")[n % 3]
        at = sheet.add(
            n + 1, c.category if first else None, c.number, c.name, c.stage, c.audience, c.minutes, c.lecturer.number,
            c.lecturer.name, titles,
        )  # fmt: skip
        begun.setdefault(c.category, at)
    edges = [*begun.values(), len(sheet.rows)]
    for first_row, after in pairwise(edges):
        sheet.merge(first_row, 1, after - 1)
    for n, row in enumerate(more, len(courses) + 1):
        sheet.rows.append(Row([n, *row.cells[1:]], row.verdict))
    sheet.aside("填表人：", None, None, "审核人：")
    path = f"chongqing/courses/课程目录{year}{note}.xlsx"
    box.put(path, xlsx_bytes([sheet]), arrived(received), truth_of_sheets([sheet]))
