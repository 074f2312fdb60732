"""What a replay would change, in words: for the screen and for scripts. Counts and our own words only, no value."""

from typing import Any

import polars as pl

from ingest.contracts import CONTRACTS
from ingest.reasons import REASONS
from ingest.replay import Difference
from orchestration.deliveries import label, shanghai

SUM_COLUMNS = ["报送单位", "台账", "批次 differ", "新采用 gained", "不再采用 lost", "改变 changed"]
DELIVERY_COLUMNS = ["报送单位", "台账", "收到", "批次", "此前", "此后", "新采用", "不再采用", "改变"]
CELL_COLUMNS = ["报送单位", "台账", "列 column", "改变的记录 changed"]
REASON_COLUMNS = ["报送单位", "台账", "列", "原因 reason", "此前", "此后"]
_COUNTS = ("gained", "lost", "changed")
_STATES = {"clean": "采用", "refused": "拒收", "held": "待核", None: "未清洗"}


def summed(found: Difference) -> list[tuple[object, ...]]:
    """Rows of ``SUM_COLUMNS``, one a sender and dataset, and a line of sums."""
    sums = found.deliveries.group_by("sender", "dataset", maintain_order=True).agg(
        pl.len().alias("differ"), *(pl.col(name).sum() for name in _COUNTS)
    )
    rows = [
        (one["sender"], label(one["dataset"]), one["differ"], *(one[name] for name in _COUNTS))
        for one in sums.iter_rows(named=True)
    ]
    return [*rows, ("合计 total", "", found.deliveries.height, *(found.deliveries[name].sum() for name in _COUNTS))]


def deliveries(found: Difference) -> list[tuple[object, ...]]:
    """Rows of ``DELIVERY_COLUMNS``, one a delivery that differs."""
    return [
        (
            one["sender"],
            label(one["dataset"]),
            shanghai(one["received_at"]),
            one["delivery_id"],
            _state(one["state_before"], one["reason_code_before"]),
            _state(one["state"], one["reason_code"]),
            *(one[name] for name in _COUNTS),
        )
        for one in found.deliveries.iter_rows(named=True)
    ]


def cells(found: Difference) -> list[tuple[object, ...]]:
    """Rows of ``CELL_COLUMNS``: in how many records each column says something else."""
    return [
        (one["sender"], label(one["dataset"]), _column(one["dataset"], one["column_name"]), one["changed"])
        for one in found.columns.iter_rows(named=True)
    ]


def reasons(found: Difference) -> list[tuple[object, ...]]:
    """Rows of ``REASON_COLUMNS``: the reasons that are given more or less often than before."""
    return [
        (
            one["sender"],
            label(one["dataset"]),
            _column(one["dataset"], one["column_name"]),
            REASONS[one["code"]].zh if one["code"] in REASONS else one["code"],
            one["before"],
            one["after"],
        )
        for one in found.reasons.iter_rows(named=True)
    ]


def described(found: Difference) -> dict[str, Any]:
    """A difference for scripts."""
    return {
        "replayed": found.replayed,
        "waiting": found.waiting,
        "differ": found.deliveries.height,
        **{name: int(found.deliveries[name].sum()) for name in _COUNTS},
        "deliveries": found.deliveries.to_dicts(),
        "columns": found.columns.to_dicts(),
        "reasons": found.reasons.to_dicts(),
    }


def _state(state: str | None, code: str | None) -> str:
    reason = REASONS.get(code or "")
    return _STATES.get(state, state or "") + (f"：{reason.zh}" if reason else "")


def _column(dataset: str, name: str | None) -> str:
    """A column as the contract describes it, with our own name: county staff know the one, engineers the other."""
    contract = CONTRACTS.get(dataset)
    described_column = contract.schema.columns().get(name or "") if contract else None
    what = (described_column.description or "").split("；")[0].split("：")[0] if described_column else ""
    return f"{what} {name}".strip() if name else ""
