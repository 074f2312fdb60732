"""SFTP: files in the folders of a server that proves itself with exactly the host key that was pinned."""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ingest.connectors.background import Background
from ingest.connectors.file_tree import FileDataset, is_offered, kind_at
from ingest.connectors.protocol import Budget, Item, Limits, PullFailed
from ingest.connectors.secrets import Reference, address, revealed
from ingest.inbox import readable

if TYPE_CHECKING:
    from ingest.connectors.sftp_reading import Found

_AHEAD = 8  # files read beforehand while the ones before them are landed: many small files cost waiting, not bytes
_QUEUED = 64  # blocks of one file that wait for us: memory stays at a few MB a file


class SftpSystem(BaseModel):
    """A sender's SFTP server: ``url`` is ``sftp://host:port/root``.

    ``host_key`` is the server's public key as one line (``ssh-ed25519 AAAA...``), or where that line lies; there is no
    way to trust whatever key a server shows. ``password`` or ``key_file`` (a private key), by reference.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["sftp"]
    url: str = Field(pattern=r"^(sftp://|env:)[^@]+$")
    user: str = Field(min_length=1)
    host_key: str = Field(pattern=r"^(env:|file:/|ssh-|ecdsa-|sk-)")
    password: Reference | None = None
    key_file: Reference | None = None
    limits: Limits = Limits()
    datasets: Mapping[str, FileDataset]

    @field_validator("host_key")
    @classmethod
    def _one_line(cls, given: str) -> str:
        if "\n" in given.strip():
            raise ValueError("one public key, as one line")
        return given.strip()

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if (self.password is None) == (self.key_file is None):
            raise ValueError("a password or a key_file, and not both")
        return self


class _Reading:
    """One file that is read meanwhile, up to ``_QUEUED`` blocks ahead of whoever takes them."""

    def __init__(self, background: Background, blocks: AsyncGenerator[bytes]) -> None:
        self._background = background
        self._queue: asyncio.Queue[bytes | Exception] = asyncio.Queue(_QUEUED)
        self._task = background.begin(self._filled(blocks))

    def blocks(self) -> Iterator[bytes]:
        """Yield the file's bytes; raises what reading it raised."""
        while given := self._background.wait(self._queue.get()):
            if isinstance(given, Exception):
                raise given
            yield given

    def dropped(self) -> None:
        """Read no further."""
        self._background.end(self._task)

    async def _filled(self, blocks: AsyncGenerator[bytes]) -> None:
        try:
            async with aclosing(blocks):
                async for block in blocks:
                    await self._queue.put(block)
            await self._queue.put(b"")
        except Exception as error:
            await self._queue.put(error)


class SftpConnector:
    """Lists whole folders, then reads file after file, a few of the next ones beforehand."""

    def __init__(self, system: SftpSystem, budget: Budget) -> None:
        """Raises ``NotConnected`` where the address is not set on this machine, ``PullFailed`` address_unsafe."""
        self._system, self._budget = system, budget
        self._place = urlsplit(address(system.url))
        if self._place.scheme != "sftp" or not self._place.hostname or self._place.username:
            raise PullFailed("address_unsafe", "sftp://host:port/root")
        self._background = Background()
        self._listed: list[Found] = []
        self._at: dict[str, int] = {}
        self._readings: dict[int, _Reading] = {}
        self._last, self._ahead = -1, 0

    def __enter__(self) -> Self:
        try:
            from ingest.connectors.sftp_session import Login, Session
        except ImportError:
            raise PullFailed("client_missing", "asyncssh") from None
        self._session = Session(Login(**self._login()), self._budget)
        self._background.start()
        try:
            self._background.wait(self._session.opened())
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._background.stop(self._session.closed())

    def list(self, dataset: str, cursor: str | None) -> Iterator[Item]:
        """Yield the files of ``dataset`` by path, once all of them are listed; ``cursor`` is not used: a file can come
        late with an old date. Raises ``PullFailed`` system_unreachable where the folder is not there."""
        folder = self._system.datasets[dataset].folder(dataset)
        whole = f"{unquote(self._place.path).rstrip('/')}/{folder}"
        spelled = tuple(dict.fromkeys(whole.encode(encoding) for encoding in ("utf-8", "gb18030")))
        listed = self._background.wait(self._session.files(spelled))
        yield from [item for found in listed if (item := self._offered(folder, found))]

    def fetch(self, item: Item) -> Iterator[bytes]:
        """Yield the file's bytes; raises ``PullFailed`` body_cut or item_changed unless they are what was listed."""
        index = self._at[item.place]
        reading = self._readings.pop(index, None) or self._begun(index)
        self._ahead = min(self._ahead * 2, _AHEAD) or 1 if index == self._last + 1 else 0
        self._last = index
        for early in [early for early in self._readings if early < index]:
            self._readings.pop(early).dropped()
        for later in range(index + 1, min(index + 1 + self._ahead, len(self._listed))):
            if later not in self._readings:
                self._readings[later] = self._begun(later)
        try:
            yield from self._budget.metered(reading.blocks())
        finally:
            reading.dropped()

    def _begun(self, index: int) -> _Reading:
        return _Reading(self._background, self._session.blocks(self._listed[index]))

    def _offered(self, folder: str, found: "Found") -> Item | None:
        inside = tuple(os.fsdecode(name) for name in found.inside)
        if not is_offered(inside):
            return None
        self._budget.spend_item()
        place = self._remembered(folder, readable("/".join(inside)), found)
        stamp = f"{found.byte_size}-{found.changed_at}"
        return Item(readable(inside[-1]), place, stamp, byte_size=found.byte_size, kind=kind_at(inside))

    def _remembered(self, folder: str, readably: str, found: "Found") -> str:
        """Two names that read alike, one in GBK and one in UTF-8, are two places."""
        place = f"{folder}/{readably}"
        if place in self._at and self._listed[self._at[place]].path != found.path:
            place = f"{folder}/{b'/'.join(found.inside).decode('ascii', 'backslashreplace')}"
        self._at[place] = len(self._listed)
        self._listed.append(found)
        return place

    def _login(self) -> dict[str, Any]:
        system = self._system
        is_reference = system.host_key.startswith(("env:", "file:"))
        return {
            "host": self._place.hostname,
            "port": self._place.port or 22,
            "user": system.user,
            "host_key": revealed(system.host_key) if is_reference else system.host_key,
            "password": revealed(system.password) if system.password else "",
            "private_key": revealed(system.key_file) if system.key_file else "",
        }
