"""What a CSV file looks like from outside: its separator, its width, and which records do not fit."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ingest.reasons import Refused

SEPARATORS = (",", ";", "\t", "，")
_HEAD_BYTES, _HEAD_RECORDS = 1 << 16, 20
_QUOTED = re.compile(rb'"[^"]*+"')
# A record this near to the usual width is a header, however wide the rows below it are; a title is narrower.
_HEADER_SHARE = 0.6


@dataclass(frozen=True)
class Layout:
    """``width`` in fields; ``loose`` and ``ragged`` are records from 0: loose ones (blank, or narrow titles above the
    header) come through padded, ragged ones do not."""

    width: int
    loose: tuple[int, ...]
    ragged: tuple[int, ...]


def separator_of(utf8: bytes) -> str:
    """Recognise the separator among , ; tab and full-width comma by how many of the first records agree on it.

    ``utf8`` has LF line ends. A file of one column has none: comma. Raises Refused(separator_unknown) when another
    separator stands in most records.
    """
    head = utf8[:_HEAD_BYTES]
    if len(utf8) > _HEAD_BYTES:
        head = head[: head.rfind(b"\n") + 1] or head
    records = [record for record in _QUOTED.sub(b"", head).split(b"\n") if record.strip()][:_HEAD_RECORDS]
    best, best_score = ",", 0
    for separator in SEPARATORS:
        mark = separator.encode()
        counts = Counter(record.count(mark) for record in records) if mark in head else {}
        score = max((agreeing * fields for fields, agreeing in counts.items()), default=0)
        if score > best_score:
            best, best_score = separator, score
    if best_score == 0 and sum(b"|" in record for record in records) * 2 > len(records):
        raise Refused("separator_unknown")
    return best


def layout_of(fields: np.ndarray, cells: Callable[[int], list[str]]) -> Layout:
    """Decide the width of the file and which records do not fit it.

    ``fields`` is the number of fields of every record, ``cells(i)`` the cells of record i from 0. The header is the
    first of the leading records that is nearly as wide as most records are; what follows it and differs is ragged.
    """
    usual = _usual(fields)
    header, width = _header(fields, cells, usual)
    odd = np.flatnonzero(fields != width) if width > 1 else np.arange(len(fields))
    loose, ragged = [], []
    for record in odd.tolist():
        is_narrow = fields[record] <= 1
        if is_narrow and _is_blank(cells(record)):
            loose.append(record)
        elif fields[record] != width:
            fits = record <= header and not any(cell.strip() for cell in cells(record)[width:])
            (loose if fits else ragged).append(record)
    return Layout(width, tuple(loose), tuple(ragged))


def _is_blank(cells: list[str]) -> bool:
    return not any(cell.strip() for cell in cells)


def _usual(fields: np.ndarray) -> int:
    """The commonest number of fields among records of two and more; of two equally common the one that comes first."""
    wide = fields[fields >= 2]
    if len(wide) == 0:
        return 1
    if wide[0] == wide[-1] and (wide == wide[0]).all():
        return int(wide[0])
    values, firsts, counts = np.unique(wide, return_index=True, return_counts=True)
    return int(values[max(range(len(values)), key=lambda i: (counts[i], -firsts[i]))])


def _header(fields: np.ndarray, cells: Callable[[int], list[str]], usual: int) -> tuple[int, int]:
    """(record, width) of the header; its own empty cells at the end do not widen the file."""
    for record in range(min(len(fields), _HEAD_RECORDS)):
        if fields[record] < max(2, _HEADER_SHARE * usual):
            continue
        filled = [place for place, cell in enumerate(cells(record), 1) if cell.strip()]
        if len(filled) >= 2:
            width = int(fields[record])
            return record, usual if filled[-1] <= usual <= width else width
    return -1, usual
