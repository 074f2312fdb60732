"""The path of headers above a column, outermost first, and which of our columns it names: exact, never fuzzy."""

import re
from collections.abc import Mapping, Sequence

from ingest.labels import bare_label, label, unit_in
from ingest.titleblock import Row

_TITLE_SIGN = re.compile(r"[:：\d]")
Path = tuple[str, ...]


def is_upper_header(row: Row) -> bool:
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


def sectioned(known: dict[str, str]) -> set[str]:
    """Return the names that stand under a section, as 联系电话 under 阳光妈妈信息.

    A section holds more than one column: the stroke in 小组/微家名称 belongs to the header's own words.
    """
    held: dict[str, set[str]] = {}
    for text, name in known.items():
        if "/" in text:
            held.setdefault(text.rpartition("/")[0], set()).add(name)
    return set().union(*(names for names in held.values() if len(names) > 1))


def match(path: Path, known: dict[str, str], under: set[str]) -> tuple[int, str] | None:
    """How surely a header names a column: 3 by its path, 2 by itself, 1 without its bracketed note.

    A column known under a section (``under``) is not taken from another one: the section says whose phone it is.
    """
    parts = [label(part) for part in path]
    wholes = ["/".join(parts[start:]) for start in range(len(parts) - 1)]
    for whole in (*wholes, f"{parts[0]}/{parts[-1]}"):
        if len(parts) > 1 and whole in known:
            return 3, known[whole]
    # a unit belongs to the cells: 支出数（元） and 支出数（万元） are one header twice
    for strength, form in ((2, parts[-1]), (2 if unit_in(path[-1]) else 1, bare_label(path[-1]))):
        name = known.get(form)
        if name and (len(path) == 1 or name not in under):
            return strength, name
    return None


def resolve(paths: list[Path], known: dict[str, str]) -> list[tuple[int, str]]:
    """Return (column, name); a name stands twice where two headers name it equally surely."""
    under = sectioned(known)
    matched = [(i, *found) for i, path in enumerate(paths) if path and (found := match(path, known, under))]
    surest: dict[str, int] = {}
    for _, strength, name in matched:
        surest[name] = max(strength, surest.get(name, 0))
    return [(index, name) for index, strength, name in matched if strength == surest[name]]
