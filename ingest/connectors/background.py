"""An event loop on a thread of its own: reads go on while what they brought is landed, whoever has a loop already."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

_Given = TypeVar("_Given")


class Background:
    """Runs coroutines for a synchronous caller, from ``start`` to ``stop``."""

    def start(self) -> None:
        """Begin to run."""
        self._begun: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def wait(self, work: Coroutine[Any, Any, _Given]) -> _Given:
        """Run ``work`` to its end and return what it gives, or raise what it raises."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Let ``work`` run meanwhile."""
        return self.wait(self._kept(work))

    def end(self, task: "asyncio.Task[None]") -> None:
        """Let what was begun run no further."""
        self._loop.call_soon_threadsafe(task.cancel)

    def stop(self, last: Coroutine[Any, Any, None] | None = None) -> None:
        """End what was begun, let ``last`` clear up behind it, end whatever else still runs, and close the loop.

        In this order: a library that closes a connection needs its own tasks for that.
        """
        self.wait(_ended(self._begun))
        if last is not None:
            self.wait(last)
        self.wait(_all_ended())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _kept(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
        return task


async def _ended(tasks: "set[asyncio.Task[Any]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _all_ended() -> None:
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await _ended(others)
    await asyncio.get_running_loop().shutdown_asyncgens()
    for _ in range(3):  # a connection that was closed lets go of its socket a turn or two later
        await asyncio.sleep(0)
