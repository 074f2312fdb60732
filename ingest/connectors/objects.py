"""Object stores that speak S3: the objects below a prefix are files, the strokes in their names are folders."""

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from ingest.connectors.background import Background
from ingest.connectors.file_tree import FileDataset, is_offered, kind_at
from ingest.connectors.http_settings import unsafe
from ingest.connectors.one_address import OneAddress
from ingest.connectors.protocol import Budget, Item, Limits, PullFailed
from ingest.connectors.secrets import Reference, address, revealed

if TYPE_CHECKING:
    from obstore import GetOptions
    from obstore.store import ClientConfig

_REFUSED = re.compile(r"status code: 40[13]\b")
_CHUNK, _PAGE = 1 << 20, 1_000
_REQUEST_RETRIES = 3  # the library's own, of one request; what it spends there is bounded by seconds
_ATTEMPTS = 3  # of one object that gets no further


class ObjectSystem(BaseModel):
    """A sender's object store: ``url`` is ``s3://bucket/prefix``, ``endpoint`` its https address (http on loopback)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["objects"]
    url: str = Field(pattern=r"^(s3://[^/@]+(/.*)?|env:.+)$")
    endpoint: str = Field(pattern=r"^(https?://[^/@]+/?|env:.+)$")
    access_key: Reference
    secret_key: Reference
    region: str = "us-east-1"
    limits: Limits = Limits()
    datasets: Mapping[str, FileDataset]


class ObjectConnector:
    """Lists a prefix, then reads object after object, each only in the version that was listed."""

    def __init__(self, system: ObjectSystem, budget: Budget) -> None:
        """Raises ``NotConnected`` where the address is not set on this machine, ``PullFailed`` address_unsafe."""
        self._system, self._budget = system, budget
        self._place, self._endpoint = urlsplit(address(system.url)), urlsplit(address(system.endpoint))
        reason = unsafe(self._endpoint.geturl())
        if reason or self._place.scheme != "s3" or not self._place.netloc:
            raise PullFailed("address_unsafe", f"endpoint: {reason}" if reason else "url: s3://bucket/prefix")
        port = self._endpoint.port or (443 if self._endpoint.scheme == "https" else 80)
        self._background = Background()
        # the client follows redirects to any host and cannot be told not to
        self._way = OneAddress(self._background, self._endpoint.hostname or "", port)

    def __enter__(self) -> Self:
        try:
            from obstore.store import S3Store
        except ImportError:
            raise PullFailed("client_missing", "obstore") from None
        secrets = revealed(self._system.access_key), revealed(self._system.secret_key)
        self._background.start()
        self._store = S3Store(
            self._place.netloc,
            prefix=self._place.path.strip("/") or None,
            endpoint=self._endpoint.geturl().rstrip("/"),
            region=self._system.region,
            access_key_id=secrets[0],
            secret_access_key=secrets[1],
            client_options=self._waits(self._way.start()),
            retry_config={
                "max_retries": min(_REQUEST_RETRIES, self._budget.limits.retries),
                "retry_timeout": timedelta(seconds=self._budget.seconds),
                "backoff": {"init_backoff": timedelta(milliseconds=200), "max_backoff": timedelta(seconds=5)},
            },
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._way.stop()
        self._background.stop()

    def list(self, dataset: str, cursor: str | None) -> Iterator[Item]:
        """Yield the objects of ``dataset`` by name, once all of them are listed; ``cursor`` is not used: an object can
        be put there late under a name that sorts early."""
        with self._told(missing="system_unreachable", otherwise="system_unreachable"):
            listed = [*self._listed(self._system.datasets[dataset].folder(dataset))]
        yield from sorted(listed, key=lambda item: item.place)

    def fetch(self, item: Item) -> Iterator[bytes]:
        """Yield the object's bytes; raises ``PullFailed`` item_changed where it is another version than was listed,
        body_cut where its size is not what was listed."""
        return self._budget.metered(self._read(item))

    def _listed(self, folder: str) -> Iterator[Item]:
        import obstore

        for page in obstore.list(self._store, folder, chunk_size=_PAGE):
            _ = self._budget.seconds
            for found in page:
                inside = PurePosixPath(found["path"]).relative_to(folder).parts
                if inside and is_offered(inside) and not _is_folder(inside[-1], found["size"]):
                    self._budget.spend_item()
                    stamp = f"{found['e_tag'] or found['last_modified'].isoformat()}-{found['size']}"
                    yield Item(inside[-1], found["path"], stamp, byte_size=found["size"], kind=kind_at(inside))

    def _read(self, item: Item) -> Iterator[bytes]:
        done = stuck = 0
        while True:
            try:
                for chunk in self._chunks(item, done):
                    done, stuck = done + len(chunk), 0
                    yield chunk
                break
            except PullFailed as failed:
                stuck += 1
                if failed.code != "body_cut" or stuck == _ATTEMPTS:
                    raise
            self._budget.spend_retry()
        if done != item.byte_size:
            raise PullFailed("body_cut")

    def _chunks(self, item: Item, begin: int) -> Iterator[bytes]:
        import obstore

        if begin == item.byte_size and begin:
            return
        tag, size = item.stamp.rsplit("-", 1)
        options: GetOptions = {"if_match": tag} if tag.startswith('"') else {}
        if begin:
            options["range"] = (begin, int(size))
        with self._told(missing="item_changed", otherwise="system_unreachable"):
            answer = obstore.get(self._store, item.place, options=options)
        with self._told(missing="item_changed", otherwise="body_cut"):
            for chunk in answer.stream(min_chunk_size=_CHUNK):
                yield bytes(chunk)

    def _waits(self, proxy: str) -> "ClientConfig":
        idle = timedelta(seconds=self._budget.idle_seconds)
        return {
            "allow_http": self._endpoint.scheme == "http",
            "proxy_url": proxy,
            "pool_max_idle_per_host": "0",
            "connect_timeout": idle,
            "read_timeout": idle,
            "timeout": timedelta(seconds=self._budget.seconds),
        }

    @contextmanager
    def _told(self, missing: str, otherwise: str) -> Generator[None]:
        """Say in our own words what went wrong, for the library's name the object; ``missing``: it is not there."""
        from obstore import exceptions

        try:
            yield
        except (exceptions.BaseError, OSError) as error:
            _ = self._budget.seconds
            if self._way.was_asked_for_another:
                raise PullFailed("redirected") from None
            # while listing the library has no class of its own for a login that is refused
            refused = isinstance(error, exceptions.UnauthenticatedError | exceptions.PermissionDeniedError)
            if refused or _REFUSED.search(str(error)):
                raise PullFailed("system_refused") from None
            if isinstance(error, exceptions.PreconditionError | FileNotFoundError):
                raise PullFailed(missing) from None
            raise PullFailed(otherwise) from None


def _is_folder(name: str, byte_size: int) -> bool:
    """Consoles put an empty object where somebody makes a folder; its closing stroke does not reach us."""
    return byte_size == 0 and "." not in name
