"""From written columns to typed values: which parser reads which column, and same-as-above."""

import polars as pl

from ingest.contracts import Contract
from ingest.contracts.columns import Written
from ingest.parsers import days, firms, identities, marks, numbers, ranges, words
from ingest.parsers.cells import Parsed, no_codes
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


def _kinds(frame: pl.DataFrame, name: str) -> pl.Series | None:
    kinds = f"{name}__kind"
    return frame[kinds] if kinds in frame.columns else None


def _units(frame: pl.DataFrame, written: Written) -> pl.Series | str:
    units = frame[f"{written.name}__unit"]
    return units[0] if len(units) and units.n_unique() == 1 else units


_ALONE = {
    "text": words.text_column,
    "texts": words.texts_column,
    "proper_name": words.proper_name_column,
    "firm_name": words.firm_name_column,
    "year": days.year_column,
    "instant": days.instant_column,
    "decimal": numbers.decimal_column,
    "phone": identities.phone_column,
}
_CODED = {"code": words.code_column, "codes": words.codes_column, "flag": words.flag_column}


def read_column(frame: pl.DataFrame, written: Written, spec: Spec, *, of_child: bool) -> Parsed:
    """Read one written column of ``frame`` with the parser that the contract names for it."""
    raw, kinds, order = frame[written.name], _kinds(frame, written.name), spec.column(written.name).order
    if written.reads in _ALONE:
        return _ALONE[written.reads](raw)
    if written.reads in _CODED:
        return _CODED[written.reads](raw, spec.words(written))
    match written.reads:
        case "day" | "day_or_month" | "birth":
            will_do = written.reads != "day"
            return days.day_column(raw, kinds, frame["year"], order=order, month_will_do=will_do)
        case "month":
            return days.month_column(raw, kinds, frame["year"])
        case "mark":
            known = spec.words(written)
            return marks.mark_column(raw, kinds, frame["year"], known, dated=written.dated, order=order)
        case "yuan":
            return numbers.yuan_column(raw, _units(frame, written))
        case "yuan_range":
            return ranges.range_column(raw, _units(frame, written))
        case "whole":
            return numbers.whole_column(raw, written.unstated)
        case "id_no":
            return identities.id_column(raw, kinds, of_child=of_child)
        case "number":
            return identities.number_column(raw, kinds)
        case "numbers":
            return identities.numbers_column(raw, kinds)
        case "uscc":
            return firms.uscc_column(raw, kinds)
        case "name":
            return identities.name_column(raw)
    raise ValueError(f"{written.name}: no parser reads {written.reads!r}")


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


def absent(height: int, dtype: pl.DataType | type[pl.DataType]) -> Parsed:
    """Return a column that the sender does not write: null, without a reason."""
    return Parsed(pl.repeat(None, height, dtype=dtype, eager=True), no_codes(height))
