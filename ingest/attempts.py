"""What became of a delivery, and how that is handed on: the deliveries table that the warehouse reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

import polars as pl

from ingest.receipts import Delivery

State = Literal["clean", "refused", "held"]
SHANGHAI = ZoneInfo("Asia/Shanghai")

CURRENT_SCHEMA: dict[str, pl.DataType] = {
    "delivery_id": pl.String(),
    "batch_id": pl.String(),
    "sender": pl.String(),
    "dataset": pl.String(),
    "kind": pl.String(),
    "as_of_on": pl.Date(),
    "received_at": pl.Datetime("us", "UTC"),
    "sequence": pl.Int64(),
    "state": pl.String(),
    "reason_code": pl.String(),
    "detail_code": pl.String(),
    "records_in": pl.Int64(),
    "clean_records": pl.Int64(),
    "rejected_records": pl.Int64(),
    "duplicate_records": pl.Int64(),
    "non_data_records": pl.Int64(),
    "unreadable_keys": pl.Int64(),
    "proves_absence": pl.Boolean(),
    "cells": pl.Int64(),
    "spec_version": pl.String(),
    "rules_version": pl.String(),
    "token_key_id": pl.String(),
    "byte_size": pl.Int64(),
    "file_kind": pl.String(),
    "encoding": pl.String(),
}
_COUNTS = tuple(name for name, dtype in CURRENT_SCHEMA.items() if name.endswith(("_records", "_in", "_keys", "cells")))


@dataclass(frozen=True)
class Attempt:
    """One cleaning of one delivery: under which versions, how it ended, what it counted.

    ``as_of_on`` is the day that the file's own title states, if any; ``reason_code`` is in ``ingest.reasons``;
    ``detail_code`` is one of our own column names or codes, never a word of the sender's. Raises ``ValueError`` for a
    clean attempt whose balance is broken (law 1).
    """

    delivery_id: str
    batch_id: str | None
    spec_version: str
    rules_version: str
    token_key_id: str
    state: State
    reason_code: str | None = None
    detail_code: str | None = None
    as_of_on: date | None = None
    records_in: int = 0
    clean_records: int = 0
    rejected_records: int = 0
    duplicate_records: int = 0
    non_data_records: int = 0
    unreadable_keys: int = 0
    cells: int = 0
    file_kind: str | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        out = self.clean_records + self.rejected_records + self.duplicate_records + self.non_data_records
        if self.state == "clean" and self.records_in != out:
            raise ValueError(f"{self.delivery_id}: {self.records_in} records in, {out} out")


def as_frame(outcomes: Iterable[tuple[Delivery, Attempt | None]]) -> pl.DataFrame:
    """Return deliveries and their newest attempts with the columns and types of ``CURRENT_SCHEMA``, by ``delivery_id``.

    Without an attempt stand those that landing refused. ``as_of_on`` is what the file states, else what the receipt
    states, else the day of arrival in Shanghai. Absence is proven by a clean snapshot all of whose keys were readable.
    """
    rows = sorted((_row(*outcome) for outcome in outcomes), key=lambda row: str(row["delivery_id"]))
    return pl.DataFrame(rows, schema=CURRENT_SCHEMA, orient="row")


def _row(delivery: Delivery, attempt: Attempt | None) -> dict[str, object]:
    arrived_on = delivery.received_at.astimezone(SHANGHAI).date()
    stated = delivery.as_of_on or arrived_on
    row = {name: getattr(delivery, name, None) for name in CURRENT_SCHEMA}
    if attempt is None:
        return row | dict.fromkeys(_COUNTS, 0) | {"state": "refused", "as_of_on": stated, "proves_absence": False}
    row |= {name: getattr(attempt, name) for name in CURRENT_SCHEMA if hasattr(attempt, name)}
    is_whole = delivery.kind == "snapshot" and attempt.state == "clean" and attempt.unreadable_keys == 0
    return row | {"as_of_on": attempt.as_of_on or stated, "proves_absence": is_whole}
