"""What a file looks like to us, before it is anybody's delivery: encoding, header, columns, and a draft TOML."""

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingest.contracts import CONTRACTS, Contract
from ingest.contracts.columns import Written
from ingest.contracts.required import required_names
from ingest.findings import masked
from ingest.forms import folded
from ingest.headers import SERIAL, header_row
from ingest.interpret import read_column
from ingest.labels import bare_label, column_letter, label
from ingest.layouts import Layout
from ingest.reading.excel import WorkbookReader
from ingest.reading.files import read
from ingest.reading.grid import Grid
from ingest.reasons import REASONS
from ingest.rows import DATA, extract
from ingest.spec import Spec, SpecBook

SAMPLE = 200
# half of the words alike and half of the values readable
LIKE_ENOUGH = 1.0
_UNTYPED = 0.5


@dataclass(frozen=True)
class ExplainedColumn:
    """One column: its letter, header, what we take it for (``name``, None if unknown) and a profile of its values."""

    letter: str
    header: str
    name: str | None
    profile: str


@dataclass(frozen=True)
class ExplainedSheet:
    """One sheet; ``header_row`` is the physical row, None where no header was found."""

    sheet_no: int
    sheet_name: str
    is_hidden: bool
    records: int
    header_row: int | None
    columns: tuple[ExplainedColumn, ...]


@dataclass(frozen=True)
class Explanation:
    """One file, explained. ``missing`` are required columns in Chinese; ``draft_toml`` is for a person to check."""

    file_kind: str
    encoding: str | None
    dataset: str
    sheets: tuple[ExplainedSheet, ...]
    missing: tuple[str, ...]
    draft_toml: str


def _profile(values: pl.Series) -> str:
    """Say how a column is filled, by shapes only: no value of anybody is shown."""
    filled = values.drop_nulls()
    if filled.is_empty():
        return "空列"
    shapes = pl.DataFrame({"v": filled}).select(masked(pl.col("v")).alias("shape"))["shape"].value_counts(sort=True)
    top = "、".join(f"{shape}×{count}" for shape, count in shapes.head(3).iter_rows())
    return f"{len(filled)}个值，{filled.n_unique()}种；{top}"


def _sheet(grid: Grid, contract: Contract, spec: Spec) -> tuple[ExplainedSheet, Layout | None]:
    layout = header_row(grid, contract, spec)
    if layout is None:
        return ExplainedSheet(grid.sheet_no, grid.sheet_name, grid.is_hidden, grid.frame.height, None, ()), None
    body = grid.frame.slice(layout.data_at)
    ours = {column.index: column for column in layout.every_column}
    columns = tuple(
        ExplainedColumn(
            ours[i].letter if i in ours else column_letter(i),
            header,
            ours[i].name if i in ours else None,
            _profile(body[f"c{i}"]),
        )
        for i, header in enumerate(layout.headers)
        if header
    )
    row_no, records = grid.frame["row_no"][layout.header_at], grid.frame.height
    if grid.folded:
        records = len(grid.folded.rows)
    return ExplainedSheet(grid.sheet_no, grid.sheet_name, grid.is_hidden, records, row_no, columns), layout


def _likeliest(grids: tuple[Grid, ...], sender: str, specs: SpecBook) -> str:
    """The dataset whose columns the headers resolve best, as a share of what it requires and in number."""

    def score(dataset: str) -> tuple[int, int]:
        contract, spec = CONTRACTS[dataset], specs.get(sender, dataset)
        found = {c.name for g in grids if (layout := header_row(g, contract, spec)) for c in layout.columns}
        needs = required_names(contract, keys_only=False)
        return -sum(1 for group in needs if not found & set(group)), len(found)

    return max(CONTRACTS, key=score)


def _likeness(column: ExplainedColumn, values: pl.Series, written: Written) -> float:
    """How much an unknown column is like one of ours, 0 to 2: by its words, and by how many of its values we can read.

    A proposal for a person to check; never used at run time.
    """
    leaf = bare_label(column.header.rsplit("/", 1)[-1])
    words = {bare_label(text.rsplit("/", 1)[-1]) for text in written.labels}
    return max(_shared(leaf, word) for word in words) + _readable(values, written)


def _shared(header: str, known: str) -> float:
    """The share of characters that two headers have in common, whatever their order."""
    return 2 * len(set(header) & set(known)) / (len(set(header)) + len(set(known)))


def _readable(values: pl.Series, written: Written) -> float:
    """The share of values that this column's parser accepts; names and free words accept anything and prove less.

    A sender's number has a digit somewhere: its parser accepts every word.
    """
    sample = values.drop_nulls().head(SAMPLE)
    if sample.is_empty() or written.reads in ("text", "name"):
        return _UNTYPED
    frame = pl.DataFrame({written.name: sample}).with_columns(
        pl.lit(None, dtype=pl.Int32).alias("year"), pl.lit(written.unit).alias(f"{written.name}__unit")
    )
    if written.reads in ("number", "numbers"):
        return len(sample.filter(sample.str.contains(r"\d"))) / len(sample)
    codes = read_column(frame, written, Spec(), of_child=False).codes
    odd = [code for code, reason in REASONS.items() if reason.severity in ("reject", "warn")]
    return 1 - len(codes.filter(codes.is_in(odd))) / len(sample)


def _proposals(columns: list[tuple[ExplainedColumn, pl.Series]], contract: Contract, free: list[str]) -> dict[str, str]:
    """Pair unknown headers with free columns, the likest pair first; return header -> our name."""
    scores = [
        (_likeness(column, values, contract.written[name]), column.header, name)
        for column, values in columns
        for name in free
    ]
    pairs: dict[str, str] = {}
    for score, header, name in sorted(scores, key=lambda one: -one[0]):
        if score >= LIKE_ENOUGH and header not in pairs and name not in pairs.values():
            pairs[header] = name
    return pairs


def _draft(sheets: list[ExplainedSheet], values: dict[str, pl.Series], contract: Contract) -> str:
    columns = [column for sheet in sheets for column in sheet.columns]
    known = {column.name for column in columns}
    known_to_us = {bare_label(text) for text in contract.withheld} | SERIAL
    unknown = {c.header: c for c in columns if c.name is None and bare_label(c.header).lower() not in known_to_us}
    free = [name for name in contract.written if name not in known]
    pairs = _proposals([(column, values[header]) for header, column in unknown.items()], contract, free)
    lines = [f"# {contract.label}：谁维护、多久报一次（请补一句话）", "[columns]"]
    for header in unknown:
        if header in pairs:
            # a JSON string is a TOML string too, whatever stands in the header
            said = json.dumps(label(header), ensure_ascii=False)
            lines.append(f"{pairs[header]} = {said}    # 请核对：{contract.written[pairs[header]].labels[0]}？")
        else:
            lines.append(f"# 未对应的列：{label(header)}")
    return "\n".join(lines) + "\n"


def explain(path: Path, sender: str = "", dataset: str | None = None) -> Explanation:
    """Explain one plain file on disk; nothing is landed. Raises ``Refused`` where it cannot be read at all."""
    specs = SpecBook()
    with WorkbookReader() as workbooks:
        reading = read(path.read_bytes(), path.suffix, workbooks)
    chosen = dataset or _likeliest(reading.grids, sender, specs)
    contract, spec = CONTRACTS[chosen], specs.get(sender, chosen)
    sheets, values = [], {}
    for one in reading.grids:
        grid = folded(one, contract, spec) if spec.shape == "form" else one
        sheet, layout = _sheet(grid, contract, spec)
        sheets.append(sheet)
        if layout:
            is_data = extract(grid, layout, contract, spec).frame["kind_of_row"] == DATA
            rows = grid.frame.slice(layout.data_at).filter(is_data)
            values |= {header: rows[f"c{i}"] for i, header in enumerate(layout.headers) if header not in values}
    found = {column.name for sheet in sheets for column in sheet.columns if column.name} | {
        name for name, column in spec.columns.items() if column.value is not None or column.origin != "header"
    }
    missing = tuple(
        " 或 ".join(contract.written[name].labels[0] for name in group)
        for group in required_names(contract, keys_only=False)
        if not found & set(group)
    )
    return Explanation(
        reading.file_kind, reading.encoding, chosen, tuple(sheets), missing, _draft(sheets, values, contract)
    )
