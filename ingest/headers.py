"""Finding the header row and what each column is: exact after normalisation, never fuzzy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from ingest.contracts import CONTRACTS, Contract
from ingest.contracts.required import required_names
from ingest.labels import bare_label, label, unit_in
from ingest.layouts import Column, Item, Layout
from ingest.matrices import item_words, items
from ingest.paths import Path, header_paths, is_upper_header, resolve
from ingest.reading.grid import Grid
from ingest.reasons import Refused
from ingest.spec import Spec
from ingest.titleblock import Row, TitleBlock, read_title_block

DEEPEST_HEADER, DEEPEST_PATH = 30, 3
SERIAL = {"序号", "编号序", "no.", "no", "序"}

Merged = Sequence[tuple[int, int, int, int]]


@lru_cache(maxsize=4096)
def _known_labels(dataset: str, spec_version: str, stated: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    written, own = CONTRACTS[dataset].written, dict(stated)
    known = {label(text): name for name in written if name not in own for text in written[name].labels}
    return known | {label(text): name for name, texts in own.items() for text in texts}


def known_labels(contract: Contract, spec: Spec) -> dict[str, str]:
    """Return normalised header -> written name: the spec's headers where stated, else the contract's labels."""
    stated = tuple((name, column.header) for name, column in spec.columns.items() if column.header)
    return _known_labels(contract.dataset, spec.version, stated)


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
    best, *deeper = (_Candidate(at, depth, paths, resolve(paths, known)) for depth, paths in enumerate(read, 1))
    for one in deeper:
        upper = rows[at - one.depth + 1]
        if one.names > best.names or (one.names == best.names and _fills(upper, best.paths)):
            best = one
    return best


def _alone(row: Row, known: dict[str, str]) -> int:
    """How many columns a row would name by its own cells."""
    return sum(label(cell) in known for cell in row if cell)


def _fills(upper: Row, paths: list[Path]) -> bool:
    return is_upper_header(upper) and any(cell and not path for cell, path in zip(upper, paths, strict=True))


def _best(
    rows: Sequence[Row], known: dict[str, str], numbers: list[int], merged: Merged, need: tuple[tuple[str, ...], ...]
) -> _Candidate | None:
    """The row that names the most columns; below one that names all that are needed, the first poorer row ends it.

    Where cells are merged, the header may come down a few rows more.
    """
    ends = {(numbers.index(top), left): right for top, left, _, right in merged if top in numbers}
    best = None
    for at in range(len(rows)):
        is_over = best and (not merged or at - best.at >= DEEPEST_PATH)
        if best and is_over and _is_settled(best.named, rows[at], known, need):
            break
        one = _at(rows, at, known, ends)
        if one.found and (best is None or one.names > best.names or _reaches(merged, numbers, best, one)):
            best = one
    return best


def _is_settled(named: set[str], below: Row, known: dict[str, str], need: tuple[tuple[str, ...], ...]) -> bool:
    return all(set(group) & named for group in need) and 2 * _alone(below, known) < len(named)


def is_settled(named: set[str], below: Row, known: dict[str, str], contract: Contract) -> bool:
    """Whether a header in the first row that names ``named`` is the header, seeing the row ``below`` it."""
    return _is_settled(named, below, known, required_names(contract, keys_only=False))


def _reaches(merged: Merged, numbers: list[int], upper: _Candidate, lower: _Candidate) -> bool:
    """Whether a merged cell of the header ``upper`` comes down to the row ``lower``, which names as many columns."""
    top, bottom = numbers[upper.at], numbers[lower.at]
    return lower.names == upper.names and any(first <= top < last == bottom for first, _, last, _ in merged)


def header_row(grid: Grid, contract: Contract, spec: Spec) -> Layout | None:
    """Return the best header of ``grid`` and what its columns are, complete or not; None where no row names any."""
    head = grid.frame.head(max(DEEPEST_HEADER, (grid.header_at or 0) + 1))
    rows = [row[1:] for row in head.rows()]
    known, words = known_labels(contract, spec), item_words(contract, spec)
    headers = known | dict.fromkeys(words, spec.spread)
    if grid.header_at is None:
        need = required_names(contract, keys_only=False)
        best = _best(rows, headers, head["row_no"].to_list(), grid.merged, need)
    else:
        paths = header_paths(rows, grid.header_at, 1, {})
        best = _Candidate(grid.header_at, 1, paths, resolve(paths, headers))
    if best is None:
        return None
    title = read_title_block(rows[: best.at - best.depth + 1])
    there = set(_constants(spec, grid, title, contract, set())) | best.named
    return _layout(best, title, grid, contract, spec, items(best.paths, known, words, contract, there))


def _layout(
    best: _Candidate, title: TitleBlock, grid: Grid, contract: Contract, spec: Spec, items: tuple[Item, ...]
) -> Layout:
    """Say what every column of a header is; ``items`` are the columns of a matrix."""
    spots = grid.folded.spots if grid.folded else ()
    columns = tuple(
        Column(
            name,
            index,
            next(filter(None, map(unit_in, reversed(best.paths[index]))), ""),
            spots[index] if spots else None,
        )
        for index, name in best.found
        if name != spec.spread and index not in {column.index for item in items for column in item.columns}
    )
    units = _units(best.paths, spec)
    serial = next((i for i, path in enumerate(best.paths) if path and label(path[-1]).lower() in SERIAL), None)
    told = {column.index for item in items for column in item.columns} | {column.index for column in columns}
    unknown = _unknown(best.paths, told | {index for _, index in units} | {serial}, contract)
    headers = tuple("/".join(path) for path in best.paths)
    layout = Layout(best.at, best.at + 1, columns, headers, unknown, serial, (), title, units, items, spec.spread)
    constants = _constants(spec, grid, title, contract, layout.names)
    return replace(layout, constants=tuple(sorted(constants.items())))


def _unknown(paths: list[Path], told: set[int | None], contract: Contract) -> tuple[int, ...]:
    withheld = {label(text) for text in contract.withheld}
    return tuple(i for i, path in enumerate(paths) if path and i not in told and not _leaves(path[-1]) & withheld)


def _leaves(header: str) -> set[str]:
    """How a header may be called: as it is, without its note, and, of the path of a nested key, its last part."""
    return {form(text) for form in (label, bare_label) for text in (header, header.rpartition("/")[2])}


def _units(paths: list[Path], spec: Spec) -> tuple[tuple[str, int], ...]:
    """Where the unit of an amount stands that has a column of its own."""
    stated = {name: label(column.unit_from) for name, column in spec.columns.items() if column.unit_from}
    at = {label("/".join(path)): index for index, path in enumerate(paths) if path}
    return tuple((name, at[header]) for name, header in stated.items() if header in at)


def _refuse_twice(layout: Layout, grid: Grid, contract: Contract) -> None:
    """Two headers for one column of one record; every item of a matrix is a record of its own."""
    for columns in [(*layout.columns, *item.columns) for item in layout.items] or [layout.columns]:
        seen: dict[str, Column] = {}
        for column in columns:
            if column.name in seen:
                zh = contract.written[column.name].labels[0]
                detail = f"{seen[column.name].letter}列与{column.letter}列都是“{zh}”"
                raise Refused("header_ambiguous", sheet_no=grid.sheet_no, detail=detail, about=column.name)
            seen[column.name] = column


def _missing(layout: Layout, contract: Contract, spec: Spec, need: tuple[tuple[str, ...], ...]) -> tuple[str, str]:
    """In Chinese what is required and not there, and our name for it; empty where nothing is missing."""
    there = layout.names
    for group in need:
        if not there & set(group):
            return " 或 ".join(f"“{contract.written[name].labels[0]}”" for name in group), group[0]
    located = {name for name, _ in layout.units}
    for name, column in spec.columns.items():
        if column.unit_from and name in there and name not in located:
            return f"“{column.unit_from}”", name
    return "", ""


def locate(grid: Grid, contract: Contract, spec: Spec, *, keys_only: bool = False) -> Layout:
    """Find the header of ``grid`` and resolve its columns.

    Raises ``Refused``: ``header_not_found``, ``header_ambiguous``, or ``column_missing`` naming the missing column
    and the headers found (headers only, never values).
    """
    layout = header_row(grid, contract, spec)
    need = required_names(contract, keys_only=keys_only)
    if layout and grid.frame.width == 1:
        return layout  # an empty page of an API has no keys
    if layout is None or len(layout.every_column) < min(2, len(need)):
        raise Refused("header_not_found", sheet_no=grid.sheet_no)
    _refuse_twice(layout, grid, contract)
    zh, name = _missing(layout, contract, spec, need)
    if zh:
        headers = "、".join(text for text in layout.headers if text)[:400]
        raise Refused("column_missing", sheet_no=grid.sheet_no, detail=f"缺少{zh}；文件中的表头：{headers}", about=name)
    return layout
