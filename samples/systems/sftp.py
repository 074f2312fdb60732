"""A county's SFTP server: its folders, read-only, behind a password and a host key made at the start."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import asyncssh

from samples.systems.background import Background
from samples.systems.faults import STALL_SECONDS, TRICKLE_SECONDS, Faults

_READ, _LISTED = {"cut", "stall", "trickle"}, {"vanish"}
_WRITES = asyncssh.FXF_WRITE | asyncssh.FXF_APPEND | asyncssh.FXF_CREAT | asyncssh.FXF_TRUNC
_CHANGES = (
    *("remove", "mkdir", "rmdir", "rename", "posix_rename", "symlink", "link"),
    *("setstat", "fsetstat", "lsetstat", "write", "open56"),
)
_TRICKLED = 40


@dataclass
class _Open:
    """What is open now; a connection that breaks while a file is read leaves it open."""

    connections: set[asyncssh.SSHServerConnection] = field(default_factory=set)
    files: set[Any] = field(default_factory=set)

    def close(self) -> None:
        for connection in self.connections:
            connection.abort()
        for file in self.files:
            file.close()


class _Account(asyncssh.SSHServer):
    def __init__(self, user: str, password: str, opened: _Open) -> None:
        self._expected, self._opened = (user, password), opened

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._opened.connections.add(conn)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return secrets.compare_digest(f"{username}\0{password}".encode(), "\0".join(self._expected).encode())


class _ReadOnly(asyncssh.SFTPServer):
    """The folder as ``/``; every way to change something is refused."""

    def __init__(self, channel: Any, folder: Path, faults: Faults, opened: _Open) -> None:
        super().__init__(channel, chroot=str(folder).encode())
        self._faults, self._opened = faults, opened

    def open(self, path: bytes, pflags: int, attrs: Any) -> Any:
        if pflags & _WRITES:
            _refuse()
        file = super().open(path, pflags, attrs)
        self._opened.files.add(file)
        return file

    def close(self, file_obj: Any) -> Any:
        self._opened.files.discard(file_obj)
        return super().close(file_obj)

    async def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        data = super().read(file_obj, offset, size)
        assert isinstance(data, bytes)
        match self._faults.take(_READ):
            case None:
                return data
            case "cut":
                self.connection.abort()
            case "trickle":
                await asyncio.sleep(TRICKLE_SECONDS * min(len(data), _TRICKLED))
                return data[:1]
            case "stall":
                await asyncio.sleep(STALL_SECONDS)
        return b""

    async def scandir(self, path: bytes) -> AsyncIterator[Any]:
        is_vanishing = self._faults.take(_LISTED) is not None
        async for one in super().scandir(path):
            yield one
            if is_vanishing:
                self.connection.abort()


def _refuse(*_args: Any) -> NoReturn:
    raise asyncssh.SFTPPermissionDenied("read-only")


for _change in _CHANGES:
    setattr(_ReadOnly, _change, _refuse)


@contextmanager
def serve_sftp(background: Background, folder: Path, faults: Faults) -> Generator[dict[str, str]]:
    """Serve ``folder`` on a free port; yield ``url``, ``user``, ``password`` and ``host_key`` (a public key's line)."""
    user, password = "jinguo", secrets.token_urlsafe(18)
    key = asyncssh.generate_private_key("ssh-ed25519")
    opened = _Open()
    account = partial(_Account, user, password, opened)
    files = partial(_ReadOnly, folder=folder, faults=faults, opened=opened)
    listening = background.wait_for(_listening(key, account, files))
    public = " ".join(key.export_public_key().decode().split()[:2])
    try:
        url = f"sftp://127.0.0.1:{listening.get_port()}"
        yield {"url": url, "user": user, "password": password, "host_key": public}
    finally:
        background.wait_for(_closed(listening, opened))


async def _listening(key: asyncssh.SSHKey, account: Any, files: Any) -> asyncssh.SSHAcceptor:
    return await asyncssh.listen(
        "127.0.0.1", 0, server_host_keys=[key], server_factory=account, sftp_factory=files, login_timeout=30
    )


async def _closed(listening: asyncssh.SSHAcceptor, opened: _Open) -> None:
    listening.close()
    opened.close()
    await listening.wait_closed()
