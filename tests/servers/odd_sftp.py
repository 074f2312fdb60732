"""An SFTP server in this process that misbehaves as it is told: it cuts, stalls, trickles and lies about sizes."""

import asyncio
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import asyncssh

from ingest.connectors.background import Background
from tests.servers.process import HOST

USER, PASSWORD = "county", "not-a-secret-5"


@dataclass
class Odd:
    """A running server and its mischief; ``logins`` tells each user name that was offered to it.

    ``cuts``: connections to be cut while a file is read, each after ``after`` blocks; ``list_cuts``: likewise after two
    entries of a listing; ``pause``: seconds before each block; ``lie``: added to every size that it lists or states.
    """

    root: Path
    host_key: str
    port: int = 0
    cuts: int = 0
    list_cuts: int = 0
    after: int = 2
    pause: float = 0.0
    lie: int = 0
    short: int = 0
    blocks: int = 0
    logins: list[str] = field(default_factory=list)
    opened: list[BinaryIO] = field(default_factory=list)
    connections: list[asyncssh.SSHServerConnection] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"sftp://{HOST}:{self.port}/"


class _Login(asyncssh.SSHServer):
    def __init__(self, odd: Odd) -> None:
        self._odd = odd

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._odd.connections.append(conn)

    def begin_auth(self, username: str) -> bool:
        self._odd.logins.append(username)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


class _Files(asyncssh.SFTPServer):
    def __init__(self, channel: asyncssh.SSHServerChannel, odd: Odd) -> None:
        super().__init__(channel, chroot=str(odd.root).encode())
        self._odd, self._connection = odd, channel.get_connection()

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        number = 0
        async for entry in super().scandir(path):
            entry.attrs.size = (entry.attrs.size or 0) + self._odd.lie
            number += 1
            if number > 4 and self._odd.list_cuts:
                self._odd.list_cuts -= 1
                self._connection.abort()
                await asyncio.sleep(0.05)
                raise asyncssh.SFTPFailure("gone")
            yield entry

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        self._odd.opened.append(super().open(path, pflags, attrs))
        return self._odd.opened[-1]

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        self._odd.blocks += 1
        if self._odd.pause:
            await asyncio.sleep(self._odd.pause)
        if self._odd.cuts and self._odd.blocks > self._odd.after:
            self._odd.cuts, self._odd.blocks = self._odd.cuts - 1, 0
            self._connection.abort()
            raise asyncssh.SFTPFailure("gone")
        return super().read(file_obj, offset, min(size, self._odd.short or size))

    def fstat(self, file_obj: object) -> asyncssh.SFTPAttrs:
        found = asyncssh.SFTPAttrs.from_local(super().fstat(file_obj))
        found.size = (found.size or 0) + self._odd.lie
        return found


@contextmanager
def running(root: Path) -> Generator[Odd]:
    """Serve ``root`` to USER with PASSWORD until the block ends."""
    key, background = asyncssh.generate_private_key("ssh-ed25519"), Background()
    odd = Odd(root, key.export_public_key().decode().strip())
    background.start()
    server = background.wait(_listening(odd, key))
    odd.port = server.sockets[0].getsockname()[1]
    try:
        yield odd
    finally:
        background.wait(_closed(server, odd.connections))
        background.stop()
        for file in odd.opened:  # a connection that is cut leaves its files to nobody
            file.close()


async def _listening(odd: Odd, key: asyncssh.SSHKey) -> asyncssh.SSHAcceptor:
    return await asyncssh.listen(
        HOST, 0, server_host_keys=[key], server_factory=lambda: _Login(odd), sftp_factory=lambda it: _Files(it, odd)
    )


async def _closed(server: asyncssh.SSHAcceptor, connections: list[asyncssh.SSHServerConnection]) -> None:
    server.close()
    await server.wait_closed()
    for connection in connections:
        connection.abort()
        await connection.wait_closed()
