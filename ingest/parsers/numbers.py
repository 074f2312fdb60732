"""Amounts in yuan and whole numbers, exact, in every spelling that ledgers have."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import polars as pl

from ingest.contracts.columns import MONEY
from ingest.parsers.cells import Parsed, by_distinct, missing

UNITS = {
    "": Decimal(1),
    "元": Decimal(1),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "w": Decimal(10_000),
    "W": Decimal(10_000),
    "亿": Decimal(100_000_000),
    "亿元": Decimal(100_000_000),
    "千": Decimal(1000),
    "千元": Decimal(1000),
    "百万元": Decimal(1_000_000),
}
LARGEST = Decimal(10) ** (MONEY[0] - MONEY[1])
_NUMBER = r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
# what a spreadsheet computes has 15 digits; those after them are noise of its binary arithmetic
_EXACT = Context(prec=15, rounding=ROUND_HALF_EVEN)
_AMOUNT = re.compile(
    rf"^(?:约|近)?\s*[￥¥]?\s*({_NUMBER})\s*(余|多)?\s*(亿元|万元|亿|万|千|元|w|W)?\s*(余|多|\+)?\s*(?:元)?$"
)
_COUNT = re.compile(
    rf"^(约|近)?\s*({_NUMBER})\s*(余|多)?\s*(万|亿|w|W|千)?\s*(余|多|\+)?\s*(?:人次|人|次|户|件|条|个|名|分钟|分|课时|学时|张|岗|家|场)?\s*(余|\+)?$"
)
_MEASURE = re.compile(
    rf"^(约|近|≥|>=|不低于|不少于|至少|达到)?\s*({_NUMBER})\s*(余|多)?\s*(万|亿|千|w|W)?\s*(%)?\s*"
    r"(余|多|\+|以上)?\s*(?:人次|人|次|户|件|条|个|名|场|家|期|元)?\s*(?:以上)?$"
)
_YUAN, _DECIMAL = pl.Decimal(*MONEY), pl.Decimal(18, 4)
_FOUR, _LARGEST_DECIMAL = Decimal("0.0001"), Decimal(10) ** 14
_BRACKETED = re.compile(r"^[(（]([^-−]+)[)）]$")

Read = tuple[Decimal | None, str | None]


def _decimal(text: str) -> Decimal:
    number = Decimal(text.replace(",", "").replace("−", "-"))
    is_noisy = len(text.partition(".")[2]) > 6 and len(number.as_tuple().digits) > _EXACT.prec
    return _EXACT.plus(number) if is_noisy else number


def read_amount(text: str, unit: str) -> Read:
    """Read one amount into yuan; ``unit`` applies where the cell names none.

    A cell's 万 under a header in 万元 is one unit, not two; any other multiple under such a header, and a unit that
    nobody knows, is unreadable: nothing is guessed by a factor of ten thousand.
    """
    negative = _BRACKETED.match(text)
    found = _AMOUNT.match(negative[1] if negative else text)
    if found is None:
        return None, "unreadable_amount"
    own = found[3] or ""
    if (own or unit) not in UNITS or (own and own != "元" and UNITS.get(unit, own) not in (1, UNITS[own])):
        return None, "unreadable_amount"
    value = _decimal(found[1]) * UNITS[own or unit]
    approximate = bool(found[2] or found[4]) or text.startswith(("约", "近"))
    if abs(value) >= LARGEST or value != value.quantize(Decimal("0.01")):
        return None, "unreadable_amount"
    code = "approximate_value" if approximate else "unit_in_cell" if own and own != unit else None
    return (-value if negative else value), code


def yuan_column(raw: pl.Series, units: pl.Series | str) -> Parsed:
    """Read a column of amounts into Decimal(18, 2) yuan; ``units`` is what header, sheet or contract say."""
    return with_units(raw, units, lambda text, unit: missing(lambda one: read_amount(one, unit))(text), _YUAN)


def with_units(
    raw: pl.Series,
    units: pl.Series | str,
    read: Callable[[str, str], tuple[Any, str | None]],
    dtype: pl.DataType | type[pl.DataType],
) -> Parsed:
    """Read every distinct cell together with its unit: one for the whole column, or one a cell."""
    if isinstance(units, str):
        return by_distinct(raw, lambda text: read(text, units), dtype)
    joined = pl.select(pl.concat_str([pl.lit(raw), pl.lit(units)], separator="\x1f").alias(raw.name))[raw.name]
    return by_distinct(joined, lambda both: read(*both.rsplit("\x1f", 1)), dtype)


def read_whole(text: str) -> tuple[int | None, str | None]:
    """Read one whole number; 余, 约 and + make it a floor (``approximate_value``)."""
    found = _COUNT.match(text)
    if found is None:
        return None, "unreadable_number"
    value = _decimal(found[2]) * UNITS[found[4] or ""]
    if abs(value) > 10**15 or value != value.to_integral_value():
        return None, "unreadable_number"
    approximate = any(found[group] for group in (1, 3, 5, 6))
    return int(value), "approximate_value" if approximate else None


def whole_column(raw: pl.Series, unstated: tuple[str, ...] = ()) -> Parsed:
    """Read a column of whole numbers into Int64; a word of ``unstated`` is no number and no mistake: null."""

    def read(text: str) -> tuple[int | None, str | None]:
        return (None, "number_unstated") if text in unstated else read_whole(text)

    return by_distinct(raw, missing(read), pl.Int64)


def read_decimal(text: str) -> Read:
    """Read one number that may have decimals, four of them at most; a per cent is a hundredth, 以上 and ≥ make a floor.

    What has more decimals than the column can hold is refused, not rounded.
    """
    found = _MEASURE.match(text)
    if found is None:
        return None, "unreadable_number"
    value = _decimal(found[2]) * UNITS[found[4] or ""] / (100 if found[5] else 1)
    if abs(value) >= _LARGEST_DECIMAL or value != value.quantize(_FOUR):
        return None, "unreadable_number"
    return value, "approximate_value" if any(found[group] for group in (1, 3, 6)) else None


def decimal_column(raw: pl.Series) -> Parsed:
    """Read a column of numbers with decimals into Decimal(18, 4)."""
    return by_distinct(raw, missing(read_decimal), _DECIMAL)
