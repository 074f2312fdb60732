"""The tables of the ledger, and how a ledger of an earlier version becomes one of this version."""

import sqlite3

VERSION = 2


class LedgerTooNew(Exception):
    """The ledger was written by a later version of this program; the message says both versions."""


_FIRST = (
    """create table deliveries (delivery_id text primary key, sender text not null, dataset text not null,
        kind text not null, sha256 text not null, byte_size integer not null, received_at text not null, as_of_on text,
        sequence integer not null, bundle_sha text, reason_code text) strict, without rowid""",
    """create table attempts (attempt_no integer primary key,
        delivery_id text not null references deliveries deferrable initially deferred, batch_id text,
        spec_version text not null, rules_version text not null, token_key_id text not null,
        state text not null check (state in ('clean', 'refused', 'held')), reason_code text, detail_code text,
        as_of_on text, records_in integer not null, clean_records integer not null, rejected_records integer not null,
        duplicate_records integer not null, non_data_records integer not null, unreadable_keys integer not null,
        cells integer not null, file_kind text, encoding text) strict""",
    "create index attempts_of_delivery on attempts (delivery_id, attempt_no)",
    """create table seen (place text primary key, byte_size integer not null, mtime_ns integer not null,
        delivery_ids text not null) strict, without rowid""",
    "create table landing (state text not null check (state in ('new', 'open', 'closed'))) strict",
    "insert into landing values ('new')",
)
# To version 2: what a system says of an item's version is a text, a pull is remembered, a snapshot has scopes.
_SECOND = (
    """create table known (place text primary key, stamp text not null, delivery_ids text not null)
        strict, without rowid""",
    "insert into known select place, byte_size || ':' || mtime_ns, delivery_ids from seen",
    "drop table seen",
    "alter table known rename to seen",
    "alter table attempts add column scopes text",
    """create table cursors (sender text not null, dataset text not null, cursor text not null,
        primary key (sender, dataset)) strict, without rowid""",
    """create table pulls (pull_no integer primary key, sender text not null, kind text not null,
        started_at text not null, state text not null check (state in ('ok', 'failed', 'not_connected')),
        reason_code text, items integer not null, new integer not null, known integer not null,
        byte_size integer not null) strict""",
    "create index pulls_of_sender on pulls (sender, pull_no)",
)
_STEPS = (_FIRST, _SECOND)


def bring_up_to_date(db: sqlite3.Connection) -> None:
    """Create the tables, or change those of an earlier version, within the transaction that the caller began.

    Raises ``LedgerTooNew``.
    """
    (version,) = db.execute("pragma user_version").fetchone()
    if version > VERSION:
        raise LedgerTooNew(f"ledger.sqlite has version {version}, this program knows {VERSION}: install the newer one")
    for statements in _STEPS[version:]:
        for statement in statements:
            db.execute(statement)
    db.execute(f"pragma user_version = {VERSION}")
