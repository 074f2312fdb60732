"""Under which rules a delivery was cleaned: a hash of the rules' own source, so that no change goes unnoticed."""

import hashlib
from functools import cache
from pathlib import Path

from ingest.keys import letters

_HERE = Path(__file__).parent
# What decides how something comes, where it lies or who is told, and never what a cell means: were it hashed, a mended
# connector would have a country cleaned again. Whatever is not named here is hashed, also what nobody thought of.
LEFT_OUT = frozenset(
    {
        "arrivals.py",
        "attempts.py",
        "audit.py",
        "connectors",
        "decisions.py",
        "explain.py",
        "holding.py",
        "inbox.py",
        "lander.py",
        "landing.py",
        "ledger.py",
        "ledger_tables.py",
        "origin.py",
        "pull.py",
        "pulled.py",
        "receipts.py",
        "rekey.py",
        "replay.py",
        "replay_rows.py",
        "systems.py",
        "waiting.py",
    }
)


def is_rule(path: Path) -> bool:
    """Whether the file ``path`` below ``ingest/`` decides what a cell means."""
    return path.relative_to(_HERE).parts[0] not in LEFT_OUT


@cache
def rules_version(token_key_id: str) -> str:
    """Return a hash over everything that decides what a cell means: this package's Python and reasons, not the specs.

    ``token_key_id`` belongs to the rules: after a rotation everything is cleaned again, so that tokens still meet.
    """
    digest = hashlib.sha256(token_key_id.encode())
    for path in sorted(filter(is_rule, [*_HERE.rglob("*.py"), *_HERE.glob("*.toml")])):
        digest.update(path.relative_to(_HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def batch_id_of(delivery_ids: list[str], spec_version: str, rules: str) -> str:
    """Return the name of a batch, 16 letters a-p: which deliveries, under which spec and rules."""
    text = "|".join([*sorted(delivery_ids), spec_version, rules])
    return letters(hashlib.sha256(text.encode()).digest()[:8])
