"""Looks through a workbook before anybody opens it: sizes, paths, declarations and cell references, as a stream."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from ingest.reading.package import parts
from ingest.reasons import Refused

MAX_BYTES = 64 << 20
MAX_XLS_BYTES = 32 << 20
MAX_UNPACKED_BYTES = 512 << 20
MAX_RATIO = 200
MAX_MEMBERS = 2_000
MAX_SHEETS = 256
MAX_CELLS = 6_000_000
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
# The reader allocates the whole rectangle around the cells, about 32 bytes a place.
MAX_AREA, FREE_AREA, MAX_AREA_PER_CELL = 16_000_000, 500_000, 50
_RATIO_FROM_BYTES = 1 << 20
_CHUNK = 1 << 20
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([^"']*)["']""")
_FILLED_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]*)([^"'>]*)["'][^>]*(?<!/)>""")
# What almost every writer writes; four times faster to find than the general form.
_PLAIN_ROW = re.compile(rb'<row r="(\d+)"')
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')


def check_xls(data: bytes) -> None:
    """Refuse an .xls that is far larger than a ledger; its reading is watched by the reading process's own limits."""
    if len(data) > MAX_XLS_BYTES:
        raise Refused("workbook_too_large", detail=f"{len(data)} bytes")


def check_xlsx(data: bytes) -> bool:
    """Refuse an .xlsx that is damaged, encrypted, unsafe or a bomb: it is streamed, never held unpacked.

    Returns whether a cell holds an error value. Raises Refused with workbook_damaged, workbook_encrypted,
    workbook_too_large or bundle_unsafe.
    """
    if len(data) > MAX_BYTES:
        raise Refused("workbook_too_large", detail=f"{len(data)} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_directory(package.infolist())
            sizes = [_check_member(package, member) for member in package.infolist()]
            if sum(is_sheet for is_sheet, _ in sizes) > MAX_SHEETS or len(parts(package)) > MAX_SHEETS:
                raise Refused("workbook_too_large", detail="too many sheets")
            return any(has_errors for _, has_errors in sizes)
    except (zipfile.BadZipFile, zlib.error, ParseError, KeyError, EOFError, NotImplementedError, ValueError):
        raise Refused("workbook_damaged") from None


def _check_directory(members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise Refused("workbook_encrypted")
    names = [member.filename for member in members]
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name for name in names):
        raise Refused("bundle_unsafe", detail="a path leaves the package")
    if len(set(names)) != len(names):
        raise Refused("bundle_unsafe", detail="two members of one name")
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise Refused("workbook_too_large", detail="unpacked size")
    for member in members:
        if member.file_size > max(_RATIO_FROM_BYTES, MAX_RATIO * member.compress_size):
            raise Refused("workbook_too_large", detail="compression ratio")


def _check_member(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[bool, bool]:
    """Read a member to its end, so that its size and checksum hold; (it has cells, one of them is an error)."""
    name = member.filename.lower()
    is_sheet = name.endswith(".xml") and "worksheets/" in name and "_rels/" not in name
    extent, has_errors, last = Extent(is_exact=False), False, b""
    for piece in _pieces(package, member):
        last = piece or last
        if name.endswith((".xml", ".rels", ".vml")):
            if _DECLARED.search(piece) or piece.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise Refused("workbook_too_large", detail="a document type declaration or UTF-16 XML")
            if is_sheet or b"sheetData" in piece or extent.cells:
                extent.add(piece)
                has_errors = has_errors or b't="e"' in piece or b"t='e'" in piece
    if is_sheet and not last.rstrip().endswith(b"sheet>"):
        raise Refused("workbook_damaged", detail="a sheet is cut")
    if extent.excess():
        extent = Extent(is_exact=True)
        for piece in _pieces(package, member):
            extent.add(piece)
        if detail := extent.excess():
            raise Refused("workbook_too_large", detail=detail)
    return is_sheet, has_errors


def _pieces(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes in pieces that end with a whole tag where there are tags."""
    rest = b""
    with package.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            piece = rest + chunk
            cut = piece.rfind(b">") + 1 or len(piece)
            rest = piece[cut:] if len(piece) - cut <= _CHUNK else b""
            yield piece[:cut] if rest or cut == len(piece) else piece
    if rest:
        yield rest


@dataclass
class Extent:
    """The rectangle that a sheet's cells span, and how many they are.

    Not ``is_exact``: cells that only carry a format count too, which is quicker and never less.
    """

    is_exact: bool
    cells: int = 0
    rows: int = 0
    columns: int = 0

    def add(self, piece: bytes) -> None:
        """Take in the cells of a piece of a sheet's XML. Raises Refused for a place that no workbook has."""
        found = None if self.is_exact else _plain_cells(piece)
        rows: list[bytes] = _PLAIN_ROW.findall(piece)
        if found is None:
            found, rows = _FILLED_CELL.findall(piece), [] if self.is_exact else _ROW.findall(piece)
        self.cells += len(found)
        self.rows = max([self.rows, *map(_row_number, {number for _, number in found}.union(rows))])
        self.columns = max([self.columns, *map(_column_number, {letters for letters, _ in found})])

    def excess(self) -> str:
        """Why the rectangle is too large; "" when it is not."""
        area = self.rows * self.columns
        is_sparse = area > FREE_AREA and area > MAX_AREA_PER_CELL * self.cells
        if self.cells > MAX_CELLS or area > MAX_AREA or is_sparse:
            return f"{self.cells} cells span {self.rows} x {self.columns}"
        return ""


def _plain_cells(piece: bytes) -> list[tuple[bytes, bytes]] | None:
    """Letters and numbers of all cells when each of them is written in the usual way, else None."""
    tags = piece.count(b"<c") - piece.count(b"<col") - piece.count(b"<cond") - piece.count(b"<cf")
    if b":c" in piece or b":row" in piece or tags != piece.count(b'<c r="'):
        return None
    if piece.count(b"<row") != piece.count(b'<row r="'):
        return None
    found = _PLAIN_CELL.findall(piece)
    return found if len(found) == tags else None


def _row_number(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > 7 or int(digits) > MAX_ROW:
        raise Refused("workbook_too_large", detail="a row beyond the format's limit")
    return int(digits)


def _column_number(letters: bytes) -> int:
    column = 0
    for letter in letters.upper()[:4]:
        column = column * 26 + letter - 64
    if column > MAX_COLUMN:
        raise Refused("workbook_too_large", detail="a column beyond the format's limit")
    return column
