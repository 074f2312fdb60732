"""Two cleanings of the same deliveries, record by record: what is used only now, no longer, or otherwise.

Only counts leave this module: of records, by column and by reason, never a value.
"""

from collections.abc import Iterable, Sequence

import polars as pl

from ingest.contracts import CONTRACTS, Contract
from ingest.contracts.columns import LINEAGE
from ingest.findings import REJECTS
from ingest.home import Home

_PLACE = ("delivery_id", "sheet_no", "row_no")
ROWS = {"delivery_id": pl.String, "gained": pl.UInt32, "lost": pl.UInt32, "changed": pl.UInt32}
CELLS = {"sender": pl.String, "dataset": pl.String, "column_name": pl.String, "changed": pl.UInt32}
SAID = {
    "delivery_id": pl.String,
    "code": pl.String,
    "column_name": pl.String,
    "before": pl.UInt32,
    "after": pl.UInt32,
}


def lying(homes: Sequence[Home], layer: str, dataset: str, current: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of ``layer`` (clean, rejects, findings) that count for the deliveries ``current`` of ``dataset``.

    A batch lies in the first of ``homes`` that has it; of deliveries that are not used no clean row counts.
    """
    batches = current.filter(pl.col("state") == "clean") if layer == "clean" else current
    wanted = batches.filter(pl.col("batch_id").is_not_null()).select("delivery_id", "batch_id")
    places = [[home.root / layer / dataset / f"{one}.parquet" for home in homes] for one in wanted["batch_id"].unique()]
    files = [found for several in places if (found := next(filter(lambda path: path.exists(), several), None))]
    schema = CONTRACTS[dataset].frame_schema if layer == "clean" else REJECTS
    frames = [pl.DataFrame(schema=schema), *(pl.read_parquet(path) for path in sorted(files))]
    return pl.concat(frames, how="diagonal_relaxed").join(wanted, on=["delivery_id", "batch_id"], how="semi")


def compared(dataset: str, before: pl.DataFrame, after: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return, of clean rows before and after, counts of records by delivery (``ROWS``) and by column (``CELLS``)."""
    contract = CONTRACTS[dataset]
    columns = [name for name in after.columns if name not in LINEAGE]
    keys = [*_PLACE, "part"]
    both = _parted(contract, after).join(_parted(contract, before), on=keys, how="full", coalesce=True, suffix="__was")
    is_now, was = pl.col("sender").is_not_null(), pl.col("sender__was").is_not_null()
    both = both.select(
        "delivery_id",
        pl.coalesce("sender", "sender__was").alias("sender"),
        (is_now & ~was).alias("gained"),
        (was & ~is_now).alias("lost"),
        *((is_now & was & _differs(both, name)).alias(f"at__{name}") for name in columns),
    ).with_columns(pl.any_horizontal(pl.col("^at__.*$")).alias("changed"))
    rows = both.group_by("delivery_id").agg(pl.col("gained", "lost", "changed").sum())
    by_column = both.group_by("sender").agg(pl.col("^at__.*$").sum()).unpivot(index="sender", value_name="changed")
    cells = by_column.filter(pl.col("changed") > 0).select(
        "sender",
        pl.lit(dataset).alias("dataset"),
        pl.col("variable").str.strip_prefix("at__").alias("column_name"),
        "changed",
    )
    return rows.cast(pl.Schema(ROWS)), cells.cast(pl.Schema(CELLS))


def reasons(before: Iterable[pl.DataFrame], after: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Count, by delivery, the reasons in frames of rejects, findings and refused deliveries of both sides (``SAID``);
    those of which there are as many as before are left out."""
    keys, sides = list(SAID)[:3], []
    for name, frames in (("before", before), ("after", after)):
        told = pl.concat([pl.DataFrame(schema=SAID), *frames], how="diagonal_relaxed").select(keys)
        sides.append(told.group_by(keys).len(name))
    both = sides[0].join(sides[1], on=keys, how="full", coalesce=True, nulls_equal=True)
    both = both.with_columns(pl.col("before", "after").fill_null(0)).filter(pl.col("before") != pl.col("after"))
    return both.select(list(SAID)).cast(pl.Schema(SAID))


def _parted(contract: Contract, rows: pl.DataFrame) -> pl.DataFrame:
    """Tell the records of one row of a matrix apart by their keys; a row of its own needs none, however it is read."""
    key = [pl.col(name).cast(pl.String).fill_null("") for name in contract.key]
    several = pl.len().over(*_PLACE) > 1
    return rows.with_columns(
        pl.when(several).then(pl.concat_str(key, separator="/")).otherwise(pl.lit("")).alias("part")
    )


def _differs(both: pl.DataFrame, name: str) -> pl.Expr:
    was = f"{name}__was"
    if was not in both.columns:  # a column that there was not: what it says now is new
        return pl.col(name).is_not_null()
    now, then = pl.col(name), pl.col(was)
    if isinstance(both.schema[name], pl.List) and isinstance(both.schema[was], pl.List):
        return now.list.join("、").ne_missing(then.list.join("、"))
    if both.schema[name] != both.schema[was]:
        return now.cast(pl.String).ne_missing(then.cast(pl.String))
    return now.ne_missing(then)
