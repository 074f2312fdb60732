"""One lock around everything that writes: schedule, server and command line take the same one."""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from ingest.home import Home
from orchestration.problems import Problem

WAIT_SECONDS = 600.0

_held: ContextVar[frozenset[Path]] = ContextVar("held", default=frozenset())


@contextmanager
def night_lock(home: Home, wait_seconds: float = WAIT_SECONDS) -> Generator[None]:
    """Hold ``home/night.lock`` for the length of the block; a block within such a block holds it already.

    Raises ``Problem`` night_busy when another process still holds it after ``wait_seconds``.
    """
    if home.lock in _held.get():
        yield
        return
    with exclusive(home.lock, wait_seconds):
        token = _held.set(_held.get() | {home.lock})
        try:
            yield
        finally:
            _held.reset(token)


@contextmanager
def exclusive(path: Path, wait_seconds: float) -> Generator[None]:
    """Hold the lock file ``path`` for the length of the block; a dead holder's lock is free at once.

    Raises ``Problem`` night_busy when another process still holds it after ``wait_seconds``.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, time.monotonic() + wait_seconds)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock file ``path`` now; looking does not keep anybody from taking it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _take(descriptor: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                holder = os.pread(descriptor, 20, 0).decode().strip() or "unknown"
                raise Problem(
                    "night_busy", f"another night is writing (process {holder})", "wait until it ends: jinguo status"
                ) from None
        time.sleep(0.2)
