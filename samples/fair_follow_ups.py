"""What the applicants of the autumn fair did three and six months later, as telephone calls found out."""

import random
from datetime import date, timedelta

from samples.applications import Applicant, State
from samples.fair_ledgers import BUREAU
from samples.fairs import AUTUMN
from samples.sheets import DUPLICATE, NON_DATA, Row, csv_bytes
from samples.truth import Outbox, arrived, truth_of_records
from samples.world import World

FOLLOWED = 120
_HEADER = (
    "场次编号", "批次类型", "招聘会日期", "节点", "姓名", "身份证号", "手机", "性别", "是否联系上", "目前状态",
    "用人单位", "入职时间", "月均收入", "佐证", "回访时间", "回访人",
)  # fmt: skip
_DUE = {3: date(2024, 1, 21), 6: date(2024, 4, 21)}
_SENT = {3: date(2024, 3, 4), 6: date(2024, 4, 30)}
_INCOME = ("4000-6000", "5-8K", "4500", "面议", "年薪8万", "6000元/月", "1万以上")
_STATES = (
    ("已就业", ("劳动合同", "社保缴纳", "口头")),
    ("灵活就业", ("平台流水", "本人陈述")),
    ("自主创业", ("营业执照",)),
    ("考研升学", ("",)),
    ("待业", ("",)),
    ("电话不通", ("",)),
)
_WEIGHTS = {3: (48, 12, 5, 10, 17, 8), 6: (58, 13, 6, 11, 5, 7)}


def write_follow_ups(world: World, states: list[State], box: Outbox) -> None:
    """Send the two rounds of calls; of the second some are made late, and one income is a slip."""
    rng = world.rng("fair follow-ups")
    clerk = world.people.name(male=False)
    women = list({s.who.id_no: s.who for s in states if s.fair is AUTUMN and not s.who.male}.values())
    for months in (3, 6):
        rows = [Row(list(_HEADER), NON_DATA)]
        rows += [Row(_call(rng, who, months, nth, clerk)) for nth, who in enumerate(women[:FOLLOWED])]
        rows.append(Row(list(rows[7].cells), DUPLICATE))
        if months == 3:
            rows += _dirt(rng, women[FOLLOWED], clerk)
        path = f"{BUREAU}/employment_checks/{AUTUMN.code}回访{months}个月.csv"
        box.put(path, csv_bytes(rows, "gb18030"), arrived(_SENT[months]), truth_of_records(rows))


def _call(rng: random.Random, who: Applicant, months: int, nth: int, clerk: str) -> list[object]:
    status, proofs = rng.choices(_STATES, _WEIGHTS[months])[0]
    works = status in ("已就业", "灵活就业", "自主创业")
    lag = 40 if months == 3 else 8
    called = _DUE[months] + timedelta(days=rng.randint(-12, lag))
    if months == 3 and nth % 30 == 4:
        called = _DUE[months] - timedelta(days=25)
    income = "15万" if months == 6 and nth == 31 and works else rng.choice(_INCOME) if works else ""
    hired = AUTUMN.held_on + timedelta(days=rng.randint(5, 80))
    return [
        AUTUMN.code, "招聘会", AUTUMN.held_on, months, who.name, who.id_no if nth % 17 else "", who.phone, "女",
        "否" if status == "电话不通" else "是", status, "延吉某公司" if works else "", hired if works else "", income,
        rng.choice(proofs), f"{called:%Y/%m/%d}", clerk,
    ]  # fmt: skip


def _dirt(rng: random.Random, who: Applicant, clerk: str) -> list[Row]:
    """Calls that must be refused, each for one reason."""
    plan = (("目前状态", "相亲中", "unknown_code"), ("回访时间", "2034-01-20", "future_day"),
            ("月均收入", "够花", "unreadable_range"), ("节点", "三", "unreadable_number"))  # fmt: skip
    rows = []
    for nth, (header, value, verdict) in enumerate(plan):
        cells = _call(rng, who, 3, 50 + nth, clerk)
        cells[_HEADER.index(header)] = value
        rows.append(Row(cells, verdict))
    return rows
