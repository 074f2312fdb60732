"""Landing what lies in an inbox: object before receipt before ledger, so that a crash at any moment loses nothing.

The inbox stays as it is (it may be somebody else's read-only share). What was landed is remembered by place, size and
mtime, so that an unchanged night reads nothing; what a delivery *is* stays the hash of its content.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.durable import sweep
from ingest.home import Home
from ingest.inbox import Arrival, arrival, read_history, walk
from ingest.keys import Keyring, letters
from ingest.landing import Landing
from ingest.ledger import Ledger, Seen
from ingest.reading.bundle import Member, is_bundle, unpack
from ingest.reasons import Refused
from ingest.receipts import Delivery, Receipt, delivery_id_of, write_receipts

Progress = Callable[[int, int], None]
QUIET, AHEAD = timedelta(seconds=2), timedelta(days=1)
LARGEST = 1 << 30
_BATCH_BYTES, _BATCH_FILES = 64 << 20, 256


@dataclass(frozen=True)
class Refusal:
    """A file that landing refused; ``delivery_id`` is None where it was not even read (a link, a device, too large)."""

    sender: str
    dataset: str
    delivery_id: str | None
    reason_code: str


@dataclass
class Landed:
    """What one landing did: deliveries that were ``new``, files already ``known``, ``refused`` ones, and files still
    being written, which wait for the next time (``waiting``)."""

    new: int = 0
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)
    waiting: int = 0


def land_inbox(
    home: Home,
    keyring: Keyring,
    *,
    now: datetime,
    history: Path | None = None,
    progress: Progress | None = None,
) -> Landed:
    """Land every file of ``home.inbox`` that is not landed yet, as received at ``now`` (with offset).

    Files that changed less than 2 s before ``now`` wait. With ``history`` (see ``land_history``) nothing waits, and the
    files it lists are received when it says. ``progress`` is called with (files done, files in all).
    """
    home.prepare()
    stated = {} if history is None else {path: when for path, (_, when) in read_history(history).items()}
    found = [
        one
        for one in walk(home.inbox, stated, now.astimezone(UTC))
        if history is None or one.path != history.absolute()
    ]
    settled = found if history else [one for one in found if _is_quiet(one, now)]
    return _Lander(home, keyring, progress).land(settled, waiting=len(found) - len(settled))


def land_history(home: Home, keyring: Keyring, history: Path, progress: Progress | None = None) -> Landed:
    """Land the files of a backfill whose arrivals are known: those that the JSON lines ``history`` list.

    Raises ``HistoryUnusable`` before anything is landed. Source of the format: ``ingest.inbox.read_history``.
    """
    home.prepare()
    listed = read_history(history).items()
    found = [arrival(path, place, when, is_stated=True) for path, (place, when) in listed]
    return _Lander(home, keyring, progress).land(found, waiting=0)


def _is_quiet(one: Arrival, now: datetime) -> bool:
    age = now.timestamp() - one.mtime_ns / 1e9
    # a share's clock may run ahead; but a file from far in the future would wait for ever
    return not -AHEAD.total_seconds() < age < QUIET.total_seconds() or not one.is_regular


@dataclass(frozen=True)
class _Read:
    """One file, read: everything that must become durable together."""

    seen: Seen
    contents: tuple[bytes, ...]
    receipts: tuple[Receipt, ...]


class _Lander:
    def __init__(self, home: Home, keyring: Keyring, progress: Progress | None) -> None:
        self._home, self._landing = home, Landing(home, keyring)
        self._place_key = keyring.landing.derive(b"jinguo places v1")
        self._progress = progress or (lambda done, total: None)
        self._landed = Landed()

    def land(self, arrivals: list[Arrival], *, waiting: int) -> Landed:
        """Land the files in batches: many objects, then their receipts, then one transaction."""
        self._landed.waiting = waiting
        sweep(self._home.staging)
        with Ledger(self._home) as ledger:
            ledger.begin_landing()
            seen = ledger.seen()
            done = 0
            for batch in _batches(self._read(one, seen) for one in arrivals):
                self._keep([one for one in batch if one is not None], ledger)
                done += len(batch)
                self._progress(done, len(arrivals))
            ledger.end_landing()
        return self._landed

    def _keep(self, batch: list[_Read], ledger: Ledger) -> None:
        receipts = [receipt for one in batch for receipt in one.receipts]
        self._landing.put_many(content for one in batch for content in one.contents)
        write_receipts(self._home, receipts)
        new = ledger.add((Delivery.of(receipt) for receipt in receipts), [one.seen for one in batch])
        self._landed.new += len(new)
        for one in batch:  # a file sent twice in one batch is new once and known once
            self._landed.known += new.isdisjoint(one.seen.delivery_ids)
            new.difference_update(one.seen.delivery_ids)

    def _read(self, one: Arrival, seen: dict[str, Seen]) -> _Read | None:
        place = self._place(one)
        known = seen.get(place)
        if known and (known.byte_size, known.mtime_ns) == (one.byte_size, one.mtime_ns):
            self._landed.known += 1
            return None
        if not one.is_regular or one.byte_size > LARGEST:
            return self._unread(one, "file_too_large" if one.is_regular else "file_unreadable")
        try:
            data = _content(one)
        except OSError:
            return self._unread(one, "file_unreadable")
        if data is None:
            self._landed.waiting += 1
            return None
        return self._described(one, place, data)

    def _unread(self, one: Arrival, code: str) -> None:
        self._landed.refused.append(Refusal(one.sender, one.dataset, None, code))

    def _described(self, one: Arrival, place: str, data: bytes) -> _Read:
        sha = hashlib.sha256(data).hexdigest()
        members, code = [], one.reason_code
        if code is None and (is_bundle(data) or one.name.lower().endswith(".zip")):
            members, code = _unpacked(data)
        if members:
            receipts = tuple(
                _receipt(one, member.data, sequence=number, bundle_sha=sha, member=member.name)
                for number, member in enumerate(members, 1)
            )
        else:
            receipts = (_receipt(one, data, reason_code=code),)
        if code:
            self._landed.refused.append(Refusal(one.sender, one.dataset, receipts[0].delivery_id, code))
        ids = tuple(dict.fromkeys(receipt.delivery_id for receipt in receipts))
        contents = (data, *(member.data for member in members))
        return _Read(Seen(place, one.byte_size, one.mtime_ns, ids), contents, receipts)

    def _place(self, one: Arrival) -> str:
        # what the folder means is part of it: when a dataset becomes known, its waiting files are read again
        stated = one.received_at.isoformat() if one.is_stated else ""
        words = "|".join((one.sender, one.dataset, one.kind, stated, os.fspath(one.path)))
        return letters(hmac.digest(self._place_key, os.fsencode(words), "sha256")[:16])


def _unpacked(data: bytes) -> tuple[list[Member], str | None]:
    try:
        members = unpack(data)
    except Refused as refused:
        return [], refused.code
    return members, None if members else "empty_file"


def _receipt(one: Arrival, data: bytes, **facts: object) -> Receipt:
    sha = hashlib.sha256(data).hexdigest()
    return Receipt.model_validate(
        {
            "delivery_id": delivery_id_of(one.sender, one.dataset, one.kind, sha),
            "sender": one.sender,
            "dataset": one.dataset,
            "kind": one.kind,
            "file_name": one.name,
            "sha256": sha,
            "byte_size": len(data),
            "received_at": one.received_at,
            **facts,
        }
    )


def _content(one: Arrival) -> bytes | None:
    """Read the file; None where it is gone or changed since it was listed: then somebody is still at work on it."""
    try:
        fd = os.open(one.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(fd, "rb") as file:
        data = file.read(LARGEST + 1)
        found = os.fstat(fd)
    is_same = (found.st_size, found.st_mtime_ns) == (one.byte_size, one.mtime_ns)
    return data if is_same and len(data) == one.byte_size else None


def _batches(reads: Iterable[_Read | None]) -> Iterator[list[_Read | None]]:
    batch: list[_Read | None] = []
    size = 0
    for one in reads:
        batch.append(one)
        size += sum(map(len, one.contents)) if one else 0
        if size >= _BATCH_BYTES or len(batch) >= _BATCH_FILES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
