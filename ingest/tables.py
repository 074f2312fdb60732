"""The Parquet that the warehouse reads: clean, rejects, findings, deliveries, reasons, datasets."""

import io
from functools import cache
from pathlib import Path

import polars as pl

from ingest.clean import Cleaned
from ingest.contracts import CONTRACTS
from ingest.durable import make_directory, write_durably
from ingest.findings import FINDINGS, REJECTS
from ingest.home import Home
from ingest.reasons import REASONS

EMPTY = "_empty"


def _written(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1, statistics=False)
    return buffer.getvalue()


def _put(frame: pl.DataFrame, folder: Path, name: str) -> None:
    make_directory(folder, 0o750)
    write_durably(folder / f"{name}.parquet", _written(frame), mode=0o640)


def _keep(data: bytes, folder: Path, name: str) -> None:
    """Write what mostly is there already: making it durable again would cost ten milliseconds a file."""
    path = folder / f"{name}.parquet"
    try:
        if path.read_bytes() == data:
            return
    except FileNotFoundError:
        make_directory(folder, 0o750)
    write_durably(path, data, mode=0o640)


def write_batch(home: Home, dataset: str, batch_id: str, cleaned: Cleaned) -> None:
    """Write one batch to ``clean/``, ``rejects/`` and ``findings/<dataset>/<batch_id>.parquet``, durable on return."""
    _put(cleaned.clean, home.clean / dataset, batch_id)
    if cleaned.rejects.height:
        _put(cleaned.rejects, home.rejects / dataset, batch_id)
    if cleaned.findings.height:
        _put(cleaned.findings, home.findings / dataset, batch_id)


def _write_empty(home: Home) -> None:
    for dataset in CONTRACTS:
        for folder, data in (
            (home.clean, _empty(dataset)),
            (home.rejects, _no_lines()[0]),
            (home.findings, _no_lines()[1]),
        ):
            _keep(data, folder / dataset, EMPTY)


@cache
def _empty(dataset: str) -> bytes:
    return _written(pl.DataFrame(schema=CONTRACTS[dataset].frame_schema))


@cache
def _no_lines() -> tuple[bytes, bytes]:
    """Rejects and findings without rows."""
    return _written(pl.DataFrame(schema=REJECTS)), _written(pl.DataFrame(schema=FINDINGS))


@cache
def _reasons() -> bytes:
    columns = ("code", "severity", "zh", "en", "advice_zh")
    return _written(pl.DataFrame([{name: getattr(reason, name) for name in columns} for reason in REASONS.values()]))


@cache
def _datasets() -> bytes:
    columns = ("dataset", "label", "delivers", "cadence", "due_day")
    rows = [{name: getattr(contract, name) for name in columns} for contract in CONTRACTS.values()]
    return _written(pl.DataFrame(rows).with_columns(pl.col("due_day").cast(pl.Int64)))


def write_tables(home: Home, current: pl.DataFrame) -> None:
    """Write ``deliveries/*.parquet`` and, so that no glob is ever empty, a frame without rows for every dataset."""
    _write_empty(home)
    _keep(_written(current), home.deliveries, "deliveries")
    _keep(_reasons(), home.deliveries, "reasons")
    _keep(_datasets(), home.deliveries, "datasets")


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
