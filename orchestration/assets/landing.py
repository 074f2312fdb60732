"""Landing: what senders delivered, byte for byte. One step for all datasets."""

from functools import partial

import dagster as dg

from ingest.arrivals import land_inbox
from ingest.contracts import CONTRACTS
from ingest.ledger import Ledger
from ingest.receipts import Delivery
from orchestration.assets.steps import Step, Told, changed, go_on, hashed
from orchestration.night import Night
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


def _land(context: dg.OpExecutionContext) -> Told:
    """Land what lies in the inbox; what was landed before is known by its bytes. Tells of ledgers that got some."""
    night: Night = context.resources.night
    home, at = night.home, night.started_at
    land_inbox(home, night.keyring, now=at, progress=lambda done, total: report("landing", done, total))
    with Ledger(home) as ledger:
        deliveries = ledger.deliveries()
    for dataset in CONTRACTS:
        ours = [one for one in deliveries if one.dataset == dataset]
        yield from changed(
            context, ["landing", dataset], hashed(one.delivery_id for one in ours), partial(_facts, ours)
        )
    yield go_on()


def _facts(ours: list[Delivery]) -> dict[str, int]:
    return {
        "deliveries": len(ours),
        "senders": len({one.sender for one in ours}),
        "bytes": sum(one.byte_size for one in ours),
    }


LANDING = Step("landing", _land, SPECS)
