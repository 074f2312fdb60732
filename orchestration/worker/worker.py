"""The warm process: everything imported and parsed once, so that what arrives is served within seconds.

A sensor's run costs a tick, a queue and a process that imports for seconds; here the job runs where it is loaded. What
it records is what every run records. It ends itself when it should be started anew: systemd does that.
"""

import datetime as dt
import math
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.arrivals import is_quiet
from ingest.home import Home
from ingest.keys import Keyring
from ingest.waiting import waiting
from orchestration.alerts.bell import note_failed, ring
from orchestration.instance import opened
from orchestration.lock import exclusive, night_lock
from orchestration.looks import KINDS
from orchestration.orphans import end_orphan
from orchestration.problems import Problem, tell
from orchestration.receiver.announced import announced, folder
from orchestration.worker.life import Life
from orchestration.worker.lock import worker_lock_path
from orchestration.worker.run import Ran, run_once
from orchestration.worker.watch import Watch

if TYPE_CHECKING:
    from dagster import DagsterInstance, JobDefinition

_PAUSES = (5.0, 15.0, 60.0, 300.0, 600.0)


@dataclass(frozen=True)
class Pace:
    """How often, in seconds, the worker looks beyond what it is told, and what it may grow to. ``pull_seconds`` 0:
    systems are left to the night."""

    sweep_seconds: float = 60.0
    pull_seconds: float = 900.0
    most_mb: int = 2_000


class Worker:
    """One worker of one home; ``say`` gets a line for every run."""

    def __init__(self, home: Home, pace: Pace, say: Callable[[str], None]) -> None:
        self._home, self._pace, self._say = home, pace, say
        self._stopped = False
        self._failures, self._again_at = 0, math.inf
        self._bell: threading.Thread | None = None
        self._words: dict[str, int] = {}

    def stop(self) -> None:
        """End after what is being done now; may be called from a handler of signals."""
        self._stopped = True
        if hasattr(self, "_watch"):
            self._watch.wake()

    def work(self) -> str:
        """Watch and run until told to stop or until it is time to be started anew; return why.

        Raises ``Problem`` worker_busy where another worker watches this home, ``KeysUnusable`` where it has no keys.
        """
        self._home.prepare()
        with ExitStack() as held:
            held.enter_context(_alone(self._home))
            self._keyring = Keyring.open(self._home)
            self._instance: DagsterInstance = held.enter_context(opened(self._home, keeps_plans=False))
            life = Life(self._pace.most_mb)
            self._job: JobDefinition = _loaded(self._home)
            end_orphan(self._instance, self._home)
            self._watch = held.enter_context(Watch(self._home.inbox, folder(self._home)))
            self._words = dict(announced(self._home))
            return self._loop(life)

    def _loop(self, life: Life) -> str:
        self._run(at_rest=())  # whatever an earlier process left undone, and what came while nobody watched
        self._say("开始值守 watching")
        swept = pulled = time.monotonic()
        while not self._stopped:
            self._watch.wait(min(self._again_at, swept + self._pace.sweep_seconds) - time.monotonic())
            files, heard_at = self._watch.take()
            if self._stopped:
                break
            if over := life.over():
                return over
            now = time.monotonic()
            is_due = now >= swept + self._pace.sweep_seconds
            is_pull = bool(self._pace.pull_seconds) and now >= pulled + self._pace.pull_seconds
            pulls = list(KINDS) if is_pull else self._called()
            arrived = {path for path in files if path.is_relative_to(self._home.inbox)}
            if self._failures:  # what arrives meanwhile is there when it tries again
                is_wanted = now >= self._again_at
            else:
                is_wanted = bool(arrived or pulls) or (is_due and self._is_waiting())
            if is_wanted:
                self._run(at_rest=arrived, pulls=pulls, heard_at=heard_at if arrived else None)
            swept, pulled = (now if is_due else swept), (now if is_pull else pulled)
            self._ring()
        return "已停止 stopped"

    def _run(self, **what: Any) -> None:
        try:
            ran: Ran = run_once(self._home, self._instance, self._job, **what)
        except Exception as error:  # one run's trouble must not end the worker
            told = tell(error, self._home)
            note_failed(self._home, told.code)
            self._say(f"失败 {told.code}: {told.what}")
            self._count(is_failed=True)
            return
        self._count(is_failed=bool(ran.code))
        self._say(ran.line)

    def _count(self, *, is_failed: bool) -> None:
        self._failures = self._failures + 1 if is_failed else 0
        pause = _PAUSES[min(self._failures, len(_PAUSES)) - 1] if is_failed else math.inf
        self._again_at = time.monotonic() + pause

    def _called(self) -> list[str]:
        """The senders that announced since the last look."""
        words = dict(announced(self._home))
        called = sorted(sender for sender, at in words.items() if self._words.get(sender) != at)
        self._words = words
        return called

    def _is_waiting(self) -> bool:
        try:
            now = dt.datetime.now(dt.UTC)
            return any(is_quiet(one, now) for _, one in waiting(self._home, self._keyring, now))
        except OSError as error:
            tell(error, self._home)
            return False

    def _ring(self) -> None:
        # apart: a webhook that does not answer would keep the next delivery waiting
        if self._bell is None or not self._bell.is_alive():
            self._bell = threading.Thread(target=ring, args=(self._home,), daemon=True)
            self._bell.start()


def run_worker(home: Home, pace: Pace, say: Callable[[str], None]) -> str:
    """Run a worker until SIGTERM or SIGINT, or until it is time for a new process; return why it ended."""
    worker = Worker(home, pace, say)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    return worker.work()


def _alone(home: Home) -> Any:
    held = ExitStack()
    try:
        held.enter_context(exclusive(worker_lock_path(home), 0))
    except Problem:
        raise Problem("worker_busy", "another worker watches this home", "jinguo status") from None
    return held


def _loaded(home: Home) -> "JobDefinition":
    from orchestration.definitions import JOB, definitions_for

    with night_lock(home):  # nobody parses or builds meanwhile
        return definitions_for(home).resolve_job_def(JOB)
