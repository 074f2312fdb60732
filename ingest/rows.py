"""From a sheet to rows of written columns, and which rows are no data: titles, blanks, totals, samples, footers."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import polars as pl

from ingest.contracts import Contract
from ingest.contracts.required import required_names
from ingest.layouts import Column, Layout
from ingest.matrices import unfolded
from ingest.reading.grid import Grid
from ingest.spec import Spec
from ingest.titleblock import Row

TOTAL = re.compile(
    r"(?:.{0,12}?(?:小\s*计|合\s*计|总\s*计)|累\s*计|共\s*计)\s*[:：]?\s*(?:[(（][^()（）]*[)）])?"
    r"\s*[\d,.]*\s*(?:人次|人|户|万元|元|件|次|个|名|条|场)?\s*[:：]?"
)
SAMPLE = re.compile(r"[(（]?(?:示例|样例|范例|例)(?:行|数据)?\s*\d*\s*[)）]?\s*(?:[:：].*)?", re.S)
NOTE = re.compile(r"(?:填表说明|填报说明|说明|备注|注)\s*\d*\s*(?:[:：].*)?", re.S)
FOOTER = re.compile(
    r"(?:填表人|填报人|制表人|制表|经办人|审核人|审核|复核人|单位负责人|负责人|联系电话|联系人|填报单位|报送单位"
    r"|填报时间|填报日期|报送时间|单位盖章|盖章)\s*(?:[(（].*?[)）])?\s*(?:[:：].*)?",
    re.S,
)
_SIGNS = ("计", "例", "注", "说明", "填表", "填报", "制表", "经办", "审核", "复核", "负责", "联系", "报送", "盖章")
_LEADING = 4
DATA, BLANK, TOTAL_ROW, OTHER = "data", "blank", "total", "other"
_NOTE = "note"
TYPED = ("id_no", "number", "numbers", "phone", "birth", "day", "day_or_month", "month", "mark", "uscc")


@dataclass(frozen=True)
class Rows:
    """The rows below one header.

    ``frame``: row_no, one String column per written name found, ``<name>__kind`` for columns whose cell
    type matters, ``<name>__unit`` for amounts whose unit stands beside them, ``kind_of_row`` (data, blank, total,
    other), ``total_word``, and ``part`` where a row of a matrix is several records. ``above`` is the number of records
    above the data (of a form all but one), ``header_row_no`` the physical row of the lowest header row, ``ragged``,
    ``unplaced`` and ``spots`` as in the grid; so are ``files``, each of which has its own ``above``.
    """

    frame: pl.DataFrame
    above: int
    layout: Layout
    sheet_no: int
    header_row_no: int
    ragged: tuple[int, ...]
    unplaced: tuple[tuple[int, int], ...] = ()
    spots: tuple[tuple[int, int], ...] = ()
    files: tuple[int, ...] = ()

    @property
    def unfolded(self) -> int:
        """How many records there are more than rows: of a matrix, where a row is a record for every item."""
        if "part" not in self.frame.columns:
            return 0
        return self.frame.filter((pl.col("part") > 0) & (pl.col("kind_of_row") == DATA)).height


def _fill_merged(grid: Grid, layout: Layout, names: frozenset[str]) -> Grid:
    """Fill declared columns down, value and cell type, only inside merged ranges."""
    rows = grid.frame["row_no"].to_numpy()
    columns = {column.index for column in layout.every_column if column.name in names}
    above = {column: np.arange(len(rows)) for column in columns}
    for first_row, column, last_row, _ in grid.merged:
        if column in columns and last_row > first_row:
            start, end = np.searchsorted(rows, [first_row, last_row + 1])
            if start < end and rows[start] == first_row:
                above[column][start:end] = start
    frame = grid.frame.with_columns(grid.frame[f"c{column}"].gather(places) for column, places in above.items())
    if grid.kinds is None:
        return replace(grid, frame=frame)
    kinds = grid.kinds.with_columns(grid.kinds[f"c{column}"].gather(places) for column, places in above.items())
    return replace(grid, frame=frame, kinds=kinds)


def _is_complete(cells: Row, layout: Layout, contract: Contract) -> bool:
    """Whether a row has something, other than the word for a total, for everything that a record must have."""
    said = {name for name, _ in layout.constants} | ({layout.spread} if layout.items else set())
    said |= {c.name for c in layout.every_column if (text := cells[c.index]) and not TOTAL.fullmatch(text.strip())}
    return all(said & set(group) for group in required_names(contract, keys_only=False))


def _kind_of(cells: Row, layout: Layout, contract: Contract) -> tuple[str, str | None]:
    """Return the kind of one row that looks like no data, and the cell that makes it a total."""
    filled = {index: text for index, text in enumerate(cells) if text and text.strip()}
    serial = filled.pop(layout.serial, "")
    if not filled and (not serial or serial.strip().isdigit()):
        return BLANK, None
    leading = [text for text in (serial, *filled.values()) if text and not text.strip().isdigit()][:3]
    first, *others = leading or [""]
    if TOTAL.fullmatch(first.strip()):
        return TOTAL_ROW, first
    if SAMPLE.fullmatch(first.strip()):
        return OTHER, None
    # where the title gives what every record has, a name in a footer would make a whole record of it: a colon tells
    if _is_complete(cells, layout, contract) and not re.search("[:：]", first):
        return DATA, None
    word = next((text for text in others if TOTAL.fullmatch(text.strip())), None)
    if word:
        return TOTAL_ROW, word
    if NOTE.fullmatch(first.strip()):
        return _NOTE, None
    return (OTHER if FOOTER.fullmatch(first.strip()) else DATA), None


@lru_cache(maxsize=1024)
def _looks(cells: tuple[str, ...], serial: int | None, repeats: tuple[tuple[str, str], ...]) -> tuple[pl.Expr, pl.Expr]:
    """Whether a row is blank but for a serial number, and whether it is worth a closer look.

    One pass over the leading columns, however long the sheet is; the same expressions serve all files of one layout.
    """
    alone = pl.all_horizontal(pl.col([name for name in cells if name != f"c{serial}"]).is_null())
    said = pl.lit(False) if serial is None else pl.col(f"c{serial}").is_not_null()
    signs = [pl.col(name).str.contains_any(list(_SIGNS)) for name in cells[:_LEADING]]
    again = [pl.col(name) == text for name, text in repeats]
    empty = pl.coalesce(pl.col(cells)).str.strip_chars() == ""
    suspect = pl.any_horizontal(*signs, *again, empty, said & alone).fill_null(False)
    return pl.when(alone).then(pl.lit(BLANK)).otherwise(pl.lit(DATA)).alias("kind_of_row"), suspect.alias("suspect")


def _kinds_of_rows(grid: Grid, layout: Layout, contract: Contract) -> tuple[pl.Series, pl.Series]:
    """Return kind_of_row and total_word of every row below the header."""
    cells = tuple(grid.frame.columns[1:])
    above, body = [row[1:] for row in grid.frame.head(layout.data_at).rows()], grid.frame.slice(layout.data_at)
    if body.is_empty():
        return pl.Series("kind_of_row", [], dtype=pl.String), pl.Series("total_word", [], dtype=pl.String)
    firsts = (next(((name, text) for name, text in zip(cells, row, strict=True) if text), None) for row in above)
    looked = body.select(*_looks(cells, layout.serial, tuple(one for one in firsts if one)))
    kinds, suspects = looked["kind_of_row"], pl.Series(np.flatnonzero(looked["suspect"].to_numpy()))
    words = pl.Series("total_word", [None], dtype=pl.String).new_from_index(0, body.height)
    if suspects.is_empty():
        return kinds, words
    rows = [row[1:] for row in body[suspects].iter_rows()]
    judged = [(OTHER, None) if row in above else _kind_of(row, layout, contract) for row in rows]
    notes = [at for at, (kind, _) in zip(suspects, judged, strict=True) if kind == _NOTE]
    kinds = kinds.scatter(suspects, [OTHER if kind == _NOTE else kind for kind, _ in judged])
    below = _below_notes(notes, grid.files or (body.height,))
    return _with_notes(kinds, body.select(cells), below), words.scatter(suspects, [word for _, word in judged])


def _below_notes(notes: list[int], files: tuple[int, ...]) -> np.ndarray:
    """Which rows stand below the first note of their own file."""
    seen = np.zeros(sum(files), bool)
    seen[notes] = True
    noted = np.cumsum(seen) - seen
    begins = np.cumsum(files) - files
    return noted > np.repeat(noted[begins[np.array(files) > 0]], [height for height in files if height])


def _with_notes(kinds: pl.Series, body: pl.DataFrame, below_note: np.ndarray) -> pl.Series:
    """The lines of a note below its first: rows of one cell are no records."""
    if not below_note.any():
        return kinds
    filled = body.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    below = pl.Series(below_note)
    return (
        pl.select(pl.when(pl.lit(below & (filled == 1) & (kinds == DATA))).then(pl.lit(OTHER)).otherwise(pl.lit(kinds)))
        .to_series()
        .alias("kind_of_row")
    )


def _named(frame: pl.DataFrame, columns: tuple[Column, ...]) -> list[pl.Series]:
    """Columns under our names, as they lie in memory: a query for it would cost a small file a fifth of its time."""
    return [frame[f"c{column.index}"].alias(column.name) for column in columns]


def _kinds(grid: Grid, columns: tuple[Column, ...], contract: Contract) -> list[pl.Series]:
    if grid.kinds is None:
        return []
    return [
        grid.kinds[f"c{column.index}"].alias(f"{column.name}__kind")
        for column in columns
        if contract.written[column.name].reads in TYPED
    ]


def extract(grid: Grid, layout: Layout, contract: Contract, spec: Spec) -> Rows:
    """Return the rows below the header of ``grid`` in the contract's written names."""
    kinds_of_rows = _kinds_of_rows(grid, layout, contract)
    full = _fill_merged(grid, layout, frozenset(spec.fill_down)) if grid.merged and spec.fill_down else grid
    kinds = None if full.kinds is None else full.kinds.slice(layout.data_at)
    below = replace(full, frame=full.frame.slice(layout.data_at), kinds=kinds)
    units = [below.frame[f"c{index}"].alias(f"{name}__unit") for name, index in layout.units]
    constants = [
        pl.Series(name, [value], dtype=pl.String).new_from_index(0, below.frame.height)
        for name, value in layout.constants
    ]
    named = [below.frame["row_no"], *_named(below.frame, layout.columns), *constants]
    frame = pl.DataFrame([*named, *kinds_of_rows, *_kinds(below, layout.columns, contract), *units])
    if layout.items:
        cells = [
            pl.DataFrame([*_named(below.frame, item.columns), *_kinds(below, item.columns, contract)])
            for item in layout.items
        ]
        frame = unfolded(frame, cells, layout.spread, [item.code for item in layout.items])
    header_row_no = grid.frame["row_no"][layout.header_at]
    whole = grid.folded
    above = len(whole.rows) - frame.height if whole else layout.data_at
    unplaced, spots = (whole.unplaced, whole.spots) if whole else ((), ())
    return Rows(frame, above, layout, grid.sheet_no, header_row_no, grid.ragged, unplaced, spots, grid.files)
