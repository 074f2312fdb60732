"""What became of a delivery, and how that is handed on: the deliveries table that the warehouse reads."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any, Literal

import polars as pl

from ingest.delivery import Delivery

State = Literal["clean", "refused", "held"]

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
    ``detail_code`` is one of our own column names or codes, never a word of the sender's; ``scopes`` is what
    ``ingest.scopes`` says of a snapshot. Raises ``ValueError`` for a clean attempt whose balance is broken (law 1).
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
    scopes: str | None = None

    def __post_init__(self) -> None:
        out = self.clean_records + self.rejected_records + self.duplicate_records + self.non_data_records
        if self.state == "clean" and self.records_in != out:
            raise ValueError(f"{self.delivery_id}: {self.records_in} records in, {out} out")


@dataclass(frozen=True)
class Outcome:
    """A delivery and what became of it: its newest attempt, None where landing refused it, and what a guard or a person
    says beyond that: not used (``state`` held or refused) for the reason ``withheld_for``."""

    delivery: Delivery
    attempt: Attempt | None
    withheld: State | None = None
    withheld_for: str | None = None

    @property
    def state(self) -> State:
        """What is true of the delivery as a whole."""
        if self.withheld:
            return self.withheld
        return self.attempt.state if self.attempt else "refused"

    @property
    def as_of_on(self) -> date:
        """The day that the file states, else the one that the receipt states, else the day of arrival in Shanghai."""
        stated = self.attempt.as_of_on if self.attempt else None
        return stated or self.delivery.as_of_on or self.delivery.arrived_on


def as_frame(outcomes: Iterable[Outcome]) -> pl.DataFrame:
    """Return the outcomes with the columns and types of ``CURRENT_SCHEMA``, by ``delivery_id``.

    Absence is proven by a clean snapshot all of whose keys were readable. Of a delivery that is not used all records
    count as rejected, whatever its attempt says, so that no sum takes them for used; its batch stays named.
    """
    rows = sorted(map(_row, outcomes), key=itemgetter(0))
    # no select: that needs the engine's threads, and a forked process has none
    return pl.DataFrame(rows, schema=_ROW, orient="row")[list(CURRENT_SCHEMA)]


# Who says which column: the delivery, its attempt, or both together. Tuples: a national home has 22,752 rows.
_TOGETHER = ("as_of_on", "state", "reason_code", "proves_absence")
_DELIVERED = tuple(one.name for one in fields(Delivery) if one.name in CURRENT_SCHEMA and one.name not in _TOGETHER)
_TRIED = tuple(name for name in CURRENT_SCHEMA if name not in (*_DELIVERED, *_TOGETHER))
_ROW = {name: CURRENT_SCHEMA[name] for name in (*_DELIVERED, *_TRIED, *_TOGETHER)}
_UNTRIED = tuple(0 if name in _COUNTS else None for name in _TRIED)
_delivered, _tried = attrgetter(*_DELIVERED), attrgetter(*_TRIED)


def _row(one: Outcome) -> tuple[Any, ...]:
    delivery, attempt = one.delivery, one.attempt
    if attempt is None:
        return (*_delivered(delivery), *_UNTRIED, one.as_of_on, one.state, delivery.reason_code, False)
    is_whole = delivery.kind == "snapshot" and one.state == "clean" and attempt.unreadable_keys == 0
    told = _tried(_unused(attempt) if one.withheld else attempt)
    return (*_delivered(delivery), *told, one.as_of_on, one.state, one.withheld_for or attempt.reason_code, is_whole)


def _unused(attempt: Attempt) -> Attempt:
    none = dict.fromkeys(_COUNTS, 0)
    return replace(attempt, **none | {"records_in": attempt.records_in, "rejected_records": attempt.records_in})
