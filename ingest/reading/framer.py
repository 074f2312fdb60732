"""Counts the records of a file without parsing it: the left side of the balance.

Nothing here is shared with the code that reads (csv.py, json.py, excel.py, excel_worker.py), so that both cannot be
wrong in the same way. A record of a CSV file ends at LF, CR or CRLF outside of quotes, or at the end of the bytes;
blank records count. A quote opens a field only as its first character.
"""

import re
from dataclasses import dataclass

import numpy as np

from ingest.reading.framer_json import count_json
from ingest.reading.framer_workbook import count_workbook

_CHUNK = 1 << 22
_QUOTE, _CR, _LF = 34, 13, 10


@dataclass(frozen=True)
class CsvFrame:
    """``records`` of the file; ``is_quoted`` says whether quotes had to be followed to count them."""

    records: int
    is_quoted: bool


def count_file(data: bytes, kind: str, separator: str = ",") -> dict[int, int]:
    """Count the records of a delivered file (``kind`` csv, json, xlsx, xls) by sheet_no; CSV and JSON are sheet 0."""
    if kind == "json":
        return {0: count_json(data)}
    if kind == "csv":
        return {0: count_csv(data, separator).records}
    return count_workbook(data, kind)


def count_csv(data: bytes, separator: str) -> CsvFrame:
    """Count the records of a CSV file as delivered: UTF-8, GB18030 or, with a byte order mark, UTF-16.

    No trail byte of GB18030 or UTF-8 is a quote, a line end, a comma, a semicolon or a tab, so the bytes need no
    decoding.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", errors="replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b'"' not in data:
        return CsvFrame(_count_line_ends(np.frombuffer(data, np.uint8)) + _has_tail(data), False)
    before = (separator.encode(), separator.encode("gb18030"))
    counted = _count_regular(np.frombuffer(data, np.uint8), before) if len(separator) == 1 and separator < "~" else None
    return CsvFrame(_count_any(data, before) if counted is None else counted, True)


def _count_line_ends(octets: np.ndarray) -> int:
    """Every LF, and every CR that no LF follows."""
    ends = 0
    for start in range(0, len(octets), _CHUNK):
        chunk = octets[start : start + _CHUNK]
        behind = np.flatnonzero(chunk == _CR) + (start + 1)
        followed = octets[behind[behind < len(octets)]] == _LF
        ends += np.count_nonzero(chunk == _LF) + len(behind) - np.count_nonzero(followed)
    return int(ends)


def _has_tail(data: bytes) -> int:
    return int(len(data) > 0 and data[-1] not in (_CR, _LF))


def _count_any(data: bytes, before: tuple[bytes, ...]) -> int:
    """Take every quoted field out, then count line ends: right for stray quotes too, and slow."""
    opens = b"|".join(re.escape(mark) for mark in before)
    quoted = re.compile(rb"(^|[\r\n]|" + opens + rb')"[^"]*+(?:""[^"]*+)*+"')
    bare = quoted.sub(rb"\1_", data)
    return len(re.findall(rb"\r\n|\r|\n", bare)) + _has_tail(bare)


def _count_regular(octets: np.ndarray, before: tuple[bytes, ...]) -> int | None:
    """Count line ends where an even number of quotes lies before them; None when a quote stands where none may."""
    quotes_before, records = 0, 0
    opening = np.zeros(256, bool)
    opening[[_QUOTE, _CR, _LF, *(mark[-1] for mark in before)]] = True
    for start in range(0, len(octets), _CHUNK):
        chunk = octets[start : start + _CHUNK]
        quotes = np.flatnonzero(chunk == _QUOTE)
        odd = quotes_before & 1
        opens, closes = quotes[odd::2] + start, quotes[1 - odd :: 2] + start
        if not (opening[octets[opens - 1]] | (opens == 0)).all():
            return None
        if not (opening[octets[np.minimum(closes + 1, len(octets) - 1)]]).all():
            return None
        ends = np.flatnonzero((chunk == _LF) | (chunk == _CR))
        outside = ends[((np.searchsorted(quotes, ends) + quotes_before) & 1) == 0] + start
        following = octets[np.minimum(outside + 1, len(octets) - 1)]
        is_crlf = (octets[outside] == _CR) & (following == _LF) & (outside + 1 < len(octets))
        records += len(outside) - int(is_crlf.sum())
        quotes_before += len(quotes)
    return records + int(octets[-1] not in (_CR, _LF)) if quotes_before % 2 == 0 else None
