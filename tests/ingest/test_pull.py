"""Pulling lands what a system gives as files land; a cursor shortens a listing and decides nothing."""

import hashlib
import os
from datetime import timedelta

import pytest
from made_inboxes import NOW, drop, zipped
from pulled_homes import FOLDER, book_of, new_home, share

from ingest.arrivals import land_inbox
from ingest.connectors import folder
from ingest.connectors.protocol import Item, Limits, PullFailed
from ingest.connectors.secrets import NotConnected
from ingest.keys import Keyring
from ingest.landing import Landing
from ingest.ledger import Ledger
from ingest.pull import pull
from ingest.systems import SystemBook


@pytest.fixture
def place(tmp_path):
    return share(tmp_path)


def test_a_pulled_file_is_the_delivery_that_the_inbox_would_have_made(place, tmp_path):
    files = {
        "pairings/a.csv": b"a,b\n1,2\n",
        "pairings/correction/b.csv": b"a,b\n1,3\n",
        "points/withdrawal/c.csv": b"a\n1\n",
        "points/all.zip": zipped(one__csv=b"1\n", two__csv=b"2\n"),
    }
    inbox = new_home(tmp_path / "inbox", place.home)
    for name, data in files.items():
        place.put(name, data)
        drop(inbox, f"county/{name}", data)
    pulled = place.pull()
    assert (pulled.state, pulled.new, pulled.known, pulled.items) == ("ok", 5, 0, 4)
    land_inbox(inbox, Keyring.open(inbox), now=NOW)
    with Ledger(inbox) as ledger:
        assert place.deliveries() == ledger.deliveries()
    landing = Landing(place.home, Keyring.open(place.home))
    assert {landing.get(one.sha256) for one in place.deliveries()} >= {b"1\n", b"a,b\n1,3\n"}


def test_pulled_after_it_was_landed_it_is_known(place):
    drop(place.home, "county/pairings/by hand.csv")
    land_inbox(place.home, Keyring.open(place.home), now=NOW)
    place.put("pairings/a.csv")
    pulled = place.pull(NOW + timedelta(days=1))
    assert (pulled.new, pulled.known) == (0, 1)
    assert [one.received_at for one in place.deliveries()] == [NOW]


def test_twice_reads_nothing_and_leaves_no_receipt(place):
    place.put("pairings/a.csv")
    first = place.pull()
    before = place.receipts()
    again = place.pull(NOW + timedelta(days=1))
    assert (first.new, first.byte_size) == (1, 8)
    assert (again.new, again.known, again.byte_size) == (0, 1, 0)
    assert place.receipts() == before


def test_late_touched_renamed_and_replaced_files_all_do_the_right_thing(place):
    path = place.put("pairings/a.csv")
    place.pull()
    day = NOW + timedelta(days=1)
    os.utime(path, (NOW.timestamp(),) * 2)
    assert (place.pull(day).new, len(place.receipts())) == (0, 1), "touched: it lies there as it lay"
    path.rename(path.with_name("王小二.csv"))
    assert (place.pull(day).new, len(place.receipts())) == (0, 2), "the same bytes under a new name came again"
    place.put("pairings/late.csv", b"late", age=86_400 * 90)
    assert place.pull(day).new == 1, "an old date hides nothing"
    place.put("pairings/late.csv", b"LATE", age=86_400 * 90)
    assert place.pull(day).new == 1, "replaced under its name, with its size and date"
    place.put("pairings/late.csv", b"late", age=86_400 * 90)
    assert (place.pull(day + timedelta(days=1)).new, len(place.deliveries())) == (0, 3), "put back: known"


def test_history_says_when_contents_arrived(place):
    place.put("pairings/a.csv")
    place.put("pairings/b.csv", b"b")
    then = NOW - timedelta(days=30)
    place.pull(arrivals={hashlib.sha256(b"b").hexdigest(): then})
    assert sorted(one.received_at for one in place.deliveries()) == [then, NOW]


def test_what_changes_while_it_is_read_waits_and_the_others_come(place, monkeypatch):
    for name in ("a", "b", "c"):
        place.put(f"pairings/{name}.csv", name.encode())
    real = folder._unchanged

    def grown(descriptor, item):
        if item.name == "b.csv":
            raise PullFailed("item_changed")
        real(descriptor, item)

    monkeypatch.setattr(folder, "_unchanged", grown)
    pulled = place.pull()
    assert (pulled.state, pulled.reason_code, pulled.new) == ("failed", "item_changed", 2)
    monkeypatch.undo()
    assert (place.pull().state, len(place.deliveries())) == ("ok", 3)


class Table:
    """A system of the test: a list of contents with cursors, which can fail before any of them."""

    kind = "table"
    datasets = ("points",)

    def __init__(self, contents, fails_at=None, error=None, on_exit=None, on_open=None, on_enter=None):
        self.limits, self.contents, self.fails_at = Limits(), contents, fails_at
        self.error, self.on_exit, self.on_open, self.on_enter = (
            error or PullFailed("body_cut"),
            on_exit,
            on_open,
            on_enter,
        )
        self.asked = []

    def __enter__(self):
        if self.on_enter:
            raise self.on_enter
        return self

    def __exit__(self, *_):
        if self.on_exit:
            raise self.on_exit

    def list(self, dataset, cursor):
        self.asked.append(cursor)
        for number, _ in enumerate(self.contents, 1):
            if number > int(cursor or 0):
                yield Item(f"{number}.csv", f"points#{number}", "", cursor=str(number))

    def fetch(self, item):
        if int(item.cursor) == self.fails_at:
            raise self.error
        yield self.contents[int(item.cursor) - 1]


class Book(SystemBook):
    """The systems of the test; opening one raises what its ``on_open`` holds."""

    def __init__(self, **systems):
        self._systems = systems

    def open(self, sender, budget):
        if self._systems[sender].on_open:
            raise self._systems[sender].on_open
        return self._systems[sender]


def test_a_cursor_is_kept_only_when_its_whole_listing_is_durable(place):
    table = Table([b"1", b"2", b"3"], fails_at=3)
    place.book = Book(county=table)
    cut = place.pull()
    assert (cut.reason_code, cut.items, cut.new, len(place.deliveries())) == ("body_cut", 3, 2, 2)
    table.fails_at = None
    assert (place.pull().state, len(place.deliveries())) == ("ok", 3)
    table.contents.append(b"4")
    assert (place.pull().items, len(place.deliveries())) == (1, 4)
    assert table.asked == [None, None, "3"]


def test_no_cursor_is_kept_before_what_it_passes_over_is_landed(place, monkeypatch):
    """A disk that is full when the batch is written: the next pull begins where this one did."""
    table = Table([b"1", b"2"])
    place.book = Book(county=table)
    real, calls = Landing.put_many, []

    def full(self, contents):
        calls.append(1)
        if len(calls) == 1:
            raise OSError(28, "No space left on device")
        return real(self, contents)

    monkeypatch.setattr(Landing, "put_many", full)
    with pytest.raises(OSError, match="No space"):
        place.pull()
    with Ledger(place.home) as ledger:
        assert ledger.cursor("county", "points") is None
    assert (place.pull().new, table.asked) == (2, [None, None])


def test_an_item_without_a_stamp_is_fetched_each_time_and_lands_once(place):
    place.book = Book(county=Table([b"1", b"2"]))
    place.pull()
    with Ledger(place.home) as ledger:
        ledger.keep_cursor("county", "points", "0")
    again = place.pull(NOW + timedelta(days=1))
    assert (again.items, again.byte_size, again.new, again.known) == (2, 2, 0, 2)
    assert len(place.receipts()) == 2


@pytest.mark.parametrize(
    "broken",
    [
        Table([b"1"], fails_at=1),
        Table([b"1"], fails_at=1, error=RuntimeError("could not read 王小二 at https://user:secret@host")),
        Table([b"x"], on_exit=OSError("gone")),
        Table([], on_open=PullFailed("address_unsafe")),
    ],
)
def test_one_failing_system_stops_no_other_and_says_nothing_of_a_row(tmp_path, broken):
    home = new_home(tmp_path)
    book = Book(a=broken, b=Table([b"good"]))
    first, second = pull(home, Keyring.open(home), now=NOW, book=book)
    assert (first.state, second.state, second.new) == ("failed", "ok", 1)
    assert first.reason_code in {"body_cut", "connector_failed", "address_unsafe"}
    with Ledger(home) as ledger:
        assert ledger.pulls() == [first, second]


def test_a_system_without_an_address_is_not_connected_and_no_failure(place, monkeypatch, tmp_path):
    monkeypatch.delenv("JINGUO_NOWHERE", raising=False)
    place.book = book_of(tmp_path / "others", {"county": FOLDER.format(root="env:JINGUO_NOWHERE")})
    assert (place.pull().state, place.deliveries()) == ("not_connected", [])


def test_only_some_senders_or_kinds_can_be_pulled(tmp_path):
    home = new_home(tmp_path)
    book = Book(a=Table([b"a"]), b=Table([b"b"]))
    book.get("b").kind = "other"

    def senders(only):
        return [one.sender for one in pull(home, Keyring.open(home), now=NOW, book=book, only=only)]

    assert [senders(only) for only in (None, ["a"], ["other"], [])] == [["a", "b"], ["a"], ["b"], []]


def test_progress_ends_at_all_systems(tmp_path):
    home, calls = new_home(tmp_path), []
    book = Book(a=Table([b"a"]), b=Table([], on_enter=NotConnected("nowhere")))
    pull(home, Keyring.open(home), now=NOW, book=book, progress=lambda *told: calls.append(told))
    assert calls == [(1, 2), (2, 2)]
