"""HTTP interfaces with JSON bodies: every page is an item, as received; a listing ends only when it was read whole."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from ingest.connectors.http_answers import MISSING, at, count_at, records_at
from ingest.connectors.http_settings import Cursors, HttpSystem, Listing, Pages, unsafe
from ingest.connectors.http_since import asked_since, later
from ingest.connectors.protocol import Budget, Item, PullFailed
from ingest.connectors.secrets import address

if TYPE_CHECKING:
    from ingest.connectors.http_client import HttpClient

__all__ = ["HttpConnector", "HttpSystem"]

_READINGS = 4
_HERE = ZoneInfo("Asia/Shanghai")


@dataclass
class _Reading:
    """One reading of one listing from its first page to its last: what its pages said, to tell whether it was whole."""

    counts: set[tuple[int | None, int | None]] = field(default_factory=set)
    cursors: set[str] = field(default_factory=set)
    digests: list[bytes] = field(default_factory=list)
    records: int = 0

    @property
    def is_steady(self) -> bool:
        """Whether no page contradicted another in how many there are."""
        return len(self.counts) < 2

    @property
    def is_short(self) -> bool:
        """Whether fewer records came than the last page's own total says."""
        return self.is_steady and any(total is not None and self.records < total for total, _ in self.counts)

    def is_whole_after(self, earlier: "_Reading | None") -> bool:
        """Steady and all there; or the same bytes twice in a row: then nothing moved, the pages only disagree."""
        repeated = earlier is not None and earlier.digests == self.digests
        return not self.is_short and (self.is_steady or repeated)


class HttpConnector:
    """Reads one interface. The cursor of a dataset holds, per listing, the last month or moment that was read whole."""

    def __init__(self, system: HttpSystem, budget: Budget) -> None:
        """Raises ``NotConnected`` where the url is not set on this machine, ``PullFailed`` where it is not safe."""
        url = address(system.url)
        if unsafe(url):
            raise PullFailed("address_unsafe", unsafe(url))
        self._system, self._budget, self._url = system, budget, url
        self._client: HttpClient | None = None
        self._current: tuple[Item, bytes] | None = None

    def __enter__(self) -> Self:
        # half of a second of imports that a night without such a system need not pay
        from ingest.connectors.http_client import HttpClient

        self._client = HttpClient(self._system, self._url, self._budget).__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.__exit__(kind, error, trace)
        self._client = self._current = None

    def list(self, dataset: str, cursor: str | None) -> Iterator[Item]:
        """Yield every page of every listing of ``dataset``; pages that were read again come again."""
        reached = _reached(cursor)
        for listing in self._system.datasets[dataset].listings:
            known = reached.get(listing.name)
            if listing.each is None:
                yield from self._listed(dataset, listing, None, known, reached)
                continue
            for period in listing.each.months(datetime.now(_HERE).date(), known):
                yield from self._listed(dataset, listing, period, known, reached)

    def fetch(self, item: Item) -> Iterator[bytes]:
        """Yield the page that was listed last: it was read to find the next one, within the limits."""
        if self._current is None or self._current[0] is not item:
            raise LookupError("an item is fetched before the next one is asked for")
        yield self._current[1]

    def _listed(
        self, dataset: str, listing: Listing, period: str | None, known: str | None, reached: dict[str, str]
    ) -> Iterator[Item]:
        """Read one listing, and again from its beginning while it shifts."""
        earlier: _Reading | None = None
        for _ in range(_READINGS):
            reading, newest = _Reading(), period or known
            for page, body, records, is_last in self._pages(listing, period, known, reading):
                newest = newest if listing.since is None else later(newest, records, listing.since.field)
                if is_last and newest is not None and reading.is_whole_after(earlier):
                    reached[listing.name] = max(newest, reached.get(listing.name, "")) if period else newest
                yield self._item(dataset, listing, period, page, body, reached)
            if reading.is_whole_after(earlier):
                return
            earlier = reading
        raise PullFailed("listing_short" if reading.is_short else "listing_shifted", listing.name)

    def _pages(
        self, listing: Listing, period: str | None, known: str | None, reading: _Reading
    ) -> Iterator[tuple[int, bytes, tuple[Any, ...], bool]]:
        """Yield each page of one reading: its place from 1, its bytes, its records, whether it is the last."""
        assert self._client is not None
        parameters = listing.parameters(period)
        if listing.since is not None:
            parameters |= asked_since(listing.since, known)
        paging, page = listing.paging, 0
        if isinstance(paging, Pages):
            parameters[paging.param] = str(paging.first)
        while True:
            page += 1
            self._budget.spend_item()
            answer = self._client.get(listing.path, parameters)
            records = records_at(answer.document, listing.records)
            reading.digests.append(hashlib.sha256(answer.body).digest())
            reading.records += len(records)
            following = _following(paging, answer.document, page, len(records), reading)
            yield page, answer.body, records, following is None
            if paging is None or following is None:
                return
            parameters[paging.param] = following

    def _item(
        self, dataset: str, listing: Listing, period: str | None, page: int, body: bytes, reached: Mapping[str, str]
    ) -> Item:
        name = "_".join((dataset, listing.name, *([period] if period else []), f"p{page}"))
        item = Item(
            f"{name}.json",
            f"{listing.path}#{name}",
            stamp="",
            byte_size=len(body),
            kind=listing.kind,
            sequence=page,
            cursor=json.dumps(reached, sort_keys=True) if reached else None,
        )
        self._current = (item, body)
        return item


def _following(paging: Pages | Cursors | None, document: Any, page: int, records: int, reading: _Reading) -> str | None:
    """What the next page is asked by; None after the last one. Keeps what this page said of how many there are."""
    if paging is None:
        return None
    total = count_at(document, paging.total) if paging.total else None
    if isinstance(paging, Cursors):
        reading.counts.add((total, None))
        return _next_cursor(at(document, paging.next), reading)
    pages = count_at(document, paging.pages) if paging.pages else None
    reading.counts.add((total, pages))
    is_last = page >= pages if pages is not None else not records or reading.records >= (total or 0)
    return None if is_last else str(paging.first + page)


def _next_cursor(found: Any, reading: _Reading) -> str | None:
    if found is None or found == "":
        return None
    if found is MISSING or isinstance(found, bool) or not isinstance(found, str | int):
        raise PullFailed("answer_unreadable", "no next cursor")
    text = str(found)
    if text in reading.cursors:
        raise PullFailed("answer_unreadable", "the cursors go round in a circle")
    reading.cursors.add(text)
    return text


def _reached(cursor: str | None) -> dict[str, str]:
    """What an earlier pull reached, per listing; a cursor that cannot be read makes the listing longer, never wrong."""
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return {str(k): v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}
