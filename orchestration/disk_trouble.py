"""Recognises, in whatever library's exception, that the disk is full or may not be written, without its words."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

_FULL, _READ_ONLY = "disk_full", "disk_read_only"
_BY_NUMBER = {errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EROFS: _READ_ONLY}
_BY_SQLITE = {"SQLITE_FULL": _FULL, "SQLITE_READONLY": _READ_ONLY, "SQLITE_READONLY_DIRECTORY": _READ_ONLY}
_BY_WORDS = (
    ("No space left on device", _FULL),
    ("Disk quota exceeded", _FULL),
    ("database or disk is full", _FULL),
    ("Read-only file system", _READ_ONLY),
    ("readonly database", _READ_ONLY),
)
_SAID = {
    _FULL: (
        "磁盘已满 the disk of the home is full",
        "腾出空间后重新运行，已收到的都在: df -h, jinguo prune, jinguo nightly",
    ),
    _READ_ONLY: (
        "磁盘只读 the disk of the home may not be written",
        "重新挂载为可写后再运行 remount it, then: jinguo nightly",
    ),
}


def disk_trouble(error: BaseException, folder: Path) -> tuple[str, str, str] | None:
    """Return (code, what, what to do) where ``error`` or one of its causes is a full or read-only disk, else None.

    An exception of the operating system or of a database that does not say so is taken for one while the disk of
    ``folder`` is read-only or has not a block left.
    """
    chain = list(_chain(error))
    found = next((code for one in chain if (code := _code(one))), None)
    if found is None and any(isinstance(one, OSError) or hasattr(one, "sqlite_errorname") for one in chain):
        found = _as_it_is(folder)
    return (found, *_SAID[found]) if found else None


def disk_said(message: str, folder: Path) -> str | None:
    """Return what is the matter where DuckDB's words mean that the disk of ``folder`` is full or read-only, else None.

    Of the rest of a file that it could not write it says only that it cannot read it: then the disk is looked at.
    """
    code = _by_words(message) or (_as_it_is(folder) if "IO Error" in message else None)
    return f"{code}: {_SAID[code][0]}" if code else None


def _code(error: BaseException) -> str | None:
    number = _BY_NUMBER.get(error.errno or 0) if isinstance(error, OSError) else None
    return number or _BY_SQLITE.get(getattr(error, "sqlite_errorname", "")) or _by_words(str(error))


def _by_words(message: str) -> str | None:
    return next((code for words, code in _BY_WORDS if words in message), None)


def _as_it_is(folder: Path) -> str | None:
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    if found.f_flag & os.ST_RDONLY:
        return _READ_ONLY
    return _FULL if found.f_bavail == 0 else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, what it wraps and what led to it, each once."""
    seen: set[int] = set()
    coming = [error]
    while coming:
        one = coming.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        linked = (getattr(one, "orig", None), one.__cause__, one.__context__)
        coming += [other for other in linked if isinstance(other, BaseException)]
