"""Amounts a month as ranges: 5-8K, 3000—5000元, 年薪10万, 面议."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

import polars as pl

from ingest.contracts.columns import MONEY
from ingest.parsers.cells import Parsed, missing
from ingest.parsers.numbers import LARGEST, UNITS, with_units

RANGE = pl.Struct({"low": pl.Decimal(*MONEY), "high": pl.Decimal(*MONEY)})
_OPEN = {"面议", "面谈", "电议", "薪资面议", "工资面议", "待遇面议", "协商"}
_FEN = Decimal("0.01")
_AMOUNT = r"(\d+(?:\.\d+)?)(万元|千元|百万元|亿元|元|万|千|亿|[kKwW])?"
_TO = r"(?:--|——|[-—–－~～至到])"
_PER = r"(?:[/每](年|月)|元?[/每](天|日|小时|时|周))?"
_RANGE = re.compile(rf"{_AMOUNT}{_TO}{_AMOUNT}{_PER}")
_ONE = re.compile(rf"{_AMOUNT}{_PER}(以上|以下|以内|起|左右|\+)?{_PER}")
_PERIOD = re.compile(r"^(年薪|年收入|年|月薪|月收入|月均|月|税前|税后|约)+")
_BONUS = re.compile(r"(?:[·*x×]\d{2}薪|[(（].*[)）])$")
Ends = tuple[Decimal | None, Decimal | None]


def _yuan(number: str, unit: str) -> Decimal:
    return Decimal(number) * (Decimal(1000) if unit in ("k", "K") else UNITS[unit])


def _both(low: str, low_unit: str | None, high: str, high_unit: str | None, unit: str) -> Ends | None:
    """The ends of a range. In 5-8K the unit speaks for both, in 3000-5K it can only speak for the second."""
    last = high_unit or low_unit or unit
    first = low_unit or last
    ends = _yuan(low, first), _yuan(high, last)
    if ends[0] > ends[1] and not low_unit:
        ends = _yuan(low, unit), ends[1]
    # whoever means 8千 by the 8 of 8-1.2万 would be paid eight yuan otherwise
    return ends if ends[0] <= ends[1] <= 100 * ends[0] else None


def _ends(text: str, unit: str) -> tuple[Ends, str | None] | None:
    """Both ends as written, and the word for the period that stands behind them; None where it is no range."""
    if found := _RANGE.fullmatch(text):
        low, low_unit, high, high_unit, per, short = found.groups()
        ends = None if short else _both(low, low_unit, high, high_unit, unit)
        return (ends, per) if ends else None
    found = _ONE.fullmatch(text)
    if found is None or found[4] or found[7]:
        return None
    amount, bound = _yuan(found[1], found[2] or unit), found[5] or ""
    low = None if bound in ("以下", "以内") else amount
    return (low, None if bound in ("以上", "起", "+") else amount), found[3] or found[6]


def read_range(text: str, unit: str = "元") -> tuple[dict[str, Decimal | None] | None, str | None]:
    """Read one amount or range into yuan a month: low and high, either of which may be open.

    ``unit`` applies where the cell names none. What is paid a year is divided by twelve; what is paid a day or an hour
    is no amount a month and refused, as is anything else (``unreadable_range``). 面议 says that nothing is fixed.
    """
    compact = _BONUS.sub("", re.sub(r"[\s,￥¥]", "", text))
    if compact in _OPEN:
        return None, None
    lead = _PERIOD.match(compact)
    found = _ends(compact[lead.end() :] if lead else compact, unit) if unit in UNITS else None
    if found is None:
        return None, "unreadable_range"
    ends, per = found
    months = 12 if per == "年" or (lead and "年" in lead[0]) else 1
    low, high = (None if end is None else (end / months).quantize(_FEN, ROUND_HALF_EVEN) for end in ends)
    if any(end is not None and end >= LARGEST for end in (low, high)):
        return None, "unreadable_range"
    is_rough = "左右" in compact or bool(lead and "约" in lead[0])
    return {"low": low, "high": high}, "approximate_value" if is_rough else None


def range_column(raw: pl.Series, units: pl.Series | str) -> Parsed:
    """Read a column of ranges into a struct of ``low`` and ``high``, Decimal(18, 2) yuan a month."""
    return with_units(raw, units, lambda text, unit: missing(lambda folded: read_range(folded, unit))(text), RANGE)
