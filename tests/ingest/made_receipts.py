"""Receipts and attempts as a test needs them: each fact that does not matter has one value."""

import hashlib
from datetime import UTC, datetime, timedelta

from ingest.attempts import Attempt
from ingest.ledger import Ledger
from ingest.receipts import Delivery, Receipt, delivery_id_of

NOON = datetime(2024, 4, 13, 4, 0, tzinfo=UTC)
VERSIONS = {("county", "pairings"): "s1", ("county", "points"): "s1"}


def receipt(content: int, minutes: int = 0, dataset: str = "pairings", **facts) -> Receipt:
    sha = hashlib.sha256(bytes([content])).hexdigest()
    kind = "increment" if dataset == "points" else "snapshot"
    said = {
        "sender": "county",
        "dataset": dataset,
        "kind": kind,
        "file_name": "王小二.csv",
        "sha256": sha,
        "byte_size": 5,
    }
    said |= {"received_at": NOON + timedelta(minutes=minutes)} | facts
    identity = delivery_id_of(said["sender"], said["dataset"], said["kind"], sha)
    return Receipt.model_validate({"delivery_id": identity} | said)


def attempt(one: Receipt | Delivery, **facts) -> Attempt:
    said = {
        "batch_id": "b" * 16,
        "spec_version": "s1",
        "rules_version": "r1",
        "token_key_id": "k" * 8,
        "state": "clean",
    }
    return Attempt(delivery_id=one.delivery_id, **said | facts)


def add(ledger: Ledger, *receipts: Receipt) -> set[str]:
    return ledger.add(map(Delivery.of, receipts))
