"""Receipts: who sent which bytes when. They lie beside the objects, and the ledger can be rebuilt from them alone."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ingest.delivery import Delivery as Delivery
from ingest.delivery import Kind, delivery_id_of
from ingest.delivery import merged as merged
from ingest.durable import add_durably
from ingest.home import Home
from ingest.keys import letters

_SHA = r"^[0-9a-f]{64}$"


class ReceiptDamaged(Exception):
    """A receipt cannot be read; the message names it by day and delivery, not by what it says."""


class Receipt(BaseModel):
    """One arrival of one file. The names of files can name persons: they are here and nowhere else, and never printed.

    ``received_at`` is UTC; ``as_of_on`` the day that the sender stated beside the file, if any; ``sequence`` the place
    within a bundle, from 1, and 0 for a file by itself; ``bundle_sha`` the bundle's hash and ``member`` the file's name
    in it; ``reason_code`` why landing itself refused it (``ingest.reasons``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    delivery_id: str = Field(pattern=r"^[a-p]{16}$")
    sender: str
    dataset: str
    kind: Kind
    file_name: str = Field(repr=False)
    sha256: str = Field(pattern=_SHA)
    byte_size: int = Field(ge=0)
    received_at: AwareDatetime
    as_of_on: date | None = None
    sequence: int = Field(default=0, ge=0)
    bundle_sha: str | None = Field(default=None, pattern=_SHA)
    member: str | None = Field(default=None, repr=False)
    reason_code: str | None = None

    @field_validator("received_at")
    @classmethod
    def _in_utc(cls, value: datetime) -> datetime:
        return value.astimezone(UTC)

    @model_validator(mode="after")
    def _identity_holds(self) -> Self:
        if self.delivery_id != delivery_id_of(self.sender, self.dataset, self.kind, self.sha256):
            raise ValueError("the delivery_id does not follow from sender, dataset, kind and content")
        return self

    def written(self) -> bytes:
        """The receipt as JSON; equal receipts give equal bytes."""
        return self.model_dump_json(indent=1).encode() + b"\n"


def write_receipts(home: Home, receipts: Iterable[Receipt]) -> int:
    """Write the receipts that are not there yet, durable when this returns; return how many were new."""
    files = ((path, partial(bytes, content)) for path, content in (_placed(home, one) for one in receipts))
    return add_durably(files, staging=home.staging, mode=0o600)


def read_receipts(home: Home) -> Iterator[Receipt]:
    """Yield every receipt, by day and delivery; raises ``ReceiptDamaged`` at one that cannot be read."""
    for path in sorted(home.receipts.glob("*/*.json")):
        try:
            yield Receipt.model_validate_json(path.read_bytes())
        except ValidationError as error:
            what = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'whole'}: {one['type']}" for one in error.errors())
            raise ReceiptDamaged(f"receipt {path.parent.name}/{path.name} cannot be read ({what})") from None


def _placed(home: Home, receipt: Receipt) -> tuple[Path, bytes]:
    content = receipt.written()
    name = f"{receipt.delivery_id}-{letters(hashlib.sha256(content).digest()[:8])}.json"
    return home.receipts / receipt.received_at.date().isoformat() / name, content
