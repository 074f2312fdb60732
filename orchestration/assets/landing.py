"""Landing: what senders delivered, byte for byte. One step for all datasets."""

from collections.abc import Iterator
from functools import partial

import dagster as dg

from ingest.arrivals import land_inbox
from ingest.contracts import CONTRACTS
from ingest.delivery import Delivery
from ingest.ledger import Ledger
from ingest.pull import pull
from ingest.pulled import Pulled
from ingest.systems import SystemBook
from orchestration.assets.steps import Step, Told, changed, go_on, hashed
from orchestration.at_rest import at_rest
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
    """Pull the senders' systems, then land what lies in the inbox; what was landed before is known by its bytes.

    Tells of ledgers that got some, and of systems that failed: these cost the night nothing but what they had.
    """
    night: Night = context.resources.night
    home, at = night.home, night.started_at
    yield from _failures(_pull(night))
    land_inbox(
        home, night.keyring, now=at, at_rest=at_rest(), progress=lambda done, total: report("landing", done, total)
    )
    with Ledger(home) as ledger:
        deliveries = ledger.deliveries()
    for dataset in CONTRACTS:
        ours = [one for one in deliveries if one.dataset == dataset]
        yield from changed(
            context, ["landing", dataset], hashed(one.delivery_id for one in ours), partial(_facts, ours)
        )
    yield go_on()


def _pull(night: Night) -> list[Pulled]:
    return pull(
        night.home,
        night.keyring,
        now=night.started_at,
        only=night.pulls,
        progress=lambda done, total: report("pulling", done, total),
    )


def _failures(pulled: list[Pulled]) -> Iterator[dg.AssetObservation]:
    """Say at every ledger that a failed system brings that it failed, and why; an address is nothing for events."""
    book = SystemBook()
    for one in pulled:
        for dataset in book.get(one.sender).datasets if one.state == "failed" else ():
            facts = {"sender": one.sender, "system": one.kind, "reason_code": one.reason_code or "", "new": one.new}
            yield dg.AssetObservation(["landing", dataset], metadata=facts)


def _facts(ours: list[Delivery]) -> dict[str, int]:
    return {
        "deliveries": len(ours),
        "senders": len({one.sender for one in ours}),
        "bytes": sum(one.byte_size for one in ours),
    }


LANDING = Step("landing", _land, SPECS)
