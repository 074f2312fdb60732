"""Clean and rejects: what the deliveries say in our words, and what was refused, with reasons. One step."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from ingest.contracts import CONTRACTS, Contract
from ingest.home import Home
from ingest.night import clean_pending
from ingest.tables import read_current
from orchestration import last_night
from orchestration.assets.steps import Step, Told, changed, go_on, hashed, proved
from orchestration.dbt_graph import DELIVERIES
from orchestration.night import Night
from orchestration.problems import Problem
from orchestration.progress import report


def _columns(contract: Contract) -> dg.TableSchema:
    described = contract.schema.columns()
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name=name, type=str(dtype), description=described[name].description)
            for name, dtype in contract.frame_schema.items()
        ]
    )


def _specs() -> Iterator[dg.AssetSpec]:
    for dataset, contract in CONTRACTS.items():
        yield dg.AssetSpec(
            ["clean", dataset],
            deps=[["landing", dataset]],
            skippable=True,
            group_name="clean",
            description=f"{contract.label}，清洗后。{contract.grain}",
            metadata={"dagster/column_schema": _columns(contract)},
            kinds={"polars", "parquet"},
        )
        yield dg.AssetSpec(
            ["rejects", dataset],
            deps=[["landing", dataset]],
            skippable=True,
            group_name="rejects",
            description=f"{contract.label}，未采用的记录与存疑之处：一行一个单元格的一条理由，原值已遮盖。",
            kinds={"polars", "parquet"},
        )
    yield dg.AssetSpec(
        DELIVERIES,
        deps=[["landing", dataset] for dataset in CONTRACTS],
        skippable=True,
        group_name="deliveries",
        description="报送批次：每份文件何时收到、清洗结果如何、各有多少条。",
        kinds={"polars", "parquet"},
    )


CHECKS = [
    dg.AssetCheckSpec(
        "balance",
        asset=["clean", dataset],
        blocking=True,
        description="每个批次：收到的记录数 = 采用 + 退回 + 重复 + 非数据行；采用数与文件中的行数一致。",
    )
    for dataset in CONTRACTS
]


def _clean(context: dg.OpExecutionContext) -> Told:
    """Clean what has no current attempt. When the served release already stands on all this, the night ends here.

    Tells of the ledgers of which something else is used, or refused, than on the night before. A build from nothing
    proves the balance of all, a refresh where counts or files are not those for which it was last told to hold.
    Raises ``Problem`` balance_broken.
    """
    night: Night = context.resources.night
    home, broken = night.home, []
    clean_pending(home, night.keyring, progress=lambda done, total: report("cleaning", done, total))
    current = read_current(home)
    known = {} if night.from_nothing else proved(context, CHECKS)
    for dataset in CONTRACTS:
        ours = current.filter(pl.col("dataset") == dataset)
        content = _content(ours)
        yield from changed(context, ["clean", dataset], content, partial(_clean_facts, ours))
        yield from changed(context, ["rejects", dataset], content, partial(_reject_facts, home, dataset, ours))
        compared = _compared(home.clean / dataset, ours)
        if known.get(dg.AssetKey(["clean", dataset])) != compared:
            balance = _balance(home.clean / dataset, dataset, ours, compared)
            broken += [] if balance.passed else [dataset]
            yield balance
    yield from changed(context, DELIVERIES.path, _content(current), lambda: {"dagster/row_count": current.height})
    if broken:
        raise Problem("balance_broken", ", ".join(broken), "jinguo audit")
    if last_night.is_released(home, last_night.inputs_hash(home)):
        last_night.write(home, "nothing_new")
        # proved anew, so that its freshness policy knows: a quiet night is not a missing one
        yield dg.AssetMaterialization(["release", "current"], metadata={"unchanged": True})
    else:
        yield go_on()


def _clean_facts(ours: pl.DataFrame) -> dict[str, Any]:
    return {
        "dagster/row_count": ours["clean_records"].sum(),
        "records_in": ours["records_in"].sum(),
        "duplicate": ours["duplicate_records"].sum(),
        "non_data": ours["non_data_records"].sum(),
        "deliveries": ours.height,
        "refused_deliveries": int((ours["state"] == "refused").sum()),
        "held_deliveries": int((ours["state"] == "held").sum()),
    }


def _content(ours: pl.DataFrame) -> str:
    """Which deliveries these are and which cleaning of each counts: equal means the same rows."""
    return hashed(map(repr, ours.select("delivery_id", "batch_id", "state").rows()))


def _reject_facts(home: Home, dataset: str, ours: pl.DataFrame) -> dict[str, Any]:
    batches = ours["batch_id"].drop_nulls().implode()
    reasons = _counted(home.rejects / dataset, "code", batches)
    return {
        "dagster/row_count": sum(reasons.values()),
        "rejected_records": ours["rejected_records"].sum(),
        "reasons": reasons,
        "findings": _counted(home.findings / dataset, "class", batches),
    }


def _counted(folder: Path, column: str, batches: pl.Series) -> dict[str, int]:
    lines = pl.scan_parquet(folder / "*.parquet").filter(pl.col("batch_id").is_in(batches))
    return dict(Counter(lines.select(column).collect()[column].to_list()).most_common())


def _compared(folder: Path, ours: pl.DataFrame) -> str:
    """What a balance compares: every count, and the files as they lie."""
    files = sorted((path.name, path.stat()) for path in folder.glob("*.parquet"))
    lying = [f"{name} {facts.st_size} {facts.st_mtime_ns}" for name, facts in files]
    return hashed([*lying, *map(repr, ours.select("delivery_id", "batch_id", "state", "records_in", *_PARTS).rows())])


def _balance(folder: Path, dataset: str, ours: pl.DataFrame, compared: str) -> dg.AssetCheckResult:
    """Compare what the ledger counts with itself and with the rows that lie in the files."""
    told = ours.filter(pl.col("state") == "clean").select("delivery_id", "batch_id", *_PARTS, "records_in")
    lying = (
        pl.scan_parquet(folder / "*.parquet").group_by("delivery_id", "batch_id").agg(pl.len().alias("lying")).collect()
    )
    broken = told.join(lying, on=["delivery_id", "batch_id"], how="left").filter(
        (pl.sum_horizontal(_PARTS) != pl.col("records_in")) | (pl.col("lying").fill_null(0) != pl.col("clean_records"))
    )
    return dg.AssetCheckResult(
        asset_key=["clean", dataset],
        check_name="balance",
        passed=broken.is_empty(),
        metadata={"deliveries": told.height, "broken": broken["delivery_id"].to_list(), "content": compared},
    )


_PARTS = ("clean_records", "rejected_records", "duplicate_records", "non_data_records")

CLEAN = Step("clean", _clean, list(_specs()), CHECKS)
