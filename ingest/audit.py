"""Proving the balance again, over everything that was ever cleaned, with code that parses nothing (law 1)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from ingest.home import Home
from ingest.keys import Keyring
from ingest.landing import Landing
from ingest.ledger import Ledger
from ingest.prepared import prepare
from ingest.reading.csv_layout import separator_of
from ingest.reading.encoding import to_utf8
from ingest.reading.excel import WorkbookReader
from ingest.reading.framer import count_file
from ingest.receipts import Delivery
from ingest.spec import SpecBook

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Proof:
    """One delivery: what the ledger says, what the independent framer counts, what lies in clean and rejects.

    ``per_row`` is how many records one row can be: more than one in a matrix.
    """

    delivery_id: str
    sender: str
    dataset: str
    records_in: int
    clean: int
    rejected: int
    duplicate: int
    non_data: int
    framed: int
    clean_rows: int
    rejected_rows: int
    per_row: int = 1

    @property
    def holds(self) -> bool:
        """Records in = framed = clean + rejected + duplicate + non-data, and the rows are really there."""
        out = self.clean + self.rejected + self.duplicate + self.non_data
        return (
            self.records_in == self.framed == out
            and self.clean == self.clean_rows
            and self.rejected_rows <= self.rejected <= self.rejected_rows * self.per_row
        )


def _rows_by_delivery(home: Home, dataset: str, layer: str) -> dict[tuple[str, str], int]:
    folder = home.clean if layer == "clean" else home.rejects
    frame = pl.scan_parquet(sorted((folder / dataset).glob("*.parquet")))
    keys = ["delivery_id", "batch_id"]
    rows = frame.select(*keys, "sheet_no", "row_no")
    # a refused record has a row for every reason, a clean one has one row: twice there is twice too many
    rows = (rows.unique() if layer == "rejects" else rows).group_by(keys).len().collect()
    return {(row[0], row[1]): row[2] for row in rows.iter_rows()}


def _framed(data: bytes, file_kind: str) -> int:
    if file_kind != "csv":
        return sum(count_file(data, file_kind).values())
    return sum(count_file(data, "csv", separator_of(re.sub(rb"\r\n?", b"\n", to_utf8(data)[0]))).values())


class _Prover:
    """What is needed to prove one delivery after the other."""

    def __init__(self, home: Home, keyring: Keyring, workbooks: WorkbookReader) -> None:
        self._home, self._landing, self._workbooks = home, Landing(home, keyring), workbooks
        self._specs = SpecBook()
        self._rows: dict[tuple[str, str], dict[tuple[str, str], int]] = {}

    def prove(self, delivery: Delivery, one: dict[str, Any]) -> Proof:
        """Prove one row of the ledger's current state."""
        spec = self._specs.get(delivery.sender, delivery.dataset)
        data, place = self._landing.get(delivery.sha256), (one["delivery_id"], one["batch_id"])
        sheets = prepare(delivery, data, spec, self._workbooks).sheets if spec.spread else ()
        counts = {name: one[f"{name}_records"] for name in ("clean", "rejected", "duplicate", "non_data")}
        return Proof(
            delivery_id=delivery.delivery_id,
            sender=delivery.sender,
            dataset=delivery.dataset,
            records_in=one["records_in"],
            framed=_framed(data, one["file_kind"]) + sum(rows.unfolded for rows in sheets),
            clean_rows=self._there(delivery.dataset, "clean").get(place, 0),
            rejected_rows=self._there(delivery.dataset, "rejects").get(place, 0),
            per_row=max((len(rows.layout.items) for rows in sheets), default=1),
            **counts,
        )

    def _there(self, dataset: str, layer: str) -> dict[tuple[str, str], int]:
        if (dataset, layer) not in self._rows:
            self._rows[dataset, layer] = _rows_by_delivery(self._home, dataset, layer)
        return self._rows[dataset, layer]


def reprove(home: Home, keyring: Keyring, progress: Progress | None = None) -> list[Proof]:
    """Re-prove the balance of every cleaned delivery from its landed bytes. ``progress``: (done, in all).

    How many records a row of a matrix is has to be read, by the same code that cleaned it; the rows are counted anew.
    """
    with Ledger(home) as ledger:
        current = ledger.current().filter(pl.col("state") == "clean")
        deliveries = {one.delivery_id: one for one in ledger.deliveries()}
    tell, proofs = progress or (lambda done, total: None), []
    with WorkbookReader() as workbooks:
        prover = _Prover(home, keyring, workbooks)
        for done, one in enumerate(current.iter_rows(named=True), 1):
            proofs.append(prover.prove(deliveries[one["delivery_id"]], one))
            tell(done, current.height)
    return proofs
