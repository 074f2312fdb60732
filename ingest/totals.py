"""Total rows as checksums: a 合计 or 小计 must equal the rows above it before it is dropped."""

import polars as pl

from ingest.rows import DATA, TOTAL_ROW

_BLOCK = "小计|本页"
_RUNNING = "累计"


def _blocks(marked: pl.DataFrame) -> pl.DataFrame:
    """Number the blocks between total rows within a sheet, the total row closing its block."""
    is_total = pl.col("kind_of_row") == TOTAL_ROW
    return marked.with_columns(
        is_total.cast(pl.Int32).shift(1, fill_value=0).cum_sum().over("delivery", "sheet_no", "part").alias("block")
    )


def differing(marked: pl.DataFrame, numeric: list[str]) -> pl.DataFrame:
    """Return the cells of total rows that differ from what they total.

    ``marked``: delivery, sheet_no, part, row_no, kind_of_row, total_word (the word that made a row a total), and the
    parsed ``numeric`` columns. A 小计 totals the rows since the total row before it; any other all rows of the sheet;
    a 累计 goes on from earlier files and proves nothing.
    Returns delivery, sheet_no, part, row_no, name.
    """
    keys = ["delivery", "sheet_no", "part"]
    sums = [pl.col(name).sum().alias(name) for name in numeric]
    blocks = _blocks(marked)
    data = blocks.filter(pl.col("kind_of_row") == DATA)
    totals = blocks.filter(pl.col("kind_of_row") == TOTAL_ROW)
    by_block = totals.join(data.group_by(*keys, "block").agg(sums), on=[*keys, "block"], how="left", suffix="_sum")
    by_sheet = totals.join(data.group_by(keys).agg(sums), on=keys, how="left", suffix="_sum")
    found = []
    for frame, is_block in ((by_block, True), (by_sheet, False)):
        word = pl.col("total_word").str.replace_all(r"\s", "")
        right = frame.filter((word.str.contains(_BLOCK) == is_block) & ~word.str.contains(_RUNNING))
        for name in numeric:
            off = pl.col(name).is_not_null() & (pl.col(name) != pl.col(f"{name}_sum").fill_null(0))
            found.append(right.filter(off).select(*keys, "row_no", pl.lit(name).alias("name")))
    return pl.concat(found)
