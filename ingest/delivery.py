"""A delivery: what the receipts of one arrival, or of several of the same bytes, say together."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from ingest.keys import letters

if TYPE_CHECKING:
    from ingest.receipts import Receipt

Kind = Literal["snapshot", "increment", "correction", "withdrawal"]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def delivery_id_of(sender: str, dataset: str, kind: str, sha256: str) -> str:
    """Return the identity of a delivery, 16 letters a-p: the same bytes from the same sender for the same dataset and
    kind are the same delivery, however often and under whatever name they come."""
    return letters(hashlib.sha256(f"{sender}|{dataset}|{kind}|{sha256}".encode()).digest()[:8])


@dataclass(frozen=True)
class Delivery:
    """What the receipts of one delivery say together; holds no file name. Times are UTC."""

    delivery_id: str
    sender: str
    dataset: str
    kind: Kind
    sha256: str
    byte_size: int
    received_at: datetime
    as_of_on: date | None
    sequence: int
    bundle_sha: str | None
    reason_code: str | None

    @classmethod
    def of(cls, receipt: "Receipt") -> "Delivery":
        """The delivery as this one receipt alone would have it."""
        names = cls.__dataclass_fields__
        return cls(**{name: getattr(receipt, name) for name in names})

    @property
    def arrived_on(self) -> date:
        """The day of arrival in Shanghai."""
        return self.received_at.astimezone(SHANGHAI).date()

    @property
    def precedence(self) -> tuple[datetime, date, int, str, str]:
        """Least for the view that counts: the earliest arrival; the rest only makes ties independent of any order."""
        stated = self.as_of_on or date.max
        return (self.received_at, stated, self.sequence, self.bundle_sha or "", self.reason_code or "")


def merged(deliveries: Iterable[Delivery]) -> dict[str, Delivery]:
    """Return one delivery per ``delivery_id``, the one with the least ``precedence``: a function of the set alone."""
    best: dict[str, Delivery] = {}
    for one in deliveries:
        known = best.get(one.delivery_id)
        if known is None or one.precedence < known.precedence:
            best[one.delivery_id] = one
    return best
