"""Amounts a month as ranges: every spelling that job posts and follow-up calls have, and what is refused."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.ranges import range_column, read_range

READ = [
    ("3000-5000", "3000", "5000"),
    ("3000—5000元", "3000", "5000"),
    ("3000－5000元/月", "3000", "5000"),
    ("3000~5000", "3000", "5000"),
    ("3000至5000元", "3000", "5000"),
    ("3,000元-5,000元", "3000", "5000"),
    ("5-8K", "5000", "8000"),
    ("5k-8k", "5000", "8000"),
    ("5K-8K·13薪", "5000", "8000"),
    ("3000-5K", "3000", "5000"),
    ("0.8-1.2万", "8000", "12000"),
    ("8千-1.2万", "8000", "12000"),
    ("5-8千/月", "5000", "8000"),
    ("年薪10万", "8333.33", "8333.33"),
    ("年薪12-18万", "10000", "15000"),
    ("12万/年", "10000", "10000"),
    ("12-24万元/年", "10000", "20000"),
    ("8000", "8000", "8000"),
    ("8000元/月", "8000", "8000"),
    ("￥8000", "8000", "8000"),
    ("月薪8000元", "8000", "8000"),
    ("1万以上", "10000", None),
    ("1万元/月以上", "10000", None),
    ("3000元起", "3000", None),
    ("5000+", "5000", None),
    ("5000以下", None, "5000"),
    ("8000元/月（含五险一金）", "8000", "8000"),
]
NOT_READ = [
    "200元/天", "25元/小时", "日薪200", "8000-3000", "8-1.2万", "若干", "3000-5000-8000", "-3000", "3000元-",
    "abc", "八千", "100-9000000", "99999999999999999",
]  # fmt: skip


@pytest.mark.parametrize(("text", "low", "high"), READ)
def test_a_range_is_read(text, low, high):
    ends, code = read_range(text)
    assert code is None
    assert ends == {"low": low and Decimal(low), "high": high and Decimal(high)}


@pytest.mark.parametrize("text", NOT_READ)
def test_what_is_no_amount_a_month_is_refused(text):
    assert read_range(text) == (None, "unreadable_range")


def test_a_column_with_units_of_its_own():
    raw = pl.Series("c", ["5-8", "面议", None, "-", "约3000", "5-8K", "0.5"])
    parsed = range_column(raw, pl.Series(["千元", "元", "元", "元", "元", "千元", "?"]))
    assert parsed.values.struct.field("low").to_list() == [5000, None, None, None, 3000, 5000, None]
    assert parsed.values.struct.field("high").to_list() == [8000, None, None, None, 3000, 8000, None]
    reasons = [None, None, None, "stated_missing", "approximate_value", None, "unreadable_range"]
    assert parsed.codes.to_list() == reasons


@given(
    st.integers(1000, 99999), st.integers(0, 99000), st.sampled_from(["-", "—", "~", "至"]), st.sampled_from(["", "元"])
)
def test_every_range_of_yuan_is_its_ends(low, more, to, unit):
    ends, code = read_range(f"{low}{unit}{to}{low + more}{unit}")
    assert (ends, code) == ({"low": Decimal(low), "high": Decimal(low + more)}, None)
