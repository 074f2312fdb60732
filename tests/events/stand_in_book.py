"""A book with one system that lists what the test says: for who looks at listings only."""

from collections.abc import Iterator
from typing import Any

from ingest.connectors.protocol import Item, PullFailed


class Listing:
    """A system that lists what the test says."""

    items: tuple[tuple[str, str], ...] = ()
    code = ""

    def __enter__(self) -> "Listing":
        if self.code:
            raise PullFailed(self.code, "欧阳慕雪")
        return self

    def __exit__(self, *_: object) -> None: ...

    def list(self, dataset: str, cursor: str | None) -> Iterator[Any]:
        return iter([looks_item(place, stamp) for place, stamp in self.items])


def looks_item(place: str, stamp: str) -> Any:
    return Item(place, place, stamp)


class Book:
    """One sender's system of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind, self.datasets, self.system = kind, {"pairings": None}, Listing()

    def senders(self) -> list[str]:
        return ["donggang"]

    def get(self, sender: str) -> "Book":
        return self

    def open(self, sender: str, budget: object) -> Listing:
        return self.system
