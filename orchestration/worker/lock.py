"""Where the worker says that it watches: one at a time in a home, and the sensors leave the inbox to it."""

from pathlib import Path

from ingest.home import Home


def worker_lock_path(home: Home) -> Path:
    """The file that a living worker holds locked."""
    return home.root / "worker.lock"
