"""Builds the files that the reading tests read: honest ones, and the hostile ones that were seen to hurt."""

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
import xlwt

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
_SHARED = f'<Relationship Id="r2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def xlsx(*sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook as a program writes it; one list of rows a sheet."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    for rows in sheets:
        sheet = book.add_worksheet()
        for row_no, row in enumerate(rows):
            sheet.write_row(row_no, 0, row)
    book.close()
    return target.getvalue()


def xls(rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of the old format with one sheet."""
    book, target = xlwt.Workbook(encoding="utf-8"), io.BytesIO()
    sheet = book.add_sheet("台账")
    for row_no, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(row_no, column, value)
    book.save(target)
    return target.getvalue()


def raw_xlsx(
    sheet_data: str,
    *,
    shared: str = "",
    prolog: str = "",
    end: str = "</sheetData></worksheet>",
    more: Iterable[tuple[str, str]] = (),
) -> bytes:
    """A workbook from the XML behind <sheetData>, with a prolog such as a document type declaration."""
    root = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    book = '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
    inner = f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    files = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", f"{_RELATIONS}{root}</Relationships>"),
        ("xl/workbook.xml", f'<?xml version="1.0"?><workbook {_MAIN} xmlns:r="{_OFFICE}">{book}</workbook>'),
        ("xl/_rels/workbook.xml.rels", f"{_RELATIONS}{inner}{_SHARED}</Relationships>"),
        ("xl/worksheets/sheet1.xml", f'<?xml version="1.0"?>{prolog}<worksheet {_MAIN}><sheetData>{sheet_data}{end}'),
        ("xl/sharedStrings.xml", f'<?xml version="1.0"?>{prolog}<sst {_MAIN}>{shared}</sst>'),
        *more,
    ]
    return zipped(files)


def zipped(files: Iterable[tuple[str, str | bytes]]) -> bytes:
    """A zip of these files in this order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()


def gbk_zip(name: str, content: bytes) -> bytes:
    """A zip as Chinese tools write it: the name in GBK and the UTF-8 flag off."""
    encoded = name.encode("gbk")
    placeholder = "x" * len(encoded)
    return zipped([(placeholder, content)]).replace(placeholder.encode(), encoded)


def cell(place: str, value: int = 1) -> str:
    """The XML of one number cell."""
    return f'<c r="{place}"><v>{value}</v></c>'


def cells(*places: str) -> str:
    """The XML of rows with one number cell each."""
    return "".join(f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}">{cell(place)}</row>' for place in places)


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
    ) + "]>"
)  # fmt: skip


def ole(*streams: str) -> bytes:
    """The beginning of an OLE file that names these streams; nothing can be read from it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + b"".join(
        (name + "\0").encode("utf-16-le") for name in streams
    )


def locked_xls() -> bytes:
    """An .xls whose second record says that a password protects it."""
    data = bytearray(xls([["甲", 1]]))
    start = data.find(bytes.fromhex("0908100000060500"))
    second = start + 4 + struct.unpack_from("<H", data, start + 2)[0]
    struct.pack_into("<H", data, second, 0x002F)
    return bytes(data)
