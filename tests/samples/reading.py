"""Sample workbooks, CSVs and pages read without the cleaner, for the tests of this folder."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import python_calamine


def sheet_rows(path: Path, nth: int = 0) -> list[list[Any]]:
    """The rows of a workbook's sheet, empty cells as empty text."""
    return python_calamine.load_workbook(path).get_sheet_by_index(nth).to_python(skip_empty_area=False)


def table(path: Path, header: str) -> list[dict[str, Any]]:
    """The rows below the one that holds the cell ``header`` and with something in that column, by their header.

    Where the header is empty the cell below it names the column, as under a merged one.
    """
    rows = sheet_rows(path)
    at = next(n for n, row in enumerate(rows) if header in row)
    names = [upper or lower for upper, lower in zip(rows[at], rows[at + 1], strict=True)]
    found = (dict(zip(names, row, strict=True)) for row in rows[at + 1 :])
    return [row for row in found if row[header] != ""]


def csv_table(path: Path) -> list[dict[str, str]]:
    """The records of a CSV by its first line."""
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("gb18030"), newline="")))


def page(path: Path) -> dict[str, Any]:
    """One page of an interface."""
    return json.loads(path.read_bytes())
