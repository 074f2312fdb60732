"""Three places where rural women start businesses, and the form that each fills in every month."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from samples.people import People
from samples.sheets import NON_DATA, Sheet, xlsx_bytes
from samples.truth import Outbox, arrived, truth_of_sheets
from samples.world import World, between

FIRST_MONTH, MONTHS = date(2023, 5, 1), 12
HOME = "湖南"


@dataclass(frozen=True)
class Woman:
    """A woman who leads a space, is trained, or is called afterwards; some have no number in any ledger."""

    name: str
    id_no: str | None
    phone: str
    province: str


@dataclass(frozen=True)
class Space:
    """One space: how it is written by turns, since when it reports, and its months.

    Each month has trainings and women who were new; None is a month without a report, whose nine women are in the
    next cumulative figure. ``recount`` is what was taken off the cumulative figure in the month of that number.
    """

    sender: str
    county: str
    names: tuple[str, ...]
    opened: int
    months: tuple[tuple[int, int] | None, ...]
    leader: Woman
    recount: tuple[int, int] = (0, 0)


_UNREPORTED = 9
_COUNTED_AS_TIMES = ("linxiang", 5)
_SWAPPED = ("xinhua", 7)
Facts = dict[str, Any]


def new_woman(people: People, nth: int, province: str = HOME, *, has_number: bool = True) -> Woman:
    """A new woman, born between 1975 and 1999."""
    born = date(1975, 2, 3) + timedelta(days=nth * 977 % 8900)
    name = people.name(male=False)
    return Woman(name, people.id_number(born, male=False) if has_number else None, people.phone(), province)


def build_spaces(world: World) -> list[Space]:
    """The spaces: 25 trainings and 788 women who were new, by the end of April 2024."""
    leaders = [new_woman(world.people, n) for n in range(3)]
    return [
        Space(
            "linxiang", "临湘市", ("“浮标小镇”木兰加速空间", '"浮标小镇"木兰加速空间'), 0,
            ((1, 42), (1, 31), (0, 0), (1, 28), (1, 26), (1, 35), (0, 0), (1, 24), (1, 33), (0, 8), (1, 29), (1, 30)),
            leaders[0],
        ),
        Space(
            "xinhua", "新化县", ("“梅山姑娘”木兰加速空间", "梅山姑娘 木兰加速空间"), 1,
            ((1, 48), (1, 36), (1, 30), (0, 6), (1, 27), (1, 38), (1, 25), (1, 28), (0, 0), (1, 22), (1, 24)),
            leaders[1], (10, 34),
        ),
        Space(
            "lengshuijiang", "冷水江市", ("锑都木兰加速空间",), 2,
            ((1, 52), (1, 34), (1, 29), None, (1, 26), (0, 5), (1, 31), (0, 0), (1, 21), (1, 20)),
            leaders[2],
        ),
    ]  # fmt: skip


def write_spaces(world: World, spaces: list[Space], box: Outbox) -> None:
    """Send every month of every space, two of them wrong at first."""
    rng = world.rng("spaces")
    for space in spaces:
        cumulative = 0
        for nth, told in enumerate(space.months):
            month = _month(space.opened + nth)
            trainings, new = told or (0, _UNREPORTED)
            cumulative += new - (space.recount[1] if space.recount[0] == nth + 1 else 0)
            facts = _facts(space, nth, month, (trainings, new, new + rng.randint(5, 20) * trainings, cumulative))
            facts |= {"sales": round(0.4 + 0.15 * nth + rng.random(), 2), "products": rng.randint(0, 2)}
            received = between(rng, _month(space.opened + nth + 1), _month(space.opened + nth + 1) + timedelta(days=4))
            if told is not None:
                _send(space, nth, facts, received, box)


def _month(nth: int) -> date:
    months = FIRST_MONTH.month - 1 + nth
    return date(FIRST_MONTH.year + months // 12, months % 12 + 1, 1)


def _facts(space: Space, nth: int, month: date, counts: tuple[int, int, int, int]) -> Facts:
    trainings, new, times, cumulative = counts
    return {
        "name": space.names[nth % len(space.names)], "county": space.county,
        "month": f"{month.year}年{month.month}月" if nth % 4 else f"{month:%Y-%m}",
        "trainings": f"{trainings}次" if nth % 5 == 1 else trainings, "times": times, "new": new,
        "cumulative": f"{cumulative}人" if nth % 6 == 3 else cumulative,
        "projects": int(nth % 3 == 1), "exemplars": int(nth % 5 == 2), "leader": space.leader,
    }  # fmt: skip


def _send(space: Space, nth: int, facts: Facts, received: date, box: Outbox) -> None:
    """One form; where the plan says so first with 人次 for 人数 and a correction, or with the two exchanged."""
    month = _month(space.opened + nth)
    stem = f"{space.county}木兰加速空间月报{month:%Y%m}"
    key = (space.sender, nth)
    if key == _COUNTED_AS_TIMES:
        _form(space, stem, facts | {"new": facts["times"]}, received, box)
        _form(space, f"correction/{stem}（更正）", facts, received + timedelta(days=12), box)
    elif key == _SWAPPED:
        wrong = facts | {"new": facts["times"], "times": facts["new"]}
        _form(space, stem, wrong, received, box, "persons_over_person_times")
        _form(space, f"{stem}（重报）", facts, received + timedelta(days=2), box)
    else:
        _form(space, stem, facts, received, box)


def _form(space: Space, stem: str, facts: Facts, received: date, box: Outbox, verdict: str = "clean") -> None:
    sheet = _LAYOUTS[space.sender](facts)
    sheet.rows[1].verdict = verdict
    path = f"{space.sender}/space_reports/{stem}.xlsx"
    box.put(path, xlsx_bytes([sheet]), arrived(received, hour=8), truth_of_sheets([sheet]))


def _in_pairs(facts: Facts) -> Sheet:
    """Two labels in a row, each with its value to the right."""
    sheet = Sheet("月报")
    sheet.merge(sheet.aside("“木兰加速空间”运行情况月报"), 0, 0, 3)
    sheet.aside("空间名称", facts["name"], "所在县（市）", facts["county"])
    sheet.aside("月份", facts["month"], "负责人", facts["leader"].name)
    sheet.aside("开展培训次数", facts["trainings"], "参训人次", facts["times"])
    sheet.aside("新增赋能女性人数", facts["new"], "累计赋能女性人数", facts["cumulative"])
    sheet.aside("孵化项目", facts["projects"], "优化产品", facts["products"])
    sheet.aside("培育典型", facts["exemplars"], "销售额（万元）", facts["sales"])
    sheet.merge(sheet.aside("存在问题", "物流成本偏高"), 1, len(sheet.rows) - 1, 3)
    sheet.aside("填表人", facts["leader"].name, "联系电话", facts["leader"].phone)
    return sheet


def _in_a_column(facts: Facts) -> Sheet:
    """One label in a row, in another order and under other words."""
    sheet = Sheet("Sheet1")
    sheet.merge(sheet.aside("木兰加速计划月度报告"), 0, 0, 3)
    for label, value in (
        ("报告月份", facts["month"]), ("空间", facts["name"]), ("所在县", facts["county"]),
        ("销售额", f"{facts['sales']}万元"), ("孵化项目数", facts["projects"]), ("优化产品数", facts["products"]),
        ("典型数", facts["exemplars"]), ("培训次数", facts["trainings"]), ("培训人次", facts["times"]),
        ("新增赋能女性", facts["new"]), ("累计赋能女性", facts["cumulative"]), ("联系电话", facts["leader"].phone),
    ):  # fmt: skip
        sheet.aside(label, value)
    return sheet


def _under_labels(facts: Facts) -> Sheet:
    """Labels with room between them, each value below its label."""
    sheet = Sheet("表")
    sheet.merge(sheet.aside("乡村女性创业空间月报表"), 0, 0, 4)
    for labels in (
        {"空间名称": facts["name"], "县市": facts["county"], "填报月份": facts["month"]},
        {"培训次数": facts["trainings"], "参训人次": facts["times"], "孵化项目": facts["projects"]},
        {"新增赋能女性人数": facts["new"], "累计赋能人数": facts["cumulative"], "优化产品": facts["products"]},
        {"培育典型": facts["exemplars"], "销售额（万元）": facts["sales"]},
    ):
        sheet.aside(*[cell for label in labels for cell in (label, None)])
        sheet.add(*[cell for value in labels.values() for cell in (value, None)], verdict=NON_DATA)
    return sheet


_LAYOUTS = {"linxiang": _in_pairs, "xinhua": _in_a_column, "lengshuijiang": _under_labels}
