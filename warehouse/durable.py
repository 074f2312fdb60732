"""Writing so that a power cut leaves the old or the new, never a part."""

import os
from pathlib import Path


def fsync(path: Path) -> None:
    """Make the bytes of a file, or the names in a folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_tree(root: Path) -> None:
    """Make ``root`` and everything in it survive a power cut: contents first, then the names that lead to them."""
    for folder, _, files in os.walk(root, topdown=False):
        for name in files:
            fsync(Path(folder, name))
        fsync(Path(folder))


def move(source: Path, target: Path) -> None:
    """Rename ``source`` to ``target`` in the same file system, durably; ``target`` must not exist."""
    source.rename(target)
    fsync(target.parent)
    fsync(source.parent)


def point(link: Path, target: Path) -> None:
    """Make ``link`` a relative symlink to ``target`` in one atomic step.

    Relative, so that the whole home can be moved or mounted elsewhere. A link that a killed process left
    under the temporary name is replaced.
    """
    fresh = link.with_name(f".{link.name}.tmp")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(target, link.parent))
    fresh.replace(link)
    fsync(link.parent)
