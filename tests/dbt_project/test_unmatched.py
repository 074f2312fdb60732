"""A correction or a withdrawal of what nobody told is used and asked about: a function of the set, in any order."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from dbt_runs import Dbt, build_core, content, rows
from fixture_home import Home, letters, person
from random_world import organisations

from ingest.reasons import REASONS

WORLDS = 40
ORDERS = 3
DAY = "2023-07-10"
KINDS = ("snapshot", "increment", "correction", "withdrawal")
Told = dict[str, Any]


def small_world(dice: Random) -> list[Told]:
    """One sender's deliveries: kind, keys of clean rows and keys of refused ones, without a day of arrival."""
    keys = range(3)
    return [
        {"kind": dice.choice(KINDS), "keys": dice.sample(keys, dice.randint(0, 2)), "refused": dice.choices(keys, k=1)}
        | ({} if dice.random() < 0.3 else {"refused": []})
        for _ in range(dice.randint(1, 5))
    ]


def asked(world: list[Told]) -> set[tuple[str, str, int]]:
    """What must be asked about, told without SQL: (code, kind of the delivery, key)."""

    def told(key: int, *kinds: str) -> bool:
        return any(key in (*one["keys"], *one["refused"]) for one in world if one["kind"] in kinds)

    found = {(one["kind"], key) for one in world for key in one["keys"]}
    unknown = {("correction", key) for kind, key in found if not told(key, "snapshot", "increment")}
    unknown |= {("withdrawal", key) for kind, key in found if not told(key, "snapshot", "increment", "correction")}
    return {(f"{kind}_of_unknown", kind, key) for kind, key in unknown & found}


def deliver(home: Home, sender: str, dataset: str, world: list[Told], order: tuple[int, ...]) -> None:
    """Lay out ``world``, each delivery about its own day, all arriving in July in ``order``."""
    for number, one in enumerate(world):
        received = datetime(2023, 7, 2, 3, tzinfo=UTC) + timedelta(days=4 * order.index(number))
        told = [{"activity_id": f"A{key}", "entry_id": f"A{key}"} for key in one["keys"]]
        refused = tuple({"record_key": f"A{key}", "code": "unreadable_day"} for key in one["refused"])
        on = date(2023, 1 + number, 28)
        home.deliver(sender, dataset, on, told, kind=one["kind"], received=received, rejects=refused)


def drawn() -> Iterator[tuple[str, str, list[Told], tuple[int, ...]]]:
    """The same small worlds in several orders of arrival, each order as a sender of its own."""
    dice = Random(5)
    for number in range(WORLDS):
        world, dataset = small_world(dice), dice.choice(("care_activities", "points"))
        orders = list(permutations(range(len(world))))
        for order in dice.sample(orders, min(ORDERS, len(orders))):
            yield f"w{number}-{''.join(map(str, order))}", dataset, world, order


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """All small worlds in one home."""
    home = Home(tmp_path_factory.mktemp("unmatched"))
    for sender, dataset, world, order in drawn():
        deliver(home, sender, dataset, world, order)
    home.write()
    return home


def listed(build: Path) -> dict[str, set[tuple[str, str, int]]]:
    """What the worklist asks about, by sender, in the shape of ``asked``."""
    found: dict[str, set[tuple[str, str, int]]] = {}
    for sender, code, key in content(build, "worklist_unmatched", ["sender", "code", "record_key"]):
        found.setdefault(sender, set()).add((code, code.split("_")[0], int(key[1:])))
    return found


def test_whatever_the_order_the_same_rows_are_asked_about(dbt: Dbt, worlds: Home) -> None:
    found = listed(build_core(dbt, worlds.path, worlds.path / "build" / "all", ["worklist_unmatched"]))
    expected = {sender: asked(world) for sender, _, world, _ in drawn()}
    assert found == {sender: those for sender, those in expected.items() if those}
    codes = {code for those in found.values() for code, _, _ in those}
    assert codes == {"correction_of_unknown", "withdrawal_of_unknown"}
    assert len(found) < len(expected), "or the law would hold for a list of everything"


def test_as_known_on_a_day_it_asks_about_what_was_unknown_then(dbt: Dbt, worlds: Home) -> None:
    build = build_core(dbt, worlds.path, worlds.path / "build" / "then", ["worklist_unmatched"], known_on=DAY)
    # the deliveries that came on the 2nd, the 6th and the 10th
    then = {sender: asked([world[number] for number in order[:3]]) for sender, _, world, order in drawn()}
    assert listed(build) == {sender: those for sender, those in then.items() if those}
    assert then != {sender: asked(world) for sender, _, world, _ in drawn()}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A register, then a correction of a child that no list had, then a list that has her not."""
    home = Home(tmp_path_factory.mktemp("register"))
    home.deliver("city", "organisations", date(2022, 5, 1), organisations(False))
    listed, missed = (
        person("child", f"c{n}", number=f"n{n}", child_birth_year=2012)
        | {"county": "东区", "township": "西湖镇", "registered_on": date(2021, 3, 1), "categories": ["orphan"]}
        for n in (1, 2)
    )
    home.deliver("bureau", "children", date(2023, 1, 28), [listed])
    home.deliver("bureau", "children", date(2023, 2, 3), [listed, missed], kind="correction")
    home.deliver("bureau", "children", date(2023, 3, 28), [listed])
    home.write()
    return home


def test_a_child_that_only_a_correction_names_is_used_until_a_list_says_otherwise(dbt: Dbt, register: Home) -> None:
    shown = ("dim_children", "worklist_unmatched")
    build = build_core(dbt, register.path, register.path / "build" / "then", shown, known_on="2023-03-01")
    who = f"child_key = '{letters('id-c2')}' and year(known_to) = 9999 and valid_from <= '{{0}}' and '{{0}}' < valid_to"
    assert content(build, "dim_children", ["status"], who.format("2023-03-01")) == [("active",)]
    asked_about = content(build, "worklist_unmatched", ["dataset", "code", "org_key", "sheet_no", "row_no"])
    assert asked_about == [("children", "correction_of_unknown", "371100-MZ", 1, 3)]
    later = build_core(dbt, register.path, register.path / "build" / "later", shown)
    assert content(later, "dim_children", ["status"], who.format("2023-03-01")) == [("active",)]
    assert content(later, "dim_children", ["status"], who.format("2023-03-28")) == [("closed",)]


def test_every_code_of_the_worklist_is_a_reason_that_asks_and_refuses_nothing(everything: tuple[Path, Path]) -> None:
    found = {code for (code,) in rows(everything[1], "select distinct code from jinguo_core.core.worklist_unmatched")}
    assert found == {"correction_of_unknown", "withdrawal_of_unknown"}
    assert {REASONS[code].severity for code in found} == {"explain"}
