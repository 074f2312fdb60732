"""Finds the records of a well-formed CSV text and counts their fields, by arrays and not by a loop over bytes."""

from dataclasses import dataclass

import numpy as np

from ingest.reasons import Refused

MAX_LINES_IN_CELL = 20
_CHUNK = 1 << 21
_QUOTE, _LF = 34, 10


@dataclass(frozen=True)
class Scan:
    """``ends``: the offset behind every record's last byte (its LF, or the end of the text); ``fields`` per record."""

    ends: np.ndarray
    fields: np.ndarray


def scan(utf8: bytes, separator: str) -> Scan | None:
    """Find the records of ``utf8`` (LF line ends, one-byte separator); None when a quote stands where none may.

    Raises Refused(quote_unbalanced) when a quoted cell swallows more than MAX_LINES_IN_CELL line ends.
    """
    octets, mark = np.frombuffer(utf8, np.uint8), ord(separator)
    is_quoted = b'"' in utf8
    walk = _Walk(octets, mark)
    for start in range(0, len(octets), _CHUNK):
        if is_quoted:
            if not walk.quoted(start):
                return None
        else:
            walk.bare(start)
    if walk.quotes % 2:
        return None
    found = walk.finish()
    walk.refuse_swallowed(found.ends)
    return found


class _Walk:
    """The state carried from chunk to chunk: fields since the last record's end, quotes seen, cells with line ends."""

    def __init__(self, octets: np.ndarray, mark: int) -> None:
        self.octets, self.mark, self.quotes, self.open_fields = octets, mark, 0, 0
        self.ends: list[np.ndarray] = []
        self.fields: list[np.ndarray] = []
        self.swallowing: list[np.ndarray] = []
        self.swallowed: list[np.ndarray] = []
        self.neighbour = np.zeros(256, bool)
        self.neighbour[[_QUOTE, _LF, mark]] = True

    def bare(self, start: int) -> None:
        chunk = self.octets[start : start + _CHUNK]
        self._take(np.flatnonzero((chunk == self.mark) | (chunk == _LF)), chunk, start)

    def quoted(self, start: int) -> bool:
        """Walk one chunk that may hold quotes; False when an opening or closing quote has a wrong neighbour."""
        chunk = self.octets[start : start + _CHUNK]
        signs = np.flatnonzero((chunk == self.mark) | (chunk == _LF) | (chunk == _QUOTE))
        is_quote = chunk[signs] == _QUOTE
        seen = np.cumsum(is_quote) + self.quotes
        quotes = signs[is_quote] + start
        opens, closes = quotes[self.quotes & 1 :: 2], quotes[1 - (self.quotes & 1) :: 2]
        last = len(self.octets) - 1
        if not (self.neighbour[self.octets[opens - 1]] | (opens == 0)).all():
            return False
        if not (self.neighbour[self.octets[np.minimum(closes + 1, last)]]).all():
            return False
        is_inside = (seen & 1) == 1
        inner = signs[is_inside & ~is_quote]
        lines = chunk[inner] == _LF
        if lines.any():
            self.swallowing.append(seen[is_inside & ~is_quote][lines])
            self.swallowed.append(inner[lines] + start)
        self.quotes += len(quotes)
        self._take(signs[~is_inside & ~is_quote], chunk, start)
        return True

    def _take(self, signs: np.ndarray, chunk: np.ndarray, start: int) -> None:
        at = np.flatnonzero(chunk[signs] == _LF)
        if len(at) == 0:
            self.open_fields += len(signs)
            return
        fields = np.diff(at, prepend=-1).astype(np.int32)
        fields[0] += self.open_fields
        self.open_fields = len(signs) - int(at[-1]) - 1
        self.ends.append(signs[at] + (start + 1))
        self.fields.append(fields)

    def finish(self) -> Scan:
        size = len(self.octets)
        if size and self.octets[-1] != _LF:
            self.ends.append(np.array([size]))
            self.fields.append(np.array([self.open_fields + 1], np.int32))
        return Scan(np.concatenate(self.ends), np.concatenate(self.fields))

    def refuse_swallowed(self, ends: np.ndarray) -> None:
        if not self.swallowing:
            return
        _, firsts, counts = np.unique(np.concatenate(self.swallowing), return_index=True, return_counts=True)
        if (worst := int(counts.argmax())) >= 0 and counts[worst] > MAX_LINES_IN_CELL:
            place = np.concatenate(self.swallowed)[firsts[worst]]
            row_no = int(np.searchsorted(ends, place, side="right")) + 1
            raise Refused("quote_unbalanced", row_no=row_no, detail=f"one cell holds {counts[worst]} line ends")
