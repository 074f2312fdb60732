"""One thing twice in one delivery: equal rows count once, contradicting rows are both refused."""

import polars as pl

from ingest.contracts import Contract
from ingest.contracts.columns import LINEAGE


def record_key(contract: Contract, frame: pl.DataFrame) -> pl.Series:
    """The key columns joined by ``/``; null where a person or a required part is unreadable."""
    required = [name for name in contract.key if not contract.schema.columns()[name].nullable]
    parts = [
        pl.col(name).cast(pl.String) if name in required else pl.col(name).cast(pl.String).fill_null("")
        for name in contract.key
    ]
    return frame.select(pl.concat_str(parts, separator="/").alias("record_key"))["record_key"]


def duplicates(contract: Contract, frame: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Return which rows repeat an equal earlier row of their delivery, and which contradict another of the same key."""
    keys = ["delivery", "record_key", *([contract.version] if contract.version else [])]
    twice = (
        frame.select(pl.struct(keys).hash().is_duplicated().alias("twice"))["twice"] & frame["record_key"].is_not_null()
    )
    if not twice.any():
        nowhere = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
        return nowhere, nowhere
    content = [name for name in contract.frame_schema if name not in LINEAGE]
    as_text = [
        pl.col(name).list.join("、") if isinstance(frame.schema[name], pl.List) else pl.col(name) for name in content
    ]
    some = frame.with_row_index("index").filter(twice & ~frame["refused"])
    some = some.select("index", *keys, pl.struct(as_text).hash().alias("content"))
    some = some.with_columns(
        pl.col("content").n_unique().over(keys).alias("kinds"),
        pl.struct("content").is_first_distinct().over(keys).alias("first"),
    )
    at = pl.int_range(frame.height, dtype=pl.UInt32, eager=True)
    repeated = at.is_in(some.filter((pl.col("kinds") == 1) & ~pl.col("first"))["index"].implode())
    contradicted = at.is_in(some.filter(pl.col("kinds") > 1)["index"].implode())
    return repeated, contradicted
