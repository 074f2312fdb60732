"""The ledger: which deliveries there are, and what became of each. SQLite; no file name and no person in it.

Deliveries can be rebuilt from the receipts, attempts by cleaning again. Times are written as ISO 8601 in UTC.
"""

import os
import sqlite3
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Self

import polars as pl

from ingest.attempts import Attempt, Outcome, as_frame
from ingest.decisions import counting, read_decisions
from ingest.delivery import Delivery, merged
from ingest.holding import Hold, judged
from ingest.home import Home
from ingest.ledger_tables import VERSION, bring_up_to_date
from ingest.pulled import Pulled
from ingest.receipts import read_receipts

_DELIVERY = tuple(field.name for field in fields(Delivery))
_ATTEMPT = tuple(field.name for field in fields(Attempt))
_PULLED = tuple(field.name for field in fields(Pulled))
_RECEIVED, _STATED, _TITLED = _DELIVERY.index("received_at"), _DELIVERY.index("as_of_on"), _ATTEMPT.index("as_of_on")
_NEWEST = "a.attempt_no = (select max(attempt_no) from attempts where delivery_id = d.delivery_id)"


@dataclass(frozen=True)
class Seen:
    """A landed file or item: its keyed place (no name), what told its version there, and what it was landed as."""

    place: str
    stamp: str
    delivery_ids: tuple[str, ...]


class Ledger:
    """The ledger of one home (``Home.prepare`` has run); a context manager. A new one is rebuilt from the receipts."""

    def __init__(self, home: Home) -> None:
        self._home = home
        os.close(os.open(home.ledger, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
        self._db = sqlite3.connect(home.ledger, timeout=30, isolation_level=None)
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
            self._db.execute(f"pragma {pragma}")
        if self._one("pragma user_version") != VERSION:
            with self._transaction():  # another process may have been quicker: it looks again
                bring_up_to_date(self._db)
        if self._one("select state from landing") == "new":
            self.rebuild_from_receipts()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database file."""
        self._db.close()

    def begin_landing(self) -> None:
        """Say that receipts will be written; if the last landing was killed, first learn what it wrote."""
        if self._one("select state from landing") == "open":
            self.rebuild_from_receipts()
        self._db.execute("update landing set state = 'open'")

    def end_landing(self) -> None:
        """Say that every receipt is in the ledger."""
        self._db.execute("update landing set state = 'closed'")

    def add(self, deliveries: Iterable[Delivery], seen: Iterable[Seen] = ()) -> set[str]:
        """Add deliveries and remember their files, in one transaction; return the delivery_ids that were new."""
        arrived = merged(deliveries)
        with self._transaction():
            known = {name: found for name in arrived for found in self._deliveries("delivery_id = ?", (name,))}
            self._put(merged((*known.values(), *arrived.values())).values())
            self._db.executemany(
                "insert or replace into seen values (?, ?, ?)",
                [(one.place, one.stamp, ",".join(one.delivery_ids)) for one in seen],
            )
        return arrived.keys() - known.keys()

    def seen(self) -> dict[str, Seen]:
        """Return every remembered file and item by its keyed place."""
        rows = self._db.execute("select place, stamp, delivery_ids from seen")
        return {row[0]: Seen(row[0], row[1], tuple(row[2].split(","))) for row in rows}

    def cursor(self, sender: str, dataset: str) -> str | None:
        """Return where the next listing of a system may begin; None: at its beginning."""
        found = self._db.execute("select cursor from cursors where (sender, dataset) = (?, ?)", (sender, dataset))
        return next((row[0] for row in found), None)

    def keep_cursor(self, sender: str, dataset: str, cursor: str) -> None:
        """Keep where the next listing may begin; call it only when everything of this listing is durable."""
        self._db.execute("insert or replace into cursors values (?, ?, ?)", (sender, dataset, cursor))

    def record_pull(self, pulled: Pulled) -> None:
        """Add what became of one pull."""
        row = [_plain(getattr(pulled, name)) for name in _PULLED]
        self._db.execute(f"insert into pulls ({', '.join(_PULLED)}) values ({', '.join('?' * len(row))})", row)

    def pulls(self) -> list[Pulled]:
        """Return the newest pull of every system, by sender."""
        newest = "select max(pull_no) from pulls group by sender"
        rows = self._db.execute(f"select {', '.join(_PULLED)} from pulls where pull_no in ({newest}) order by sender")
        return [_pulled(row) for row in rows]

    def rebuild_from_receipts(self) -> None:
        """Make the deliveries what the receipts say; attempts stay, but for those of another day of arrival."""
        found = merged(Delivery.of(receipt) for receipt in read_receipts(self._home))
        with self._transaction():
            gone = {one.delivery_id for one in self.deliveries()} - found.keys()
            self._db.executemany("delete from deliveries where delivery_id = ?", [(one,) for one in gone])
            self._put(found.values())
            self._db.execute("update landing set state = 'closed' where state = 'new'")

    def pairs(self) -> list[tuple[str, str]]:
        """Return every (sender, dataset) with a delivery that landing did not refuse."""
        sql = "select distinct sender, dataset from deliveries where reason_code is null order by 1, 2"
        return self._db.execute(sql).fetchall()

    def deliveries(self) -> list[Delivery]:
        """Return every delivery, by (received_at, delivery_id)."""
        return self._deliveries("true")

    def pending(self, versions: Mapping[tuple[str, str], str], rules_version: str) -> list[Delivery]:
        """Return the deliveries whose newest attempt was not under these versions, by (received_at, delivery_id).

        ``versions`` is (sender, dataset) -> spec_version. Raises ``ValueError`` where a pair of ``pairs()`` is missing:
        its deliveries would never be cleaned and nobody would know.
        """
        missing = [pair for pair in self.pairs() if pair not in versions]
        if missing:
            raise ValueError(f"no spec version for {', '.join('/'.join(pair) for pair in missing)}")
        # the key: without it each delivery looked at every pair, which took 22,752 of them eleven seconds
        columns = "sender, dataset, spec_version, primary key (sender, dataset)"
        self._db.execute(f"create temp table if not exists asked ({columns})")
        with self._transaction():
            self._db.execute("delete from asked")
            self._db.executemany("insert into asked values (?, ?, ?)", [(*pair, one) for pair, one in versions.items()])
            return self._deliveries(
                f"""reason_code is null and not exists (
                    select 1 from attempts as a join asked as v using (spec_version)
                    where {_NEWEST} and a.rules_version = ? and v.sender = d.sender and v.dataset = d.dataset)""",
                (rules_version,),
            )

    def ask_again(self, delivery_ids: Iterable[str]) -> None:
        """Have these deliveries cleaned again by the next night; until then they are what they are."""
        with self._transaction():
            again = "update attempts set rules_version = 'asked again' where delivery_id = ?"
            self._db.executemany(again, [(one,) for one in delivery_ids])

    def record(self, attempts: Sequence[Attempt]) -> None:
        """Add attempts in one transaction; the newest attempt of a delivery is the one that counts.

        Raises ``sqlite3.IntegrityError``, adding none, where a delivery is unknown.
        """
        rows = [tuple(_plain(getattr(one, name)) for name in _ATTEMPT) for one in attempts]
        marks = ", ".join("?" * len(_ATTEMPT))
        with self._transaction():
            self._db.executemany(f"insert into attempts ({', '.join(_ATTEMPT)}) values ({marks})", rows)

    def current(self) -> pl.DataFrame:
        """Return every delivery that was tried or that landing refused, with its newest attempt and what withholds it.

        Columns and types: ``ingest.attempts.CURRENT_SCHEMA``; one row a delivery, by ``delivery_id``.
        """
        return as_frame(self._judged()[0])

    def holds(self) -> list[Hold]:
        """Return why each held delivery is held, by ``delivery_id``."""
        return self._judged()[1]

    def _judged(self) -> tuple[list[Outcome], list[Hold]]:
        columns = ", ".join((*(f"d.{name}" for name in _DELIVERY), *(f"a.{name}" for name in _ATTEMPT)))
        rows = self._db.execute(
            f"""select {columns} from deliveries as d left join attempts as a on {_NEWEST}
                where a.attempt_no is not null or d.reason_code is not null"""
        )
        at = len(_DELIVERY)
        outcomes = [Outcome(_delivery(row[:at]), _attempt(row[at:]) if row[at] else None) for row in rows]
        return judged(outcomes, counting(read_decisions(self._home)))

    def _one(self, sql: str) -> Any:
        return self._db.execute(sql).fetchone()[0]

    def _put(self, deliveries: Iterable[Delivery]) -> None:
        rows = [tuple(_plain(getattr(one, name)) for name in _DELIVERY) for one in deliveries]
        marks = ", ".join("?" * len(_DELIVERY))
        # what lies in the future was judged by the day of arrival: an earlier receipt has it judged again (law 2)
        self._db.executemany(
            """delete from attempts where delivery_id = :delivery_id and exists (select 1 from deliveries as d
                where d.delivery_id = :delivery_id and d.received_at <> :received_at)""",
            [dict(zip(_DELIVERY, row, strict=True)) for row in rows],
        )
        self._db.executemany(f"insert or replace into deliveries ({', '.join(_DELIVERY)}) values ({marks})", rows)

    def _deliveries(self, where: str, values: Sequence[str] = ()) -> list[Delivery]:
        columns = ", ".join(_DELIVERY)
        sql = f"select {columns} from deliveries as d where {where} order by received_at, delivery_id"
        return [_delivery(row) for row in self._db.execute(sql, values)]

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._db.execute("begin immediate")
        try:
            yield
            self._db.execute("commit")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _delivery(row: Sequence[Any]) -> Delivery:
    values = list(row)
    values[_RECEIVED] = datetime.fromisoformat(values[_RECEIVED])
    values[_STATED] = _day(values[_STATED])
    return Delivery(*values)


def _attempt(row: Sequence[Any]) -> Attempt:
    values = list(row)
    values[_TITLED] = _day(values[_TITLED])
    return Attempt(*values)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _pulled(row: Sequence[Any]) -> Pulled:
    values: dict[str, Any] = dict(zip(_PULLED, row, strict=True))
    values["started_at"] = datetime.fromisoformat(values["started_at"])
    return Pulled(**values)
