"""How a step says how far it is, to whoever watches: the command line draws it, the server ignores it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

Watcher = Callable[[str, int, int], None]

# Of the process and not of a context: dbt tells of its nodes from its own threads.
_watchers: list[Watcher] = []


def report(step: str, done: int, total: int) -> None:
    """Say that ``done`` of ``total`` parts of ``step`` are behind us; ``total`` 0 means that nobody knows."""
    for watcher in _watchers:
        watcher(step, done, total)


@contextmanager
def watched(watcher: Watcher) -> Generator[None]:
    """Send every ``report`` within this block to ``watcher``; it may be called from any thread."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)
