"""The one way into landing: object before receipt before ledger, so that a crash at any moment loses nothing.

Whatever comes, from an inbox or from a system, passes here as bytes. What was landed is remembered by place and stamp,
so that an unchanged night reads nothing; what a delivery *is* stays the hash of its content.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from ingest.delivery import Delivery, Kind, delivery_id_of
from ingest.durable import sweep
from ingest.home import Home
from ingest.keys import Keyring, letters
from ingest.landing import Landing
from ingest.ledger import Ledger, Seen
from ingest.reading.bundle import Member, is_bundle, unpack
from ingest.reasons import Refused
from ingest.receipts import Receipt, write_receipts

LARGEST = 1 << 30
BATCH_BYTES, BATCH_FILES = 64 << 20, 256


@dataclass(frozen=True)
class Refusal:
    """What landing refused; ``delivery_id`` is None where it was not even read (a link, a device, too large)."""

    sender: str
    dataset: str
    delivery_id: str | None
    reason_code: str


@dataclass
class Landed:
    """What one landing did: deliveries that were ``new``, files or items already ``known``, ``refused`` ones, and files
    still being written, which wait for the next time (``waiting``)."""

    new: int = 0
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)
    waiting: int = 0


@dataclass(frozen=True)
class Offered:
    """One file or item, read. ``place`` is ``Lander.place`` of where it stood, ``stamp`` what told its version there;
    ``is_stated`` says that ``received_at`` comes from a history; ``reason_code`` that landing must refuse it."""

    sender: str
    dataset: str
    kind: Kind
    name: str = field(repr=False)
    place: str
    stamp: str
    received_at: datetime
    data: bytes = field(repr=False)
    is_stated: bool = False
    reason_code: str | None = None


@dataclass(frozen=True)
class _Read:
    """What must become durable together."""

    seen: Seen
    contents: tuple[bytes, ...] = ()
    receipts: tuple[Receipt, ...] = ()


class Lander:
    """Lands what is offered, in batches: many objects, then their receipts, then one transaction.

    A context manager: what is offered is durable when ``flush`` returns or the block ends well. Only one at a time in a
    home (its caller holds the night's lock).
    """

    def __init__(self, home: Home, keyring: Keyring) -> None:
        self._home, self._landing = home, Landing(home, keyring)
        self._place_key = keyring.landing.derive(b"jinguo places v1")
        self._batch: list[_Read] = []
        self._size = 0
        self.landed = Landed()

    def __enter__(self) -> Self:
        sweep(self._home.staging)
        self.ledger = Ledger(self._home)
        self.ledger.begin_landing()
        self._seen = self.ledger.seen()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.flush()
                self.ledger.end_landing()
        finally:
            self.ledger.close()

    def place(self, *words: str) -> str:
        """Return the keyed place that ``words`` describe: a name can name a person, and the ledger holds none."""
        return letters(hmac.digest(self._place_key, os.fsencode("|".join(words)), "sha256")[:16])

    def knows(self, place: str, stamp: str) -> bool:
        """Whether just this was landed before, so that it need not be read; an empty stamp tells nothing."""
        known = self._seen.get(place)
        is_known = bool(stamp) and known is not None and known.stamp == stamp
        self.landed.known += is_known
        return is_known

    def refuse(self, sender: str, dataset: str, reason_code: str) -> None:
        """Note something that is not even read."""
        self.landed.refused.append(Refusal(sender, dataset, None, reason_code))

    def offer(self, one: Offered) -> bool:
        """Land ``one`` with the next batch; return whether that batch is durable already."""
        read = self._described(one)
        self._batch.append(read)
        self._size += sum(map(len, read.contents))
        if self._size < BATCH_BYTES and len(self._batch) < BATCH_FILES:
            return False
        self.flush()
        return True

    def flush(self) -> None:
        """Make durable, and known to the ledger, all that was offered so far."""
        batch, self._batch, self._size = self._batch, [], 0
        self._landing.put_many(content for one in batch for content in one.contents)
        receipts = [receipt for one in batch for receipt in one.receipts]
        write_receipts(self._home, receipts)
        new = self.ledger.add(map(Delivery.of, receipts), [one.seen for one in batch])
        self.landed.new += len(new)
        for one in batch:  # what was sent twice in one batch is new once and known once
            self._seen[one.seen.place] = one.seen
            self.landed.known += new.isdisjoint(one.seen.delivery_ids)
            new.difference_update(one.seen.delivery_ids)

    def _described(self, one: Offered) -> _Read:
        sha = hashlib.sha256(one.data).hexdigest()
        members, code = [], one.reason_code
        if code is None and (is_bundle(one.data) or one.name.lower().endswith(".zip")):
            members, code = _unpacked(one.data)
        if members:
            receipts = tuple(
                _receipt(one, member.data, sequence=number, bundle_sha=sha, member=member.name)
                for number, member in enumerate(members, 1)
            )
        else:
            receipts = (_receipt(one, one.data, reason_code=code),)
        ids = tuple(dict.fromkeys(receipt.delivery_id for receipt in receipts))
        seen, known = Seen(one.place, one.stamp, ids), self._seen.get(one.place)
        if known and known.delivery_ids == ids and not one.is_stated:
            return _Read(seen)  # it lies there as it lay: that is no second arrival
        if code:
            self.landed.refused.append(Refusal(one.sender, one.dataset, ids[0], code))
        return _Read(seen, (one.data, *(member.data for member in members)), receipts)


def _unpacked(data: bytes) -> tuple[list[Member], str | None]:
    try:
        members = unpack(data)
    except Refused as refused:
        return [], refused.code
    return members, None if members else "empty_file"


def _receipt(one: Offered, data: bytes, **facts: object) -> Receipt:
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
