"""From written columns to typed values: which parser reads which column, and same-as-above."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from ingest.contracts import Contract
from ingest.contracts.columns import Written
from ingest.parsers import days, firms, identities, marks, numbers, ranges, words
from ingest.parsers.cells import Parsed
from ingest.rows import DATA
from ingest.spec import Spec

_MARKS, _PADS = ("同上", "〃", "″", "''", "同前"), ("", " ", "\u3000")
DITTO = [f"{before}{mark}{after}" for mark in _MARKS for before in _PADS for after in _PADS]


def fill_ditto(frame: pl.DataFrame, names: list[str]) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """Replace 同上 by the cell above within the same sheet, its type with it; return which cells were such.

    Above is the nearest record that says something of its own in this column, were it that the cell is empty: then
    there is nothing to repeat, and the cell stays null.
    """
    filled: dict[str, pl.Series] = {}
    for name in names:
        is_ditto = frame[name].is_in(DITTO).fill_null(False)
        if not is_ditto.any():
            continue
        places = frame.select("delivery", "sheet_no", "part", (pl.col("kind_of_row") == DATA).alias("is_data"))
        places = places.with_columns(is_ditto.alias("is_ditto")).with_row_index("own")
        says = pl.col("is_data") & ~pl.col("is_ditto")
        above = pl.when(says).then("own").forward_fill().over("delivery", "sheet_no", "part")
        source = places.select(pl.when("is_ditto").then(above).otherwise("own"))
        cells = [one for one in (name, f"{name}__kind") if one in frame.columns]
        frame = frame.with_columns(frame[one].gather(source.to_series()) for one in cells)
        filled[name] = is_ditto
    return frame, filled


@dataclass(frozen=True)
class _Cells:
    """One written column with all that its parser may want to know."""

    frame: pl.DataFrame
    written: Written
    spec: Spec
    of_child: bool

    @property
    def raw(self) -> pl.Series:
        return self.frame[self.written.name]

    @property
    def kinds(self) -> pl.Series | None:
        kinds = f"{self.written.name}__kind"
        return self.frame[kinds] if kinds in self.frame.columns else None

    @property
    def years(self) -> pl.Series:
        return self.frame["year"]

    @property
    def units(self) -> pl.Series | str:
        units = self.frame[f"{self.written.name}__unit"]
        return units[0] if len(units) and units.n_unique() == 1 else units

    @property
    def order(self) -> str:
        return self.spec.column(self.written.name).order

    @property
    def words(self) -> words.Words:
        return self.spec.words(self.written)


def _day(of: _Cells, *, month_will_do: bool) -> Parsed:
    return days.day_column(of.raw, of.kinds, of.years, order=of.order, month_will_do=month_will_do)


def _mark(of: _Cells) -> Parsed:
    return marks.mark_column(of.raw, of.kinds, of.years, of.words, dated=of.written.dated, order=of.order)


_PARSERS: dict[str, Callable[[_Cells], Parsed]] = {
    "text": lambda of: words.text_column(of.raw),
    "texts": lambda of: words.texts_column(of.raw),
    "proper_name": lambda of: words.proper_name_column(of.raw),
    "firm_name": lambda of: words.firm_name_column(of.raw),
    "code": lambda of: words.code_column(of.raw, of.words),
    "codes": lambda of: words.codes_column(of.raw, of.words),
    "flag": lambda of: words.flag_column(of.raw, of.words),
    "mark": _mark,
    "year": lambda of: days.year_column(of.raw),
    "instant": lambda of: days.instant_column(of.raw),
    "day": lambda of: _day(of, month_will_do=False),
    "day_or_month": lambda of: _day(of, month_will_do=True),
    "birth": lambda of: _day(of, month_will_do=True),
    "month": lambda of: days.month_column(of.raw, of.kinds, of.years),
    "yuan": lambda of: numbers.yuan_column(of.raw, of.units),
    "yuan_range": lambda of: ranges.range_column(of.raw, of.units),
    "whole": lambda of: numbers.whole_column(of.raw, of.written.unstated),
    "decimal": lambda of: numbers.decimal_column(of.raw),
    "id_no": lambda of: identities.id_column(of.raw, of.kinds, of_child=of.of_child),
    "number": lambda of: identities.number_column(of.raw, of.kinds),
    "numbers": lambda of: identities.numbers_column(of.raw, of.kinds),
    "name": lambda of: identities.name_column(of.raw),
    "phone": lambda of: identities.phone_column(of.raw),
    "uscc": lambda of: firms.uscc_column(of.raw, of.kinds),
}


def read_column(frame: pl.DataFrame, written: Written, spec: Spec, *, of_child: bool) -> Parsed:
    """Read one written column of ``frame`` with the parser that the contract names for it."""
    return _PARSERS[written.reads](_Cells(frame, written, spec, of_child))


def interpret(frame: pl.DataFrame, contract: Contract, spec: Spec) -> dict[str, Parsed]:
    """Read every written column that ``frame`` has; a cell that had text and reads as nothing carries a reason."""
    domains = {
        one.name: (column.metadata or {}).get("domain")
        for column in contract.schema.columns().values()
        for one in (column.metadata or {}).get("written", ())
    }
    names = [name for name in contract.written if name in frame.columns]
    frame, filled = fill_ditto(frame, names)
    parsed = {
        name: read_column(frame, contract.written[name], spec, of_child=domains[name] == "children") for name in names
    }
    for name, where in filled.items():
        codes = parsed[name].codes
        made = pl.when(frame[name].is_null()).then(pl.lit("ditto_unresolved")).otherwise(pl.lit("ditto_filled"))
        ditto = pl.select(pl.when(where & codes.is_null()).then(made).otherwise(codes).alias("code"))
        parsed[name] = Parsed(parsed[name].values, ditto["code"])
    return parsed
