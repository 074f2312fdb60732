"""The Parquet that the warehouse reads: clean, rejects, findings, deliveries, reasons, datasets."""

import io

import polars as pl

from ingest.clean import Cleaned
from ingest.contracts import CONTRACTS
from ingest.durable import make_directory, write_durably
from ingest.findings import FINDINGS, REJECTS
from ingest.home import Home
from ingest.reasons import REASONS

EMPTY = "_empty"


def _put(frame: pl.DataFrame, folder, name: str) -> None:
    make_directory(folder, 0o750)
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1, statistics=False)
    path = folder / f"{name}.parquet"
    # the frames without rows are the same every night, and making each of them durable costs ten milliseconds
    if name != EMPTY or not path.exists() or path.read_bytes() != buffer.getvalue():
        write_durably(path, buffer.getvalue(), mode=0o640)


def write_batch(home: Home, dataset: str, batch_id: str, cleaned: Cleaned) -> None:
    """Write one batch to ``clean/``, ``rejects/`` and ``findings/<dataset>/<batch_id>.parquet``, durable on return."""
    _put(cleaned.clean, home.clean / dataset, batch_id)
    if cleaned.rejects.height:
        _put(cleaned.rejects, home.rejects / dataset, batch_id)
    if cleaned.findings.height:
        _put(cleaned.findings, home.findings / dataset, batch_id)


def _write_empty(home: Home) -> None:
    for dataset, contract in CONTRACTS.items():
        for folder, schema in (
            (home.clean, contract.frame_schema),
            (home.rejects, REJECTS),
            (home.findings, FINDINGS),
        ):
            _put(pl.DataFrame(schema=schema), folder / dataset, EMPTY)


def _reasons() -> pl.DataFrame:
    columns = ("code", "severity", "zh", "en", "advice_zh")
    return pl.DataFrame([{name: getattr(reason, name) for name in columns} for reason in REASONS.values()])


def _datasets() -> pl.DataFrame:
    columns = ("dataset", "label", "delivers", "cadence", "due_day")
    rows = [{name: getattr(contract, name) for name in columns} for contract in CONTRACTS.values()]
    return pl.DataFrame(rows).with_columns(pl.col("due_day").cast(pl.Int64))


def write_tables(home: Home, current: pl.DataFrame) -> None:
    """Write ``deliveries/*.parquet`` and, so that no glob is ever empty, a frame without rows for every dataset."""
    _write_empty(home)
    _put(current, home.deliveries, "deliveries")
    _put(_reasons(), home.deliveries, "reasons")
    _put(_datasets(), home.deliveries, "datasets")


def read_current(home: Home) -> pl.DataFrame:
    """Return the deliveries as the last cleaning wrote them: ``Ledger.current()`` of then, at a tenth of its cost."""
    return pl.read_parquet(home.deliveries / "deliveries.parquet")


def drop_superseded(home: Home, current: pl.DataFrame) -> None:
    """Remove batches that no delivery's newest attempt uses any more."""
    used = set(current["batch_id"].drop_nulls()) | {EMPTY}
    for layer in (home.clean, home.rejects, home.findings):
        for path in layer.glob("*/*.parquet"):
            if path.stem not in used:
                path.unlink()
