"""Writing a file so that neither a crash nor a power cut leaves half of it under its final name.

Order: write a temporary file, fsync it, rename (or link) it, fsync the folder. Without both fsyncs a power cut left 11
of 12 renamed files unreadable.
"""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

# so many files are open at once while they are made durable together
_TOGETHER = 128
_File = tuple[Path, Callable[[], bytes]]


def make_directory(path: Path, mode: int = 0o700) -> None:
    """Create ``path`` and its parents durably, with ``mode`` whatever the umask; leave existing ones as they are."""
    if path.is_dir():
        return
    make_directory(path.parent, mode)
    try:
        path.mkdir(mode)
    except FileExistsError:
        return
    path.chmod(mode)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make the names in the folder ``path`` survive a power cut."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_durably(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write ``data`` to ``path`` with ``mode``, replacing what was there: readers see the old bytes or all the new."""
    fd, temporary = _written(path.parent, data, mode)
    try:
        os.fsync(fd)
        temporary.rename(path)
    except OSError:
        temporary.unlink()
        raise
    finally:
        os.close(fd)
    sync_directory(path.parent)


def add_durably(files: Iterable[_File], *, staging: Path, mode: int) -> int:
    """Write every file that does not exist yet, then make all the names durable at once; return how many were new.

    ``files`` are (final path, function that makes the bytes); the function is called only where the path is free. An
    existing file is never touched. ``staging`` is a folder on the same file system; a killed writer leaves its half
    file there and nowhere else (see ``sweep``). One fsync per folder instead of one per file.
    """
    added, folders = 0, set()
    for batch in _batches(files):
        for folder in {path.parent for path, _ in batch} - folders:
            make_directory(folder)
            # also of files that exist: a killed writer may have named them without making the name durable
            folders.add(folder)
        added += _added(batch, staging, mode)
    for folder in sorted(folders):
        sync_directory(folder)
    return added


def sweep(staging: Path) -> int:
    """Remove what killed writers left in ``staging``; call it only while no other writer can be at work."""
    left = [Path(entry.path) for entry in os.scandir(staging) if entry.name.endswith(".tmp")]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _batches(files: Iterable[_File]) -> Iterator[list[_File]]:
    rest = iter(files)
    while batch := list(islice(rest, _TOGETHER)):
        yield batch


def _added(batch: list[_File], staging: Path, mode: int) -> int:
    written: list[tuple[int, Path, Path]] = []
    try:
        for path, make in batch:
            if not path.exists():
                written.append((*_written(staging, make(), mode), path))
        # all are written before the first is waited for: one commit of the file system then serves most of them
        for fd, _, _ in written:
            os.fsync(fd)
        return sum(_named(temporary, path) for _, temporary, path in written)
    finally:
        for fd, temporary, _ in written:
            os.close(fd)
            temporary.unlink()


def _named(temporary: Path, path: Path) -> bool:
    try:
        path.hardlink_to(temporary)  # unlike rename it refuses to replace: put-if-absent even between two writers
    except FileExistsError:
        return False
    return True


def _written(folder: Path, data: bytes, mode: int) -> tuple[int, Path]:
    """Write a temporary file of its own name; return it open, for ``fsync``, and its path."""
    temporary = folder / f".{secrets.token_hex(8)}.tmp"
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(fd, left) :]
        os.fchmod(fd, mode)
    except OSError:
        os.close(fd)
        temporary.unlink()
        raise
    return fd, temporary
