"""What a sensor looks at: cheap, without reading a file, and remembered in a cursor of a few dozen letters."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import sleep

from ingest.arrivals import QUIET, is_quiet
from ingest.connectors.protocol import Budget, Connector, Limits, PullFailed
from ingest.connectors.secrets import NotConnected
from ingest.home import Home
from ingest.inbox import Arrival
from ingest.keys import Keyring
from ingest.spec import SpecInvalid
from ingest.systems import SystemBook
from ingest.waiting import waiting

# A tick has 60 s before its caller gives up on it; a listing that takes longer is the night's.
_A_TICK = Limits(seconds=20, idle_seconds=10, retries=2)
LISTED = ("folder", "objects", "sftp")
ASKED = ("http", "sql")
KINDS = (*LISTED, *ASKED)


@dataclass(frozen=True)
class Look:
    """One look. ``run_key`` names what was found, None where there is nothing to do; ``why`` says so in codes and
    counts; ``cursor`` is what the next look begins with, ``pulls`` the senders whose systems have something."""

    run_key: str | None
    why: str
    cursor: str = ""
    pulls: tuple[str, ...] = ()


def look_at_inbox(home: Home, keyring: Keyring, now: dt.datetime) -> Look:
    """Say whether something lies in the inbox that landing would read. What failed once is not tried again at once:
    the same arrival has the same key. What only just came is looked at twice: the next look is further away."""
    found = waiting(home, keyring, now)
    at_rest = _at_rest(found, now)
    if found and not at_rest:
        sleep(QUIET.total_seconds())
        now += QUIET
        at_rest = _at_rest(waiting(home, keyring, now), now)
    if not at_rest:
        return Look(None, "nothing arrived")
    senders = {one.sender for one in at_rest.values()}
    return Look(f"inbox-{_digest(at_rest)}", f"{len(at_rest)} files of {len(senders)} senders")


def _at_rest(found: Iterable[tuple[str, Arrival]], now: dt.datetime) -> dict[str, Arrival]:
    return {key: one for key, one in found if is_quiet(one, now)}


def look_at_systems(
    kind: str, cursor: str | None, now: dt.datetime, announced: Mapping[str, int] | None = None
) -> Look:
    """Say which systems of ``kind`` offer something else than at the last look.

    Files and objects are listed, by place and stamp. An API or a database can only be asked by pulling it: that is due
    once an hour. ``announced`` is when (ns) which sender last said that there is something.
    """
    try:
        book = SystemBook()
    except SpecInvalid:
        return Look(None, "a system.toml is invalid: jinguo systems --check", cursor or "")
    before: dict[str, str] = _read(cursor)
    seen, failed = {}, 0
    words = {sender: str(at) for sender, at in (announced or {}).items()}
    for sender in book.senders():
        if book.get(sender).kind != kind:
            continue
        try:
            opened = book.open(sender, Budget(_A_TICK))
            found = f"{now:%Y%m%d%H}" if kind in ASKED else _listed(opened, book.get(sender).datasets)
            seen[sender] = _digest((words.get(sender, ""), found))
        except NotConnected:
            continue
        except PullFailed:  # the pull of the night tells what is wrong; a look is not worth an alert
            failed += 1
            seen[sender] = before.get(sender, "")
    told = json.dumps(seen, sort_keys=True)
    news = tuple(sender for sender, stamp in seen.items() if stamp and before.get(sender) != stamp)
    if not news:
        return Look(None, f"{len(seen)} systems, {failed} of them silent, nothing new", told)
    return Look(f"{kind}-{_digest([told])}", f"{len(news)} systems", told, news)


def _listed(connector: Connector, datasets: Iterable[str]) -> str:
    with connector as system:
        return _digest(f"{name} {item.place} {item.stamp}" for name in datasets for item in system.list(name, None))


def _digest(words: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()[:16]


def _read(cursor: str | None) -> dict[str, str]:
    try:
        return json.loads(cursor or "{}")
    except ValueError:
        return {}
