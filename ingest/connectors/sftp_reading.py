"""What is asked of an SFTP server: every file of a folder, and the bytes of one file, several requests in flight."""

import asyncio
import stat
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import asyncssh

from ingest.connectors.protocol import Budget, PullFailed

_BLOCK, _IN_FLIGHT = 32_768, 16  # every server answers a request for 32 KiB; sixteen of them fill a slow line
Path = tuple[bytes, ...]


class Timely(Protocol):
    """Waits for an answer as long as the budget lets a connection be silent."""

    def __call__(self, work: Awaitable[Any]) -> Awaitable[Any]: ...


@dataclass(frozen=True)
class Found:
    """One regular file as the server listed it: names below the dataset's folder, path, size, second of its change."""

    inside: Path
    path: bytes
    byte_size: int
    changed_at: int


async def walked(client: asyncssh.SFTPClient, folders: Path, timely: Timely, budget: Budget) -> AsyncIterator[Found]:
    """Yield every regular file below the first of ``folders`` that is there; links are not followed.

    Raises asyncssh's errors, and ``PullFailed`` answer_unreadable for an entry of which the server does not say what it
    is: passing over it could lose a delivery.
    """
    count = 0
    waiting: deque[tuple[bytes, Path]] = deque([(await _there(client, folders, timely), ())])
    while waiting:
        folder, inside = waiting.popleft()
        entries = client.scandir(folder).__aiter__()
        while (entry := await timely(anext(entries, None))) is not None:
            name, _, count = entry.filename, budget.seconds, count + 1
            if count > budget.limits.items:
                raise PullFailed("pull_too_many")
            if name in (b".", b".."):
                continue
            mode, path = entry.attrs.permissions, folder + b"/" + name
            if mode is None or b"/" in name:
                raise PullFailed("answer_unreadable", "an entry without a mode")
            if stat.S_ISDIR(mode):
                waiting.append((path, (*inside, name)))
            elif stat.S_ISREG(mode):
                yield _found(entry.attrs, (*inside, name), path)


async def read(client: asyncssh.SFTPClient, file: Found, begin: int, timely: Timely) -> AsyncGenerator[bytes]:
    """Yield the bytes of ``file`` from ``begin`` on, in order.

    Raises asyncssh's errors; ``PullFailed`` item_changed where it is not what was listed, body_cut where fewer or more
    bytes came than its size.
    """
    opened = await timely(client.open(file.path, "rb", encoding=None, block_size=0))
    asked: deque[asyncio.Task[bytes]] = deque()
    done = ahead = begin
    try:
        while True:
            while len(asked) < _IN_FLIGHT and ahead <= file.byte_size:
                asked.append(asyncio.ensure_future(opened.read(_BLOCK, ahead)))
                ahead += _BLOCK
            block = await timely(asked.popleft()) if asked else b""
            if not block:
                break
            done += len(block)
            yield block
            if len(block) < _BLOCK:  # a server may answer with less than it was asked for
                await _dropped(asked)
                ahead = done
        said = _found(await timely(opened.stat()), file.inside, file.path)
    finally:
        await _dropped(asked)
        with suppress(asyncssh.Error, OSError, PullFailed):
            await timely(opened.close())
    if said != file:
        raise PullFailed("item_changed")
    if done != file.byte_size:
        raise PullFailed("body_cut")


async def _there(client: asyncssh.SFTPClient, folders: Path, timely: Timely) -> bytes:
    for folder in folders[:-1]:
        with suppress(asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            await timely(client.lstat(folder))
            return folder
    return folders[-1]


async def _dropped(asked: deque[asyncio.Task[bytes]]) -> None:
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    asked.clear()


def _found(attributes: asyncssh.SFTPAttrs, inside: Path, path: bytes) -> Found:
    if attributes.size is None or attributes.mtime is None:
        raise PullFailed("answer_unreadable", "a file without size or time")
    return Found(inside, path, attributes.size, int(attributes.mtime))
