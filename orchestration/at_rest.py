"""Which files of the inbox somebody watched come to rest: handed over within a process, for names can name persons."""

from collections.abc import Collection, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_AT_REST: ContextVar[frozenset[Path]] = ContextVar("at_rest", default=frozenset())


def at_rest() -> frozenset[Path]:
    """The files that need not wait any longer; none where nobody watched."""
    return _AT_REST.get()


@contextmanager
def seen_at_rest(paths: Collection[Path]) -> Generator[None]:
    """Say for the length of the block that ``paths`` are at rest."""
    token = _AT_REST.set(frozenset(paths))
    try:
        yield
    finally:
        _AT_REST.reset(token)
