"""Finding the header row and what each column is: exact after normalisation, never fuzzy."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ingest.contracts import CONTRACTS, Contract
from ingest.contracts.required import required_names
from ingest.labels import bare_label, column_letter, label, unit_in
from ingest.reading.grid import Grid
from ingest.reasons import Refused
from ingest.spec import Spec
from ingest.titleblock import Row, TitleBlock, read_title_block

DEEPEST_HEADER, DEEPEST_PATH = 30, 3
_TITLE_SIGN = re.compile(r"[:：\d]")
SERIAL = {"序号", "编号序", "no.", "no", "序"}

Path = tuple[str, ...]
Merged = Sequence[tuple[int, int, int, int]]


@dataclass(frozen=True)
class Column:
    """One resolved column: our written ``name``, its index from 0, and the unit its header names."""

    name: str
    index: int
    unit: str


@dataclass(frozen=True)
class Layout:
    """Where things stand in one sheet; ``data_at`` is the position of the first row below the header."""

    header_at: int
    data_at: int
    columns: tuple[Column, ...]
    headers: tuple[str, ...]
    unknown: tuple[int, ...]
    serial: int | None
    constants: tuple[tuple[str, str], ...]
    title: TitleBlock


@lru_cache(maxsize=4096)
def _known_labels(dataset: str, spec_version: str, stated: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    written, own = CONTRACTS[dataset].written, dict(stated)
    known = {label(text): name for name in written if name not in own for text in written[name].labels}
    return known | {label(text): name for name, texts in own.items() for text in texts}


def known_labels(contract: Contract, spec: Spec) -> dict[str, str]:
    """Return normalised header -> written name: the spec's headers where stated, else the contract's labels."""
    stated = tuple((name, column.header) for name, column in spec.columns.items() if column.header)
    return _known_labels(contract.dataset, spec.version, stated)


def _is_upper_header(row: Row) -> bool:
    """A row of at least two headers; a unit or date line (with a colon or a digit) belongs to the title instead."""
    cells = [cell for cell in row if cell]
    return len(cells) >= 2 and not any(_TITLE_SIGN.search(cell) for cell in cells)


def header_paths(rows: Sequence[Row], at: int, depth: int, ends: Mapping[tuple[int, int], int]) -> list[Path]:
    """Return for each column its header path, outermost first, of ``depth`` rows with the row ``at`` as the lowest.

    An upper header spans its merged range: ``ends`` gives the last column of the one that starts at (row, column).
    Where none is declared, as in CSV, it spans the columns with a lower header up to the next upper one.
    """
    paths: list[Path] = [(cell,) if cell else () for cell in rows[at]]
    for up in range(at - 1, at - depth, -1):
        carried, end = "", -1
        for index, cell in enumerate(rows[up]):
            if cell:
                last = ends.get((up, index), index)
                # an upper header over no lower one is a header of its own and spans nothing
                carried = cell if paths[index] or last > index else ""
                end = last if last > index else len(paths)
                paths[index] = (cell, *paths[index])
            elif carried and index <= end and paths[index]:
                paths[index] = (carried, *paths[index])
    return paths


def _match(path: Path, known: dict[str, str], sectioned: set[str]) -> tuple[int, str] | None:
    """How surely a header names a column: 3 by its path, 2 by itself, 1 without its bracketed note.

    A column known under a section (``sectioned``) is not taken from another one: the section says whose phone it is.
    """
    parts = [label(part) for part in path]
    wholes = ["/".join(parts[start:]) for start in range(len(parts) - 1)]
    for whole in (*wholes, f"{parts[0]}/{parts[-1]}"):
        if len(parts) > 1 and whole in known:
            return 3, known[whole]
    # a unit belongs to the cells: 支出数（元） and 支出数（万元） are one header twice
    for strength, form in ((2, parts[-1]), (2 if unit_in(path[-1]) else 1, bare_label(path[-1]))):
        name = known.get(form)
        if name and (len(path) == 1 or name not in sectioned):
            return strength, name
    return None


def _resolve(paths: list[Path], known: dict[str, str]) -> list[tuple[int, str]]:
    """Return (column, name); a name stands twice where two headers name it equally surely."""
    sectioned = {name for text, name in known.items() if "/" in text}
    matched = [(i, *found) for i, path in enumerate(paths) if path and (found := _match(path, known, sectioned))]
    surest: dict[str, int] = {}
    for _, strength, name in matched:
        surest[name] = max(strength, surest.get(name, 0))
    return [(index, name) for index, strength, name in matched if strength == surest[name]]


def _constants(spec: Spec, grid: Grid, title: TitleBlock, contract: Contract, found: set[str]) -> dict[str, str]:
    constants = {}
    for name, column in spec.columns.items():
        if column.value is not None:
            constants[name] = column.value
        elif column.origin == "sheet":
            constants[name] = grid.sheet_name
        elif column.origin == "title":
            values = map(title.value_of, column.header or contract.written[name].labels)
            if value := next(filter(None, values), None):
                constants[name] = value
    return {name: value for name, value in constants.items() if name not in found}


@dataclass(frozen=True)
class _Candidate:
    at: int
    depth: int
    paths: list[Path]
    found: list[tuple[int, str]]

    @cached_property
    def named(self) -> set[str]:
        return {name for _, name in self.found}

    @property
    def names(self) -> int:
        return len(self.named)


def _at(rows: Sequence[Row], at: int, known: dict[str, str], ends: Mapping[tuple[int, int], int]) -> _Candidate:
    """Read the header that ends in the row ``at``, with as many upper rows as name more columns or fill its gaps."""
    read = [header_paths(rows, at, depth, ends) for depth in range(1, min(DEEPEST_PATH, at + 1) + 1)]
    best, *deeper = (_Candidate(at, depth, paths, _resolve(paths, known)) for depth, paths in enumerate(read, 1))
    for one in deeper:
        upper = rows[at - one.depth + 1]
        if one.names > best.names or (one.names == best.names and _fills(upper, best.paths)):
            best = one
    return best


def _alone(row: Row, known: dict[str, str]) -> int:
    """How many columns a row would name by its own cells."""
    return sum(label(cell) in known for cell in row if cell)


def _fills(upper: Row, paths: list[Path]) -> bool:
    return _is_upper_header(upper) and any(cell and not path for cell, path in zip(upper, paths, strict=True))


def _best(
    rows: Sequence[Row], known: dict[str, str], numbers: list[int], merged: Merged, need: tuple[tuple[str, ...], ...]
) -> _Candidate | None:
    """The row that names the most columns; below one that names all that are needed, the first poorer row ends it."""
    ends = {(numbers.index(top), left): right for top, left, _, right in merged if top in numbers}
    best = None
    for at in range(len(rows)):
        if (
            best
            and not merged
            and all(set(group) & best.named for group in need)
            and 2 * _alone(rows[at], known) < best.names
        ):
            break
        one = _at(rows, at, known, ends)
        if one.found and (best is None or one.names > best.names or _reaches(merged, numbers, best, one)):
            best = one
    return best


def _reaches(merged: Merged, numbers: list[int], upper: _Candidate, lower: _Candidate) -> bool:
    """Whether a merged cell of the header ``upper`` comes down to the row ``lower``, which names as many columns."""
    top, bottom = numbers[upper.at], numbers[lower.at]
    return lower.names == upper.names and any(first <= top < last == bottom for first, _, last, _ in merged)


def header_row(grid: Grid, contract: Contract, spec: Spec) -> Layout | None:
    """Return the best header of ``grid`` and what its columns are, complete or not; None where no row names any."""
    head = grid.frame.head(DEEPEST_HEADER)
    rows = [row[1:] for row in head.rows()]
    need = required_names(contract, keys_only=False)
    best = _best(rows, known_labels(contract, spec), head["row_no"].to_list(), grid.merged, need)
    if best is None:
        return None
    title = read_title_block(rows[: best.at - best.depth + 1])
    withheld = {label(text) for text in contract.withheld}
    names = dict(best.found)
    serial = next((i for i, path in enumerate(best.paths) if path and label(path[-1]).lower() in SERIAL), None)
    unknown = tuple(
        i
        for i, path in enumerate(best.paths)
        if path and i not in names and i != serial and not {label(path[-1]), bare_label(path[-1])} & withheld
    )
    columns = tuple(
        Column(name, index, next(filter(None, map(unit_in, reversed(best.paths[index]))), ""))
        for index, name in best.found
    )
    headers = tuple("/".join(path) for path in best.paths)
    constants = tuple(sorted(_constants(spec, grid, title, contract, set(names.values())).items()))
    return Layout(best.at, best.at + 1, columns, headers, unknown, serial, constants, title)


def _refuse_twice(layout: Layout, grid: Grid, contract: Contract) -> None:
    seen: dict[str, Column] = {}
    for column in layout.columns:
        if column.name in seen:
            zh = contract.written[column.name].labels[0]
            first, second = column_letter(seen[column.name].index), column_letter(column.index)
            raise Refused(
                "header_ambiguous", sheet_no=grid.sheet_no, detail=f"{first}列与{second}列都是“{zh}”", about=column.name
            )
        seen[column.name] = column


def locate(grid: Grid, contract: Contract, spec: Spec, *, keys_only: bool = False) -> Layout:
    """Find the header of ``grid`` and resolve its columns.

    Raises ``Refused``: ``header_not_found``, ``header_ambiguous``, or ``column_missing`` naming the missing column
    and the headers found (headers only, never values).
    """
    layout = header_row(grid, contract, spec)
    need = required_names(contract, keys_only=keys_only)
    if layout is None or len(layout.columns) < min(2, len(need)):
        raise Refused("header_not_found", sheet_no=grid.sheet_no)
    _refuse_twice(layout, grid, contract)
    there = {column.name for column in layout.columns} | {name for name, _ in layout.constants}
    for group in need:
        if not there & set(group):
            zh = " 或 ".join(f"“{contract.written[name].labels[0]}”" for name in group)
            headers = "、".join(text for text in layout.headers if text)[:400]
            raise Refused(
                "column_missing", sheet_no=grid.sheet_no, detail=f"缺少{zh}；文件中的表头：{headers}", about=group[0]
            )
    return layout
