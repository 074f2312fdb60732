"""Ledgers as people keep them: rows with a verdict, as CSV, .xlsx, .xls or zip; always the same bytes."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
import xlwt

NON_DATA, CLEAN, DUPLICATE = "non_data", "clean", "duplicate"
_MIDNIGHT = time()
_CREATED = datetime.combine(date(2024, 1, 1), _MIDNIGHT)
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Formula:
    """A cell with a formula; ``shows`` is the cached value: a number, an error such as ``#N/A``, or nothing."""

    text: str
    shows: Any = ""


@dataclass
class Row:
    """One record of a file. ``verdict`` is clean, duplicate, non_data, or the code of the one reason to reject it."""

    cells: list[Any]
    verdict: str = CLEAN


@dataclass
class Sheet:
    """One sheet; ``merges`` are (first row, first column, last row, last column) from 0, value in the first cell."""

    name: str
    rows: list[Row] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()

    def add(self, *cells: Any, verdict: str = CLEAN) -> int:
        """Append a row, return its position from 0."""
        self.rows.append(Row(list(cells), verdict))
        return len(self.rows) - 1

    def aside(self, *cells: Any) -> int:
        """Append a row that is no data: title, header, total, footer."""
        return self.add(*cells, verdict=NON_DATA)

    def merge(self, first: int, column: int, last: int, last_column: int | None = None) -> None:
        """Merge a range of at least two cells; a single cell is left as it is."""
        end = column if last_column is None else last_column
        if (first, column) != (last, end):
            self.merges.append((first, column, last, end))


def csv_bytes(rows: Iterable[Row], encoding: str, newline: str = "\r\n") -> bytes:
    """The rows as CSV; a row without cells is an empty line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=newline)
    for row in rows:
        if row.cells:
            writer.writerow([_plain(c) for c in row.cells])
        else:
            out.write(newline)
    return out.getvalue().encode(encoding)


def _plain(cell: Any) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def xlsx_bytes(sheets: Iterable[Sheet], *, since_1904: bool = False) -> bytes:
    """The sheets as a workbook; dates become true date cells, strings stay strings, numbers numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": since_1904, "strings_to_formulas": False})
    book.set_properties({"created": _CREATED})
    day = book.add_format({"num_format": "yyyy/m/d"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        if sheet.hidden:
            page.hide()
        for r, c, r1, c1 in sheet.merges:
            page.merge_range(r, c, r1, c1, "")
        for r, row in enumerate(sheet.rows):
            for c, cell in enumerate(row.cells):
                _put(page, r, c, cell, day)
        for r in sheet.hidden_rows:
            page.set_row(r, None, None, {"hidden": True})
    book.close()
    return out.getvalue()


def _put(page: Any, r: int, c: int, cell: Any, day: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        page.write_string(r, c, cell)
    elif isinstance(cell, Formula):
        page.write_formula(r, c, cell.text, None, cell.shows)
    elif isinstance(cell, date):
        page.write_datetime(r, c, datetime.combine(cell, _MIDNIGHT), day)
    else:
        page.write_number(r, c, cell)


def xls_bytes(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as a BIFF8 workbook of the old kind."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        page.visibility = 1 if sheet.hidden else 0
        merged = {(r, c): (r1, c1) for r, c, r1, c1 in sheet.merges}
        for r, row in enumerate(sheet.rows):
            for c, cell in enumerate(row.cells):
                if cell is None or cell == "":
                    continue
                style = day if isinstance(cell, date) else xlwt.Style.default_style
                if (r, c) in merged:
                    page.write_merge(r, merged[r, c][0], c, merged[r, c][1], cell, style)
                else:
                    page.write(r, c, cell, style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zip_bytes(members: Mapping[str, bytes], encoding: str = "utf-8") -> bytes:
    """A zip as old Chinese tools write it: names in ``encoding`` without the flag that would say so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in members.items():
            info = _Raw(name.encode(encoding).decode("latin-1"), _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(info, content)
    return out.getvalue()


class _Raw(zipfile.ZipInfo):
    """A member whose name's bytes go into the archive as they are."""

    __slots__ = ()

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 -- the standard library's hook
        return self.filename.encode("latin-1"), self.flag_bits & ~0x800
