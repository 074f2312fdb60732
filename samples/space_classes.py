"""Classes for rural women who start businesses, and the calls made to them three and six months later."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from samples.sheets import NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.spaces import HOME, Space, Woman, new_woman
from samples.spelling import spelled_day, spelled_id
from samples.truth import Outbox, arrived, truth_of_records, truth_of_sheets
from samples.world import World, between

CLASS_ON, CLASS_PERSONS = date(2024, 4, 13), 34
PROVINCES = (HOME, "浙江", "宁夏", "新疆")
_CLASS_HEADER = (
    "班次编号", "班次名称", "办班级别", "主办单位", "开班时间", "结业时间", "课时", "省份", "姓名", "性别", "身份证号",
    "手机", "出勤", "是否结业", "培训前状态",
)  # fmt: skip
_ROSTER_HEADER = ("序号", "姓名", "性别", "来自省（区、市）", "身份证号", "联系电话", "工作单位", "签到", "是否结业")
_CHECK_HEADER = (
    "序号", "姓名", "性别", "身份证号", "联系电话", "是否联系上", "目前状态", "用人单位", "入职时间", "与培训相关",
    "月收入（元）", "凭证", "回访时间", "备注",
)  # fmt: skip
_INCOMES = ("3000-5000", "2500—3500元", 4200, "5-8K", "年薪6万", "1万以上", "面议", 3000, "2800元/月")
_STATES = ("灵活就业", "单位就业", "自主创业", "灵活就业", "未就业", "自主创业", "灵活就业", "失联", "单位就业")
_PROOF = {"灵活就业": "平台流水", "单位就业": "劳动合同", "自主创业": "营业执照"}
Facts = tuple[object, ...]


@dataclass(frozen=True)
class Cohort:
    """Women who are called after a class, or after their time in a space: which, of what kind, since when."""

    sender: str
    number: str
    kind: str
    began_on: date
    women: tuple[Woman, ...]


def write_space_classes(world: World, spaces: list[Space], box: Outbox) -> None:
    """Send three classes and the calls after two of the cohorts; leaders of the spaces are in several of them."""
    leaders = [space.leader for space in spaces]
    fresh = [new_woman(world.people, n, has_number=n % 11 != 6) for n in range(3, 60)]
    local_class = [leaders[0], *fresh[:27]]
    in_space = [*leaders, *fresh[20:35]]
    facts = (
        "CWDF-2023-1",
        "木兰加速空间带头人培训班",
        "全国",
        "中国妇女发展基金会",
        "2023年6月13日",
        "2023年6月15日",
        24,
    )
    _class_csv("cwdf/trainings/带头人培训班名册.csv", facts, [*leaders, *fresh[35:52]], date(2023, 6, 20), box)
    facts = ("LX-2023-2", "短视频与直播带货培训班", "县级", "临湘市妇联", "2023-09-18", "2023-09-20", 18)
    _class_csv("linxiang/trainings/短视频与直播带货培训班.csv", facts, local_class, date(2023, 9, 26), box)
    _class_of_four_provinces(world, [*leaders, *fresh[35:48]], box)
    rng = world.rng("space_checks")
    for cohort in (
        Cohort("linxiang", "LX-2023-2", "培训", date(2023, 9, 20), tuple(local_class)),
        Cohort("xinhua", "XH-2023-1", "空间", date(2023, 10, 20), tuple(in_space)),
    ):
        for months in (3, 6):
            _checks(rng, cohort, months, box)


def _class_csv(path: str, facts: Facts, women: Iterable[Woman], received: date, box: Outbox) -> None:
    """A class as CSV under the official headers, its facts on every row."""
    rows = [Row(list(_CLASS_HEADER), NON_DATA)]
    for n, w in enumerate(women):
        mark = ("到", "√", "到", "△", "√", "到", "×")[n % 7]
        before = ("无业", "自主创业", "在业")[n % 3]
        done = "是" if mark != "×" else "否"
        rows.append(Row([*facts, w.province, w.name, "女", spelled_id(w.id_no, n, ""), w.phone, mark, done, before]))
    box.put(path, csv_bytes(rows, "gb18030"), arrived(received), truth_of_records(rows))


def _class_of_four_provinces(world: World, at_home: list[Woman], box: Outbox) -> None:
    """The class of 2024-04-13: three days, 34 women, one of them on leave, one without a number."""
    guests = [new_woman(world.people, n, PROVINCES[1 + n % 3], has_number=n != 67) for n in range(60, 78)]
    guests[-1] = Woman(world.people.remember("阿依·努尔"), *_of(guests[-1]))
    sheet = Sheet("签到册")
    sheet.merge(sheet.aside("“木兰加速空间”负责人及骨干赋能培训签到册"), 0, 0, len(_ROSTER_HEADER) - 1)
    sheet.aside("班次编号", "HNF-2024-1", None, "班次名称", "“木兰加速空间”负责人及骨干赋能培训")
    sheet.aside("主办单位", "湖南省妇女儿童发展基金会", None, "办班级别", "国家级")
    sheet.aside("开班时间", CLASS_ON, None, "结束时间", "2024.4.15", None, "课时", 24)
    sheet.aside(*_ROSTER_HEADER)
    for n, w in enumerate([*at_home, *guests]):
        mark, done = ("假", "否") if n == 20 else (("到", "√")[n % 2], "是")
        sheet.add(n + 1, w.name, "女", w.province, spelled_id(w.id_no, n, ""), w.phone, "木兰加速空间", mark, done)
    sheet.aside("填表人：", "（签字）")
    path = "hnf/trainings/赋能培训签到册2024年4月.xlsx"
    box.put(path, xlsx_bytes([sheet]), arrived(date(2024, 4, 18)), truth_of_sheets([sheet]))


def _of(woman: Woman) -> tuple[str | None, str, str]:
    return woman.id_no, woman.phone, woman.province


def _checks(rng: random.Random, cohort: Cohort, months: int, box: Outbox) -> None:
    """One round of calls, as a workbook with the cohort's facts above the header; one call comes far too late."""
    due = (cohort.began_on.replace(day=1) + timedelta(days=31 * months)).replace(day=cohort.began_on.day)
    waits_for_one = months == 3 and cohort.kind == "培训"
    last = min(due + timedelta(days=20), date(2024, 4, 26))
    sheet = Sheet(f"{months}个月")
    sheet.merge(sheet.aside("学员就业创业情况回访表"), 0, 0, len(_CHECK_HEADER) - 1)
    sheet.aside("批次编号", cohort.number, None, "批次类型", cohort.kind)
    sheet.aside("基准日期", cohort.began_on, None, "回访节点", months)
    sheet.aside(*_CHECK_HEADER)
    for n, w in enumerate(cohort.women):
        status = _STATES[(n + months) % len(_STATES)]
        called = between(rng, due - timedelta(days=4), last)
        if waits_for_one and n == 9:
            called = due + timedelta(days=70)
        works = status in _PROOF
        sheet.add(
            n + 1, w.name, "女", spelled_id(w.id_no, n, ""), w.phone, "否" if status == "失联" else "是", status,
            "某合作社" if works else None, "2023年11月" if works and n % 2 else None, "是" if works else None,
            _INCOMES[n % len(_INCOMES)] if works else None,
            ("本人陈述" if n % 4 == 1 else _PROOF[status]) if works else None,
            spelled_day(called, n, ("iso", "chinese", "dots")), None,
        )  # fmt: skip
    sent_on = due + timedelta(days=75) if waits_for_one else last + timedelta(days=3)
    path = f"{cohort.sender}/employment_checks/{cohort.number}回访{months}个月.xlsx"
    box.put(path, xlsx_bytes([sheet]), arrived(sent_on), truth_of_sheets([sheet]))
