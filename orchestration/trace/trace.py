"""One record's way: the sender's own cells, what we made of them, and the published figures it counts in."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ingest.contracts import CONTRACTS
from ingest.findings import masked
from ingest.headers import known_labels
from ingest.home import Home
from ingest.keys import Keyring
from ingest.labels import label
from ingest.landing import Landing
from ingest.ledger import Ledger
from ingest.origin import Origin, origin
from ingest.prepared import prepare
from ingest.reading.excel import WorkbookReader
from ingest.reasons import REASONS
from ingest.receipts import Delivery
from ingest.rows import DATA
from ingest.spec import Spec, SpecBook
from orchestration.trace.released import Counted, Rows, Served, served
from orchestration.trace.staging import staged

# What may be shown of a sender's cell without --reveal: days, numbers of things and code words. All else has a shape.
OPEN = {"day", "day_or_month", "month", "year", "instant", "yuan", "whole", "flag", "code", "codes"}
_CLASSES = {"reject": "退回", "explain": "待说明", "warn": "存疑", "fix": "已修正"}


@dataclass(frozen=True)
class Said:
    """One reason at one cell of the record; ``how`` is the class of the finding, all words Chinese."""

    letter: str
    how: str
    code: str
    reason: str
    advice: str
    masked_value: str


@dataclass(frozen=True)
class Traced:
    """One record at every layer.

    ``cells`` are (letter, header, shown value); ``clean`` is the row, empty where there is none, and ``missing`` then
    says in Chinese and English why; ``staging`` and ``core`` are columns and rows, ``story`` sentences about the core.
    """

    dataset: str
    sender: str
    kind: str
    received_at: dt.datetime | None
    origin: Origin
    cells: tuple[tuple[str, str, str], ...]
    state: str
    clean: dict[str, Any]
    missing: str
    said: list[Said]
    staging: Rows
    core_table: str
    core: Rows
    story: list[str]
    figures: list[Counted]


def trace(
    home: Home,
    keyring: Keyring,
    dataset: str,
    sender: str,
    file: str,
    row_no: int,
    sheet_no: int | None,
    *,
    reveal: bool,
) -> Traced:
    """Follow one record. Raises ``NotFound``, ``Refused`` (ingest) and ``NoRelease`` (warehouse)."""
    found = origin(home, keyring, dataset, sender, file, row_no, sheet_no)
    spec = SpecBook().get(sender, dataset)
    delivery, attempt = _attempt(home, found.delivery_id)
    state, batch_id = attempt.get("state", "landed"), attempt.get("batch_id") or ""
    rows = _rows(home.clean / dataset, batch_id, found).to_dicts()
    clean = rows[0] if rows else {}
    said = _said(home, dataset, batch_id, found, attempt.get("reason_code"))
    release = served(home, dataset, found, clean) if clean else Served("", ([], []), [], [])
    return Traced(
        dataset=dataset,
        sender=sender,
        kind=delivery.kind if delivery else "",
        received_at=delivery.received_at if delivery else None,
        origin=found,
        cells=tuple(_cells(dataset, spec, found, reveal)),
        state=state,
        clean=clean,
        missing="" if clean else _missing(home, keyring, spec, delivery, state, found, said),
        said=said,
        staging=staged(home, dataset, found) if clean else ([], []),
        core_table=release.table,
        core=release.rows,
        story=release.story,
        figures=release.figures,
    )


def _cells(dataset: str, spec: Spec, found: Origin, reveal: bool) -> list[tuple[str, str, str]]:
    contract = CONTRACTS[dataset]
    known = known_labels(contract, spec)
    shapes = pl.DataFrame({"v": [value for _, _, value in found.cells]}, schema={"v": pl.String}).select(
        masked(pl.col("v"))
    )
    shown = []
    for (letter, header, value), shape in zip(found.cells, shapes["v"], strict=True):
        name = known.get(label(header)) or known.get(label(header.split("/")[-1]))
        is_open = reveal or (name is not None and contract.written[name].reads in OPEN)
        shown.append((letter, header, (value if is_open else shape) or ""))
    return shown


def _attempt(home: Home, delivery_id: str) -> tuple[Delivery | None, dict[str, Any]]:
    with Ledger(home) as ledger:
        tried = ledger.current().filter(pl.col("delivery_id") == delivery_id).to_dicts()
        delivery = next((one for one in ledger.deliveries() if one.delivery_id == delivery_id), None)
    return delivery, tried[0] if tried else {}


def _rows(folder: Path, batch_id: str, found: Origin) -> pl.DataFrame:
    is_it = (
        (pl.col("batch_id") == batch_id)
        & (pl.col("delivery_id") == found.delivery_id)
        & (pl.col("sheet_no") == found.sheet_no)
        & (pl.col("row_no") == found.row_no)
    )
    return pl.scan_parquet(folder / "*.parquet").filter(is_it).collect()


def _said(home: Home, dataset: str, batch_id: str, found: Origin, refused: str | None) -> list[Said]:
    """The reasons at this record: of its refusal, of what was accepted with a question, of the whole file."""
    several = [] if refused is None else [{"code": refused}]
    for folder in (home.rejects, home.findings):
        several += _rows(folder / dataset, batch_id, found).to_dicts()
    return [
        Said(
            one.get("column_letter") or "",
            _CLASSES[one.get("class") or "reject"],
            one["code"],
            REASONS[one["code"]].zh,
            REASONS[one["code"]].advice_zh,
            one.get("masked_value") or "",
        )
        for one in several
    ]


def _missing(
    home: Home,
    keyring: Keyring,
    spec: Spec,
    delivery: Delivery | None,
    state: str,
    found: Origin,
    said: list[Said],
) -> str:
    """Why there is no clean row, in one sentence."""
    if delivery is None or state == "landed":
        return "已接收，尚未清洗：请运行 jinguo nightly。Landed and not cleaned yet."
    if state != "clean":
        return "整份文件未采用，原因见下。The whole delivery was refused, for the reason below."
    if said:
        return "该记录已退回，原因见下。The record was rejected, for the reasons below."
    return _not_clean(home, keyring, spec, delivery, found)


def _not_clean(home: Home, keyring: Keyring, spec: Spec, delivery: Delivery, found: Origin) -> str:
    """Neither clean nor rejected: a repetition, or no data at all. The file says which, so it is opened again."""
    with WorkbookReader() as workbooks:
        opened = prepare(delivery, Landing(home, keyring).get(delivery.sha256), spec, workbooks)
    for rows in opened.sheets:
        if rows.sheet_no == found.sheet_no:
            data = rows.frame.filter(pl.col("kind_of_row") == DATA)
            if found.row_no in data["row_no"]:
                return _repeated(data, found.row_no)
    return "该行不是数据（标题、表头、空行、合计或说明）。No data: a title, a header, a blank, a total or a note."


def _repeated(data: pl.DataFrame, row_no: int) -> str:
    cells = data.drop("row_no")
    same = cells.hash_rows() == cells.filter(data["row_no"] == row_no).hash_rows()[0]
    first = data.filter(same)["row_no"].min()
    where = f"与第{first}行" if first != row_no else "与本文件前面的一行"
    also = f"row {first}" if first != row_no else "an earlier row"
    return f"该行{where}相同，是重复记录，只计一次。A repetition of {also} of the same file: counted once."
