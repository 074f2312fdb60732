"""What became of one pull of one system: a state, a code and counts, nothing of what came."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PullState = Literal["ok", "failed", "not_connected"]


@dataclass(frozen=True)
class Pulled:
    """One pull. ``kind`` is the system's (``sftp``), ``reason_code`` is in ``ingest.connectors.failures``.

    ``items`` were listed, ``new`` deliveries landed, ``known`` items had been landed before; ``byte_size`` was fetched.
    """

    sender: str
    kind: str
    state: PullState
    reason_code: str | None
    new: int
    known: int
    byte_size: int
    items: int
    started_at: datetime
