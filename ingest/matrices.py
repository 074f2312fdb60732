"""Sheets with a column or a group of columns for every item: each item of a row is a record."""

from collections.abc import Sequence

import polars as pl

from ingest.contracts import Contract
from ingest.labels import bare_label, label, unit_in
from ingest.layouts import Column, Item
from ingest.paths import Path, match, sectioned
from ingest.spec import Spec


def item_words(contract: Contract, spec: Spec) -> dict[str, str]:
    """Return normalised header -> code of an item; empty where the sender writes no matrix."""
    if spec.shape != "matrix":
        return {}
    words = spec.words(contract.written[spec.spread])
    return {label(word): code for code, several in words.items() for word in (code, *several)}


def items(
    paths: Sequence[Path], known: dict[str, str], words: dict[str, str], contract: Contract, there: set[str]
) -> tuple[Item, ...]:
    """Return the items that stand over the columns with these header ``paths``, in their order.

    An upper header that is one of ``words`` is an item, the headers below it (``known``) are the record's columns; an
    item over a single column with no header below holds the one required column that is nowhere else (``there``).
    """
    found: dict[str, list[Column]] = {}
    under = sectioned(known)
    for index, path in enumerate(paths):
        at = next((at for at, part in enumerate(path) if _word(part, words)), None)
        if at is None:
            continue
        columns = found.setdefault(_word(path[at], words), [])
        below = path[at + 1 :]
        name = (match(below, known, under) or (0, ""))[1] if below else _cell_of(contract, there)
        if name:
            columns.append(Column(name, index, next(filter(None, map(unit_in, reversed(below))), "")))
    return tuple(Item(code, tuple(columns)) for code, columns in found.items() if columns)


def _word(part: str, words: dict[str, str]) -> str:
    return words.get(label(part)) or words.get(bare_label(part), "")


def _cell_of(contract: Contract, there: set[str]) -> str:
    """What a cell below an item says: the mark of a contract that has one, else what is required and stands nowhere."""
    marks = [name for name, written in contract.written.items() if written.reads == "mark"]
    left = [name for name, written in contract.written.items() if written.required and name not in there]
    return next(iter(marks or left), "")


def unfolded(table: pl.DataFrame, cells: Sequence[pl.DataFrame], spread: str, codes: Sequence[str]) -> pl.DataFrame:
    """Make every data row of ``table`` one record an item, numbered by ``part`` from 0; ``cells`` are what each item
    adds to it, ``codes`` what it is called in the column ``spread``.

    A total row has a part for each item too, so that each is checked, and counts once; any other row stays one.
    """
    ordinary = [name for name in table.columns if name not in ("row_no", "kind_of_row", "total_word")]
    parts = []
    for part, (own, code) in enumerate(zip(cells, codes, strict=True)):
        one = (
            table.hstack(own)
            .with_row_index("position")
            .with_columns(pl.lit(code).alias(spread), pl.lit(part, dtype=pl.UInt16).alias("part"))
        )
        if part:
            is_total = pl.col("kind_of_row") == "total"
            one = one.filter(is_total | (pl.col("kind_of_row") == "data"))
            one = one.with_columns(pl.when(~is_total).then(pl.col(name)).alias(name) for name in ordinary)
        parts.append(one)
    return pl.concat(parts, how="diagonal").sort("position", "part").drop("position")
