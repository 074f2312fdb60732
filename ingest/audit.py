"""Proving the balance again, over everything that was ever cleaned, with code that parses nothing (law 1)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from ingest.home import Home
from ingest.keys import Keyring
from ingest.landing import Landing
from ingest.ledger import Ledger
from ingest.reading.csv_layout import separator_of
from ingest.reading.encoding import to_utf8
from ingest.reading.framer import count_file

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Proof:
    """One delivery: what the ledger says, what the independent framer counts, what lies in clean and rejects."""

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

    @property
    def holds(self) -> bool:
        """Records in = framed = clean + rejected + duplicate + non-data, and the rows are really there."""
        out = self.clean + self.rejected + self.duplicate + self.non_data
        return (
            self.records_in == self.framed == out
            and self.clean == self.clean_rows
            and self.rejected == self.rejected_rows
        )


def _rows_by_delivery(home: Home, dataset: str, layer: str) -> dict[tuple[str, str], int]:
    folder = home.clean if layer == "clean" else home.rejects
    frame = pl.scan_parquet(sorted((folder / dataset).glob("*.parquet")))
    keys = ["delivery_id", "batch_id"]
    rows = frame.select(*keys, "sheet_no", "row_no")
    # a refused record has a row for every reason, a clean one has one row: twice there is twice too many
    rows = (rows.unique() if layer == "rejects" else rows).group_by(keys).len().collect()
    return {(row[0], row[1]): row[2] for row in rows.iter_rows()}


def _framed(data: bytes, file_kind: str) -> dict[int, int]:
    if file_kind != "csv":
        return count_file(data, file_kind)
    return count_file(data, "csv", separator_of(re.sub(rb"\r\n?", b"\n", to_utf8(data)[0])))


def reprove(home: Home, keyring: Keyring, progress: Progress | None = None) -> list[Proof]:
    """Re-prove the balance of every cleaned delivery from its landed bytes. ``progress``: (done, in all)."""
    with Ledger(home) as ledger:
        current = ledger.current().filter(pl.col("state") == "clean")
        shas = {one.delivery_id: one.sha256 for one in ledger.deliveries()}
    landing, tell = Landing(home, keyring), progress or (lambda done, total: None)
    datasets = current["dataset"].unique().to_list()
    rows = {(d, layer): _rows_by_delivery(home, d, layer) for d in datasets for layer in ("clean", "rejects")}
    proofs = []
    for done, one in enumerate(current.iter_rows(named=True), 1):
        framed = _framed(landing.get(shas[one["delivery_id"]]), one["file_kind"])
        place = (one["delivery_id"], one["batch_id"])
        proofs.append(
            Proof(
                one["delivery_id"],
                one["sender"],
                one["dataset"],
                one["records_in"],
                one["clean_records"],
                one["rejected_records"],
                one["duplicate_records"],
                one["non_data_records"],
                sum(framed.values()),
                rows[one["dataset"], "clean"].get(place, 0),
                rows[one["dataset"], "rejects"].get(place, 0),
            )
        )
        tell(done, current.height)
    return proofs
