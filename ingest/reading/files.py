"""The one entrance: bytes of a delivered file in, its grids and the framer's count out, or a refusal."""

import zipfile
from xml.etree.ElementTree import ParseError

from ingest.reading.csv import read_csv
from ingest.reading.encoding import to_utf8
from ingest.reading.excel import WorkbookReader
from ingest.reading.framer import count_file
from ingest.reading.grid import Grid, Reading
from ingest.reading.json import read_json
from ingest.reading.kinds import FileKind, kind_of
from ingest.reading.preflight import check_xls, check_xlsx
from ingest.reasons import Refused


def read(data: bytes, suffix: str, workbooks: WorkbookReader) -> Reading:
    """Read one delivered file, told by its bytes; ``suffix`` is what its name claims and goes into messages only.

    Every record that the independent framer counts is a row of a grid or a ragged record. Raises Refused with a code
    of the registry; balance_broken when the two counts differ.
    """
    kind = kind_of(data, suffix)
    if kind == "csv":
        return _read_csv(data)
    if kind == "json":
        return _read_json(data)
    grids, framed = _read_workbook(data, kind, workbooks)
    _balance(grids, framed)
    return Reading(kind, None, grids, framed)


def _read_csv(data: bytes) -> Reading:
    utf8, encoding = to_utf8(data)
    grid, separator = read_csv(utf8)
    framed = count_file(data, "csv", separator)
    _balance((grid,), framed)
    return Reading("csv", encoding, (grid,), framed)


def _read_json(data: bytes) -> Reading:
    utf8, encoding = to_utf8(data)
    grid = read_json(utf8)
    framed = count_file(data, "json")
    _balance((grid,), framed)
    return Reading("json", encoding, (grid,), framed)


def _read_workbook(data: bytes, kind: FileKind, workbooks: WorkbookReader) -> tuple[tuple[Grid, ...], dict[int, int]]:
    if kind == "xls":
        check_xls(data)
        return workbooks.grids(data, kind), workbooks.count_xls(data)
    grids = workbooks.grids(data, kind, has_errors=check_xlsx(data))
    try:
        return grids, count_file(data, kind)
    except (zipfile.BadZipFile, ParseError, KeyError, ValueError):
        raise Refused("workbook_damaged", detail="the framer cannot open it") from None


def _balance(grids: tuple[Grid, ...], framed: dict[int, int]) -> None:
    """Law 1: what was read plus what is ragged is what the framer counted, sheet by sheet."""
    if {grid.sheet_no for grid in grids} != framed.keys():
        raise Refused("balance_broken", detail=f"{len(grids)} sheets read, {len(framed)} framed")
    for grid in grids:
        records = grid.frame.height + len(grid.ragged)
        if records != framed[grid.sheet_no]:
            detail = f"{records} records read, {framed[grid.sheet_no]} framed"
            raise Refused("balance_broken", sheet_no=grid.sheet_no, detail=detail)
