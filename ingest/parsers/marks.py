"""Cells that say whether something was done: √, ×, ×不在本地, or the day on which it was done."""

import re
from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from ingest.parsers.cells import Parsed, missing
from ingest.parsers.days import read_typed_day, with_kinds_and_years
from ingest.parsers.words import Words, dictionary

MARK = pl.Struct({"code": pl.String, "day": pl.Date})
_TICKS = str.maketrans(dict.fromkeys("✓✔☑✅", "√") | dict.fromkeys("✗✘✕☒❌xX", "×"))
_BRACKETS = re.compile(r"[()\[\]【】:,，;；、。]")
Mark = dict[str, str | date | None]


def read_mark(
    text: str, known: Mapping[str, str], dated: str, read_day: Callable[[str], tuple[date | None, str | None]]
) -> tuple[Mark | None, str | None]:
    """Read one cell into a code and a day; ``known`` maps words to codes, a day alone means the code ``dated``.

    ``read_day`` reads a day out of a text. A mark of done may have its day behind it (√ 3月5日). Behind another mark
    stands a reason: one that is no word of its own leaves the mark what it is (``mark_reason_unlisted``). Source:
    only what stands in the list of exemptions exempts.
    """
    compact = _BRACKETS.sub("", re.sub(r"\s+", "", text)).translate(_TICKS).lower()
    if compact in known:
        return {"code": known[compact], "day": None}, None
    day, code = read_day(text)
    if day is not None or code != "unreadable_day":
        return (None if day is None else {"code": dated, "day": day}), code
    word = max((word for word in known if word and compact.startswith(word)), key=len, default=None)
    if word is None:
        return None, "unreadable_mark"
    if known[word] != dated:
        return {"code": known[word], "day": None}, "mark_reason_unlisted"
    day, code = read_day(compact.removeprefix(word))
    return (None, "unreadable_mark") if day is None else ({"code": dated, "day": day}, code)


def mark_column(
    raw: pl.Series, kinds: pl.Series | None, years: pl.Series, words: Words, *, dated: str, order: str
) -> Parsed:
    """Read a column of marks into a struct of ``code`` and ``day``; ``kinds`` and ``years`` as for days."""
    known = {_BRACKETS.sub("", word).translate(_TICKS): code for word, code in dictionary(words).items()}

    def read(text: str, kind: str, year: int | None) -> tuple[Mark | None, str | None]:
        def read_day(word: str) -> tuple[date | None, str | None]:
            return read_typed_day(word, kind, order=order, year=year, month_will_do=True)

        return missing(lambda folded: read_mark(folded, known, dated, read_day), fixes=False)(text)

    return with_kinds_and_years(raw, kinds, years, read, MARK)
