"""Counts the records of delivered files with the standard library's csv, json and zipfile and nothing of ours.

What it cannot count (workbooks) it says nothing of.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The places in an API's answer where records stand, as the interfaces of the sample and of these tests have them.
_LISTS = ("items", "list", "rows", "records")


@dataclass(frozen=True)
class Counted:
    """One delivered content: its SHA-256 in hex, its size in bytes, and its records as counted here."""

    sha256: str
    byte_size: int
    records: int


def counted(folders: Iterable[Path]) -> dict[str, Counted]:
    """Count every CSV and JSON file below ``folders``, also those within zip files; by SHA-256."""
    found: dict[str, Counted] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith((".", "~$")):
                found |= {one.sha256: one for one in _counted(path.name, path.read_bytes())}
    return found


def _counted(name: str, data: bytes) -> Iterator[Counted]:
    suffix = name.lower().rpartition(".")[2]
    if suffix == "zip" and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            for member in bundle.infolist():
                yield from _counted(member.filename, bundle.read(member))
        return
    records = {"csv": _csv, "json": _json}.get(suffix, lambda _: None)(data)
    if records is not None:
        yield Counted(hashlib.sha256(data).hexdigest(), len(data), records)


def _csv(data: bytes) -> int | None:
    text = _text(data)
    if text is None:
        return None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    return sum(1 for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _json(data: bytes) -> int | None:
    try:
        answer = json.loads(data)
    except ValueError:
        return None
    found = _list(answer)
    # what stands around the records is one more, which holds no data
    return None if found is None else len(found) + 1


def _list(answer: Any) -> list[Any] | None:
    if isinstance(answer, list):
        return answer
    if not isinstance(answer, dict):
        return None
    inside = (answer[name] for name in (*_LISTS, "data") if name in answer)
    return next((found for found in map(_list, inside) if found is not None), None)


def _text(data: bytes) -> str | None:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
