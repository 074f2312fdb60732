"""Hears of files as they come, by inotify, and tells which of them have come to rest."""

import os
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from ingest.inbox import is_left_out

# Two looks with equal size and time of change this far apart: whoever closed or renamed a file is done with it.
BETWEEN_LOOKS = 0.2
# What will not come to rest within this time is left to the sweep: it must not keep the others waiting.
LONGEST = 3.0
_HEARD = (FileClosedEvent, FileMovedEvent, FileCreatedEvent, DirCreatedEvent, DirMovedEvent)


class Watch(FileSystemEventHandler):
    """Watches folders and all below them; a context manager.

    A network share tells other machines' writes to nobody: there only a sweep finds them.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._found: set[Path] = set()
        self._first: float | None = None
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._observer = Observer()

    def __enter__(self) -> Self:
        for folder in self._folders:
            self._observer.schedule(self, str(folder), recursive=True, event_filter=list(_HEARD))
        self._observer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._observer.stop()
        self._observer.join(timeout=5)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Remember what came; called from the observer's own thread."""
        path = Path(os.fsdecode(event.dest_path or event.src_path))
        # a folder that was moved in tells of itself only
        found = [one for one in path.rglob("*") if one.is_file()] if event.is_directory else [path]
        kept = {one for one in found if not is_left_out(one.name)}
        if kept:
            with self._lock:
                self._first = self._first or time.time()
                self._found |= kept
            self._woken.set()

    def wake(self) -> None:
        """End a ``wait`` at once."""
        self._woken.set()

    def wait(self, seconds: float) -> None:
        """Return when something came, when woken, or after ``seconds``."""
        self._woken.wait(max(0.0, seconds))
        self._woken.clear()

    def take(self) -> tuple[frozenset[Path], float | None]:
        """Return the files that came and are at rest, and when (Unix seconds) the first of them was heard of."""
        found, first, until = set[Path](), None, time.monotonic() + LONGEST
        looks: dict[Path, tuple[int, int]] = {}
        while True:
            with self._lock:
                found |= self._found
                first = first or self._first
                self._found, self._first = set(), None
            seen = {path: look for path in found if (look := _look(path))}
            resting = frozenset(path for path, look in seen.items() if looks.get(path) == look)
            if len(resting) == len(seen) or time.monotonic() > until:
                return resting, first
            looks = seen
            time.sleep(BETWEEN_LOOKS)


def _look(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
