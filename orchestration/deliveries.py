"""What the county staff and the operator are told about deliveries, from the ledger and the receipts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from ingest.contracts import CONTRACTS
from ingest.home import Home
from ingest.reasons import REASONS

SHANGHAI = ZoneInfo("Asia/Shanghai")
_COUNTS = ("records_in", "clean_records", "rejected_records", "duplicate_records", "non_data_records")
_SUMMED = ("deliveries", *_COUNTS, "refused")
# Reasons that mean little without the sender's own words, and how many such files are opened again for them.
_NAMING, _OPENED = {"column_missing", "header_not_found", "header_ambiguous"}, 5
COLUMNS = [
    "报送单位",
    "台账",
    "批次",
    "记录 in",
    "采用 clean",
    "退回 rejected",
    "重复 duplicate",
    "非数据 non-data",
    "拒收 refused",
]
# The same for a whole sender, on a narrow screen.
SENDER_COLUMNS = ["报送单位", "台账", "批次", "记录", "采用", "退回", "重复", "非数据", "拒收"]


@dataclass(frozen=True)
class Refusal:
    """One delivery that is not used: why, and what its sender should do, in Chinese."""

    delivery_id: str
    sender: str
    dataset: str
    received_at: str
    state: str
    reason_code: str
    reason: str
    advice: str


def tallied(current: pl.DataFrame) -> pl.DataFrame:
    """Return one row a sender and dataset: deliveries, the five counts, refused (deliveries), received_at (newest)."""
    return (
        current.group_by("sender", "dataset")
        .agg(
            pl.len().alias("deliveries"),
            *(pl.col(name).sum() for name in _COUNTS),
            (pl.col("state") != "clean").sum().alias("refused"),
            pl.col("received_at").max(),
            pl.col("state").sort_by("received_at", "delivery_id").last(),
        )
        .sort("sender", "dataset")
    )


def by_sender(tally: pl.DataFrame) -> list[tuple[object, ...]]:
    """Return ``tallied`` summed up for each sender, as rows of ``SENDER_COLUMNS`` with a line of sums."""
    sums = tally.group_by("sender").agg(pl.len().alias("ledgers"), *(pl.col(name).sum() for name in _SUMMED))
    shown = [
        (one["sender"], one["ledgers"], *(one[name] for name in _SUMMED))
        for one in sums.sort("sender").iter_rows(named=True)
    ]
    return [*shown, _total(tally, tally.height)]


def rows(tally: pl.DataFrame) -> list[tuple[object, ...]]:
    """Return the rows of ``COLUMNS`` with a line of sums at the end."""
    shown = [
        (one["sender"], label(one["dataset"]), *(one[name] for name in _SUMMED)) for one in tally.iter_rows(named=True)
    ]
    return [*shown, _total(tally, "")]


def _total(tally: pl.DataFrame, ledgers: object) -> tuple[object, ...]:
    return ("合计 total", ledgers, *(tally[name].sum() for name in _SUMMED))


def refusals(current: pl.DataFrame) -> list[Refusal]:
    """Return the refused and held deliveries, newest first."""
    found = current.filter(pl.col("state") != "clean").sort("received_at", "delivery_id", descending=True)
    return [_refusal(one) for one in found.iter_rows(named=True)]


def described(refusal: Refusal) -> dict[str, Any]:
    """A refusal for scripts. Without the file's name: it can name a person and stays in landing."""
    return asdict(refusal)


def label(dataset: str) -> str:
    """The Chinese name of a dataset; the word itself where it is none of ours."""
    return CONTRACTS[dataset].label if dataset in CONTRACTS else dataset


def shanghai(instant: datetime) -> str:
    """An instant on the clocks of the county, to the minute."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def print_refusals(home: Home, found: list[Refusal]) -> None:
    """Print which files were refused, why, and what to do. Names of files come from landing, for these eyes only."""
    from ingest.origin import file_names
    from orchestration.screen import fits, say, table

    names: Mapping[str, str] = file_names(home)
    words = _in_words(home, [one.delivery_id for one in found if one.reason_code in _NAMING][:_OPENED])
    lines = [
        (
            one.sender,
            label(one.dataset),
            one.received_at,
            names.get(one.delivery_id, one.delivery_id),
            words.get(one.delivery_id) or one.reason,
            one.advice,
        )
        for one in found
    ]
    heads = ["报送单位", "台账", "收到", "文件", "原因", "请这样处理"]
    if fits(heads, lines):
        table("未采用的报送 refused", heads, lines)
        return
    say("未采用的报送 refused", "bold")
    for *place, reason, advice in lines:
        say(f"✗ {'  '.join(place)}", "red")
        say(f"    {reason} → {advice}")
    say()


def _in_words(home: Home, delivery_ids: list[str]) -> dict[str, str]:
    """Name the missing column and the headers found, from landing and only for the screen: kept nowhere else."""
    from ingest.keys import Keyring
    from ingest.ledger import Ledger
    from ingest.origin import refusal

    if not delivery_ids:
        return {}
    keyring = Keyring.open(home)
    with Ledger(home) as ledger:
        wanted = [one for one in ledger.deliveries() if one.delivery_id in delivery_ids]
    return {one.delivery_id: refusal(home, keyring, one) for one in wanted}


def _refusal(one: Mapping[str, Any]) -> Refusal:
    reason = REASONS.get(one["reason_code"] or "")
    return Refusal(
        one["delivery_id"],
        one["sender"],
        one["dataset"],
        shanghai(one["received_at"]),
        one["state"],
        one["reason_code"] or "",
        reason.zh if reason else "等待处理",
        reason.advice_zh if reason else "",
    )
