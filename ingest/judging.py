"""What is wrong beyond a single cell: rules of the contract, empty required cells, totals that do not add up."""

import dataframely as dy
import polars as pl

from ingest.batch import Batch
from ingest.contracts import Contract
from ingest.contracts.columns import LINEAGE, written_of
from ingest.findings import found_at
from ingest.parsers.cells import Parsed
from ingest.reasons import REJECTING
from ingest.rows import TOTAL_ROW
from ingest.totals import differing


def rule_findings(contract: Contract, frame: pl.DataFrame) -> list[pl.DataFrame | None]:
    """Return the cells that break a rule of the contract, one frame a rule, as ``found_at`` gives them."""
    found = []
    for rule in contract.rules:
        needed = set(rule.breaks.meta.root_names())
        if needed <= set(frame.columns):
            codes = frame.select(pl.when(rule.breaks).then(pl.lit(rule.code)).alias("code"))["code"]
            found.append(found_at(rule.column, codes, None))
    return found


def missing_findings(batch: Batch, frame: pl.DataFrame, parsed: dict[str, Parsed]) -> list[pl.DataFrame | None]:
    """Return required columns that are empty and not refused already for what they hold (warnings refuse nothing)."""
    found = []
    for name, column in batch.contract.schema.columns().items():
        if column.nullable or name in LINEAGE or (batch.keys_only and name not in batch.contract.key):
            continue
        role = (column.metadata or {}).get("role")
        there = [one for one in _written_for(batch.contract, column, role) if one in parsed]
        refused = pl.lit(False)
        for one in there:
            refused = refused | pl.lit(parsed[one].codes.is_in(REJECTING)).fill_null(False)
        code = "person_unidentified" if role else "missing_required"
        empty = frame.select(pl.when(pl.col(name).is_null() & ~refused).then(pl.lit(code)).alias("code"))["code"]
        found.append(found_at(there[0] if there else name, empty, None))
    return found


def _unread(marked: pl.DataFrame, raw: pl.Series, parsed: Parsed) -> pl.DataFrame:
    """The total cells of one column that hold something else than a number or the word that made them a total."""
    is_word = pl.lit(raw) == pl.col("total_word")
    is_unread = pl.lit(parsed.codes.is_in(REJECTING)).fill_null(False) & ~is_word
    found = marked.filter((pl.col("kind_of_row") == TOTAL_ROW) & is_unread)
    return found.select("delivery", "sheet_no", "part", "row_no", pl.lit(raw.name).alias("name"))


def _written_for(contract: Contract, column: dy.Column, role: str | None) -> list[str]:
    """What a sender writes for a required column; for a person's token everything that tells who it is."""
    if role is None:
        return [one.name for one in written_of(column)]
    return [name for name in contract.written if name in (f"{role}_id_no", f"{role}_number", f"{role}_name")]


def total_findings(batch: Batch, work: pl.DataFrame, parsed: dict[str, Parsed]) -> pl.DataFrame | None:
    """Return the cells of total rows that differ from what they total, or cannot be read and so prove nothing."""
    names = [
        n
        for n, w in batch.contract.written.items()
        if w.reads in ("yuan", "whole") and n in parsed and "cumulative" not in n
    ]
    if not names or not (work["kind_of_row"] == TOTAL_ROW).any():
        return None
    marked = work.select("delivery", "sheet_no", "part", "row_no", "kind_of_row", "total_word").with_columns(
        [parsed[name].values.alias(name) for name in names]
    )
    off = pl.concat([differing(marked, names), *(_unread(marked, work[name], parsed[name]) for name in names)])
    place = ["delivery", "sheet_no", "part", "row_no"]
    return off.join(work.select(place).with_row_index("index"), on=place).select(
        "index",
        pl.lit("total_differs").alias("code"),
        pl.col("name").alias("column_name"),
        pl.lit(None, dtype=pl.String).alias("masked_value"),
    )
