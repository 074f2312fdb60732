"""One login to an SFTP server: only after it showed the pinned host key, renewed where the connection is lost."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Generator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

import asyncssh
from asyncssh.public_key import get_default_public_key_algs

from ingest.connectors.protocol import Budget, PullFailed
from ingest.connectors.sftp_reading import Found, read, walked

_WAITS = (0.2, 1.0, None)  # seconds before the second and the third attempt to reach a server
_CLOSING = 2.0  # seconds that a connection may take to let go after it was aborted
_ATTEMPTS = 3  # of one listing, and of one reading that gets no further
_Given = TypeVar("_Given")

# asyncssh tells its log the names of files, which can be names of persons (law 3).
logging.getLogger("asyncssh").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True)
class Login:
    """Where to go, whom to trust and how to prove ourselves: ``host_key`` is one line, one of the last two is empty."""

    host: str
    port: int
    user: str
    host_key: str
    password: str
    private_key: str


class _Lost(Exception):
    """The connection is gone or silent; what it was used for may be tried on another one."""


class _Kept(asyncssh.SSHClient):
    """Keeps each connection from its first moment: one that is given up while it is made is closed as well."""

    def __init__(self, made: list[asyncssh.SSHClientConnection]) -> None:
        self._made = made

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self._made.append(conn)


class Session:
    """Lists and reads over one connection at a time; no wait outlasts the budget. Raises ``PullFailed`` only."""

    _client: asyncssh.SFTPClient

    def __init__(self, login: Login, budget: Budget) -> None:
        self._login, self._budget = login, budget
        self._made: list[asyncssh.SSHClientConnection] = []
        self._renewing, self._generation, self._received = asyncio.Lock(), 0, 0

    async def opened(self) -> None:
        """Connect, trying again where nobody answers."""
        for wait in _WAITS:
            try:
                return await self._connected()
            except _Lost:
                if wait is None:
                    raise PullFailed("system_unreachable") from None
            self._budget.spend_retry()
            await asyncio.sleep(min(wait, self._budget.seconds))

    async def closed(self) -> None:
        """Close the connection without waiting for the server's leave."""
        while self._made:
            connection = self._made.pop()
            connection.abort()
            with suppress(TimeoutError):  # one that was given up while it was made may never tell that it closed
                await asyncio.wait_for(connection.wait_closed(), _CLOSING)

    async def files(self, folders: tuple[bytes, ...]) -> list[Found]:
        """Return every regular file below the first of ``folders`` (one folder, as old and new servers spell it) that
        is there, by path: the whole listing or none of it."""
        for _ in range(_ATTEMPTS):
            generation = self._generation
            try:
                with _told(missing="system_unreachable"):
                    found = [file async for file in walked(self._client, folders, self._timely, self._budget)]
                    return sorted(found, key=lambda file: file.inside)
            except _Lost:
                await self._renewed(generation)
        raise PullFailed("system_unreachable", "lost while listing")

    async def blocks(self, file: Found) -> AsyncGenerator[bytes]:
        """Yield the bytes of ``file``, going on where a lost connection cut them, as long as it is as it was listed."""
        done = stuck = 0
        while True:
            generation, before = self._generation, self._received
            try:
                with _told(missing="item_changed"):
                    async with aclosing(read(self._client, file, done, self._timely)) as blocks:
                        async for block in blocks:
                            done += len(block)
                            self._received += 1
                            yield block
                    return
            except _Lost:  # a line that is cut is cut for all readers: only when none got further are we stuck
                stuck = stuck + 1 if self._received == before else 0
            if stuck == _ATTEMPTS:
                raise PullFailed("body_cut", "lost while reading")
            await self._renewed(generation)

    async def _connected(self) -> None:
        login, seconds = self._login, self._budget.idle_seconds
        with _told(missing="system_unreachable"):
            pinned = _host_key(login.host_key)
            own = [_private_key(login.private_key)] if login.private_key else None
            connection = await asyncssh.connect(
                login.host,
                login.port,
                client_factory=lambda: _Kept(self._made),
                config=None,  # what somebody keeps in ~/.ssh says nothing about this system
                known_hosts=([pinned], [], []),
                server_host_key_algs=_kinds(pinned),
                username=login.user,
                password=login.password or None,
                client_keys=own,
                agent_path=None,
                gss_host=None,
                preferred_auth="publickey" if own else "password",
                connect_timeout=seconds,
                login_timeout=seconds,
                keepalive_interval=seconds,
            )
            self._client = await self._timely(connection.start_sftp_client(path_encoding=None))
        self._generation += 1

    async def _renewed(self, generation: int) -> None:
        """Connect anew, once for all readers that lost the same connection."""
        async with self._renewing:
            if generation == self._generation:
                self._budget.spend_retry()
                await self.closed()
                await self.opened()

    async def _timely(self, work: Awaitable[_Given]) -> _Given:
        begun = asyncio.ensure_future(work)
        try:
            return await asyncio.wait_for(begun, self._budget.idle_seconds)
        finally:
            begun.cancel()


def _host_key(line: str) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_public_key(line)
    except asyncssh.KeyImportError:
        raise PullFailed("host_key_changed", "the pinned key is no public key") from None


def _kinds(pinned: asyncssh.SSHKey) -> list[str]:
    """Ask for the pinned kind first, and for any other: a server that no longer has the pinned one then shows its new
    key, which is refused by name, instead of hanging up, which looks like a broken line."""
    every = [kind.decode("ascii") for kind in get_default_public_key_algs()]
    own = {kind.decode("ascii") for kind in pinned.sig_algorithms}
    return sorted(every, key=lambda kind: kind not in own)


def _private_key(text: str) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_private_key(text)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise PullFailed("system_refused", "our own key is no private key, or a locked one") from None


@contextmanager
def _told(missing: str) -> Generator[None]:
    """Say in our own words what went wrong, for the server's may name a file; ``missing``: the path is not there."""
    try:
        yield
    except asyncssh.HostKeyNotVerifiable:
        raise PullFailed("host_key_changed") from None
    except (asyncssh.PermissionDenied, asyncssh.SFTPPermissionDenied):
        raise PullFailed("system_refused") from None
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath, asyncssh.SFTPNotADirectory):
        raise PullFailed(missing) from None
    except (asyncssh.Error, OSError):
        raise _Lost from None
