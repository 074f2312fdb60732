"""One run of the warm process: the very job of the schedule, in this process, over what just arrived."""

import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.home import Home
from ingest.inbox import arrival
from orchestration import last_night
from orchestration.alerts.alert import shown_sender
from orchestration.alerts.bell import note_failed
from orchestration.at_rest import seen_at_rest
from orchestration.deliveries import label
from orchestration.night_config import for_arrivals

if TYPE_CHECKING:
    from dagster import DagsterInstance, JobDefinition

# How long a run waits for a night that was started otherwise.
WAIT_SECONDS = 3_600.0
_NEVER = datetime.fromtimestamp(0, UTC)
_PARTS = {"debounce": "等稳", "landing": "接收", "clean": "清洗", "warehouse": "建仓", "release": "发布"}


@dataclass(frozen=True)
class Ran:
    """One run. ``code`` is empty where it ended well; ``parts`` are seconds by step, in order; ``release`` is the one
    that is served now; ``seconds`` counts from the first word of an arrival, or from the run's own start."""

    code: str
    release: str
    what: str
    seconds: float
    parts: dict[str, float] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """One line for people."""
        parts = " ".join(f"{_PARTS.get(name, name)}{seconds:.2f}" for name, seconds in self.parts.items())
        end = f"失败 {self.code}" if self.code else f"✓ {self.release}"
        return f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {self.what}  {end}  {self.seconds:.2f}秒（{parts}）"


def run_once(
    home: Home,
    instance: "DagsterInstance",
    job: "JobDefinition",
    *,
    pulls: Sequence[str] = (),
    at_rest: Collection[Path] = (),
    heard_at: float | None = None,
) -> Ran:
    """Run the job over what arrived. Never raises: a failure is noted for the alerts and returned as its code."""
    began = time.time()
    with seen_at_rest(at_rest):
        config = for_arrivals(pulls, WAIT_SECONDS)
        ran = job.execute_in_process(instance=instance, run_config=config, raise_on_error=False)
    code = "" if ran.success else _code(ran)
    if code:
        note_failed(home, code)
    parts = {"debounce": began - heard_at} if heard_at else {}
    return Ran(
        code,
        str(last_night.read(home).get("release", "")),
        told(home, at_rest, pulls),
        time.time() - (heard_at or began),
        parts | _seconds(ran),
    )


def told(home: Home, files: Collection[Path], pulls: Sequence[str]) -> str:
    """What arrived: senders, ledgers and counts; never a file's name."""
    counted: Counter[tuple[str, str]] = Counter()
    for path in files:
        if path.is_relative_to(home.inbox) and path.exists():
            one = arrival(path, path.relative_to(home.inbox).parts, _NEVER, is_stated=False)
            counted[shown_sender(one.sender), one.dataset] += 1
    shown = [f"{sender} {label(dataset)} {count}份" for (sender, dataset), count in sorted(counted.items())]
    shown += [f"拉取 {', '.join(pulls)}"] if pulls else []
    return "；".join(shown[:5]) + (f"；另{len(shown) - 5}种" if len(shown) > 5 else "") or "巡查"


def _seconds(ran: Any) -> dict[str, float]:
    return {
        event.step_key.split(".")[-1]: event.step_success_data.duration_ms / 1000
        for event in ran.all_events
        if event.is_step_success
    }


def _code(ran: Any) -> str:
    for event in ran.all_events:
        if event.is_step_failure:
            failed = event.step_failure_data.user_failure_data
            return str(failed.metadata["code"].value) if failed and "code" in failed.metadata else "step_failed"
    return "night_failed"
