"""Landing an inbox: everything found is landed, known, waiting or refused; twice is once; a kill loses nothing."""

import os
from datetime import datetime, timedelta

import pytest
from made_inboxes import NOW, deliveries, drop, zipped

from ingest import arrivals, lander
from ingest.arrivals import land_inbox
from ingest.home import Home
from ingest.keys import Keyring, create_keys
from ingest.lander import Refusal
from ingest.landing import Landing
from ingest.ledger import Ledger
from ingest.receipts import delivery_id_of, read_receipts


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    home.prepare()
    create_keys(home, demo=False)
    return home


@pytest.fixture
def land(home):
    def once(now: datetime = NOW, **facts):
        return land_inbox(home, Keyring.open(home), now=now, **facts)

    return once


def test_the_folder_says_sender_dataset_and_kind(home, land):
    for place in (
        "county/pairings/a.csv",
        "county/points/a.csv",
        "county/pairings/correction/a.csv",
        "bureau-2/points/withdrawal/a.csv",
    ):
        drop(home, place)
    landed = land()
    assert (landed.new, landed.known, landed.refused, landed.waiting) == (4, 0, [], 0)
    assert sorted((one.sender, one.dataset, one.kind) for one in deliveries(home)) == [
        ("bureau-2", "points", "withdrawal"),
        ("county", "pairings", "correction"),
        ("county", "pairings", "snapshot"),
        ("county", "points", "increment"),
    ]
    keyring = Keyring.open(home)
    assert {Landing(home, keyring).get(one.sha256) for one in deliveries(home)} == {b"a,b\n1,2\n"}
    assert {one.received_at for one in deliveries(home)} == {NOW}


def test_the_second_night_reads_nothing_and_knows_everything(home, land, monkeypatch):
    drop(home, "county/pairings/a.csv")
    drop(home, "county/pairings/b.zip", zipped(one__csv=b"1\n"))
    assert land().new == 2
    monkeypatch.setattr(arrivals, "_content", lambda one: pytest.fail("read again"))
    again = land(NOW + timedelta(days=1))
    assert (again.new, again.known) == (0, 2)
    assert len(list(read_receipts(home))) == 2
    assert (home.inbox / "county/pairings/a.csv").exists()


def test_touched_renamed_and_copied_files_are_the_same_delivery_and_its_first_arrival_counts(home, land):
    path = drop(home, "county/pairings/a.csv")
    land()
    os.utime(path, (1, 1))
    path.rename(path.with_name("王小二.csv"))
    drop(home, "county/pairings/copy.csv")
    again = land(NOW + timedelta(days=1))
    assert (again.new, again.known) == (0, 2)
    (one,) = deliveries(home)
    assert one.received_at == NOW


def test_a_file_sent_twice_in_one_night_is_new_once_and_known_once(home, land):
    for name in ("a.csv", "b.csv"):
        drop(home, f"county/pairings/{name}")
    landed = land()
    assert (landed.new, landed.known) == (1, 1)


def test_changed_content_is_a_new_delivery(home, land):
    drop(home, "county/pairings/a.csv")
    land()
    drop(home, "county/pairings/a.csv", b"other")
    assert land().new == 1
    assert len(deliveries(home)) == 2


def test_programs_leftovers_are_left_out(home, land):
    for name in ("~$a.xlsx", ".hidden", "a.tmp", "A.PART", "b.part"):
        drop(home, f"county/pairings/{name}")
    drop(home, "county/pairings/.cache/x.csv")
    (home.inbox / "county/points").mkdir()
    landed = land()
    assert (landed.new, landed.known, landed.refused, landed.waiting) == (0, 0, [], 0)


@pytest.mark.parametrize(("age", "waits"), [(0, True), (1.9, True), (2.1, False), (-300, True), (-90_000, False)])
def test_a_file_still_being_written_waits_for_the_next_time(home, land, age, waits):
    drop(home, "county/pairings/a.csv", age=age)
    landed = land()
    assert (landed.new, landed.waiting) == (int(not waits), int(waits))
    assert land(NOW + timedelta(minutes=6)).new == int(waits)


def test_a_file_that_grows_while_it_is_read_waits(home, land, monkeypatch):
    path = drop(home, "county/pairings/a.csv")
    real = os.fstat

    def grown(fd):
        path.write_bytes(b"longer than before, a lot")
        return real(fd)

    monkeypatch.setattr(os, "fstat", grown)
    landed = land()
    assert (landed.new, landed.waiting) == (0, 1)


def test_links_and_devices_are_refused_and_never_followed(home, land, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "x.csv").write_bytes(b"not ours")
    drop(home, "county/pairings/a.csv")
    (home.inbox / "county/pairings/link.csv").symlink_to(tmp_path / "secret" / "x.csv")
    (home.inbox / "county/points").symlink_to(tmp_path / "secret")
    os.mkfifo(home.inbox / "county/pairings/pipe.csv")
    landed = land()
    assert landed.new == 1
    assert [(one.delivery_id, one.reason_code) for one in landed.refused] == [(None, "file_unreadable")] * 3


def test_an_unreadable_and_an_enormous_file_do_not_stop_the_others(home, land, monkeypatch):
    drop(home, "county/pairings/a.csv")
    drop(home, "county/pairings/locked.csv", b"locked")
    drop(home, "county/pairings/z.csv", b"z" * 100)
    monkeypatch.setattr(arrivals, "LARGEST", 99)
    real = os.open

    def guarded(path, *args, **facts):
        if os.fspath(path).endswith("locked.csv"):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **facts)

    monkeypatch.setattr(os, "open", guarded)
    landed = land()
    assert landed.new == 1
    assert [one.reason_code for one in landed.refused] == ["file_unreadable", "file_too_large"]


def test_a_bundle_becomes_one_delivery_a_member_and_its_own_bytes_are_kept(home, land):
    data = zipped(first__csv=b"1\n", 李四__csv=b"2\n")
    drop(home, "county/pairings/all.zip", data)
    drop(home, "county/pairings/single.csv", b"1\n")
    assert land().new == 2
    found = {one.sha256: one for one in deliveries(home)}
    bundles = {one.bundle_sha for one in found.values()} - {None}
    (bundle,) = bundles
    assert Landing(home, Keyring.open(home)).get(bundle) == data
    assert bundle not in found
    assert {(one.member, one.sequence) for one in read_receipts(home)} == {("first.csv", 1), ("李四.csv", 2), (None, 0)}


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"PK\x03\x04 broken", "bundle_unsafe"), (zipped(), "empty_file"), (zipped(**{"../x": b"1"}), "bundle_unsafe")],
)
def test_a_refused_bundle_is_a_refused_delivery(home, land, data, code):
    drop(home, "county/pairings/all.zip", data)
    drop(home, "county/pairings/good.csv")
    landed = land()
    (one,) = [one for one in deliveries(home) if one.reason_code]
    assert (landed.new, one.reason_code) == (2, code)
    assert landed.refused == [Refusal("county", "pairings", one.delivery_id, code)]
    with Ledger(home) as ledger:
        assert [each.reason_code for each in ledger.pending({("county", "pairings"): "s"}, "r")] == [None]


def test_progress_ends_at_all_files(home, land):
    for number in range(5):
        drop(home, f"county/pairings/{number}.csv", b"%d" % number)
    calls = []
    land(progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (5, 5)


def test_batches_bound_what_is_held_in_memory(home, land, monkeypatch):
    monkeypatch.setattr(lander, "BATCH_FILES", 2)
    for number in range(5):
        drop(home, f"county/pairings/{number}.csv", b"%d" % number)
    calls = []
    assert land(progress=lambda done, total: calls.append(done)).new == 5
    assert calls == [2, 4, 5]


def test_an_identity_is_what_the_receipt_module_says(home, land):
    drop(home, "county/pairings/a.csv")
    land()
    (one,) = deliveries(home)
    assert one.delivery_id == delivery_id_of("county", "pairings", "snapshot", one.sha256)
