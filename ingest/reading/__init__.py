"""Turns one delivered file into grids of text, or refuses it with a reason; never loses a record in silence.

The names below are loaded when first used: the reading process for workbooks imports this package too and must not
pay for Polars at every start.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.reading.bundle import Member as Member
    from ingest.reading.bundle import is_bundle as is_bundle
    from ingest.reading.bundle import unpack as unpack
    from ingest.reading.excel import WorkbookReader as WorkbookReader
    from ingest.reading.files import read as read
    from ingest.reading.framer import count_file as count_file
    from ingest.reading.grid import Grid as Grid
    from ingest.reading.grid import Reading as Reading

_HOMES = {
    "Member": "bundle",
    "is_bundle": "bundle",
    "unpack": "bundle",
    "WorkbookReader": "excel",
    "read": "files",
    "count_file": "framer",
    "Grid": "grid",
    "Reading": "grid",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
