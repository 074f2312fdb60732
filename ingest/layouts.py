"""Where things stand in one sheet: which column is what, and what stands above them."""

from dataclasses import dataclass

from ingest.labels import cell_name, column_letter
from ingest.titleblock import TitleBlock


@dataclass(frozen=True)
class Column:
    """One resolved column: our written ``name``, its index from 0, and the unit its header names.

    ``spot`` is the (row_no, column from 0) of the value in the sender's own sheet, where that is no table.
    """

    name: str
    index: int
    unit: str
    spot: tuple[int, int] | None = None

    @property
    def letter(self) -> str:
        """The column's letter in the sender's own sheet; the cell's (D4) where each stands in a row of its own."""
        return cell_name(*self.spot) if self.spot else column_letter(self.index)


@dataclass(frozen=True)
class Item:
    """One of the columns or groups of columns of a matrix: its ``code``, and what stands in its columns."""

    code: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Layout:
    """Where things stand in one sheet; ``data_at`` is the position of the first row below the header.

    ``units`` are (name, index) of amounts whose unit stands in a column of its own; ``items`` the columns of a matrix,
    each of which makes a record of a row, and ``spread`` the name of what tells them apart.
    """

    header_at: int
    data_at: int
    columns: tuple[Column, ...]
    headers: tuple[str, ...]
    unknown: tuple[int, ...]
    serial: int | None
    constants: tuple[tuple[str, str], ...]
    title: TitleBlock
    units: tuple[tuple[str, int], ...] = ()
    items: tuple[Item, ...] = ()
    spread: str = ""

    @property
    def every_column(self) -> tuple[Column, ...]:
        """All resolved columns, those of a matrix's items too."""
        return (*self.columns, *(column for item in self.items for column in item.columns))

    @property
    def names(self) -> set[str]:
        """Everything that a record of this sheet has: columns, items and constants."""
        spread = {self.spread} if self.items else set()
        return {column.name for column in self.every_column} | {name for name, _ in self.constants} | spread

    @property
    def places(self) -> list[tuple[int, str, Column]]:
        """(part of a row, our name, column): where everything stands that a record says."""
        placed = [(part, column.name, column) for part in range(len(self.items) or 1) for column in self.columns]
        placed += [(part, column.name, column) for part, item in enumerate(self.items) for column in item.columns]
        return placed + [(part, self.spread, item.columns[0]) for part, item in enumerate(self.items)]
