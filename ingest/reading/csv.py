"""Reads CSV text into one grid: every record of the file is a row of the frame or a ragged record, none is lost."""

import csv
import io
from collections.abc import Iterator

import numpy as np
import polars as pl

from ingest.reading.csv_layout import Layout, layout_of, separator_of
from ingest.reading.csv_scan import MAX_LINES_IN_CELL, Scan, scan
from ingest.reading.grid import Grid
from ingest.reasons import Refused

_BLOCK = 50_000
_CHUNK, _SMALL = 1 << 22, 1 << 16
_CR, _LF = 13, 10
csv.field_size_limit(1 << 30)


def read_csv(utf8: bytes) -> tuple[Grid, str]:
    """Read UTF-8 text without a byte order mark into a grid, and tell its separator.

    Line ends may be LF, CRLF or CR, also mixed. Raises Refused with separator_unknown or quote_unbalanced.
    """
    utf8 = even(utf8)
    separator = separator_of(utf8)
    found = scan(utf8, separator) if separator.isascii() else None
    if found is None:
        return _read_slowly(utf8, separator), separator
    layout = layout_of(found.fields, lambda record: cells_of(utf8, found, record, separator))
    loose = [(record, _bare(cells_of(utf8, found, record, separator))) for record in layout.loose]
    frame = parse(_kept(utf8, found, layout), layout.width, separator)
    return _grid(frame, len(found.ends), layout, loose), separator


def even(utf8: bytes) -> bytes:
    """The text with LF line ends where others could mislead: beside quotes, or a CR by itself."""
    if b'"' in utf8 or _has_lone_cr(utf8):
        return utf8.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return utf8


def _has_lone_cr(utf8: bytes) -> bool:
    """Whether a CR ends a line by itself; rewriting 200 MB of plain CRLF costs as much as parsing half of it."""
    if len(utf8) <= _SMALL:
        return utf8.count(b"\r") != utf8.count(b"\r\n")
    octets = np.frombuffer(utf8, np.uint8)
    for start in range(0, len(octets), _CHUNK):
        behind = np.flatnonzero(octets[start : start + _CHUNK] == _CR) + (start + 1)
        if len(behind) and (behind[-1] == len(octets) or not (octets[behind] == _LF).all()):
            return True
    return False


def cells_of(utf8: bytes, found: Scan, record: int, separator: str) -> list[str]:
    """The cells of one record; one that is blank has one empty cell."""
    start = int(found.ends[record - 1]) if record else 0
    text = utf8[start : int(found.ends[record])].decode()
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), []) or [""]


def _bare(cells: list[str]) -> list[str]:
    """A record of spaces only is a blank record."""
    return cells if any(cell.strip() for cell in cells) else [""]


def _kept(utf8: bytes, found: Scan, layout: Layout) -> bytes:
    """The text without the records that the columnar parser must not see."""
    left_out = sorted((*layout.loose, *layout.ragged))
    if not left_out:
        return utf8
    view, parts, start = memoryview(utf8), [], 0
    for record in left_out:
        parts.append(view[start : int(found.ends[record - 1]) if record else 0])
        start = int(found.ends[record])
    parts.append(view[start:])
    return b"".join(parts)


def parse(text: bytes, width: int, separator: str) -> pl.DataFrame:
    """Columns c0, c1 … (String) of text in which every record has ``width`` fields; null where a cell is empty."""
    schema = dict.fromkeys((f"c{place}" for place in range(width)), pl.String)
    if not text:
        return pl.DataFrame(schema=schema)
    quote = '"' if b'"' in text else None
    frame = pl.read_csv(
        text, has_header=False, infer_schema=False, schema=schema, separator=separator, quote_char=quote
    )
    return _emptied(frame) if quote and b'""' in text else frame


def _emptied(frame: pl.DataFrame) -> pl.DataFrame:
    """Quoted empty cells are as empty as bare ones."""
    return frame.select(pl.when(pl.all() != "").then(pl.all()))


def _grid(frame: pl.DataFrame, records: int, layout: Layout, loose: list[tuple[int, list[str]]]) -> Grid:
    """Number the parsed rows and put the loose records back in their places."""
    if loose or layout.ragged:
        is_parsed = np.ones(records, bool)
        is_parsed[[*layout.loose, *layout.ragged]] = False
        numbers = (np.flatnonzero(is_parsed) + 1).astype(np.int32)
    else:
        numbers = np.arange(1, records + 1, dtype=np.int32)
    if len(numbers) != frame.height:
        raise Refused("balance_broken", detail=f"{len(numbers)} records to parse, {frame.height} parsed")
    frame = frame.insert_column(0, pl.Series("row_no", numbers))
    if loose:
        padded = _frame([cells for _, cells in loose], layout.width)
        padded.insert_column(0, pl.Series("row_no", [record + 1 for record, _ in loose], pl.Int32))
        frame = pl.concat([frame, padded]).sort("row_no")
    return Grid(0, "", frame, ragged=tuple(record + 1 for record in layout.ragged))


def _frame(records: list[list[str]], width: int) -> pl.DataFrame:
    rows = [cells[:width] + [""] * (width - len(cells)) for cells in records]
    columns = list(zip(*rows, strict=True)) or [()] * width
    named = {f"c{place}": pl.Series(column, dtype=pl.String) for place, column in enumerate(columns)}
    return _emptied(pl.DataFrame(named))


def _read_slowly(utf8: bytes, separator: str) -> Grid:
    """Read text with a stray quote inside a bare cell, or with a separator of several bytes, record by record."""
    fields, head = [], []
    for row_no, cells in enumerate(_records(utf8, separator), 1):
        fields.append(len(cells))
        head.append(cells if row_no <= _BLOCK or len(cells) <= 1 else [])
    counts = np.array(fields, np.int32)
    layout = layout_of(counts, head.__getitem__)
    left_out = {*layout.loose, *layout.ragged}
    frames, block = [], []
    for record, cells in enumerate(_records(utf8, separator)):
        if record not in left_out:
            block.append(cells)
        if len(block) == _BLOCK:
            frames.append(_frame(block, layout.width))
            block = []
    frames.append(_frame(block, layout.width))
    loose = [(record, _bare(head[record])) for record in layout.loose]
    return _grid(pl.concat(frames), len(counts), layout, loose)


def _records(utf8: bytes, separator: str) -> Iterator[list[str]]:
    """Every record as the standard library reads it; raises Refused where quotes leave a record's end in doubt."""
    reader, done = csv.reader(_lines(utf8), delimiter=separator, strict=True), 0
    try:
        for cells in reader:
            done += 1
            if any(cell.count("\n") > MAX_LINES_IN_CELL for cell in cells):
                raise Refused("quote_unbalanced", row_no=done, detail="a cell swallows the lines below it")
            yield cells or [""]
    except csv.Error:
        raise Refused("quote_unbalanced", row_no=done + 1) from None


def _lines(utf8: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(utf8), encoding="utf-8", newline="")
