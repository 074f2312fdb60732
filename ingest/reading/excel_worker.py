"""The reading process for workbooks: bytes in on stdin, cells out on stdout as JSON, limits on itself.

A 1.7 kB workbook can make the reading library ask for 550 GB and abort; then this process dies and nobody else.
Frames: 8 bytes of length, big-endian, then the body. A request is one letter and the file: x read
.xlsx, e read .xlsx with error values in it, s read .xls, c count .xls. An answer is a list of sheets, for c the rows by
sheet_no, or {"refused": code}. JSON, because a captured child must not run code in its parent.
"""

import datetime as dt
import io
import json
import re
import resource
import struct
import sys
import zipfile
from typing import Any, BinaryIO

import python_calamine

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 120
_BLANK = " \t\r\n\x0b\x0c\u3000\u00a0"
_EPOCH = dt.date(1899, 12, 31)
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*\bt=["']e["'])[^>]*\br=["']([A-Z]+)(\d+)["'][^>]*>(?:(?!</(?:\w+:)?c>).)*?"""
    rb"""<(?:\w+:)?v>\s*([^<]+?)\s*</""",
    re.DOTALL,
)
Errors = dict[tuple[int, int], str]


def read_workbook(data: bytes, kind: str, has_errors: bool = True) -> list[dict[str, Any]]:
    """Read every worksheet of ``data``; ``kind`` is xlsx or xls, ``has_errors`` says to look for error values.

    Gives dicts of sheet_no, name, is_hidden, merged, rows (row numbers), columns (one list of texts a column, "" where
    empty) and kinds (one string of letters a column, "." where empty).
    Raises what python-calamine raises.
    """
    errors = (_errors_xls(data) if kind == "xls" else _errors_xlsx(data)) if has_errors else {}
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = []
    for place, about in enumerate(book.sheets_metadata):
        if about.typ == python_calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_index(place)
            sheets.append(
                {
                    "sheet_no": place + 1,
                    "name": about.name,
                    "is_hidden": about.visible != python_calamine.SheetVisibleEnum.Visible,
                    "merged": [(*first, *last) for first, last in sheet.merged_cell_ranges or []],
                    **_cells(sheet, errors.get(place + 1, {})),
                }
            )
    return sheets


def _cells(sheet: Any, errors: Errors) -> dict[str, Any]:
    """Rows with at least one value, by column. Rows are absolute; an error cell arrives empty and is put back."""
    grid = sheet.to_python(skip_empty_area=False)
    width = max([len(grid[0]) if grid else 0, *(column + 1 for _, column in errors)])
    height = max([len(grid), *(row + 1 for row, _ in errors)])
    if errors:
        grid = [row + [""] * (width - len(row)) for row in grid] + [[""] * width for _ in range(height - len(grid))]
    columns, kinds = [], []
    for place, values in enumerate(zip(*grid, strict=True)):
        texts, letters = _column(values)
        for (row, column), text in errors.items():
            if column == place:
                texts[row], letters[row] = text, "e"
        columns.append(texts)
        kinds.append(letters)
    filled = [row for row, letters in enumerate(zip(*kinds, strict=True)) if any(one != "." for one in letters)]
    return {
        "rows": [row + 1 for row in filled],
        "columns": [[texts[row] for row in filled] for texts in columns],
        "kinds": ["".join([letters[row] for row in filled]) for letters in kinds],
    }


def _column(values: tuple[Any, ...]) -> tuple[list[str], list[str]]:
    """Texts and kind letters of one column; most columns hold text only and take the short way."""
    if set(map(type, values)) == {str}:
        letters = ["t" if value and value.strip(_BLANK) else "." for value in values]
        return [value if letter == "t" else "" for value, letter in zip(values, letters, strict=True)], letters
    pairs = [_cell(value) for value in values]
    return [text for text, _ in pairs], [letter for _, letter in pairs]


def _cell(value: Any) -> tuple[str, str]:
    if isinstance(value, str):
        return (value, "t") if value.strip(_BLANK) else ("", ".")
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), "b"
    if isinstance(value, float | int):
        return (str(int(value)) if float(value).is_integer() else repr(value)), "n"
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat(), "d"
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}", "d"
    return (value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()), "d"


def _errors_xlsx(data: bytes) -> dict[int, Errors]:
    """Error values by sheet_no and (row, column) from 0: the library gives them as empty cells."""
    from ingest.reading.package import parts

    found: dict[int, Errors] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in parts(package):
            content = package.read(part.path) if part.path else b""
            if b't="e"' in content or b"t='e'" in content:
                cells = ((int(row) - 1, _number(letters), text) for letters, row, text in _ERROR.findall(content))
                found[part.sheet_no] = {(row, column): text.decode() for row, column, text in cells}
    return found


def _errors_xls(data: bytes) -> dict[int, Errors]:
    import xlrd

    found: dict[int, Errors] = {}
    book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO())
    for sheet_no, place in enumerate(book._all_sheets_map, 1):
        if place < 0:  # a chart or a macro sheet
            continue
        sheet = book.sheet_by_index(place)
        found[sheet_no] = {
            (row, column): xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#ERROR!")
            for row in range(sheet.nrows)
            for column, kind in enumerate(sheet.row_types(row))
            if kind == xlrd.XL_CELL_ERROR
        }
    return found


def _number(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def limit() -> None:
    """Bound this process: memory, no files written, no core dump (a dump would hold the workbook's persons)."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_cpu() -> None:
    """Give the next file its own allowance of processor seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _answer(request: bytes) -> Any:
    try:
        if request[:1] == b"c":
            from ingest.reading.framer_workbook import count_workbook

            return count_workbook(request[1:], "xls")
        return read_workbook(request[1:], "xls" if request[:1] == b"s" else "xlsx", request[:1] != b"x")
    except MemoryError:
        return {"refused": "workbook_too_large"}
    except python_calamine.PasswordError:
        return {"refused": "workbook_encrypted"}
    except Exception as error:
        # A damaged file can raise anything in xlrd, and this process must live on to say so.
        return {"refused": "workbook_encrypted" if "encrypted" in str(error) else "workbook_damaged"}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer one request after the other until ``requests`` ends."""
    while len(head := requests.read(8)) == 8:
        request = requests.read(struct.unpack(">Q", head)[0])
        _allow_cpu()
        body = json.dumps(_answer(request), ensure_ascii=False).encode("utf-8", "surrogatepass")
        answers.write(struct.pack(">Q", len(body)) + body)
        answers.flush()


if __name__ == "__main__":
    limit()
    serve(sys.stdin.buffer, sys.stdout.buffer)
