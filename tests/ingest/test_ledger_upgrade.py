"""A ledger of an earlier version goes on with all that it knew; one of a later version is left alone."""

import sqlite3
from contextlib import closing
from dataclasses import fields

import pytest
from made_inboxes import NOW, deliveries, drop
from made_receipts import attempt
from pulled_homes import new_home

from ingest.arrivals import land_inbox
from ingest.attempts import Attempt
from ingest.delivery import Delivery
from ingest.keys import Keyring
from ingest.ledger import Ledger
from ingest.ledger_tables import VERSION, LedgerTooNew

# As the first version wrote it; never to be changed.
FIRST = """
create table deliveries (delivery_id text primary key, sender text not null, dataset text not null,
    kind text not null, sha256 text not null, byte_size integer not null, received_at text not null, as_of_on text,
    sequence integer not null, bundle_sha text, reason_code text) strict, without rowid;
create table attempts (attempt_no integer primary key,
    delivery_id text not null references deliveries deferrable initially deferred, batch_id text,
    spec_version text not null, rules_version text not null, token_key_id text not null,
    state text not null check (state in ('clean', 'refused', 'held')), reason_code text, detail_code text,
    as_of_on text, records_in integer not null, clean_records integer not null, rejected_records integer not null,
    duplicate_records integer not null, non_data_records integer not null, unreadable_keys integer not null,
    cells integer not null, file_kind text, encoding text) strict;
create index attempts_of_delivery on attempts (delivery_id, attempt_no);
create table seen (place text primary key, byte_size integer not null, mtime_ns integer not null,
    delivery_ids text not null) strict, without rowid;
create table landing (state text not null check (state in ('new', 'open', 'closed'))) strict;
insert into landing values ('closed');
pragma user_version = 1;
"""


def made_old(home) -> None:
    """Write the ledger of ``home`` anew as the first version would have."""
    names = [one.name for one in fields(Delivery)]
    tried = [one.name for one in fields(Attempt) if one.name != "scopes"]
    with Ledger(home) as ledger:
        ledger.record([attempt(one, records_in=3, clean_records=3) for one in ledger.deliveries()])
    old = sqlite3.connect(home.root / "old.sqlite")
    old.executescript(FIRST)
    old.execute("attach ? as new", (str(home.ledger),))
    old.execute(f"insert into deliveries ({', '.join(names)}) select {', '.join(names)} from new.deliveries")
    old.execute(f"insert into attempts ({', '.join(tried)}) select {', '.join(tried)} from new.attempts")
    old.execute(
        """insert into seen select place, substr(stamp, 1, instr(stamp, ':') - 1), substr(stamp, instr(stamp, ':') + 1),
            delivery_ids from new.seen"""
    )
    old.commit()
    old.close()
    for path in home.root.glob("ledger.sqlite*"):
        path.unlink()
    (home.root / "old.sqlite").rename(home.ledger)


def version_of(home) -> int:
    with closing(sqlite3.connect(home.ledger)) as ledger:
        return ledger.execute("pragma user_version").fetchone()[0]


@pytest.fixture
def home(tmp_path):
    home = new_home(tmp_path)
    drop(home, "county/pairings/a.csv")
    drop(home, "county/points/b.csv", b"b")
    land_inbox(home, Keyring.open(home), now=NOW)
    return home


def test_an_old_ledger_keeps_deliveries_attempts_and_what_it_has_seen(home):
    known = deliveries(home)
    made_old(home)
    assert version_of(home) == 1
    assert deliveries(home) == known and len(known) == 2
    with Ledger(home) as ledger:
        assert ledger.current()["clean_records"].to_list() == [3, 3]
        assert (ledger.pulls(), ledger.cursor("county", "points")) == ([], None)
    again = land_inbox(home, Keyring.open(home), now=NOW)
    assert (again.new, again.known) == (0, 2)
    assert len(list(home.receipts.rglob("*.json"))) == 2


def test_the_files_of_an_upgraded_ledger_are_not_read_again(home, monkeypatch):
    from ingest import arrivals

    made_old(home)
    monkeypatch.setattr(arrivals, "_content", lambda one: pytest.fail("read again"))
    assert land_inbox(home, Keyring.open(home), now=NOW).known == 2


def test_a_ledger_of_a_later_version_is_refused_and_not_touched(home):
    with sqlite3.connect(home.ledger) as newer:
        newer.execute(f"pragma user_version = {VERSION + 1}")
    newer.close()
    with pytest.raises(LedgerTooNew, match="version"):
        deliveries(home)
    assert version_of(home) == VERSION + 1
