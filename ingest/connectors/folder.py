"""A folder or a mounted share: files that have come to rest, no links, and "not there" is never "nothing there"."""

import errno
import os
import stat
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from ingest.connectors.file_tree import FileDataset, is_offered, kind_at
from ingest.connectors.protocol import Budget, Item, Limits, PullFailed
from ingest.connectors.secrets import address
from ingest.inbox import readable

_CHUNK = 1 << 20
_DEPTH = 20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # a FIFO must not make us wait


class FolderSystem(BaseModel):
    """A folder that is mounted here. ``root`` is absolute or ``env:NAME``; ``settle_seconds`` how long a file must lie
    unchanged.

    Every declared dataset's folder must exist: an unmounted share is an empty folder, and would look like a sender
    that has nothing to say.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["folder"]
    root: str = Field(pattern=r"^(/|env:[A-Z][A-Z0-9_]{0,99}$)")
    settle_seconds: float = Field(default=2.0, ge=0, le=600)
    limits: Limits = Limits()
    datasets: Mapping[str, FileDataset]


@dataclass(frozen=True)
class _Look:
    """One file as it was found: where, below its dataset's folder, and its version."""

    inside: tuple[str, ...]
    byte_size: int
    changed_at: float
    stamp: str


class FolderConnector:
    """Lists and reads one folder. Paths are opened part by part below the opened root, so that no link leads out."""

    def __init__(self, system: FolderSystem, budget: Budget) -> None:
        """Raises ``NotConnected`` where the root is not set on this machine."""
        self._system, self._budget = system, budget
        self._root = Path(address(system.root))
        self._descriptor = -1
        self._offered: dict[str, tuple[str, ...]] = {}

    def __enter__(self) -> Self:
        if not self._root.is_absolute():
            raise PullFailed("address_unsafe", "the root is not absolute")
        with _vanishing():
            self._descriptor = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def list(self, dataset: str, cursor: str | None) -> Iterator[Item]:
        """Yield the files of ``dataset`` that have come to rest, by path; ``cursor`` is not used: a file can come late
        with an old date. Raises ``PullFailed`` system_unreachable where the folder is not or no longer there."""
        parts = PurePosixPath(self._system.datasets[dataset].folder(dataset)).parts
        for look in self._at_rest(parts):
            whole = (*parts, *look.inside)
            place = readable("/".join(whole))
            self._offered[place] = whole
            self._budget.spend_item()
            yield Item(
                readable(look.inside[-1]), place, look.stamp, byte_size=look.byte_size, kind=kind_at(look.inside)
            )

    def fetch(self, item: Item) -> Iterator[bytes]:
        """Yield the file's bytes; raises ``PullFailed`` item_changed unless it stayed as listed until its end."""
        *folders, name = self._offered[item.place]
        with _vanishing(), _changing(), self._opened(tuple(folders)) as folder:
            descriptor = os.open(name, _FILE, dir_fd=folder)
            with os.fdopen(descriptor, "rb", buffering=0) as file:
                _unchanged(descriptor, item)
                yield from self._budget.metered(iter(lambda: file.read(_CHUNK), b""))
                _unchanged(descriptor, item)

    def _at_rest(self, parts: tuple[str, ...]) -> tuple[_Look, ...]:
        """What lies there unchanged over two looks; what changed lately enough is looked at a second time."""
        first, begun = self._looked(parts), time.time()
        settle = self._system.settle_seconds
        # what seems to come from the future, by a clock ahead of ours, is looked at twice as well
        if all(begun - look.changed_at > settle for look in first):
            return first
        time.sleep(min(settle, self._budget.seconds))
        again = set(self._looked(parts))
        return tuple(look for look in first if look in again)

    def _looked(self, parts: tuple[str, ...]) -> tuple[_Look, ...]:
        most = self._budget.limits.items
        with _vanishing(), self._opened(parts) as folder:
            found = tuple(islice(self._walked(folder, ()), most + 1))
            self._still_there()
        if len(found) > most:
            raise PullFailed("pull_too_many")
        return tuple(sorted(found, key=lambda look: look.inside))

    def _walked(self, folder: int, inside: tuple[str, ...]) -> Iterator[_Look]:
        if len(inside) > _DEPTH:
            raise PullFailed("pull_too_many", "folders within folders")
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if is_offered((entry.name,))]
        for name in names:
            _ = self._budget.seconds
            try:
                found = os.stat(name, dir_fd=folder, follow_symlinks=False)
            except FileNotFoundError:
                continue  # renamed since: the folder itself is looked at once more when all are through
            if stat.S_ISDIR(found.st_mode):
                with _folder(name, folder) as below:
                    yield from self._walked(below, (*inside, name))
            elif stat.S_ISREG(found.st_mode):
                changed_at = max(found.st_mtime, found.st_ctime)
                yield _Look((*inside, name), found.st_size, changed_at, _stamp(found))

    def _still_there(self) -> None:
        """A share that was unmounted meanwhile leaves our descriptor open and the name to an empty folder."""
        if not os.path.samestat(os.fstat(self._descriptor), self._root.stat()):
            raise PullFailed("system_unreachable", "the share went away")

    @contextmanager
    def _opened(self, parts: tuple[str, ...]) -> Generator[int]:
        descriptor = os.dup(self._descriptor)
        try:
            for part in parts:
                below = os.open(part, _FOLDER, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = below
            yield descriptor
        finally:
            os.close(descriptor)


@contextmanager
def _folder(name: str, above: int) -> Generator[int]:
    descriptor = os.open(name, _FOLDER, dir_fd=above)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _vanishing() -> Generator[None]:
    """Whatever else the operating system says means that the share is not there; its words may name a file."""
    try:
        yield
    except PermissionError:
        raise PullFailed("system_refused", "no permission to read") from None
    except OSError as error:
        raise PullFailed("system_unreachable", errno.errorcode.get(error.errno or 0, "")) from None


@contextmanager
def _changing() -> Generator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.ENXIO):
            raise
        raise PullFailed("item_changed", errno.errorcode[error.errno]) from None


def _unchanged(descriptor: int, item: Item) -> None:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or _stamp(found) != item.stamp:
        raise PullFailed("item_changed")


def _stamp(found: os.stat_result) -> str:
    """The change time is in it too: a file put back with its old size and date is looked at again."""
    return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ctime_ns}"
