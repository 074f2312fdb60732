"""The network of women's groups in the samples: the page's figures, and what its register is known for."""

import re
import unicodedata
from collections import Counter
from datetime import date

import pytest
import python_calamine

from samples.networks import HAMLET, HAMLET_WOMEN, SNAPSHOTS, build_units
from samples.population import build_world

TODAY = date(2024, 4, 30)
REGISTERS = "xiaochang/org_units/*.xlsx"


@pytest.fixture(scope="module")
def units():
    return build_units(build_world(20240413))


@pytest.fixture(scope="module")
def registers(world) -> list[list[list]]:
    """The rows of every register, oldest first."""
    paths = sorted(world.root.glob(REGISTERS))
    return [python_calamine.load_workbook(path).get_sheet_by_index(0).to_python() for path in paths]


def _living(units, kind):
    last = len(SNAPSHOTS) - 1
    return [u for u in units if u.kind == kind and u.stands_in(last) and u.closed_on > TODAY]


def _plain(name: str) -> str:
    return re.sub(r"[\s\"“”「」]", "", unicodedata.normalize("NFKC", name))


def test_over_fifty_groups_and_over_forty_micro_homes_of_three_kinds(units):
    homes = [u for u in _living(units, "微家") if u.founded_on >= date(2023, 1, 1)]
    assert 50 <= len(_living(units, "小组")) < 60
    assert 40 <= len(homes) < 50
    assert len({u.home_kind for u in homes}) == 3
    assert any(u.founded_on < date(2023, 1, 1) for u in _living(units, "微家"))


def test_one_hamlet_has_seven_groups_and_reaches_all_its_women(units):
    places = Counter((u.town, u.village, u.hamlet) for u in _living(units, "小组"))
    (most, seven), (_, next_most) = places.most_common(2)
    hers = [u for u in _living(units, "小组") if u.hamlet == HAMLET]
    assert (most[0], most[2], seven) == ("丰山镇", HAMLET, 7) and next_most < 7
    assert max(u.covered for u in hers) == HAMLET_WOMEN == {u.resident for u in hers}.pop()


def test_one_industry_federation_since_the_last_month(units):
    (only,) = _living(units, "行业妇联")
    assert date(2024, 4, 1) <= only.founded_on <= TODAY


def test_no_two_units_have_one_key(units):
    keys = Counter((u.kind, u.town, u.village, _plain(u.name)) for u in units)
    assert set(keys.values()) == {1}
    both = Counter((u.name, u.site) for u in units if u.site.startswith(HAMLET))
    assert max(both.values()) == 2


def test_one_name_is_quoted_in_many_ways_and_stays_one(registers):
    written = {row[4] for rows in registers for row in rows if "卫您好" in str(row[4])}
    assert len(written) >= 4 and len({_plain(name) for name in written}) == 1


def test_a_unit_leaves_in_silence_and_another_is_closed_first(registers):
    names = [{_plain(str(row[4])) for row in rows[3:]} for rows in registers]
    left = [names[n] - names[n + 1] for n in range(len(names) - 1)]
    closed = {_plain(str(row[4])) for rows in registers for row in rows if row[-1] == "已撤"}
    assert len(closed) == 2
    assert len(set().union(*left) - closed) >= 2


def test_totals_are_the_sums_of_the_members_listed(registers):
    for rows in registers:
        members = [row[12] for row in rows[3:] if row[0] not in ("", None) and isinstance(row[0], float)]
        (total,) = (row[12] for row in rows if row[1] == "合计")
        assert total == sum(members) and len(members) > 60


def test_every_reason_of_the_register_is_there(world):
    told = [t for path, t in world.side("truth.json").items() if path.startswith("xiaochang/org_units")]
    codes = {code for t in told for code in t["rejected"]} - {"records"}
    assert codes == {"unreadable_day", "unknown_code", "duplicate_key", "future_day"}
    assert [t["duplicate"] for t in told].count(1) == 1
    assert any(u.covered > u.resident for u in build_units(build_world(1)))
