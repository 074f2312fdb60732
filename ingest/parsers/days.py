"""Days, months, years and instants in every spelling that ledgers have."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import polars as pl

from ingest.parsers.cells import Parsed, by_distinct, missing, no_codes, only

SHANGHAI = timezone(timedelta(hours=8))
_EPOCH_1900 = date(1899, 12, 30)
_SERIALS = range(36526, 55153)
_YEARS = range(1900, 2100)
_CLOCK = r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_FULL_DAY = re.compile(rf"^(\d{{4}}|\d{{2}})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]?{_CLOCK}$")
# one sign between all three: 2024.4-5 is April to May, not the fifth of April
_SIGNED_DAY = re.compile(
    rf"^(\d{{4}}|\d{{1,2}})\s*(?P<sign>[./\-·])\s*(\d{{1,2}})\s*(?P=sign)\s*(\d{{4}}|\d{{1,2}})\s*[日号]?{_CLOCK}$"
)
_RANGE = re.compile(r"^(.*?\d)\s*日?\s*(?:—|－|~|～|至|到|-)\s*\d{1,2}\s*日?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NO_YEAR = re.compile(r"^(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?$")
_MONTH = re.compile(r"^(?:(\d{4}|\d{2})\s*年\s*(\d{1,2})\s*月?份?|(\d{4})\s*[./\-]\s*(\d{1,2})\s*月?|(\d{4})(\d{2}))$")
_MONTH_NO_YEAR = re.compile(r"^(\d{1,2})\s*月份?$")
_LOST_ZERO = re.compile(r"^\d{4}\.1$")
_PART_OF_MONTH = re.compile(r"^(\d{4})年(\d{1,2})月(上旬|中旬|下旬)$")
_YEAR = re.compile(r"^(20\d{2}|19\d{2})\s*年?(?:度)?$")
# Only what every calendar has, 29 February left to the slower way, so that nothing it lets through can fail to parse.
_USUAL_INSTANT = (
    r"^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    r" (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$"
)
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?$")

Read = tuple[date | None, str | None]


def _make(year: str | int, month: str | int, day: str | int = 1, code: str | None = None) -> Read:
    number = int(year)
    try:
        made = date(number + 2000 if number < 100 else number, int(month), int(day))
        return (made, code) if made.year in _YEARS else (None, "unreadable_day")
    except ValueError:
        return None, "unreadable_day"


def read_day(text: str, *, order: str = "ymd", year: int | None = None, month_will_do: bool = False) -> Read:
    """Read one written day; ``year`` completes ``4月13日``. Returns the day and a reason code.

    ``2024.1`` typed as a number may be January or October: it is refused by ``read_typed_day``.
    """
    if found := _FULL_DAY.match(text):
        return _make(*found.groups())
    if found := _SIGNED_DAY.match(text):
        return _signed(found.group(1, 3, 4), order)
    if found := _COMPACT.match(text):
        return _make(*found.groups())
    if found := _NO_YEAR.match(text):
        return _make(year, *found.groups(), "year_completed") if year else (None, "ambiguous_day")
    if found := _PART_OF_MONTH.match(text):
        return _make(found[1], found[2], {"上旬": 1, "中旬": 11, "下旬": 21}[found[3]], "approximate_value")
    if found := _MONTH.match(text):
        given = [part for part in found.groups() if part]
        return _make(*given, code="month_only") if month_will_do else (None, "unreadable_day")
    if month_will_do and (found := _MONTH_NO_YEAR.match(text)):
        return _make(year, found[1], code="year_completed") if year else (None, "ambiguous_day")
    if re.fullmatch("[0-9]{5}", text) and int(text) in _SERIALS:
        return _EPOCH_1900 + timedelta(days=int(text)), "serial_day"
    if found := _RANGE.match(text):
        day, code = read_day(found[1], order=order, year=year)
        return day, code or "approximate_value"
    return None, "unreadable_day"


def _signed(parts: tuple[str, ...], order: str) -> Read:
    """Three numbers with one sign between: a year of four digits speaks for itself, else the sender's order counts."""
    place = dict(zip("ymd" if len(parts[0]) == 4 else order, parts, strict=True))
    if len(place["y"]) not in (2, 4) or max(len(place["m"]), len(place["d"])) > 2:
        return None, "unreadable_day"
    return _make(place["y"], place["m"], place["d"])


def read_typed_day(text: str, kind: str, **how: object) -> Read:
    """Read a day out of a cell of ``kind``: 2024.1 may be 2024.10 unless the cell is known to be text."""
    if kind != "t" and _LOST_ZERO.match(text):
        return None, "ambiguous_day"
    return read_day(text, **how)  # ty: ignore[invalid-argument-type]


def day_column(raw: pl.Series, kinds: pl.Series | None, years: pl.Series, *, order: str, month_will_do: bool) -> Parsed:
    """Read a column of days. ``years`` (Int32) complete days without one; ``kinds`` are cell types, null for CSV."""

    def read(text: str, kind: str, year: int | None) -> Read:
        how = {"order": order, "year": year, "month_will_do": month_will_do}
        return missing(lambda folded: read_typed_day(folded, kind, **how))(text)

    return with_kinds_and_years(raw, kinds, years, read, pl.Date)


def with_kinds_and_years(
    raw: pl.Series,
    kinds: pl.Series | None,
    years: pl.Series,
    read: Callable[[str, str, int | None], tuple[Any, str | None]],
    dtype: pl.DataType | type[pl.DataType],
) -> Parsed:
    """Read every distinct cell together with its cell type (empty if unknown) and the year that may complete it."""
    needs_year = raw.str.contains(r"(?:^|[^\d年])\s*\d{1,2}\s*月").any()
    beside = [
        # a batch can hold workbooks and CSV: a cell of no known type must not take its value with it
        pl.lit("") if kinds is None else pl.lit(kinds).fill_null(""),
        pl.lit(years).cast(pl.String).fill_null("") if needs_year else pl.lit(""),
    ]
    joined = pl.select(pl.concat_str([pl.lit(raw), *beside], separator="\x1f").alias(raw.name))[raw.name]

    def read_one(cell: str) -> tuple[Any, str | None]:
        text, kind, year = cell.rsplit("\x1f", 2)
        return read(text, kind, int(year) if year else None)

    return by_distinct(joined, read_one, dtype)


def month_column(raw: pl.Series, kinds: pl.Series | None, years: pl.Series) -> Parsed:
    """Read a column of months as their first days; arguments as of ``day_column``."""
    days = day_column(raw, kinds, years, order="ymd", month_will_do=True)
    codes = days.codes.replace({"unreadable_day": "unreadable_month", "month_only": None})
    return Parsed(days.values.dt.month_start(), codes)


def year_column(raw: pl.Series) -> Parsed:
    """Read a column of calendar years."""

    def read(text: str) -> tuple[int | None, str | None]:
        found = _YEAR.match(text)
        return (int(found[1]), None) if found else (None, "unreadable_year")

    return by_distinct(raw, missing(read), pl.Int16)


def _read_instant(text: str) -> tuple[datetime | None, str | None]:
    head, _, tail = text.replace("T", " ").partition(" ")
    day, code = read_day(head)
    clock = _TIME.match(tail.strip()) if tail.strip() else None
    if day is None or (tail.strip() and clock is None):
        return None, "unreadable_instant"
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    if hour > 23 or minute > 59 or second > 59:
        return None, "unreadable_instant"
    local = datetime.combine(day, time(hour, minute, second), SHANGHAI)
    return local.astimezone(UTC), code


def instant_column(raw: pl.Series) -> Parsed:
    """Read a column of moments written in Asia/Shanghai into UTC; the usual form at once, the rest one by one."""
    usual = raw.str.contains(_USUAL_INSTANT)
    plain = raw if usual.all(ignore_nulls=False) else only(raw, usual)
    local = plain.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us").dt.replace_time_zone("UTC")
    moment = (local - timedelta(hours=8)).alias(raw.name)
    if moment.null_count() == raw.null_count():
        return Parsed(moment, no_codes(len(raw)))
    odd = by_distinct(only(raw, moment.is_null()), missing(_read_instant), pl.Datetime("us", "UTC"))
    return Parsed(pl.select(pl.coalesce(pl.lit(moment), pl.lit(odd.values)).alias(raw.name))[raw.name], odd.codes)
