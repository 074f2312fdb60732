"""The one engine: rows of any dataset in, clean rows, rejects, findings and counts out, and nothing lost between."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from ingest.batch import Batch, marked
from ingest.duplicates import duplicates, record_key
from ingest.findings import FINDINGS, REJECTS, found_at, gathered
from ingest.interpret import interpret
from ingest.judging import missing_findings, rule_findings, total_findings
from ingest.rows import DATA, TOTAL_ROW
from ingest.tokens import TokenMaker
from ingest.typed import typed


@dataclass(frozen=True)
class Cleaned:
    """One batch, cleaned. ``counts``: delivery_id, clean, rejected, duplicate, non_data, unreadable_keys, cells.

    ``unreadable_keys`` are records of which it cannot be told for sure which thing they speak of: a snapshot with one
    proves no absence.
    """

    clean: pl.DataFrame
    rejects: pl.DataFrame
    findings: pl.DataFrame
    counts: pl.DataFrame


_LETTERS = {
    "sheet": pl.UInt32,
    "part": pl.UInt16,
    "column_name": pl.String,
    "column_letter": pl.String,
}


def _letters(batch: Batch) -> pl.DataFrame:
    """Where each column stands in the sender's own sheet, for each part of a row."""
    rows = [
        (nth, part, name, column.letter)
        for nth, sheet in enumerate(batch.sheets)
        for part, name, column in sheet.rows.layout.places
    ]
    return pl.DataFrame(rows, schema=_LETTERS, orient="row")


def _placed(batch: Batch, found: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Give findings their place: delivery, sheet, row, record key and column letter."""
    names = ("sheet", "part", "sender", "delivery_id", "batch_id", "sheet_no", "row_no", "record_key", "refused")
    joined = found.hstack(frame.select(names)[found["index"]])
    at = ["sheet", "part", "column_name"]
    return joined.join(_letters(batch), on=at, how="left", maintain_order="left")


def _ragged(batch: Batch) -> pl.DataFrame:
    rows = [
        (context.sender, context.delivery_id, batch.batch_id, sheet_no, row_no, None, "ragged_record", None, None, None)
        for context in batch.contexts
        for sheet_no, row_no in context.ragged
    ]
    return pl.DataFrame(rows, schema=REJECTS, orient="row")


def _remarks(batch: Batch) -> pl.DataFrame:
    rows = [
        (context.sender, context.delivery_id, batch.batch_id, sheet_no, row_no, None, code, None, letter, None, "warn")
        for context in batch.contexts
        for sheet_no, row_no, code, letter in context.remarks
    ]
    return pl.DataFrame(rows, schema=FINDINGS, orient="row")


def _in_key(batch: Batch, blurred: str) -> bool:
    return f"{blurred.removesuffix('_is_blurred')}_token" in batch.contract.key


def _per_delivery(batch: Batch, rows: pl.DataFrame) -> pl.Series:
    """How many of ``rows`` each delivery of the batch has."""
    counted = rows.group_by("delivery").len()
    every = pl.DataFrame({"delivery": pl.Series(range(len(batch.contexts)), dtype=pl.UInt32)})
    joined = every.join(counted, on="delivery", how="left", maintain_order="left")
    return joined["len"].fill_null(0).cast(pl.Int64)


def _counts(batch: Batch, rows: pl.DataFrame, data: pl.DataFrame) -> pl.DataFrame:
    # a total row of a matrix is checked for each item and counts once
    rows = rows.filter((pl.col("part") == 0) | (pl.col("kind_of_row") == DATA)) if batch.spec.spread else rows
    blurred = [name for name in data.columns if name.endswith("_is_blurred") and _in_key(batch, name)]
    unreadable = pl.any_horizontal(pl.col("refused") & pl.col("record_key").is_null(), *blurred)
    below = _per_delivery(batch, rows.select("delivery"))
    non_data = _per_delivery(batch, rows.select("delivery", "kind_of_row").filter(pl.col("kind_of_row") != DATA))
    rejected = _per_delivery(batch, data.select("delivery", "refused").filter("refused"))
    duplicate = _per_delivery(batch, data.select("delivery", "repeated").filter("repeated"))
    ragged = pl.Series([len(context.ragged) for context in batch.contexts], dtype=pl.Int64)
    return pl.DataFrame(
        {
            "delivery_id": [context.delivery_id for context in batch.contexts],
            "clean": below - non_data - rejected - duplicate,
            "rejected": rejected + ragged,
            "duplicate": duplicate,
            "non_data": non_data,
            "unreadable_keys": _per_delivery(
                batch, data.select("delivery", unreadable.alias("unreadable")).filter("unreadable")
            )
            + ragged,
            "cells": (below - non_data) * len(batch.contract.written),
        }
    )


def _refused_twice(found: pl.DataFrame, contradicted: pl.Series, frame: pl.DataFrame) -> pl.DataFrame:
    codes = frame.select(pl.when(contradicted).then(pl.lit("duplicate_key")).alias("code"))["code"]
    return gathered([found.drop("class"), found_at("record_key", codes, None)])


def _judged(batch: Batch, work: pl.DataFrame, maker: TokenMaker) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the typed rows with refused and repeated marked, and every finding by row index."""
    contract = batch.contract
    parsed = interpret(work, contract, batch.spec)
    is_data = (pl.col("kind_of_row") == DATA).alias("is_data")
    place = work.select("delivery", "sheet", "part", "sender", "sheet_no", "row_no", "received_on", is_data)
    deliveries = pl.Series([context.delivery_id for context in batch.contexts], dtype=pl.String)
    frame = place.with_columns(
        deliveries.gather(place["delivery"]).alias("delivery_id"),
        pl.lit(batch.batch_id).alias("batch_id"),
        *typed(batch, work, parsed, maker).values(),
    )
    frame = frame.with_columns(record_key(contract, frame))
    frame = frame.with_columns(pl.when("is_data").then("record_key").alias("record_key"))
    cells = [found_at(name, one.codes, work[name]) for name, one in parsed.items()]
    beyond = [] if batch.keys_only else rule_findings(contract, frame)
    found = gathered([*cells, *missing_findings(batch, frame, parsed), *beyond])
    found = found.filter(frame["is_data"].gather(found["index"]))
    frame = frame.with_columns(_at(frame, found.filter(pl.col("class") == "reject")["index"]).alias("refused"))
    repeated, contradicted = duplicates(contract, frame)
    found = _refused_twice(found, contradicted, frame)
    frame = frame.with_columns((pl.col("refused") | contradicted).alias("refused"), repeated.alias("repeated"))
    totals = total_findings(batch, work, parsed)
    return frame, gathered([found.drop("class"), totals])


def _at(frame: pl.DataFrame, indices: pl.Series) -> pl.Series:
    marked = np.zeros(frame.height, bool)
    marked[indices.to_numpy()] = True
    return pl.Series(marked)


def clean_batch(batch: Batch, maker: TokenMaker) -> Cleaned:
    """Clean one batch.

    Every record below a header ends in exactly one of clean, rejected, duplicate and non-data; a cell that had text
    and reads as nothing refuses its record (law 1). Raises dataframely's ValidationError if a clean row breaks the
    contract: that is a fault of this engine, never of a sender.
    """
    rows = marked(batch)
    work = rows.filter(pl.col("kind_of_row").is_in([DATA, TOTAL_ROW]))
    frame, found = _judged(batch, work, maker)
    data = frame.filter("is_data")
    schema = batch.contract.frame_schema
    kept = data.lazy().filter(~pl.col("refused") & ~pl.col("repeated"))
    clean = kept.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).collect()
    if not batch.keys_only:
        clean = batch.contract.schema.validate(clean)
    placed = _placed(batch, found, frame)
    rejects = placed.filter((pl.col("class") == "reject") & pl.col("refused")).select(*REJECTS)
    findings = placed.filter((pl.col("class") != "reject") & ~pl.col("refused")).select(*FINDINGS)
    if batch.spec.spread:
        # a cell that all records of a row share is wrong once
        rejects, findings = rejects.unique(maintain_order=True), findings.unique(maintain_order=True)
    return Cleaned(
        clean,
        pl.concat([rejects, _ragged(batch)]),
        pl.concat([findings, _remarks(batch)]),
        _counts(batch, rows, data),
    )
