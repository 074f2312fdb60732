"""Reads one page of an API, as it was received, into one grid: the keys as row 0, every record below."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl

from ingest.reading.grid import Grid
from ingest.reasons import Refused

MAX_BYTES = 64 << 20
MAX_CELLS = 6_000_000
MAX_COLUMNS = 2_000
MAX_DEPTH = 32
_SUCCESS = ("0", "200")
_PAGING = {
    *("next", "cursor", "nextcursor", "nexttoken", "hasmore", "hasnext", "offset", "limit"),
    *("page", "pageno", "pagenum", "pageindex", "current", "size", "pagesize"),
}
_GOES_ON = ("next", "nextcursor", "nexttoken", "hasmore", "hasnext")
_WHOLE = re.compile(r"\s*(\d{1,18})(?:\.0+)?\s*")
_POWER = re.compile(r"[^eE]{1,40}[eE][+-]?\d{1,2}")


class _Digits(str):
    """A number as it was written: nothing of it is rounded."""

    kind = "n"


class _Flag(str):
    """True or false."""

    kind = "b"


def read_json(utf8: bytes) -> Grid:
    """Read one JSON document into a grid whose header stands at position 0.

    The records are the elements of the shallowest list of objects; a nested object's keys are joined with /, a list of
    words with 、. Raises Refused: json_malformed for what is no such document, holds a key twice in one object, or in
    a record a list of objects; api_error when the envelope says that the call failed; page_incomplete when the total
    that it states is not there; json_too_large.
    """
    if len(utf8) > MAX_BYTES:
        raise Refused("json_too_large", detail=f"{len(utf8)} bytes")
    document = _loaded(utf8)
    if isinstance(document, dict) and _has_failed(document):
        raise Refused("api_error")
    records, around = _records(document)
    grid, is_part = _grid([_flat(record) for record in records]), _is_part(around, len(records))
    return replace(grid, is_part=is_part, has_unread=_has_other_list(document, records))


def _has_failed(document: dict[str, Any]) -> bool:
    return document.get("code", "0") not in _SUCCESS or document.get("success") in (False, "false")


def _loaded(utf8: bytes) -> Any:
    try:
        return json.loads(
            utf8, object_pairs_hook=_once, parse_int=_Digits, parse_float=_written, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        # the parser's own words may hold a piece of the document
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise Refused("json_malformed", detail=place) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused("json_malformed", detail="a key stands twice in one object")
    return members


def _no_number(text: str) -> None:
    raise ValueError(text)


def _written(text: str) -> _Digits:
    """A fraction in its own digits; 1.25E7, as some platforms write from ten million on, without its power."""
    return _Digits(f"{Decimal(text):f}" if _POWER.fullmatch(text) else text)


def _records(document: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The list of records and the objects around it, the nearest first; an empty list where none has objects."""
    level: list[tuple[Any, list[dict[str, Any]]]] = [(document, [])]
    empty: tuple[list[Any], list[dict[str, Any]]] | None = None
    for _ in range(MAX_DEPTH):
        lists = [(one, around) for one, around in level if isinstance(one, list)]
        found = [(one, around) for one, around in lists if any(isinstance(inner, dict | list) for inner in one)]
        if len(found) > 1 or not all(isinstance(record, dict) for one, _ in found for record in one):
            raise Refused("json_malformed", detail="more than one list of records, or a list of lists")
        if found:
            return found[0]
        empty = empty or next(((one, around) for one, around in lists if not one), None)
        outer = [(one, [one, *around]) for one, around in level if isinstance(one, dict)]
        level = [(inner, around) for one, around in outer for inner in one.values()]
    if empty is None:
        raise Refused("json_malformed", detail="no list of records")
    return empty


def _has_other_list(document: Any, records: list[dict[str, Any]]) -> bool:
    """Whether a list of objects stands anywhere in a document besides its ``records``."""
    left = [document]
    while left:
        one = left.pop()
        if one is records:
            continue
        if isinstance(one, list) and any(isinstance(inner, dict) for inner in one):
            return True
        left += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return False


def _is_part(around: list[dict[str, Any]], records: int) -> bool:
    """Whether there is more than this page; what its envelope says of the number of records must be true.

    Raises Refused (page_incomplete) where this page is all there is and the total another, or less than it holds.
    """
    stated = {key.lower().replace("_", ""): one[key] for one in reversed(around) for key in one}
    total, pages = _count(stated.get("total")), _count(stated.get("pages"))
    is_whole = pages in (0, 1) if pages is not None else _PAGING.isdisjoint(stated)
    if total is not None and (total < records or (is_whole and total != records)):
        raise Refused("page_incomplete", detail=f"total {total}, {records} records")
    goes_on = any(stated.get(key) not in (None, False, "", "0", "false") for key in _GOES_ON)
    return goes_on or (pages or 0) > 1 or (total or 0) > records


def _count(stated: Any) -> int | None:
    """A number of records or pages, whether it stands there as a number or as a text; None where it is none."""
    found = _WHOLE.fullmatch(stated) if isinstance(stated, str) else None
    return int(found[1]) if found else None


def _flat(record: dict[str, Any]) -> dict[str, str]:
    """Path -> text of everything that a record holds; what is null or empty has no text."""
    cells = list(_cells(record))
    flat = dict(cells)
    if len(flat) != len(cells) or "" in flat:
        raise Refused("json_malformed", detail="two paths are one, or a key is empty")
    return flat


def _cells(record: dict[str, Any], path: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    """(path, text) of everything that a record holds; what is null or empty has no cell."""
    if depth > MAX_DEPTH:
        raise Refused("json_malformed", detail="objects nested too deep")
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _cells(value, f"{path}{key}/", depth + 1)
        else:
            yield f"{path}{key}", _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _Flag("true" if value else "false")
    if isinstance(value, list):
        if any(isinstance(one, dict | list) for one in value):
            raise Refused("json_malformed", detail="a list of objects within a record")
        texts = [_text(one) for one in value if one is not None]
        joined = "、".join(texts)
        return _Digits(joined) if any(isinstance(one, _Digits) for one in texts) else joined
    return "" if value is None else value


def _grid(records: list[dict[str, str]]) -> Grid:
    keys = list(dict.fromkeys(key for record in records for key in record))
    if len(keys) > MAX_COLUMNS or len(keys) * len(records) > MAX_CELLS:
        raise Refused("json_too_large", detail=f"{len(records)} records with {len(keys)} keys")
    rows = pl.Series("row_no", range(len(records) + 1), pl.Int32)
    texts, kinds = {"row_no": rows}, {"row_no": rows}
    for place, key in enumerate(keys):
        column = [key, *(record.get(key, "") for record in records)]
        texts[f"c{place}"] = _series(column)
        kinds[f"c{place}"] = _series([getattr(one, "kind", "t") if one else "" for one in column])
    return Grid(0, "", pl.DataFrame(texts), pl.DataFrame(kinds), header_at=0)


def _series(column: list[str]) -> pl.Series:
    """A column of texts, null where empty; what no text may hold is refused, as in any other file."""
    try:
        texts = pl.Series([str(one) or None for one in column], dtype=pl.String)
    except UnicodeEncodeError:
        raise Refused("json_malformed", detail="half of a surrogate pair") from None
    if texts.str.contains("[\0\ufffd]").any():
        raise Refused("json_malformed", detail="NUL or a replacement character")
    return texts
