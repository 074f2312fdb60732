"""What every connector does, and what it may cost: list, fetch as bytes, within limits that nothing can talk away."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict, Field

from ingest.receipts import Kind


class PullFailed(Exception):
    """A system could not be pulled; ``code`` is in ``ingest.connectors.failures``. Holds no address, no secret and no
    word of a body."""

    def __init__(self, code: str, about: str = "") -> None:
        self.code, self.about = code, about
        super().__init__(f"{code}: {about}" if about else code)


@dataclass(frozen=True)
class Item:
    """One thing that a system offers: a file, an object, an answer, a batch.

    ``name`` is what the receipt keeps as the file's name; ``place`` where it stands within the system, without any
    secret; ``stamp`` what the system says of its version (size and time of change, an etag), empty where it says
    nothing: then it is fetched each time. Neither decides what a delivery is: its content does. ``kind`` is None where
    the contract decides. ``sequence`` is the place within one listing, from 1; ``cursor`` is what the next pull may
    begin with once this one has come to its end.
    """

    name: str
    place: str
    stamp: str
    byte_size: int | None = None
    kind: Kind | None = None
    sequence: int = 0
    cursor: str | None = None


class Limits(BaseModel):
    """What one pull of one system may cost. ``seconds`` is the whole pull's, ``idle_seconds`` a silent connection's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: int = Field(default=50_000, ge=1)
    item_bytes: int = Field(default=1 << 30, ge=1)
    bytes: int = Field(default=8 << 30, ge=1)
    seconds: float = Field(default=1_800, gt=0)
    idle_seconds: float = Field(default=30, gt=0)
    retries: int = Field(default=20, ge=0)


class Budget:
    """What is left of the limits of one pull; every connector spends from it before it does anything."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._until = time.monotonic() + limits.seconds
        self._items, self._bytes, self._retries = limits.items, limits.bytes, limits.retries

    @property
    def seconds(self) -> float:
        """Seconds left; raises ``PullFailed`` pull_deadline where none are."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise PullFailed("pull_deadline")
        return left

    @property
    def idle_seconds(self) -> float:
        """How long to wait for the next byte: never beyond the deadline."""
        return min(self.limits.idle_seconds, self.seconds)

    def spend_item(self) -> None:
        """One more item is listed; raises ``PullFailed`` pull_too_many."""
        self._items -= 1
        if self._items < 0:
            raise PullFailed("pull_too_many")

    def spend_retry(self) -> None:
        """One more attempt is made; raises ``PullFailed`` pull_retries."""
        self._retries -= 1
        if self._retries < 0:
            raise PullFailed("pull_retries")

    def metered(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Hand on one item's bytes while size and deadline hold; raises ``PullFailed`` pull_too_large."""
        size = 0
        for chunk in chunks:
            _ = self.seconds  # a trickle never idles: only the whole pull's deadline ends it
            size += len(chunk)
            self._bytes -= len(chunk)
            if size > self.limits.item_bytes or self._bytes < 0:
                raise PullFailed("pull_too_large")
            yield chunk


class Connector(Protocol):
    """One sender's system, opened; a context manager that opens late and always closes."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def list(self, dataset: str, cursor: str | None) -> Iterator[Item]:
        """Yield what the system offers of ``dataset``; ``cursor`` (an earlier item's) may shorten it, never more.

        An item must be fetched before the next one is asked for. Raises ``PullFailed``.
        """
        ...

    def fetch(self, item: Item) -> Iterator[bytes]:
        """Yield the bytes of an item just listed; raises ``PullFailed`` unless they came whole."""
        ...
