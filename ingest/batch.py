"""Deliveries of one dataset under one spec, put into one frame: cleaned in one call, not in thousands (law 9)."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from ingest.contracts import Contract
from ingest.contracts.columns import written_of
from ingest.rows import Rows
from ingest.spec import AMOUNTS, Spec

# what a unit column leaves empty is not read as yuan: nothing is guessed by a factor of ten thousand
UNKNOWN_UNIT = "?"


@dataclass(frozen=True)
class Context:
    """What a delivery brings besides its rows.

    ``ragged`` are (sheet_no, row_no) of records with another number of fields than the header; ``remarks`` are
    (sheet_no, row_no, code, column letter) about the file as a whole: hidden sheets, unknown columns.
    """

    delivery_id: str
    sender: str
    received_on: date
    ragged: tuple[tuple[int, int], ...] = ()
    remarks: tuple[tuple[int, int | None, str, str | None], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """Rows that stand under one header: of one delivery, or of several that are alike, one below the other.

    ``positions`` are theirs in ``Batch.contexts``.
    """

    positions: tuple[int, ...]
    rows: Rows

    @property
    def heights(self) -> tuple[int, ...]:
        """How many rows each delivery has."""
        return self.rows.files or (self.rows.frame.height,)


@dataclass(frozen=True)
class Batch:
    """Deliveries of one dataset under one spec."""

    contract: Contract
    spec: Spec
    batch_id: str
    contexts: tuple[Context, ...]
    sheets: tuple[Sheet, ...]
    keys_only: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The written names that are read: all, or for a withdrawal those of the key alone."""
        columns = self.contract.schema.columns()
        if not self.keys_only:
            return tuple(self.contract.written)
        return tuple(one.name for name in self.contract.key for one in written_of(columns[name]))


def _unit(batch: Batch, rows: Rows, name: str) -> str:
    header = next((column.unit for column in rows.layout.every_column if column.name == name), "")
    return header or batch.spec.column(name).unit or rows.layout.title.unit or batch.contract.written[name].unit


def _beside(batch: Batch) -> pl.DataFrame:
    """What all rows of a delivery under one header share: delivery, sheet (which of ``Batch.sheets``), sheet_no,
    sender, received_on, year, and the unit of each amount."""
    yuan = [name for name, written in batch.contract.written.items() if written.reads in AMOUNTS]
    several = [len(sheet.positions) for sheet in batch.sheets]
    contexts = [batch.contexts[position] for sheet in batch.sheets for position in sheet.positions]
    shared = pl.DataFrame(
        {
            "sheet": pl.Series(range(len(batch.sheets)), dtype=pl.UInt32),
            "sheet_no": pl.Series([sheet.rows.sheet_no for sheet in batch.sheets], dtype=pl.Int16),
            "year": pl.Series([sheet.rows.layout.title.year for sheet in batch.sheets], dtype=pl.Int32),
            **{f"{name}__unit": [_unit(batch, sheet.rows, name) for sheet in batch.sheets] for name in yuan},
        }
    )
    return shared[np.repeat(np.arange(len(several)), several)].with_columns(
        pl.Series("delivery", [one for sheet in batch.sheets for one in sheet.positions], dtype=pl.UInt32),
        pl.Series("sender", [context.sender for context in contexts], dtype=pl.String),
        pl.Series("received_on", [context.received_on for context in contexts], dtype=pl.Date),
    )


def _own_units(whole: pl.DataFrame) -> list[pl.Expr]:
    """Units that stand in a column of their own; an amount beside an empty one has none that anybody knows."""
    names = [name for name in whole.columns if name.endswith("__unit")]
    return [pl.col(name).str.strip_chars().fill_null(UNKNOWN_UNIT) for name in names]


def marked(batch: Batch) -> pl.DataFrame:
    """Put all rows of a batch into one frame, what their sheet gives them beside each."""
    frames = [sheet.rows.frame for sheet in batch.sheets]
    alike = all(frame.columns == frames[0].columns for frame in frames)
    whole = pl.concat(frames, how="vertical" if alike else "diagonal")
    beside = _beside(batch)
    place = np.repeat(np.arange(beside.height), [height for sheet in batch.sheets for height in sheet.heights])
    whole = whole.with_columns(_own_units(whole)).hstack(beside.drop(set(beside.columns) & set(whole.columns))[place])
    if "part" not in whole.columns:
        whole = whole.with_columns(pl.lit(0, dtype=pl.UInt16).alias("part"))
    unread = set(batch.contract.written) - set(batch.names)
    return whole.drop([name for name in whole.columns if name.removesuffix("__kind") in unread])
