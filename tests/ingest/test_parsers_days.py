"""Days, months, years and instants: every spelling of domain B.3 with its value and its reason."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from ingest.parsers.days import day_column, instant_column, month_column, read_day, read_typed_day, year_column

DAY = date(2024, 4, 13)
READ = [
    ("2024年4月13日", DAY, None),
    ("2024 年 4 月 13 号", DAY, None),
    ("24年4月13日", DAY, None),
    ("2024.4.13", DAY, None),
    ("2024/04/13", DAY, None),
    ("2024-04-13", DAY, None),
    ("2024-04-13 00:00:00", DAY, None),
    ("2024-04-13 08:30", DAY, None),
    ("20240413", DAY, None),
    ("24.4.13", DAY, None),
    ("4月13日", DAY, "year_completed"),
    ("45395", DAY, "serial_day"),
    ("2024年4月中旬", date(2024, 4, 11), "approximate_value"),
    ("4月13—15日", DAY, "year_completed"),
    ("2024年4月13日至15日", DAY, "approximate_value"),
]
UNREAD = [
    "2024年4月",
    "2024.4-5",
    "2024-13-45",
    "2024.2.30",
    "13/4/2024",
    "2024",
    "春节前",
    "0204-04-13",
    "9999-01-01",
    "2024-4-13-2024-4-15",
    "12.5",
    "²",
    "45395²",
]


@pytest.mark.parametrize(("text", "value", "code"), READ)
def test_spelling_is_read(text, value, code):
    assert read_day(text, year=2024) == (value, code)


@pytest.mark.parametrize("text", UNREAD)
def test_spelling_is_refused_and_not_guessed(text):
    assert read_day(text, year=2024) == (None, "unreadable_day")


@pytest.mark.parametrize(
    ("text", "order", "value"),
    [
        ("04/13/2024", "mdy", DAY),
        ("13/04/2024", "dmy", DAY),
        ("04/13/24", "mdy", DAY),
        ("13.4.24", "dmy", DAY),
        ("2024/04/13", "mdy", DAY),
        ("04/13/2024", "dmy", None),
    ],
)
def test_the_senders_order_counts_unless_the_year_speaks(text, order, value):
    assert read_day(text, order=order)[0] == value


def test_a_day_without_year_needs_the_titles():
    assert read_day("4月13日") == (None, "ambiguous_day")


@pytest.mark.parametrize(
    ("text", "kind", "value", "code"),
    [
        ("2024.1", "n", None, "ambiguous_day"),
        ("2024.1", "", None, "ambiguous_day"),
        ("2024.1", "t", date(2024, 1, 1), "month_only"),
        ("2024.10", "t", date(2024, 10, 1), "month_only"),
        ("2024.2", "n", date(2024, 2, 1), "month_only"),
        ("45395", "n", DAY, "serial_day"),
    ],
)
def test_a_number_that_lost_its_zero_is_ambiguous(text, kind, value, code):
    assert read_typed_day(text, kind, month_will_do=True) == (value, code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("2024年4月", date(2024, 4, 1), "month_only"),
        ("2024年4月份", date(2024, 4, 1), "month_only"),
        ("2015.6", date(2015, 6, 1), "month_only"),
        ("201506", date(2015, 6, 1), "month_only"),
        ("4月", date(2024, 4, 1), "year_completed"),
        ("2024年13月", None, "unreadable_day"),
        ("12.5", None, "unreadable_day"),
    ],
)
def test_a_month_where_it_will_do(text, value, code):
    assert read_day(text, year=2024, month_will_do=True) == (value, code)


def days(values, kinds=None, year=None):
    raw = pl.Series("paired_on", values, dtype=pl.String)
    kinds = None if kinds is None else pl.Series(kinds, dtype=pl.String)
    years = pl.Series([year] * len(values), dtype=pl.Int32)
    return day_column(raw, kinds, years, order="ymd", month_will_do=False)


def test_column_keeps_places_missing_words_and_errors():
    parsed = days(["2024-04-13", None, "—", "#N/A", "２０２４．４．１３"])
    assert parsed.values.to_list() == [DAY, None, None, None, DAY]
    assert parsed.codes.to_list() == [None, None, "stated_missing", "error_literal", "full_width"]


def test_a_cell_without_known_type_keeps_its_value():
    """A batch of workbooks and CSV has types for some rows only: none of the others may become null."""
    parsed = days(["2024-04-13", "2024-04-13"], kinds=["d", None])
    assert parsed.values.to_list() == [DAY, DAY]


def test_a_separator_of_ours_in_a_cell_harms_only_the_cell():
    assert days(["a\x1fb", "2024-04-13"]).codes.to_list() == ["unreadable_day", None]


def months(values, kinds=None):
    raw = pl.Series("service_month", values, dtype=pl.String)
    kinds = None if kinds is None else pl.Series(kinds, dtype=pl.String)
    return month_column(raw, kinds, pl.Series([2024] * len(values), dtype=pl.Int32))


def test_months():
    parsed = months(["2024年4月", "2024-04-13", "202404", "4月", "某月"], ["t", "d", "n", "t", "t"])
    assert parsed.values.to_list() == [date(2024, 4, 1)] * 4 + [None]
    assert parsed.codes.to_list() == [None, None, None, "year_completed", "unreadable_month"]
    assert months(["2024.1"], ["n"]).codes.to_list() == ["ambiguous_day"]


def test_years():
    parsed = year_column(pl.Series("y", ["2024", "2024年", "2024年度", "24", "一九", None]))
    assert parsed.values.to_list() == [2024, 2024, 2024, None, None, None]
    assert parsed.codes.to_list() == [None, None, None, "unreadable_year", "unreadable_year", None]


@pytest.mark.parametrize("rest", [[], ["2024/4/13 9:30"]])
def test_instants_are_shanghai_time_on_both_ways_through(rest):
    parsed = instant_column(pl.Series("at", ["2024-04-13 09:30:00", *rest]))
    assert set(parsed.values.to_list()) == {datetime(2024, 4, 13, 1, 30, tzinfo=UTC)}
    assert parsed.codes.null_count() == len(parsed.codes)


@pytest.mark.parametrize("text", ["2024-04-13 25:00:00", "2024-13-01 10:00:00", "昨天", "2024-04-13 10:61"])
def test_an_instant_that_is_none_is_refused(text):
    assert instant_column(pl.Series("at", [text])).codes.to_list() == ["unreadable_instant"]
