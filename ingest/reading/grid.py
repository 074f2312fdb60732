"""What every reader returns: a sheet as a rectangle of text, and how many records an independent framer counted."""

from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Folded:
    """What a sheet was before a form was folded into one row.

    ``spots`` are the (row_no, column from 0) of the value in each column c0, c1 …; ``rows`` the row_no of every record
    of the sheet; ``unplaced`` the (row_no, column) of cells that are neither label nor value.
    """

    spots: tuple[tuple[int, int], ...]
    rows: tuple[int, ...]
    unplaced: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Grid:
    """One sheet as text.

    ``frame`` has ``row_no`` (Int32, physical record, from 1) and ``c0`` … ``cN`` (String, null where empty), one row
    per record in file order: every CSV record, blank ones too; of a workbook every row with at least one value; of JSON
    the keys as row 0 and every element of its list.
    ``kinds`` (not for CSV) has the same shape with one letter a cell: t text, n number, d date, b bool, e error.
    ``merged`` are the declared ranges as (first row_no, first column, last row_no, last column), columns from 0.
    ``ragged`` are row_no of CSV records with another number of fields than the header; they are not in ``frame``.
    ``sheet_no`` counts from 1 in a workbook and is 0 for CSV and JSON. ``header_at`` is the position of the header in
    ``frame`` where the reader knows it, ``folded`` what a form was; ``is_part`` says that a page of an API is one of
    several, ``has_unread`` that it holds another list, of which nothing is read. ``files`` are the numbers of rows
    below the header where several CSV files of one header stand one below the other as one sheet, with a ``row_no`` of
    their own.
    """

    sheet_no: int
    sheet_name: str
    frame: pl.DataFrame
    kinds: pl.DataFrame | None = None
    is_hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    ragged: tuple[int, ...] = ()
    header_at: int | None = None
    folded: Folded | None = None
    is_part: bool = False
    has_unread: bool = False
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One file, read: its grids, and ``framed``, records by sheet_no as counted by code that parses nothing."""

    file_kind: str
    encoding: str | None
    grids: tuple[Grid, ...]
    framed: dict[int, int] = field(default_factory=dict)
