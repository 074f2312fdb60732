"""Pulling the senders' own systems: list, fetch, land. What a system gives lands as files do, byte for byte."""

import hashlib
import sys
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from ingest.connectors.protocol import Budget, Connector, Item, PullFailed
from ingest.connectors.secrets import NotConnected
from ingest.contracts import CONTRACTS
from ingest.delivery import Kind
from ingest.home import Home
from ingest.inbox import readable
from ingest.keys import Keyring
from ingest.lander import Lander, Offered
from ingest.pulled import Pulled, PullState
from ingest.systems import SystemBook

Progress = Callable[[int, int], None]
Arrivals = Mapping[str, datetime]
# Such an item is left for the next pull, and the others are taken; the pull is told as failed for its sake.
_OF_ONE_ITEM = {"item_changed"}
Given = TypeVar("Given", Item, bytes)


def pull(
    home: Home,
    keyring: Keyring,
    *,
    now: datetime,
    book: SystemBook | None = None,
    only: Collection[str] | None = None,
    arrivals: Arrivals | None = None,
    progress: Progress | None = None,
) -> list[Pulled]:
    """Pull every system of ``book``, or those whose sender or kind is in ``only``, and land what is new there.

    What comes is received at ``now`` (with offset), unless ``arrivals`` knows the time of its SHA-256. A system that
    fails stops no other one: it is told in the result and in the ledger, and what came whole before stays landed.
    ``progress`` is called with (systems done, systems in all). Raises ``SpecInvalid`` where a ``system.toml`` is wrong.
    """
    systems = book or SystemBook()
    chosen = [name for name in systems.senders() if only is None or not {name, systems.get(name).kind}.isdisjoint(only)]
    tell, told = progress or (lambda done, total: None), []
    if not chosen:
        return []
    home.prepare()
    with Lander(home, keyring) as lander:
        for done, sender in enumerate(chosen, 1):
            told.append(_Pull(sender, systems, lander, now.astimezone(UTC), arrivals or {}).run())
            lander.ledger.record_pull(told[-1])
            tell(done, len(chosen))
    return told


@dataclass
class _Pull:
    """One pull of one sender's system."""

    sender: str
    systems: SystemBook
    lander: Lander
    now: datetime
    arrivals: Arrivals
    items: int = 0
    byte_size: int = 0
    left: str | None = None

    def run(self) -> Pulled:
        new, known = self.lander.landed.new, self.lander.landed.known
        state, code = self._ended()
        self.lander.flush()  # what came whole stays, however the pull ended
        return Pulled(
            sender=self.sender,
            kind=self.systems.get(self.sender).kind,
            state=state,
            reason_code=code,
            new=self.lander.landed.new - new,
            known=self.lander.landed.known - known,
            byte_size=self.byte_size,
            items=self.items,
            started_at=self.now,
        )

    def _ended(self) -> tuple[PullState, str | None]:
        system = self.systems.get(self.sender)
        try:
            with _opened(self.systems, self.sender, Budget(system.limits)) as connector:
                for dataset in system.datasets:
                    self._dataset(connector, dataset)
        except NotConnected:
            return "not_connected", None
        except PullFailed as failed:
            return "failed", failed.code
        return ("failed", self.left) if self.left else ("ok", None)

    def _dataset(self, connector: Connector, dataset: str) -> None:
        ledger, last, left = self.lander.ledger, None, self.left
        for item in _guarded(connector.list(dataset, ledger.cursor(self.sender, dataset))):
            self.items += 1
            self._item(connector, dataset, item)
            last = item.cursor or last
        # only now: a cursor that is kept before what it passes over is durable would lose it for ever
        self.lander.flush()
        if last and self.left == left:
            ledger.keep_cursor(self.sender, dataset, last)

    def _item(self, connector: Connector, dataset: str, item: Item) -> None:
        kind = item.kind or _delivered(dataset)
        # no folder's path of an inbox begins so
        place = self.lander.place(f"system:{self.sender}", dataset, kind, item.place)
        if self.lander.knows(place, item.stamp):
            return
        try:
            data = b"".join(_guarded(connector.fetch(item)))
        except PullFailed as failed:
            if failed.code not in _OF_ONE_ITEM:
                raise
            self.left = failed.code
            return
        self.byte_size += len(data)
        stated = self.arrivals.get(hashlib.sha256(data).hexdigest())
        self.lander.offer(
            Offered(
                sender=self.sender,
                dataset=dataset,
                kind=kind,
                name=readable(item.name),
                place=place,
                stamp=item.stamp,
                received_at=stated or self.now,
                data=data,
                is_stated=stated is not None,
            )
        )


def _delivered(dataset: str) -> Kind:
    return "snapshot" if CONTRACTS[dataset].delivers == "snapshot" else "increment"


@contextmanager
def _opened(systems: SystemBook, sender: str, budget: Budget) -> Generator[Connector]:
    with _theirs():
        connector = systems.open(sender, budget).__enter__()
    try:
        yield connector
    except BaseException:
        with suppress(Exception):  # what ended the pull is what is told, not how its end failed
            connector.__exit__(*sys.exc_info())
        raise
    with _theirs():
        connector.__exit__(None, None, None)


def _guarded(given: Iterator[Given]) -> Iterator[Given]:
    """Hand on what a connector yields; nothing but ``PullFailed`` and ``NotConnected`` comes out of it."""
    while True:
        with _theirs():
            try:
                one = next(given)
            except StopIteration:
                return
        yield one


@contextmanager
def _theirs() -> Generator[None]:
    """A fault of a connector, or of what it stands on, harms its own pull only. Landing's own faults pass elsewhere."""
    try:
        yield
    except (PullFailed, NotConnected):
        raise
    except Exception as error:
        # a library's message may quote an address or a row: the class alone is kept
        raise PullFailed("connector_failed", type(error).__name__) from None
