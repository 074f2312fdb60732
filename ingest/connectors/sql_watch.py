"""A database driver on a thread of its own: a driver that never returns costs its thread, not the night."""

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from ingest.connectors.protocol import Budget, PullFailed

_Given = TypeVar("_Given")
_Task = tuple[Callable[[], Any], "queue.SimpleQueue[tuple[Any, BaseException | None]]"]


class Watched:
    """Does one piece of work after the other on one thread, and waits for each only as long as it is told."""

    def __init__(self, budget: Budget) -> None:
        self._budget, self.is_stuck = budget, False
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="database", daemon=True)

    def start(self) -> None:
        """Begin to take work."""
        self._thread.start()

    def do(self, work: Callable[[], _Given], seconds: float) -> _Given:
        """Return what ``work`` returns or raise what it raises; raises ``PullFailed`` pull_deadline or
        system_unreachable where it takes longer than ``seconds``, and is then of no more use."""
        answer: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        self._tasks.put((work, answer))
        try:
            given, error = answer.get(timeout=seconds)
        except queue.Empty:
            self.is_stuck = True
            _ = self._budget.seconds
            raise PullFailed("system_unreachable", "the database is silent") from None
        if error is not None:
            raise error
        return given

    def stop(self, last: Callable[[], None]) -> None:
        """Let ``last`` be the last work and end the thread; where the driver is stuck, whenever it comes back."""
        self._tasks.put((last, queue.SimpleQueue()))
        self._tasks.put(None)
        if not self.is_stuck:
            self._thread.join(self._budget.limits.idle_seconds)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            work, answer = task
            try:
                answer.put((work(), None))
            except BaseException as error:
                answer.put((None, error))
