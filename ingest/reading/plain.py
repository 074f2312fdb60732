"""Small CSV files that hold nothing but a header and records as wide as it: told one by one, parsed many in one call.

What is any other way (titles, blank or ragged records, stray quotes, size) is read by itself: ``ingest.reading.files``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ingest.reading.csv import cells_of, even, parse
from ingest.reading.csv_layout import separator_of
from ingest.reading.csv_scan import scan
from ingest.reading.encoding import to_utf8
from ingest.reading.framer import count_file
from ingest.reading.grid import Grid
from ingest.reading.kinds import kind_of
from ingest.reasons import Refused

LARGEST = 1 << 20
Cells = tuple[str | None, ...]


@dataclass(frozen=True)
class Plain:
    """One such file: ``top`` is the text of its header with its line end, ``below`` all the rest, ending in one.

    ``header`` is the cells of the header, ``first`` and ``last`` of the records below it (empty where there are none);
    ``records`` counts all records, as the independent framer does.
    """

    encoding: str
    separator: str
    header: Cells
    first: Cells
    last: Cells
    top: bytes
    below: bytes
    records: int


def plain(data: bytes) -> Plain | None:
    """Return the file ``data`` as a plain one; None where it must be read by itself, were it to be refused.

    Law 1: what the framer counts is what the reader found.
    """
    if len(data) > LARGEST:
        return None
    try:
        if kind_of(data, "") != "csv":
            return None
        utf8, encoding = to_utf8(data)
        utf8 = even(utf8)
        separator = separator_of(utf8)
        found = scan(utf8, separator) if separator.isascii() else None
    except Refused:
        return None
    if found is None or not _is_even(found.fields):
        return None
    records = count_file(data, "csv", separator)[0]
    if records != len(found.ends):
        return None
    below = (1, records - 1) if records > 1 else ()
    header, *edges = (_cells(cells_of(utf8, found, at, separator)) for at in (0, *below))
    if sum(bool(cell and cell.strip()) for cell in header) < 2:
        return None
    first, last = edges or ((), ())
    end = int(found.ends[0])
    return Plain(encoding, separator, header, first, last, _ended(utf8[:end]), _ended(utf8[end:]), records)


def _is_even(fields: np.ndarray) -> bool:
    width = fields[0]
    return bool(width >= 2 and (fields == width).all())


def _ended(text: bytes) -> bytes:
    return text if not text or text.endswith(b"\n") else text + b"\n"


def _cells(cells: list[str]) -> Cells:
    return tuple(cell or None for cell in cells)


def stacked(files: Sequence[Plain]) -> Grid:
    """Parse files of the same header and separator in one call, into one sheet: the header once, then the rows of each.

    ``Grid.files`` says how many rows each has; ``row_no`` is a row's place in its own file. Raises Refused
    (balance_broken) where a file does not begin and end where the framer's counts say that it must.
    """
    one, heights = files[0], np.array([file.records - 1 for file in files])
    frame = parse(even(b"".join((one.top, *(file.below for file in files)))), len(one.header), one.separator)
    begins = np.cumsum(heights) - heights + 1
    total = int(heights.sum())
    if frame.height != total + 1 or not _in_place(frame, begins, heights, files):
        raise Refused("balance_broken", detail=f"{total} records of {len(files)} files, {frame.height - 1} parsed")
    within = np.arange(total) - np.repeat(begins - 1, heights) + 2
    numbers = pl.Series("row_no", np.concatenate([[1], within]).astype(np.int32))
    return Grid(0, "", frame.insert_column(0, numbers), header_at=0, files=tuple(heights.tolist()))


def _in_place(frame: pl.DataFrame, begins: np.ndarray, heights: np.ndarray, files: Sequence[Plain]) -> bool:
    """Whether the first and last rows of the files lie where the counts put them: what one lost, another would have."""
    filled = heights > 0
    edges = np.concatenate([begins[filled], (begins + heights - 1)[filled]])
    return frame[edges].rows() == [file.first for file in files if file.first] + [
        file.last for file in files if file.last
    ]
