"""An event loop on a thread of its own: reads go on while what they brought is landed, whoever has a loop already."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

_Given = TypeVar("_Given")


class Background:
    """Runs coroutines for a synchronous caller, from ``start`` to ``stop``."""

    def start(self) -> None:
        """Begin to run."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def wait(self, work: Coroutine[Any, Any, _Given]) -> _Given:
        """Run ``work`` to its end and return what it gives, or raise what it raises."""
        return self.begin(work).result()

    def begin(self, work: Coroutine[Any, Any, _Given]) -> "Future[_Given]":
        """Let ``work`` run meanwhile."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self, last: Coroutine[Any, Any, None] | None = None) -> None:
        """End whatever still runs, let ``last`` clear up behind it, and close the loop."""
        self.wait(_all_ended())
        if last is not None:
            self.wait(last)
            self.wait(_all_ended())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _all_ended() -> None:
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
    for _ in range(3):  # a connection that was closed lets go of its socket a turn or two later
        await asyncio.sleep(0)
