"""The law of forms: in whatever order labels and values stand, every cell is a label, a value or a remark."""

from typing import Any

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingest.contracts import CONTRACTS
from ingest.forms import folded
from ingest.headers import locate
from ingest.labels import column_letter
from ingest.reading.grid import Grid
from ingest.reasons import Refused
from ingest.spec import Spec

CONTRACT = CONTRACTS["space_reports"]
FORM = Spec(shape="form")


def grid_of(rows) -> Grid:
    filled = [(at, row) for at, row in enumerate(rows, 1) if any(row)]
    width = max(len(row) for row in rows)
    columns = {f"c{i}": [str(row[i]) or None if i < len(row) else None for _, row in filled] for i in range(width)}
    rows_no = pl.Series("row_no", [at for at, _ in filled], pl.Int32)
    return Grid(1, "表", pl.DataFrame([rows_no, *(pl.Series(n, v, dtype=pl.String) for n, v in columns.items())]))


def said(grid: Grid) -> dict[str, Any]:
    """Our names and the texts of a folded form."""
    layout = locate(grid, CONTRACT, FORM)
    values = grid.frame.drop("row_no").row(layout.data_at)
    return {column.name: values[column.index] for column in layout.columns if values[column.index] is not None}


NAMES = {name: written.labels for name, written in CONTRACT.written.items()}
VALUE = st.integers(0, 10**6).map(str) | st.just("")


@st.composite
def forms(draw) -> tuple[list[list[str]], dict[str, str]]:
    """A form of any labels in any order, several pairs a row, with gaps and strange labels between."""
    names = [*draw(st.permutations(list(NAMES)))]
    rows, expected, at = [], {}, 0
    while at < len(names):
        row: list[str] = []
        for name in names[at : at + draw(st.integers(1, 3))]:
            value = draw(VALUE)
            row += [draw(st.sampled_from(NAMES[name])), *[""] * draw(st.integers(0, 1)), value]
            expected |= {name: value} if value else {}
            at += 1
        rows.append(row)
        if draw(st.booleans()):
            rows.append(["新指标", *draw(st.sampled_from([["7"], ["", "7"]]))])
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows], expected


@settings(max_examples=150, deadline=None)
@given(forms())
def test_every_cell_is_a_label_a_value_or_a_remark(form) -> None:
    """In any order and with any gaps: what a label says is found beside it, and nothing else is lost in silence."""
    rows, expected = form
    assume(expected)  # where no label has a value beside it, nobody can tell that they would stand there
    grid = folded(grid_of(rows), CONTRACT, FORM)
    try:
        found = said(grid)
    except Refused as refused:
        # 典型 and 培育典型 are one label, and so is a form without a value for what it must have
        assert refused.code in ("header_ambiguous", "column_missing")
        return
    assert found == expected
    assert grid.folded is not None
    told = set(grid.folded.unplaced)
    assert told == {(at, 0) for at, row in enumerate(rows, 1) if row[0] == "新指标"}
    assert grid.folded.rows == tuple(at for at, row in enumerate(rows, 1) if any(row))
    for spot, text in zip(grid.folded.spots, grid.frame.drop("row_no").row(grid.frame.height - 1), strict=False):
        assert text is None or rows[spot[0] - 1][spot[1]] == text
        assert column_letter(spot[1])
