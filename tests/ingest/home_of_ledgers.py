"""A home of its own for a test: ledgers dropped into its inbox, a night run over them, and what came out."""

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from ingest.arrivals import land_inbox
from ingest.attempts import Attempt
from ingest.contracts.columns import LINEAGE
from ingest.home import Home
from ingest.keys import Keyring, create_keys
from ingest.ledger import Ledger
from ingest.night import clean_pending

ARRIVED = datetime(2024, 5, 6, 12, tzinfo=UTC)
HEADER = ("序号", "儿童姓名", "儿童编号", "阳光妈妈姓名", "联系电话", "结对时间")


@dataclass
class Place:
    """A prepared home. ``drop`` puts a file into its inbox, ``night`` lands and cleans all that lies there."""

    home: Home
    keyring: Keyring

    def drop(
        self, data: bytes | str, name: str = "a.csv", sender: str = "xa", dataset: str = "pairings", kind: str = ""
    ) -> Path:
        path = self.home.inbox / sender / dataset / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        os.utime(path, (ARRIVED.timestamp() - 60, ARRIVED.timestamp() - 60))
        return path

    def land(self, at: datetime = ARRIVED) -> None:
        land_inbox(self.home, self.keyring, now=at)

    def night(self, at: datetime = ARRIVED) -> list[Attempt]:
        self.land(at)
        return clean_pending(self.home, self.keyring)

    def rows(self, layer: str, dataset: str = "pairings") -> pl.DataFrame:
        folder = self.home.root / layer / dataset
        return pl.concat([pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))])

    def codes(self, layer: str, dataset: str = "pairings") -> list[str]:
        return sorted(self.rows(layer, dataset)["code"].to_list())

    def content(self, dataset: str = "pairings") -> list[tuple[Any, ...]]:
        """The clean rows without their lineage, in an order of their own."""
        with Ledger(self.home) as ledger:
            used = ledger.current().filter(pl.col("state") == "clean")["batch_id"]
        rows = self.rows("clean", dataset).filter(pl.col("batch_id").is_in(used.implode()))
        return sorted(rows.drop(*LINEAGE).rows(), key=repr)


def place(root: Path, like: Path | None = None) -> Place:
    """A new home below ``root``, with the keys of the home ``like`` where one is given, so that tokens agree."""
    home = Home(root)
    home.prepare()
    if like is None:
        create_keys(home, demo=False)
    else:
        for key in (like / "keys").iterdir():
            copy = home.keys / key.name
            copy.write_bytes(key.read_bytes())
            copy.chmod(key.stat().st_mode & 0o777)
    return Place(home, Keyring.open(home))


def csv(*rows: Sequence[Any]) -> str:
    """Rows as CSV without quotes."""
    return "".join(",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


def xlsx(*rows: Sequence[Any], merged: Sequence[tuple[int, int, int, int, str]] = (), name: str = "台账") -> bytes:
    """One sheet; ``merged`` are (first row, first column, last row, last column, text), from 0."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_numbers": False})
    sheet = book.add_worksheet(name)
    for row_no, row in enumerate(rows):
        sheet.write_row(row_no, 0, row)
    for first_row, first_column, last_row, last_column, text in merged:
        sheet.merge_range(first_row, first_column, last_row, last_column, text)
    book.close()
    return target.getvalue()


def pairing(number: int, day: str = "2024-04-01", **other: str) -> tuple[str, ...]:
    """One honest row under ``HEADER``."""
    cells = {"child": f"孩子{number}", "number": f"KJ-{number:04}", "name": "李四", "phone": "13800001234", "day": day}
    return (str(number), *(cells | other).values())
