"""Decisions: durable files beside the receipts, never changed, and read back by whoever restores landing."""

import stat
from datetime import timedelta

import home_of_ledgers as build
import pytest
from home_of_ledgers import ARRIVED, HEADER, csv, pairing

from ingest.decisions import DecisionDamaged, counting, decide, read_decisions
from ingest.home import Home
from ingest.ledger import Ledger


@pytest.fixture
def place(tmp_path):
    """A home in which the second snapshot, of one row of three, is held."""
    made = build.place(tmp_path)
    made.drop(csv(HEADER, *(pairing(number) for number in range(3))), name="a.csv")
    made.night()
    made.drop(csv(HEADER, pairing(0)), name="b.csv")
    made.night(ARRIVED + timedelta(days=1))
    return made


def state(place):
    with Ledger(place.home) as ledger:
        return {
            row["delivery_id"]: (row["state"], row["reason_code"]) for row in ledger.current().iter_rows(named=True)
        }


def held(place):
    with Ledger(place.home) as ledger:
        return ledger.holds()


def test_a_held_delivery_keeps_its_batch_and_an_approval_cleans_nothing_again(place):
    (hold,) = held(place)
    assert (hold.before, hold.now) == (3, 1)
    assert len(list((place.home.clean / "pairings").glob("[!_]*.parquet"))) == 2
    assert len(place.content()) == 3, "nothing of it is read"
    decide(place.home, hold.delivery_id, "approve", "已与区妇联核对", ARRIVED)
    assert place.night(ARRIVED + timedelta(days=2)) == []
    assert state(place)[hold.delivery_id] == ("clean", None)
    assert len(place.content()) == 4


def test_a_refusal_and_a_later_approval_and_what_remains_when_the_ledger_is_gone(place):
    (hold,) = held(place)
    decide(place.home, hold.delivery_id, "refuse", "少报两个镇", ARRIVED)
    assert state(place)[hold.delivery_id] == ("refused", "refused_by_person")
    assert held(place) == []
    for path in place.home.root.glob("ledger.sqlite*"):
        path.unlink()
    place.night(ARRIVED + timedelta(days=3))
    assert state(place)[hold.delivery_id] == ("refused", "refused_by_person")
    decide(place.home, hold.delivery_id, "approve", "核对无误", ARRIVED + timedelta(days=1))
    assert state(place)[hold.delivery_id] == ("clean", None)
    assert [one.verdict for one in read_decisions(place.home)] == ["refuse", "approve"]


def test_a_decision_lies_in_landing_for_the_operator_alone_and_is_never_changed(tmp_path):
    home = Home(tmp_path)
    made = decide(home, "a" * 16, "approve", " 张三来电说明 ", ARRIVED)
    (path,) = home.decisions.rglob("*.json")
    assert path.parent.name == ARRIVED.date().isoformat()
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert home.decisions.is_relative_to(home.landing)
    assert made.because == "张三来电说明" and "张三" not in repr(made)
    assert decide(home, "a" * 16, "approve", "张三来电说明", ARRIVED) == made
    assert len(list(home.decisions.rglob("*.json"))) == 1
    assert counting(read_decisions(home)) == {"a" * 16: made}


def test_without_a_reason_nothing_is_decided(tmp_path):
    with pytest.raises(ValueError, match="reason"):
        decide(Home(tmp_path), "a" * 16, "approve", "  ", ARRIVED)


def test_a_damaged_decision_is_named_and_not_quoted(tmp_path):
    home = Home(tmp_path)
    decide(home, "a" * 16, "approve", "张三来电", ARRIVED)
    (path,) = home.decisions.rglob("*.json")
    path.chmod(0o600)
    path.write_text('{"because": "张三来电"}', "utf-8")
    with pytest.raises(DecisionDamaged, match=path.name) as raised:
        list(read_decisions(home))
    assert "张三" not in str(raised.value)
