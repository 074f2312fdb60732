"""Changing the keys of an installation, so that a kill at any moment leaves every object readable.

The landing key: the key of before is kept beside the new one (``landing.key.old``) until every object is sealed with
the new one; until then both open. The order is: keep the old, name the new, seal anew, retire the old. The token key
needs no such care: it belongs to the rules, so the next night cleans everything again.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.durable import sync_directory, write_durably
from ingest.home import Home
from ingest.keys import OLD_LANDING, Keyring
from ingest.landing import Landing, LandingDamaged
from ingest.receipts import read_receipts

Progress = Callable[[int, int], None]
RETIRED = ".retired-"


@dataclass(frozen=True)
class Rotated:
    """What a rotation did: objects ``sealed`` anew, those ``before`` it found so already, ``damaged`` ones (by hash),
    and the ``retired`` key, None where damaged objects keep the rotation from ending."""

    sealed: int
    before: int
    damaged: tuple[str, ...]
    retired: Path | None


@dataclass(frozen=True)
class Checked:
    """What the keys open: ``objects`` that gave back their bytes, ``by_key`` how many each landing key (id) sealed,
    ``damaged`` ones with what is wrong, ``missing`` ones that a receipt names, and ``retired`` keys still kept."""

    objects: int
    by_key: Mapping[str, int]
    damaged: Mapping[str, str]
    missing: tuple[str, ...]
    retired: tuple[str, ...]


def rotate_landing(home: Home, progress: Progress | None = None) -> Rotated:
    """Give landing a new key, or end a rotation that was killed; the caller holds the night's lock.

    ``progress`` is called with (objects done, in all). Raises ``KeysUnusable``.
    """
    _begin(home)
    keyring, tell = Keyring.open(home), progress or (lambda done, total: None)
    landing = Landing(home, keyring)
    for left in home.objects.glob("*/.*.tmp"):  # half an object that a killed rotation was writing
        left.unlink()
    found, sealed, damaged = _objects(home), 0, []
    for done, sha in enumerate(found, 1):
        try:
            sealed += landing.seal_again(sha)
        except LandingDamaged:
            damaged.append(sha)
        tell(done, len(found))
    retired = None if damaged else _retired(home, keyring)
    return Rotated(sealed, len(found) - sealed - len(damaged), tuple(damaged), retired)


def rotate_tokens(home: Home) -> Path:
    """Make a new token key and return where the one of before is kept; the caller holds the night's lock."""
    key_id = Keyring.open(home).tokens.key_id
    path = home.keys / "tokens.key"
    kept = home.keys / f"tokens.key{RETIRED}{key_id}"
    write_durably(kept, path.read_bytes())
    write_durably(path, _new_key())
    return kept


def check(home: Home, keyring: Keyring, progress: Progress | None = None) -> Checked:
    """Open every object and look for every receipt's; the proof that keys and landing belong together.

    ``progress`` is called with (objects done, in all). Raises ``ReceiptDamaged``.
    """
    landing, tell = Landing(home, keyring), progress or (lambda done, total: None)
    found, by_key, damaged = _objects(home), Counter[str](), {}
    for done, sha in enumerate(found, 1):
        try:
            by_key[landing.key_id_of(sha)] += 1
            landing.get(sha)
        except LandingDamaged as damage:
            damaged[sha] = damage.what
        tell(done, len(found))
    told = {receipt.sha256 for receipt in read_receipts(home)}
    retired = tuple(sorted(path.name for path in home.keys.glob(f"*{RETIRED}*")))
    return Checked(len(found) - len(damaged), by_key, damaged, tuple(sorted(told - set(found))), retired)


def _begin(home: Home) -> None:
    keyring, current, old = Keyring.open(home), home.keys / "landing.key", home.keys / OLD_LANDING
    if keyring.old_landing is None:
        write_durably(old, current.read_bytes())
    elif keyring.old_landing.key_id != keyring.landing.key_id:
        return
    write_durably(current, _new_key())


def _retired(home: Home, keyring: Keyring) -> Path:
    assert keyring.old_landing  # _begin saw to it
    kept = home.keys / f"landing.key{RETIRED}{keyring.old_landing.key_id}"
    (home.keys / OLD_LANDING).rename(kept)
    sync_directory(home.keys)
    return kept


def _new_key() -> bytes:
    return secrets.token_hex(32).encode() + b"\n"


def _objects(home: Home) -> list[str]:
    return sorted(path.name for path in home.objects.glob("*/*") if not path.name.startswith("."))
