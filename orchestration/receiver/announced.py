"""Which senders said that their system has something: one empty file each, so that a word survives a restart."""

import os
from collections.abc import Iterator
from pathlib import Path

from ingest.durable import make_directory
from ingest.home import Home


def folder(home: Home) -> Path:
    """Where the marks lie; made if it is missing."""
    path = home.root / "announced"
    make_directory(path, 0o700)
    return path


def announce(home: Home, sender: str) -> None:
    """Note that ``sender``, a code that was checked, has something new in its system."""
    descriptor = os.open(folder(home) / sender, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    os.utime(descriptor)
    os.close(descriptor)


def announced(home: Home) -> Iterator[tuple[str, int]]:
    """Yield each sender that ever announced, with the time of its last word in ns."""
    with os.scandir(folder(home)) as entries:
        for entry in entries:
            yield entry.name, entry.stat(follow_symlinks=False).st_mtime_ns
