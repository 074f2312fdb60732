"""An upload becomes a file of the inbox: whole and durable under its last name, or not at all."""

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from ingest.contracts import CONTRACTS
from ingest.durable import make_directory, sync_directory
from ingest.home import Home
from ingest.inbox import is_left_out
from orchestration.receiver.signed import Refusal, Signed

_FOLDERS = {"": "", "correction": "correction", "withdrawal": "withdrawal"}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")
_LONGEST = 120
STARTED = ".part"


@dataclass(frozen=True)
class Place:
    """Where one upload goes: ``folder`` of the inbox, under ``name``."""

    folder: Path
    name: str


def place_for(home: Home, signed: Signed, datasets: tuple[str, ...]) -> Place:
    """Return where an upload goes. Raises ``Refusal`` 422 for a dataset, a kind or a name that is none, 403 where the
    sender may not send that dataset."""
    if signed.dataset not in CONTRACTS:
        raise Refusal(422, "dataset_unknown")
    if datasets and signed.dataset not in datasets:
        raise Refusal(403, "dataset_not_permitted")
    if signed.kind not in _FOLDERS:
        raise Refusal(422, "kind_unknown")
    folder = home.inbox / signed.sender / signed.dataset / _FOLDERS[signed.kind]
    # the hash before the name: another content never replaces a file, and the same content is the same file
    return Place(folder, f"{signed.sha256[:16]}-{_readable(signed.file_name)}")


def _readable(file_name: str) -> str:
    """What is left of a percent-encoded name when nothing of it can be a path or hide the file."""
    try:
        name = unquote(file_name, errors="strict")
    except UnicodeDecodeError:
        raise Refusal(422, "file_name_unreadable") from None
    name = _UNSAFE.sub("", re.split(r"[/\\]", name)[-1]).strip(" .~$")
    while len(name.encode()) > _LONGEST:
        name = name[1:]  # the end says what kind of file it is
    return name if name and not is_left_out(name) else "upload"


async def receive(chunks: AsyncIterator[bytes], place: Place, signed: Signed, most_bytes: int, seconds: float) -> int:
    """Write a body to its place; return its size in bytes once it would survive a power cut.

    Raises ``Refusal``: 413 too large, 408 too slow, 400 where it is not what was signed, 507 where the disk is full.
    """
    part = place.folder / f".{secrets.token_hex(8)}{STARTED}"
    try:
        for folder in (place.folder.parent.parent, place.folder.parent, place.folder):
            make_directory(folder, 0o750)
        async with asyncio.timeout(seconds):
            size = await _written(chunks, part, signed.sha256, most_bytes)
        part.rename(place.folder / place.name)
        sync_directory(place.folder)
        return size
    except TimeoutError:
        raise Refusal(408, "too_slow") from None
    except OSError:
        raise Refusal(507, "not_stored") from None
    finally:
        part.unlink(missing_ok=True)


async def _written(chunks: AsyncIterator[bytes], part: Path, sha256: str, most_bytes: int) -> int:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > most_bytes:
                raise Refusal(413, "too_large")
            digest.update(chunk)
            file.write(chunk)
        if digest.hexdigest() != sha256:
            raise Refusal(400, "body_is_not_what_was_signed")
        file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())
    return size


def sweep_parts(home: Home) -> None:
    """Remove what a killed receiver left half written; call it before anything is received."""
    for path in home.inbox.glob(f"*/*/**/.*{STARTED}"):
        path.unlink(missing_ok=True)
