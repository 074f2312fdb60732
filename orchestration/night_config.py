"""The configuration of a run that takes what arrived, for whoever starts one: sensors and the worker."""

from collections.abc import Sequence
from typing import Any


def for_arrivals(pulls: Sequence[str] = (), wait_seconds: float | None = None) -> dict[str, Any]:
    """Rebuild only what changed, and pull the systems of these senders only; the schedule's night pulls all."""
    night: dict[str, Any] = {"from_nothing": False, "pulls": list(pulls)}
    if wait_seconds is not None:
        night["wait_seconds"] = wait_seconds
    return {"resources": {"night": {"config": night}}, "loggers": {"quiet": {}}}
