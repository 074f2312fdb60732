"""Under which rules a delivery was cleaned: a hash of the rules' own source, so that no change goes unnoticed."""

import hashlib
from functools import cache
from pathlib import Path

from ingest.keys import letters

_HERE = Path(__file__).parent


@cache
def rules_version(token_key_id: str) -> str:
    """Return a hash over everything that decides what a cell means: this package's Python and reasons, not the specs.

    ``token_key_id`` belongs to the rules: after a rotation everything is cleaned again, so that tokens still meet.
    """
    digest = hashlib.sha256(token_key_id.encode())
    for path in sorted([*_HERE.rglob("*.py"), *_HERE.glob("*.toml")]):
        digest.update(path.relative_to(_HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def batch_id_of(delivery_ids: list[str], spec_version: str, rules: str) -> str:
    """Return the name of a batch, 16 letters a-p: which deliveries, under which spec and rules."""
    text = "|".join([*sorted(delivery_ids), spec_version, rules])
    return letters(hashlib.sha256(text.encode()).digest()[:8])
