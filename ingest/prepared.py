"""One delivery, opened: read, header found, rows cut out; or refused with a reason."""

import re
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from ingest.alike import SharedHeaders
from ingest.batch import Context
from ingest.contracts import CONTRACTS, Contract
from ingest.delivery import SHANGHAI, Delivery
from ingest.forms import folded
from ingest.headers import header_row, locate
from ingest.labels import column_letter
from ingest.layouts import Layout
from ingest.reading.excel import WorkbookReader
from ingest.reading.files import read
from ingest.reading.grid import Grid, Reading
from ingest.reading.plain import Plain, plain
from ingest.reasons import Refused
from ingest.rows import Rows, extract
from ingest.spec import Spec

_NOTES = re.compile(r"说明|字典|代码表|模板|目录|封面")
_DEFAULT_NAME = re.compile(r"Sheet\d+", re.IGNORECASE)
Remark = tuple[int, int | None, str, str | None]


@dataclass(frozen=True)
class Prepared:
    """An opened delivery: its rows, and what a person should know of the file as a whole (see ``Context.remarks``).

    ``as_of_on`` is the day that a title states, never later than the arrival; ``unread`` counts records of sheets that
    are no data, ``framed`` all records of the file, a row of a matrix being one for every item. A ``plain`` file has no
    ``sheets`` yet: it is parsed together with others of its header.
    """

    delivery: Delivery
    contract: Contract
    spec: Spec
    file_kind: str
    encoding: str | None
    sheets: tuple[Rows, ...]
    remarks: tuple[Remark, ...]
    unread: int
    framed: int
    plain: tuple[Plain, Layout] | None = None

    @property
    def received_on(self) -> date:
        """The day of arrival in Shanghai."""
        return self.delivery.received_at.astimezone(SHANGHAI).date()

    @property
    def as_of_on(self) -> date | None:
        stated = [rows.layout.title.as_of_on for rows in self.sheets if rows.layout.title.as_of_on]
        return next((day for day in stated if day <= self.received_on), None)

    @property
    def context(self) -> Context:
        """What the engine needs to know of the delivery."""
        ragged = tuple((rows.sheet_no, row_no) for rows in self.sheets for row_no in rows.ragged)
        return Context(self.delivery.delivery_id, self.delivery.sender, self.received_on, ragged, self.remarks)

    @property
    def above(self) -> int:
        """Records above the data of the sheets that were read: titles and headers."""
        return self.plain[1].data_at if self.plain else sum(rows.above for rows in self.sheets)


def _is_read(grid: Grid, spec: Spec) -> bool:
    if spec.sheet:
        return any(fnmatchcase(grid.sheet_name, pattern) for pattern in spec.sheet)
    return not grid.is_hidden and not _NOTES.search(grid.sheet_name)


def open_sheets(reading: Reading, contract: Contract, spec: Spec, *, keys_only: bool) -> list[tuple[Grid, Layout]]:
    """Return the sheets that hold data and where things stand in them.

    Data are the sheets that the spec names, else the visible ones that are no notes. One of these whose header cannot
    be resolved refuses the delivery, so that no township vanishes in silence; only a sheet that nobody gave a name may
    be scribble beside others. Raises ``Refused``.
    """
    grids = [folded(grid, contract, spec) if spec.shape == "form" else grid for grid in reading.grids]
    is_workbook = reading.file_kind in ("xlsx", "xls")
    chosen = [grid for grid in grids if not is_workbook or (_is_read(grid, spec) and grid.frame.height)]
    scribble = [
        grid for grid in chosen if _DEFAULT_NAME.fullmatch(grid.sheet_name) and not header_row(grid, contract, spec)
    ]
    kept = [grid for grid in chosen if grid not in scribble] or chosen
    if not kept:
        raise Refused("header_not_found")
    return [(grid, locate(grid, contract, spec, keys_only=keys_only)) for grid in kept]


def _unknown(rows: Rows) -> list[tuple[int, int]]:
    """(row_no, column) of the headers nobody knows; in a form each stands in a row of its own."""
    return [rows.spots[index] if rows.spots else (rows.header_row_no, index) for index in rows.layout.unknown]


def _remarks(reading: Reading, sheets: tuple[Rows, ...], received_on: date) -> tuple[Remark, ...]:
    read = {rows.sheet_no for rows in sheets}
    left = [grid for grid in reading.grids if grid.sheet_no not in read and grid.frame.height]
    unread: list[Remark] = [(g.sheet_no, None, "hidden_sheet" if g.is_hidden else "sheet_not_read", None) for g in left]
    unread += [(grid.sheet_no, None, "list_not_read", None) for grid in reading.grids if grid.has_unread]
    unknown: list[Remark] = [
        (rows.sheet_no, row_no, "unknown_column", column_letter(index))
        for rows in sheets
        for row_no, index in (*_unknown(rows), *rows.unplaced)
    ]
    ahead: list[Remark] = [
        (rows.sheet_no, None, "as_of_ahead", None)
        for rows in sheets
        if rows.layout.title.as_of_on and rows.layout.title.as_of_on > received_on
    ]
    return (*unread, *unknown, *ahead)


def prepare(
    delivery: Delivery, data: bytes, spec: Spec, workbooks: WorkbookReader, shared: SharedHeaders | None = None
) -> Prepared:
    """Open one delivery; with ``shared``, a plain file is left to be parsed with others (see ``Prepared.plain``).

    Raises ``Refused`` with the reason why it cannot be read.
    """
    together = _prepared_plain(delivery, data, spec, shared) if shared else None
    return together or _prepared(delivery, data, spec, workbooks)


def _prepared_plain(delivery: Delivery, data: bytes, spec: Spec, shared: SharedHeaders) -> Prepared | None:
    contract, file = CONTRACTS[delivery.dataset], plain(data)
    if file is None:
        return None
    layout = shared.layout(file, contract, spec, keys_only=delivery.kind == "withdrawal")
    if layout is None:
        return None
    unknown: tuple[Remark, ...] = tuple((0, 1, "unknown_column", column_letter(index)) for index in layout.unknown)
    return Prepared(delivery, contract, spec, "csv", file.encoding, (), unknown, 0, file.records, (file, layout))


def _prepared(delivery: Delivery, data: bytes, spec: Spec, workbooks: WorkbookReader) -> Prepared:
    contract, reading = CONTRACTS[delivery.dataset], read(data, "", workbooks)
    framed = sum(reading.framed.values())
    try:
        if delivery.kind == "snapshot" and any(grid.is_part for grid in reading.grids):
            # what this page does not name may stand on the next, and would seem to have ended
            raise Refused("page_incomplete", detail="one page of several")
        opened = open_sheets(reading, contract, spec, keys_only=delivery.kind == "withdrawal")
    except Refused as refused:
        refused.records = framed
        raise
    sheets = tuple(extract(grid, layout, contract, spec) for grid, layout in opened)
    numbers = {rows.sheet_no for rows in sheets}
    unread = sum(count for number, count in reading.framed.items() if number not in numbers)
    remarks = _remarks(reading, sheets, delivery.received_at.astimezone(SHANGHAI).date())
    framed += sum(rows.unfolded for rows in sheets)
    return Prepared(delivery, contract, spec, reading.file_kind, reading.encoding, sheets, remarks, unread, framed)
