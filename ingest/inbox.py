"""What lies in an inbox: which file is whose, of which dataset and kind. The folder says it, never the file's name."""

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from ingest.contracts import CONTRACTS
from ingest.receipts import Kind

UNKNOWN = "unknown"
_SENDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_FOLDER_KINDS: tuple[Kind, ...] = ("correction", "withdrawal")


class HistoryUnusable(Exception):
    """A history file cannot be followed; the message names the line by number, never what it says."""


@dataclass(frozen=True)
class Arrival:
    """One file of an inbox before it is read.

    ``name`` is what the receipt keeps: the file's name, or its whole path where its folder means nothing to us;
    ``reason_code`` says that landing must refuse it; ``is_stated`` that ``received_at`` (UTC) comes from a history.
    """

    path: Path
    name: str
    sender: str
    dataset: str
    kind: Kind
    received_at: datetime
    is_stated: bool
    is_regular: bool
    byte_size: int
    mtime_ns: int
    reason_code: str | None


def walk(inbox: Path, stated: Mapping[Path, datetime], now: datetime) -> Iterator[Arrival]:
    """Yield every file below ``inbox`` in the order of its path, links too (``is_regular`` false), never following one.

    ``stated`` gives the arrival of some files by absolute path; of the others it is ``now`` (UTC). Left out are files
    that programs leave while they write: hidden ones, ``~$…``, ``*.tmp``, ``*.part``.
    """
    for entry, place in _files(inbox, ()):
        path = Path(entry.path)
        yield arrival(path, place, stated.get(path, now), is_stated=path in stated)


def read_history(history: Path) -> dict[Path, tuple[PurePosixPath, datetime]]:
    """Return, by absolute path, each file of ``history`` with its place in the inbox and its arrival in UTC.

    A line is ``{"path": relative to the history's folder, "received_at": ISO 8601 with offset}``; a leading ``inbox/``
    is not part of the place. Raises ``HistoryUnusable`` for any line that cannot be followed, before anything lands.
    """
    found: dict[Path, tuple[PurePosixPath, datetime]] = {}
    folder = history.absolute().parent
    with history.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            place, received_at = _said(line, f"{history}, line {number}")
            if not os.path.lexists(folder / place):
                raise HistoryUnusable(f"{history}, line {number}: no such file")
            inside = place.relative_to("inbox") if place.parts[0] == "inbox" else place
            # a file listed twice arrived when it first did
            _, earlier = found.get(folder / place, (inside, received_at))
            found[folder / place] = (inside, min(received_at, earlier))
    return found


def _said(line: str, where: str) -> tuple[PurePosixPath, datetime]:
    try:
        said = json.loads(line)
        place, received_at = PurePosixPath(said["path"]), datetime.fromisoformat(said["received_at"])
    except (ValueError, KeyError, TypeError) as error:
        raise HistoryUnusable(f"{where}: {type(error).__name__}") from None
    if not place.parts or place.is_absolute() or ".." in place.parts:
        raise HistoryUnusable(f"{where}: the path does not lie in the history's folder")
    if received_at.tzinfo is None:
        raise HistoryUnusable(f"{where}: the time has no offset")
    return place, received_at.astimezone(UTC)


def arrival(path: Path, place: tuple[str, ...], received_at: datetime, *, is_stated: bool) -> Arrival:
    """Describe the file ``path`` whose place in the inbox is ``place``: ``<sender>/<dataset>[/<kind>]/<name>``."""
    found = os.lstat(path)
    *folders, name = place
    sender, dataset, kind, reason_code = _meaning(folders)
    return Arrival(
        path=path,
        name=readable("/".join(place) if reason_code else name),
        sender=sender,
        dataset=dataset,
        kind=kind,
        received_at=received_at,
        is_stated=is_stated,
        is_regular=stat.S_ISREG(found.st_mode),
        byte_size=found.st_size,
        mtime_ns=found.st_mtime_ns,
        reason_code=reason_code,
    )


def is_left_out(name: str) -> bool:
    """Whether a file of this name is a program's leftover and not a delivery."""
    return name.startswith((".", "~$")) or name.lower().endswith((".tmp", ".part"))


def readable(name: str) -> str:
    """Return a file's name as text: names written by old systems are GBK bytes, which Python shows as surrogates."""
    written = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return written.decode("utf-8", "backslashreplace")


def _meaning(folders: Sequence[str]) -> tuple[str, str, Kind, str | None]:
    sender = folders[0] if folders and _SENDER.fullmatch(folders[0]) else UNKNOWN
    contract = CONTRACTS.get(folders[1]) if len(folders) > 1 else None
    if contract is None or sender == UNKNOWN or len(folders) > 3:
        # the folder's own words stay out of the ledger: somebody may have named a folder after a person
        return sender, UNKNOWN, "snapshot", "dataset_unknown"
    delivers: Kind = "snapshot" if contract.delivers == "snapshot" else "increment"
    kinds = {kind: kind for kind in _FOLDER_KINDS}
    kind = kinds.get(folders[2]) if len(folders) == 3 else delivers
    if kind is None:
        return sender, UNKNOWN, "snapshot", "dataset_unknown"
    return sender, contract.dataset, kind, None


def _files(folder: str | Path, place: tuple[str, ...]) -> Iterator[tuple[os.DirEntry[str], tuple[str, ...]]]:
    """Every file below ``folder`` with the names that lead to it, ``place`` being those that lead to ``folder``."""
    with os.scandir(folder) as entries:
        found = sorted((entry for entry in entries if not is_left_out(entry.name)), key=lambda entry: entry.name)
    for entry in found:
        at = (*place, entry.name)
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, at)
        else:
            yield entry, at
