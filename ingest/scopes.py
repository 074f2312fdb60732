"""Of which scopes a snapshot speaks, and how many of its records are of each: what a later one is compared with."""

import hashlib
import json
from collections.abc import Mapping

import polars as pl

from ingest.contracts import Contract
from ingest.keys import letters

Scopes = Mapping[str, int]


def scopes_of(contract: Contract, clean: pl.DataFrame) -> dict[str, str]:
    """Return, by ``delivery_id``, the clean records of each scope as JSON; nothing where the contract has no scope.

    A scope is known by 16 letters, a hash of its values: a class or a place is nobody's business in the ledger.
    """
    if not contract.scope or clean.is_empty():
        return {}
    counted = clean.group_by("delivery_id", *contract.scope).len()
    found: dict[str, dict[str, int]] = {}
    for delivery_id, *values, records in counted.iter_rows():
        named = letters(hashlib.sha256("|".join(map(str, values)).encode()).digest()[:8])
        found.setdefault(delivery_id, {})[named] = records
    return {delivery_id: json.dumps(dict(sorted(scopes.items()))) for delivery_id, scopes in found.items()}


def scopes_in(text: str | None) -> Scopes:
    """Read back what ``scopes_of`` wrote; empty where it wrote nothing."""
    return json.loads(text) if text else {}
