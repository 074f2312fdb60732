"""Sheets that are forms: labels with their values beside or below them. One sheet is one record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import polars as pl

from ingest.contracts import Contract
from ingest.headers import known_labels
from ingest.labels import bare_label, label
from ingest.reading.grid import Folded, Grid
from ingest.rows import FOOTER, NOTE
from ingest.spec import Spec

Spot = tuple[int, int]


@dataclass(frozen=True)
class _Sheet:
    """The filled cells of a sheet by (position of the row, column), and the last column of each merged one."""

    cells: Mapping[Spot, str]
    ends: Mapping[Spot, int]

    def row(self, at: int) -> list[Spot]:
        return sorted(spot for spot in self.cells if spot[0] == at)


@dataclass(frozen=True)
class _Pair:
    """One label, and where its value stands; ``text`` is the value where it stands in the label's own cell."""

    label: str
    at: Spot
    value: Spot | None
    text: str | None = None


def folded(grid: Grid, contract: Contract, spec: Spec) -> Grid:
    """Return a form as a table of one row: the labels as its header, what stands above them as its title.

    A label is a header that the spec or the contract knows; its value is the next filled cell to its right before the
    next label, else the cell below it. A sheet without any label is returned as it is.
    """
    sheet = _sheet(grid)
    known = set(known_labels(contract, spec))
    withheld = {label(text) for text in contract.withheld}
    pairs = _pairs(sheet, known, withheld)
    kept = [pair for pair in pairs if _is_in(pair.label, known)]
    if not kept:
        return grid
    top = min(pair.at[0] for pair in pairs)
    used = {spot for pair in pairs for spot in (pair.at, pair.value)} - _perhaps_values(sheet, pairs)
    numbers = grid.frame["row_no"].to_list()
    spots = tuple((numbers[row], column) for row, column in (pair.value or pair.at for pair in kept))
    unplaced = tuple((numbers[row], column) for row, column in _unplaced(sheet, used, top))
    frames = _table(grid, sheet, kept, top, numbers)
    return replace(
        grid,
        frame=frames[0],
        kinds=frames[1],
        merged=(),
        header_at=top,
        folded=Folded(spots, tuple(numbers), unplaced),
    )


def _sheet(grid: Grid) -> _Sheet:
    rows = grid.frame.drop("row_no").rows()
    cells = {(at, i): text for at, row in enumerate(rows) for i, text in enumerate(row) if text and text.strip()}
    positions = {number: at for at, number in enumerate(grid.frame["row_no"])}
    ends = {(positions[top], left): right for top, left, _, right in grid.merged if top in positions}
    return _Sheet(cells, ends)


def _is_in(text: str, known: set[str]) -> bool:
    return label(text) in known or bare_label(text) in known


def _halves(text: str) -> tuple[str, str]:
    """A label and what stands behind its colon, where both share a cell."""
    head, _, said = text.replace("：", ":").partition(":")
    return head, said.strip()


def _pairs(sheet: _Sheet, known: set[str], withheld: set[str]) -> list[_Pair]:
    """Every label in reading order with its value."""
    labels, whole = {}, known | withheld
    for spot, text in sheet.cells.items():
        head, said = _halves(text)
        is_ours = _is_in(text, whole) or (said and _is_in(head, whole))
        if is_ours or FOOTER.fullmatch(text.strip()) or NOTE.fullmatch(text.strip()):
            labels[spot] = text
    beside = {spot: _beside(sheet, spot, labels) for spot in sorted(labels)}
    ours = {spot: value for spot, value in beside.items() if _is_in(labels[spot], known) or not value}
    pairs, taken, below = [], set(labels), set()
    for spot, value in beside.items():
        head, said = _halves(labels[spot])
        if said:
            pairs.append(_Pair(head, spot, None, said))
        elif value or _has_its_place_beside(sheet, spot, ours, below):
            pairs.append(_Pair(labels[spot], spot, value))
        else:
            pairs.append(_Pair(labels[spot], spot, _below(sheet, spot, labels, taken)))
            below |= {spot} if pairs[-1].value else set()
        taken.add(pairs[-1].value)
    return pairs


def _has_its_place_beside(sheet: _Sheet, at: Spot, beside: Mapping[Spot, Spot | None], below: Collection[Spot]) -> bool:
    """Whether a label without a value is of those that have theirs beside them, as its row, its column or the form has.

    What stands below it then is another label, that nobody knows. A label with another right beside it, or as wide as
    a label with its value, has no place there.
    """
    row = [spot for spot in beside if spot[0] == at[0]]
    if any(beside[spot] for spot in row):
        return True
    ends = {spot: sheet.ends.get(spot, spot[1]) for spot in row}
    if any(ends[left] + 1 == right[1] for left, right in pairwise(row) if at in (left, right)):
        return False
    told = [spot for spot, value in beside.items() if value or spot in below]
    column = [spot for spot in told if spot[1] == at[1]]
    nearest = next(iter([*[spot for spot in column if spot < at][::-1], *column, *told]), None)
    value = beside[nearest] if nearest else None
    return nearest is not None and value is not None and ends[at] - at[1] < value[1] - nearest[1]


def _perhaps_values(sheet: _Sheet, pairs: list[_Pair]) -> set[Spot]:
    """Labels without a value right behind labels without one: the word may be what the first one says."""
    empty = {pair.at for pair in pairs if pair.value is None and pair.text is None}
    behind = {(at[0], sheet.ends.get(at, at[1]) + 1) for at in empty}
    return empty & behind


def _beside(sheet: _Sheet, at: Spot, labels: Mapping[Spot, str]) -> Spot | None:
    """The next filled cell to the right before the next label; of several the first, where it adjoins the label.

    Several behind a gap are another label that nobody knows, with its value.
    """
    row = [spot for spot in sheet.row(at[0]) if spot > at]
    until = next((place for place, spot in enumerate(row) if spot in labels), len(row))
    found = row[:until]
    adjoins = bool(found) and found[0][1] == sheet.ends.get(at, at[1]) + 1
    return found[0] if adjoins or len(found) == 1 else None


def _below(sheet: _Sheet, at: Spot, labels: Mapping[Spot, str], taken: set[Spot | None]) -> Spot | None:
    """The cell below, where the row below holds nothing but what stands under the labels of this one."""
    here, row = {spot[1] for spot in sheet.row(at[0]) if spot in labels}, sheet.row(at[0] + 1)
    below = (at[0] + 1, at[1])
    is_value = below in sheet.cells and not any(spot in labels or spot[1] not in here for spot in row)
    return below if is_value and below not in taken else None


def _unplaced(sheet: _Sheet, used: set[Spot | None], top: int) -> list[Spot]:
    """The first cell of every run of cells at or below the first label that is neither label nor value."""
    found = []
    for at in sorted({row for row, _ in sheet.cells if row >= top}):
        before = True
        for spot in sheet.row(at):
            if spot not in used and before:
                found.append(spot)
            before = spot in used
    return found


def _table(
    grid: Grid, sheet: _Sheet, kept: list[_Pair], top: int, numbers: list[int]
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """The title rows, a row of labels and the row of their values, and the kinds of all these cells."""
    first = numbers[min(pair.at[0] for pair in kept)]
    rows = pl.Series("row_no", [*numbers[:top], first, first], pl.Int32)
    width = max(len(kept), grid.frame.width - 1)
    texts, kinds = {"row_no": rows}, {"row_no": rows}
    for place in range(width):
        above = [sheet.cells.get((at, place)) for at in range(top)]
        pair = kept[place] if place < len(kept) else None
        value = pair.text or sheet.cells.get(pair.value or (-1, -1)) if pair else None
        texts[f"c{place}"] = pl.Series([*above, pair and pair.label, value], dtype=pl.String)
        kind = _kind(grid, pair) if pair and value else None
        kinds[f"c{place}"] = pl.Series([*(text and "t" for text in above), pair and "t", kind], dtype=pl.String)
    return pl.DataFrame(texts), pl.DataFrame(kinds) if grid.kinds is not None else None


def _kind(grid: Grid, pair: _Pair) -> str | None:
    if grid.kinds is None or pair.value is None:
        return "t"
    return grid.kinds[f"c{pair.value[1]}"][pair.value[0]]
