"""One event loop in a thread of its own, for servers that are coroutines; it dies with the process."""

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from threading import Thread
from typing import Any, TypeVar

_PATIENCE = 30.0
T = TypeVar("T")


class Background:
    """A running loop; ``wait_for`` runs a coroutine on it and gives its result to this thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """Run ``work`` on the loop; raises what it raises, or TimeoutError after 30 s."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(_PATIENCE)


@contextmanager
def background() -> Generator[Background]:
    """Run a loop while the block lasts; what still runs on it then is cancelled."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="sample systems", daemon=True)
    thread.start()
    running = Background(loop)
    try:
        yield running
    finally:
        running.wait_for(_cancelled())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_PATIENCE)
        loop.close()


async def _cancelled() -> None:
    ours = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not ours]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
