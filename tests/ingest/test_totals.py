"""Totals as checksums: right ones say nothing, wrong ones are found at their cell."""

import polars as pl
import pytest

from ingest.totals import differing


def sheet(*rows):
    """Rows of (kind, word, value)."""
    frame = pl.DataFrame(rows, schema={"kind_of_row": pl.String, "total_word": pl.String, "n": pl.Int64}, orient="row")
    return frame.with_columns(
        pl.lit(0, dtype=pl.UInt32).alias("delivery"),
        pl.lit(1, dtype=pl.Int16).alias("sheet_no"),
        pl.lit(0, dtype=pl.UInt16).alias("part"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("row_no"),
    )


def data(value):
    return ("data", None, value)


def total(word, value):
    return ("total", word, value)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([data(1), data(2), total("合计", 3)], []),
        ([data(1), data(2), total("合 计", 4)], [3]),
        ([data(1), total("小计", 1), data(2), data(3), total("小 计", 5), total("总计", 6)], []),
        ([data(1), total("小计", 1), data(2), data(3), total("西湖镇小计", 6), total("总计", 6)], [5]),
        ([data(1), data(None), total("合计", 3)], [3]),
        ([data(1), total("合计", None)], []),
        ([data(1), total("累计", 99)], []),
        ([data(1), total("本页合计", 1), data(2), total("本页合计", 2), total("合计", 3)], []),
        ([total("合计", 3), data(1), data(2)], []),
        ([total("合计", 5)], [1]),
    ],
)
def test_totals(rows, wrong):
    assert differing(sheet(*rows), ["n"])["row_no"].to_list() == wrong


def test_sheets_do_not_mix():
    one = sheet(data(1), total("合计", 1))
    other = one.with_columns(pl.lit(2, dtype=pl.Int16).alias("sheet_no"))
    assert differing(pl.concat([one, other]), ["n"]).is_empty()
