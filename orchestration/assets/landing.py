"""Landing: what senders delivered, byte for byte. One step for all datasets."""

from collections.abc import Iterator

import dagster as dg

from ingest.arrivals import land_inbox
from ingest.contracts import CONTRACTS
from ingest.ledger import Ledger
from orchestration.night import Night
from orchestration.problems import guarded
from orchestration.progress import report

SPECS = [
    dg.AssetSpec(
        ["landing", dataset],
        group_name="landing",
        description=f"{contract.label}：报送单位送来的原始文件，加密保存，永不改动。",
        kinds={"file"},
    )
    for dataset, contract in CONTRACTS.items()
]


@dg.multi_asset(name="landing", specs=SPECS)
@guarded
def landing(context: dg.AssetExecutionContext, night: Night) -> Iterator[dg.MaterializeResult]:
    """Land what lies in the inbox; what was landed before is known by its bytes."""
    at = night.started_at
    land_inbox(night.home, night.keyring, now=at, progress=lambda done, total: report("landing", done, total))
    with Ledger(night.home) as ledger:
        deliveries = ledger.deliveries()
    for dataset in CONTRACTS:
        ours = [one for one in deliveries if one.dataset == dataset]
        yield dg.MaterializeResult(
            asset_key=["landing", dataset],
            metadata={
                "deliveries": len(ours),
                "new": sum(one.received_at == at for one in ours),
                "senders": len({one.sender for one in ours}),
                "bytes": sum(one.byte_size for one in ours),
            },
        )
