"""Counts the rows of a workbook that hold at least one value, straight from its XML, and by xlrd for .xls."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import xlrd
import xlrd.sheet

_BLANK = rb"(?:\s|\xe3\x80\x80|\xc2\xa0)*+"
_BLANK_TEXT = " \t\r\n\x0b\x0c\u3000\u00a0"
_ROW_END = re.compile(rb"</((?:\w+:)?)row\s*>")
_ROW_NO = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")
_VALUE = re.compile(rb"<(?:\w+:)?[vt](?:\s[^>]*)?>" + _BLANK + rb"[^<\s]")
_SHARED = re.compile(
    rb"""<(?:\w+:)?c\b([^>]*)>(?:<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v[^>]*>\s*([^<]*?)\s*</"""
)
_IS_SHARED = re.compile(rb"""\bt\s*=\s*["']s["']""")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHUNK = 1 << 20
_MAX_ROW_BYTES = 64 << 20


def count_workbook(data: bytes, kind: str) -> dict[int, int]:
    """Count the non-empty rows of every worksheet of ``data`` (``kind`` xlsx or xls), by sheet_no from 1.

    A cell of spaces only is empty. Chart sheets take a number and have no entry. Raises what zipfile, ElementTree and
    xlrd raise on damaged files.
    """
    if kind == "xls":
        return _count_xls(data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        blank = _blank_strings(package)
        return {sheet_no: _count_rows(package, path, blank) for sheet_no, path in _worksheets(package)}


def _count_xls(data: bytes) -> dict[int, int]:
    book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO())
    empty = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)

    def is_filled(kind: int, value: object) -> bool:
        return kind not in empty and not (isinstance(value, str) and not value.strip(_BLANK_TEXT))

    def rows(sheet: xlrd.sheet.Sheet) -> int:
        return sum(any(map(is_filled, sheet.row_types(row), sheet.row_values(row))) for row in range(sheet.nrows))

    # The library hides chart sheets, but they have their numbers; -1 marks them here.
    places = enumerate(book._all_sheets_map, 1)
    return {sheet_no: rows(book.sheet_by_index(place)) for sheet_no, place in places if place >= 0}


def _worksheets(package: zipfile.ZipFile) -> Iterator[tuple[int, str]]:
    """(sheet_no, path in the package) of every worksheet in the workbook's own order."""
    entrances = ElementTree.fromstring(package.read("_rels/.rels"))
    books = [one.get("Target", "") for one in entrances if one.get("Type", "").endswith("/officeDocument")]
    root = [*books, "xl/workbook.xml"][0].lstrip("/")
    folder, name = posixpath.split(root)
    relations = {
        one.get("Id"): (one.get("Type", ""), one.get("Target", ""))
        for one in ElementTree.fromstring(package.read(f"{folder}/_rels/{name}.rels"))
    }
    sheets = [one for one in ElementTree.fromstring(package.read(root)).iter() if one.tag.endswith("}sheet")]
    for sheet_no, sheet in enumerate(sheets, 1):
        relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), sheet.get(_RELATION))
        kind, target = relations[relation]
        if kind.endswith("/worksheet"):
            yield sheet_no, posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")


def _blank_strings(package: zipfile.ZipFile) -> frozenset[bytes]:
    """The numbers of the shared strings that hold no visible character; mostly none."""
    path = next((name for name in package.namelist() if name.lower().endswith("/sharedstrings.xml")), None)
    if path is None:
        return frozenset()
    items = re.finditer(rb"<(?:\w+:)?si\s*/>|<(?:\w+:)?si\b.*?</(?:\w+:)?si>", package.read(path), re.DOTALL)
    return frozenset(
        str(number).encode() for number, item in enumerate(items) if _VALUE.search(_without_reading(item[0])) is None
    )


def _without_reading(item: bytes) -> bytes:
    """A shared string without its pronunciation, which is no text of the cell."""
    return re.sub(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", b"", item, flags=re.DOTALL) if b"rPh" in item else item


def _pieces(package: zipfile.ZipFile, path: str) -> Iterator[tuple[bytes, bytes]]:
    """The sheet's XML cut behind every row's end, each piece with the name of the row's tag; a megabyte in memory."""
    rest, end, tag = b"", b"</row>", b"<row"
    with package.open(path) as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            if end not in rest and (found := _ROW_END.search(rest)):
                end, tag = found[0], b"<" + found[1] + b"row"
            *whole, rest = rest.split(end)
            if len(rest) > _MAX_ROW_BYTES:
                raise ValueError("a row without end")
            yield from ((piece, tag) for piece in whole)


def _count_rows(package: zipfile.ZipFile, path: str, blank: frozenset[bytes]) -> int:
    filled, row_no = set(), 0
    for piece, tag in _pieces(package, path):
        start = piece.rfind(tag)
        cells = piece.find(b">", start) + 1
        number = _ROW_NO.search(piece, start, cells)
        row_no = int(number[1]) if number else row_no + piece.count(tag)
        if _is_filled(piece[cells:], blank):
            filled.add(row_no)
    return len(filled)


def _is_filled(cells: bytes, blank: frozenset[bytes]) -> bool:
    if _VALUE.search(cells) is None:
        return False
    if not blank:
        return True
    bare = _SHARED.sub(lambda cell: b"" if _IS_SHARED.search(cell[1]) and cell[2] in blank else cell[0], cells)
    return _VALUE.search(bare) is not None
