"""Landing what lies in an inbox. The inbox stays as it is: it may be somebody else's read-only share."""

import os
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.home import Home
from ingest.inbox import Arrival, arrival, read_history, walk
from ingest.keys import Keyring
from ingest.lander import BATCH_FILES, LARGEST, Landed, Lander, Offered

Progress = Callable[[int, int], None]
QUIET, AHEAD = timedelta(seconds=2), timedelta(days=1)


def land_inbox(
    home: Home,
    keyring: Keyring,
    *,
    now: datetime,
    history: Path | None = None,
    at_rest: Collection[Path] = (),
    progress: Progress | None = None,
) -> Landed:
    """Land every file of ``home.inbox`` that is not landed yet, as received at ``now`` (with offset).

    Files that changed less than 2 s before ``now`` wait, unless the caller saw them ``at_rest``. With ``history``
    (see ``land_history``) nothing waits, and the files it lists are received when it says. ``progress`` is called with
    (files done, files in all).
    """
    home.prepare()
    stated = {} if history is None else {path: when for path, (_, when) in read_history(history).items()}
    found = [
        one
        for one in walk(home.inbox, stated, now.astimezone(UTC))
        if history is None or one.path != history.absolute()
    ]
    settled = found if history else [one for one in found if one.path in at_rest or is_quiet(one, now)]
    landed = _land(home, keyring, settled, progress)
    landed.waiting += len(found) - len(settled)
    return landed


def land_history(home: Home, keyring: Keyring, history: Path, progress: Progress | None = None) -> Landed:
    """Land the files of a backfill whose arrivals are known: those that the JSON lines ``history`` list.

    Raises ``HistoryUnusable`` before anything is landed. Source of the format: ``ingest.inbox.read_history``.
    """
    home.prepare()
    listed = read_history(history).items()
    found = [arrival(path, place.parts, when, is_stated=True) for path, (place, when) in listed]
    return _land(home, keyring, found, progress)


def is_quiet(one: Arrival, now: datetime) -> bool:
    """Whether nobody wrote to a file for 2 s before ``now``."""
    age = now.timestamp() - one.mtime_ns / 1e9
    # a share's clock may run ahead; but a file from far in the future would wait for ever
    return not -AHEAD.total_seconds() < age < QUIET.total_seconds() or not one.is_regular


def _land(home: Home, keyring: Keyring, arrivals: list[Arrival], progress: Progress | None) -> Landed:
    tell = progress or (lambda done, total: None)
    with Lander(home, keyring) as lander:
        for done, one in enumerate(arrivals, 1):
            offered = _read(one, lander)
            is_durable = offered is not None and lander.offer(offered)
            if is_durable or done % BATCH_FILES == 0:
                tell(done, len(arrivals))
    tell(len(arrivals), len(arrivals))
    return lander.landed


def _read(one: Arrival, lander: Lander) -> Offered | None:
    """Read a file, unless it was landed as it lies there; None also where it must wait or cannot be read."""
    place, stamp = place_of(one, lander), f"{one.byte_size}:{one.mtime_ns}"
    if lander.knows(place, stamp):
        return None
    if not one.is_regular or one.byte_size > LARGEST:
        return lander.refuse(one.sender, one.dataset, "file_too_large" if one.is_regular else "file_unreadable")
    try:
        data = _content(one)
    except OSError:
        return lander.refuse(one.sender, one.dataset, "file_unreadable")
    if data is None:
        lander.landed.waiting += 1
        return None
    return Offered(
        sender=one.sender,
        dataset=one.dataset,
        kind=one.kind,
        name=one.name,
        place=place,
        stamp=stamp,
        received_at=one.received_at,
        data=data,
        is_stated=one.is_stated,
        reason_code=one.reason_code,
    )


def place_of(one: Arrival, lander: Lander) -> str:
    """The keyed place under which landing remembers a file."""
    # what the folder means is part of it: when a dataset becomes known, its waiting files are read again
    stated = one.received_at.isoformat() if one.is_stated else ""
    return lander.place(one.sender, one.dataset, one.kind, stated, os.fspath(one.path))


def _content(one: Arrival) -> bytes | None:
    """Read the file; None where it is gone or changed since it was listed: then somebody is still at work on it."""
    try:
        fd = os.open(one.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(fd, "rb") as file:
        data = file.read(LARGEST + 1)
        found = os.fstat(fd)
    is_same = (found.st_size, found.st_mtime_ns) == (one.byte_size, one.mtime_ns)
    return data if is_same and len(data) == one.byte_size else None
