"""Reading a column cell by cell, each distinct text once, without ever losing what was written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

MISSING = frozenset(
    {"", "-", "--", "—", "——", "–", "/", "\\", "无", "不详", "未知", "暂无", "N/A", "n/a", "NA", "空", "null", "NULL"}
)
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_FULL = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " ", "\u00a0": " "}
_FOLD = str.maketrans(_FULL | {"\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": ""})


@dataclass(frozen=True)
class Parsed:
    """One column, read: ``values``, and ``codes`` with at most one reason a cell (null where there is none)."""

    values: pl.Series
    codes: pl.Series


def fold(text: str) -> tuple[str, str | None]:
    """Return ``text`` in half-width without surrounding white space, and the fix that this was, if any."""
    if text.isascii():
        stripped = text.strip().lstrip("'")
        return stripped, "spaces_removed" if stripped != text else None
    folded = text.translate(_FOLD)
    code = "full_width" if any(char in _FULL and char not in "\u3000\u00a0" for char in text) else None
    stripped = folded.strip().lstrip("'")
    if code is None and (stripped != text):
        code = "spaces_removed"
    return stripped, code


def by_distinct(
    raw: pl.Series, read: Callable[[str], tuple[Any, str | None]], dtype: pl.DataType | type[pl.DataType]
) -> Parsed:
    """Read every distinct text of ``raw`` once with ``read`` (text -> value, reason code) and give it back per cell.

    Costs one hash per cell and one call of ``read`` per distinct text. Null stays null without a reason.
    """
    texts = raw.drop_nulls().unique()
    if texts.is_empty():
        return Parsed(pl.Series(raw.name, [None] * len(raw), dtype=dtype), no_codes(len(raw)))
    read_once = [read(text) for text in texts.to_list()]
    place = raw.cast(pl.Enum(texts)).to_physical()
    values = pl.Series(raw.name, [value for value, _ in read_once], dtype=dtype).gather(place)
    codes = [code for _, code in read_once]
    if not any(codes):
        return Parsed(values, no_codes(len(raw)))
    return Parsed(values, pl.Series("code", codes, dtype=pl.String).gather(place))


def no_codes(height: int) -> pl.Series:
    """Return ``height`` nulls: no reason anywhere."""
    return pl.repeat(None, height, dtype=pl.String, eager=True)


def only(raw: pl.Series, where: pl.Series) -> pl.Series:
    """Return ``raw`` with null wherever ``where`` is not true."""
    return pl.select(pl.when(pl.lit(where)).then(pl.lit(raw)).alias(raw.name))[raw.name]


def missing(
    read: Callable[[str], tuple[Any, str | None]], *, fixes: bool = True
) -> Callable[[str], tuple[Any, str | None]]:
    """Wrap ``read``: the words that mean nothing was known give null and say so.

    Without ``fixes`` nobody is told of full-width characters and spaces: where brackets, commas and quotation marks
    belong to what is written, they are no mistake.
    """

    def read_or_missing(text: str) -> tuple[Any, str | None]:
        folded, fix = fold(text)
        if folded in MISSING:
            return None, "stated_missing"
        if folded in ERRORS:
            return None, "error_literal"
        value, code = read(folded)
        return value, code or (fix if fixes else None)

    return read_or_missing
