"""The ledger: rebuilt from receipts it is the same; what is pending and what is current follow from what it holds."""

import sqlite3
import stat
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_receipts import NOON, VERSIONS, add, attempt, receipt

from ingest.home import Home
from ingest.ledger import Ledger, Seen
from ingest.receipts import Delivery, write_receipts


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    return home


@pytest.fixture
def ledger(home):
    with Ledger(home) as opened:
        yield opened


def test_deleted_and_rebuilt_from_receipts_it_holds_the_same_deliveries(home):
    receipts = [
        receipt(1, 5),
        receipt(1, 2),
        receipt(2, bundle_sha="0" * 64, sequence=2),
        receipt(3, reason_code="dataset_unknown"),
    ]
    write_receipts(home, receipts)
    with Ledger(home) as first:
        add(first, *receipts)
        before = first.deliveries()
    assert len(before) == 3
    for path in home.root.glob("ledger.sqlite*"):
        path.unlink()
    with Ledger(home) as again:
        assert again.deliveries() == before
        again.rebuild_from_receipts()
        assert again.deliveries() == before


def test_a_rebuild_keeps_attempts_and_drops_what_no_receipt_proves(home, ledger):
    write_receipts(home, [receipt(1)])
    add(ledger, receipt(1), receipt(2))
    ledger.record([attempt(receipt(1))])
    ledger.rebuild_from_receipts()
    assert [one.delivery_id for one in ledger.deliveries()] == [receipt(1).delivery_id]
    assert ledger.current()["state"].to_list() == ["clean"]


def test_receipts_of_a_killed_landing_are_learnt_at_the_next(home, ledger):
    ledger.begin_landing()
    write_receipts(home, [receipt(1)])
    assert ledger.deliveries() == []
    ledger.begin_landing()
    assert len(ledger.deliveries()) == 1
    ledger.end_landing()
    write_receipts(home, [receipt(2)])
    ledger.begin_landing()
    assert len(ledger.deliveries()) == 1, "a landing that ended well is not read again"


def test_adding_says_what_is_new_and_the_earliest_receipt_counts(ledger):
    assert add(ledger, receipt(1, 5)) == {receipt(1).delivery_id}
    assert add(ledger, receipt(1, 2), receipt(2)) == {receipt(2).delivery_id}
    assert add(ledger, receipt(1, 9)) == set()
    assert {one.received_at for one in ledger.deliveries()} == {NOON, NOON + timedelta(minutes=2)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()), max_size=8),
    st.randoms(),
    st.integers(1, 3),
)
def test_any_order_repetition_and_splitting_give_the_same_ledger(tmp_path_factory, found, random, width):
    receipts = [receipt(content, minutes, sequence=int(late)) for content, minutes, late in found]
    shuffled = receipts + receipts[:2]
    random.shuffle(shuffled)
    held = []
    for order, step in ((receipts, len(receipts) or 1), (shuffled, width)):
        home = Home(tmp_path_factory.mktemp("home"))
        home.prepare()
        with Ledger(home) as ledger:
            for at in range(0, len(order), step):
                add(ledger, *order[at : at + step])
            held.append(ledger.deliveries())
    assert held[0] == held[1]


def test_pending_is_what_was_not_tried_last_under_these_versions(ledger):
    add(ledger, receipt(1, 1), receipt(2), receipt(3, dataset="points"), receipt(4, reason_code="bundle_unsafe"))
    assert [one.delivery_id for one in ledger.pending(VERSIONS, "r1")] == [
        one.delivery_id
        for one in sorted(
            (receipt(1, 1), receipt(2), receipt(3, dataset="points")), key=lambda r: (r.received_at, r.delivery_id)
        )
    ]
    ledger.record([attempt(receipt(1)), attempt(receipt(2), state="refused", reason_code="empty_file", batch_id=None)])
    assert [one.dataset for one in ledger.pending(VERSIONS, "r1")] == ["points"]
    assert len(ledger.pending(VERSIONS, "r2")) == 3
    newer = VERSIONS | {("county", "pairings"): "s2"}
    assert len(ledger.pending(newer, "r1")) == 3


def test_going_back_to_an_older_spec_makes_its_deliveries_pending_again(ledger):
    add(ledger, receipt(1))
    newer = {("county", "pairings"): "s2"}
    ledger.record([attempt(receipt(1))])
    ledger.record([attempt(receipt(1), spec_version="s2")])
    assert ledger.pending(newer, "r1") == []
    assert len(ledger.pending(VERSIONS, "r1")) == 1


def test_a_pair_without_a_version_is_an_error_and_not_a_silence(ledger):
    add(ledger, receipt(1), receipt(2, dataset="points"), receipt(3, sender="bureau", reason_code="dataset_unknown"))
    assert ledger.pairs() == [("county", "pairings"), ("county", "points")]
    with pytest.raises(ValueError, match="county/points"):
        ledger.pending({("county", "pairings"): "s1"}, "r1")


def test_an_attempt_of_an_unknown_delivery_adds_nothing(ledger):
    add(ledger, receipt(1))
    with pytest.raises(sqlite3.IntegrityError):
        ledger.record([attempt(receipt(1)), attempt(receipt(9))])
    assert ledger.current().is_empty()
    ledger.record([attempt(receipt(1))])
    assert ledger.current().height == 1


def test_remembered_files_come_back_and_are_replaced(ledger):
    ledger.add([Delivery.of(receipt(1))], [Seen("p" * 32, "5:7", (receipt(1).delivery_id,))])
    ledger.add([], [Seen("p" * 32, "6:8", ("a" * 16, "b" * 16))])
    assert ledger.seen() == {"p" * 32: Seen("p" * 32, "6:8", ("a" * 16, "b" * 16))}


def test_no_file_name_reaches_the_ledgers_bytes_and_it_is_this_users_alone(home, ledger):
    write_receipts(home, [receipt(1, member="李四.csv")])
    ledger.rebuild_from_receipts()
    add(ledger, receipt(2))
    files = list(home.root.glob("ledger.sqlite*"))
    held = b"".join(path.read_bytes() for path in files)
    assert receipt(2).delivery_id.encode() in held
    assert not any(name.encode(code) in held for name in ("王小二", "李四") for code in ("utf-8", "gb18030"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_many_processes_may_open_a_new_ledger_at_once(home):
    write_receipts(home, [receipt(1)])
    script = "import sys;from pathlib import Path;from ingest.home import Home;from ingest.ledger import Ledger;"
    script += "sys.stdin.readline();print(len(Ledger(Home(Path(sys.argv[1]))).deliveries()))"
    command = [sys.executable, "-c", script, str(home.root)]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for one in started:
        one.stdin.write("go\n")
        one.stdin.flush()
    assert [one.communicate()[0].strip() for one in started] == ["1"] * 4
