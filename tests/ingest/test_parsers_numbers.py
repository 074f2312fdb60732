"""Amounts and counts: every spelling of domain B.3 with its value and its reason."""

from decimal import Decimal

import polars as pl
import pytest

from ingest.parsers.numbers import decimal_column, read_amount, read_whole, whole_column, yuan_column

AMOUNTS = [
    ("225", "万元", "2250000", None),
    ("225万元", "万元", "2250000", None),
    ("225万元", "元", "2250000", "unit_in_cell"),
    ("225万元", "", "2250000", "unit_in_cell"),
    ("2250000元", "万元", "2250000", "unit_in_cell"),
    ("1.2亿", "元", "120000000", "unit_in_cell"),
    ("￥1,234.00", "元", "1234.00", None),
    ("¥0.5", "万元", "5000", None),
    ("160余万", "元", "1600000", "approximate_value"),
    ("约160万元", "元", "1600000", "approximate_value"),
    ("10万+", "元", "100000", "approximate_value"),
    ("(300)", "元", "-300", None),
    ("-300", "元", "-300", None),
    ("−300", "元", "-300", None),
    ("3千元", "元", "3000", "unit_in_cell"),
    ("12.299999999999999", "万元", "123000", None),
    ("3", "千元", "3000", None),
]
UNREADABLE = [
    ("1.2亿", "万元"),
    ("225千", "万元"),
    ("100", "美元"),
    ("225万", "美元"),
    ("$100", "元"),
    ("(-300)", "元"),
    ("1,23", "元"),
    ("1,2,3", "元"),
    ("0.333", "元"),
    ("12345678901234567890", "元"),
    ("9" * 40, "亿元"),
    ("若干", "元"),
    ("1e5", "元"),
    ("100-200", "元"),
]


@pytest.mark.parametrize(("text", "unit", "yuan", "code"), AMOUNTS)
def test_amount_is_read(text, unit, yuan, code):
    assert read_amount(text, unit) == (Decimal(yuan), code)


@pytest.mark.parametrize(("text", "unit"), UNREADABLE)
def test_amount_is_refused_and_not_guessed(text, unit):
    assert read_amount(text, unit) == (None, "unreadable_amount")


def test_column_with_one_unit_and_with_many():
    raw = pl.Series("spent_yuan", ["（300）", "１，２３４", None, "-"])
    one = yuan_column(raw, "元")
    many = yuan_column(raw, pl.Series(["元", "元", "元", "元"]))
    assert one.values.to_list() == many.values.to_list() == [Decimal("-300.00"), Decimal("1234.00"), None, None]
    assert one.codes.to_list() == many.codes.to_list() == ["full_width", "full_width", None, "stated_missing"]


def test_units_of_many_deliveries_stay_with_their_rows():
    parsed = yuan_column(pl.Series("spent_yuan", ["2", "2"]), pl.Series(["元", "万元"]))
    assert parsed.values.to_list() == [Decimal("2.00"), Decimal("20000.00")]


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("3人", 3, None),
        ("12次", 12, None),
        ("200余", 200, "approximate_value"),
        ("200余人", 200, "approximate_value"),
        ("约50", 50, "approximate_value"),
        ("6.03w", 60300, None),
        ("10万+", 100000, "approximate_value"),
        ("1.2万", 12000, None),
        ("1,234", 1234, None),
        ("-5", -5, None),
        ("12.0", 12, None),
        ("12.5", None, "unreadable_number"),
        ("3-5", None, "unreadable_number"),
        ("若干", None, "unreadable_number"),
        ("1,23", None, "unreadable_number"),
        ("9" * 30, None, "unreadable_number"),
    ],
)
def test_count(text, value, code):
    assert read_whole(text) == (value, code)


def test_count_column():
    parsed = whole_column(pl.Series("minutes", ["６０分钟", "无", "#REF!", None]))
    assert parsed.values.to_list() == [60, None, None, None]
    assert parsed.codes.to_list() == ["full_width", "stated_missing", "error_literal", None]


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("85%", "0.85", None),
        ("85.5 %", "0.855", None),
        ("８５％", "0.85", "full_width"),
        ("0.85", "0.85", None),
        ("100", "100", None),
        ("1.2万", "12000", None),
        ("1.5亿", "150000000", None),
        ("1,200人", "1200", None),
        ("85%以上", "0.85", "approximate_value"),
        ("≥85%", "0.85", "approximate_value"),
        ("不低于100场", "100", "approximate_value"),
        ("200余", "200", "approximate_value"),
        ("0.123456", None, "unreadable_number"),
        ("85%%", None, "unreadable_number"),
        ("1万亿", None, "unreadable_number"),
        ("八成", None, "unreadable_number"),
        ("9" * 20, None, "unreadable_number"),
        ("无", None, "stated_missing"),
    ],
)
def test_decimals(text, value, code):
    parsed = decimal_column(pl.Series("n", [text, None]))
    assert parsed.values.to_list() == [value and Decimal(value), None]
    assert parsed.codes.to_list() == [code, None]


def test_a_word_for_an_uncounted_number_is_no_number_and_no_mistake():
    raw = pl.Series("n", ["若干", " 若干 ", "3", "许多"])
    stated = whole_column(raw, ("若干",))
    assert (stated.values.to_list(), stated.codes.to_list()) == (
        [None, None, 3, None],
        ["number_unstated", "number_unstated", None, "unreadable_number"],
    )
    assert whole_column(raw).codes.to_list() == ["unreadable_number"] * 2 + [None, "unreadable_number"]
