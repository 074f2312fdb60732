"""Files of one header: where things stand in them is found once, and their rows are parsed in one call (law 9)."""

from collections.abc import Sequence

import polars as pl

from ingest.contracts import Contract
from ingest.headers import is_settled, known_labels, locate
from ingest.layouts import Layout
from ingest.reading.grid import Grid
from ingest.reading.plain import Cells, Plain, stacked
from ingest.reasons import Refused
from ingest.rows import Rows, extract
from ingest.spec import Spec

_Key = tuple[str, str, bool, Cells]


class SharedHeaders:
    """What the columns of plain files are, found once for each dataset, version of a spec and header.

    For one night: contracts and specs do not change under it, and what is kept is known by all that it follows from.
    """

    def __init__(self) -> None:
        self._layouts: dict[_Key, Layout | None] = {}

    def layout(self, file: Plain, contract: Contract, spec: Spec, *, keys_only: bool) -> Layout | None:
        """Return the layout of ``file``; None where it cannot be told by its first record alone, or must be refused."""
        if spec.shape != "table":
            return None
        key = (contract.dataset, spec.version, keys_only, file.header)
        if key not in self._layouts:
            self._layouts[key] = _located(file.header, contract, spec, keys_only=keys_only)
        found = self._layouts[key]
        return found if found and is_settled(found.names, file.first, known_labels(contract, spec), contract) else None


def _located(header: Cells, contract: Contract, spec: Spec, *, keys_only: bool) -> Layout | None:
    columns = {f"c{place}": pl.Series([cell], dtype=pl.String) for place, cell in enumerate(header)}
    grid = Grid(0, "", pl.DataFrame({"row_no": pl.Series([1], dtype=pl.Int32), **columns}))
    try:
        return locate(grid, contract, spec, keys_only=keys_only)
    except Refused:
        return None


def rows_of(files: Sequence[Plain], layout: Layout, contract: Contract, spec: Spec) -> Rows:
    """Return the rows of all ``files``, one below the other; raises ``Refused`` (balance_broken) where one moved."""
    return extract(stacked(files), layout, contract, spec)
