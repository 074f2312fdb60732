"""A tiny JINGUO_HOME with the contracts' schemas, for running the dbt project without the pipeline."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any

import polars as pl

from dbt_project.generate_sources import CLASS, DATASETS, DELIVERIES, FINDING, REASONS
from ingest.contracts import CONTRACTS

INT64 = {
    "sequence", "records_in", "clean_records", "rejected_records", "duplicate_records", "non_data_records",
    "unreadable_keys", "cells", "byte_size", "due_day",
}  # fmt: skip
TYPES = {"as_of_on": pl.Date, "received_at": pl.Datetime("us", "UTC"), "proves_absence": pl.Boolean}
TYPES |= {"sheet_no": pl.Int16, "row_no": pl.Int32} | dict.fromkeys(INT64, pl.Int64)


def letters(text: str, size: int = 32) -> str:
    """A stand-in for a token: letters a-p only, the same for the same text."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in md5(text.encode()).hexdigest()[:size])


def person(
    role: str, who: str | None, number: str | None = None, contact: str | None = None, **more: Any
) -> dict[str, Any]:
    """The columns of one person: ``who`` stands for the identity number, ``number`` and ``contact`` for theirs."""
    tokens = {
        "number": number and letters(f"{role[0]}-number-{number}"),
        "id": who and letters(f"id-{who}"),
        "contact": contact and letters(f"contact-{contact}"),
    }
    strongest = tokens["number"] or tokens["id"] or tokens["contact"]
    return {f"{role}_token": strongest} | {f"{role}_{k}_token": v for k, v in tokens.items()} | more


@dataclass
class Home:
    """Deliveries told one by one; ``write`` lays them out as the pipeline does."""

    path: Path
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in CONTRACTS})
    rejects: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in CONTRACTS})
    findings: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in CONTRACTS})

    def deliver(
        self, sender: str, dataset: str, as_of: date, rows: list[dict[str, Any]], *, kind: str = "",
        received: datetime | None = None, state: str = "clean", rejects: tuple[dict[str, Any], ...] = (),
        proves_absence: bool = True,
    ) -> str:  # fmt: skip
        """Add one delivery, received on the morning after ``as_of`` unless told otherwise; return its id."""
        kind = kind or CONTRACTS[dataset].delivers
        received = received or datetime(as_of.year, as_of.month, as_of.day, 2, tzinfo=UTC) + timedelta(days=1)
        told = f"{sender}/{dataset}/{as_of}/{kind}/{received}"
        lineage = {"sender": sender, "delivery_id": letters(told, 16), "batch_id": letters("b" + told, 16)}
        self.deliveries.append(
            lineage
            | {"dataset": dataset, "kind": kind, "as_of_on": as_of, "received_at": received, "state": state}
            | {"sequence": len(self.deliveries), "records_in": len(rows), "clean_records": len(rows), "cells": 10}
            | {"rejected_records": len(rejects), "proves_absence": proves_absence and kind == "snapshot"}
        )
        for number, row in enumerate(rows, 1):
            self.rows[dataset].append(lineage | {"sheet_no": 1, "row_no": number + 1} | row)
        self.rejects[dataset] += [lineage | {"sheet_no": 1, "row_no": 90 + n} | r for n, r in enumerate(rejects)]
        return lineage["delivery_id"]

    def write(self) -> Path:
        """Write all parquet files and return the home."""
        for dataset, contract in CONTRACTS.items():
            self._table(f"clean/{dataset}", self.rows[dataset], contract.frame_schema)
            self._table(f"rejects/{dataset}", self.rejects[dataset], _schema(FINDING))
            self._table(f"findings/{dataset}", self.findings[dataset], _schema(FINDING | CLASS))
        self._one("deliveries", self.deliveries, DELIVERIES)
        facts = ("dataset", "label", "delivers", "cadence", "due_day")
        datasets = [{fact: getattr(contract, fact) for fact in facts} for contract in CONTRACTS.values()]
        self._one("datasets", datasets, DATASETS)
        self._one("reasons", [], REASONS)
        return self.path

    def _table(self, folder: str, rows: list[dict[str, Any]], schema: dict[str, Any]) -> None:
        target = self.path / folder
        target.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(schema=schema).write_parquet(target / "_empty.parquet")
        batches: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            batches.setdefault(row["batch_id"], []).append(row)
        for batch, of_batch in batches.items():
            filled = [{name: row.get(name) for name in schema} for row in of_batch]
            pl.DataFrame(filled, schema=schema).write_parquet(target / f"{batch}.parquet")

    def _one(self, name: str, rows: list[dict[str, Any]], columns: dict[str, str]) -> None:
        schema = _schema(columns)
        filled = [{column: row.get(column) for column in schema} for row in rows]
        target = self.path / "deliveries"
        target.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(filled, schema=schema).write_parquet(target / f"{name}.parquet")


def _schema(columns: dict[str, str]) -> dict[str, Any]:
    return {name: TYPES.get(name, pl.String) for name in columns}
