"""What the parts of one night cost, from outside: CPU time read as it grows, laid beside what Dagster wrote down."""

import os
import threading
import time
from bisect import bisect_left
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ingest.home import Home

_STEP = 0.02


def cpu_seconds() -> float:
    """CPU seconds of this process and of its children that ended, user and system."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


@dataclass
class Clock:
    """Moments (seconds since the epoch) and the CPU seconds spent by then."""

    moments: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)

    def look(self) -> None:
        """Note what is spent by now."""
        self.moments.append(time.time())
        self.spent.append(cpu_seconds())

    def between(self, begin: float, end: float) -> float:
        """CPU seconds spent between two moments."""
        first, last = (self.spent[min(bisect_left(self.moments, at), len(self.spent) - 1)] for at in (begin, end))
        return last - first


@contextmanager
def clocked() -> Generator[Clock]:
    """Look at the clock every 20 ms while the block runs."""
    clock, is_over = Clock(), threading.Event()

    def look_on() -> None:
        while not is_over.wait(_STEP):
            clock.look()

    clock.look()
    thread = threading.Thread(target=look_on, daemon=True)
    thread.start()
    try:
        yield clock
    finally:
        is_over.set()
        thread.join()
        clock.look()


def steps_of_newest_run(home: Home) -> dict[str, tuple[float, float]]:
    """Return when each step of the newest run began and ended, by its name, in order."""
    from orchestration.instance import opened

    begun: dict[str, float] = {}
    steps: dict[str, tuple[float, float]] = {}
    with opened(home) as instance:
        (run,) = instance.get_runs(limit=1)
        for entry in instance.all_logs(run.run_id):
            event = entry.dagster_event
            name = (event.step_key or "").split(".")[-1] if event else ""
            if event and event.is_step_start:
                begun[name] = entry.timestamp
            elif event and event.is_step_success:
                steps[name] = (begun[name], entry.timestamp)
    return steps
