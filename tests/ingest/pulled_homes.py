"""A home and a share that is its sender's system, as tests of pulling need them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from made_inboxes import NOW

from ingest.home import Home
from ingest.keys import Keyring, create_keys
from ingest.ledger import Ledger
from ingest.pull import pull
from ingest.pulled import Pulled
from ingest.receipts import read_receipts
from ingest.systems import SystemBook

FOLDER = 'kind = "folder"\nroot = "{root}"\nsettle_seconds = 0\n[datasets]\npairings = {{}}\npoints = {{}}\n'


def book_of(folder: Path, systems: Mapping[str, str]) -> SystemBook:
    """The systems of these senders, each from the text of its ``system.toml``."""
    for sender, text in systems.items():
        path = folder / sender / "system.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return SystemBook(folder)


@dataclass
class Share:
    """A home, and below ``root`` the folder that its one sender shares."""

    home: Home
    root: Path
    book: SystemBook

    def put(self, place: str, data: bytes = b"a,b\n1,2\n", age: float = 3600) -> Path:
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (NOW.timestamp() - age,) * 2)
        return path

    def pull(self, now: datetime = NOW, **facts) -> Pulled:
        (one,) = pull(self.home, Keyring.open(self.home), now=now, book=self.book, **facts)
        return one

    def deliveries(self):
        with Ledger(self.home) as ledger:
            return ledger.deliveries()

    def receipts(self) -> list[tuple[str, str, datetime]]:
        return sorted((one.delivery_id, one.file_name, one.received_at) for one in read_receipts(self.home))


def new_home(root: Path, like: Home | None = None) -> Home:
    home = Home(root)
    home.prepare()
    if like is None:
        create_keys(home, demo=False)
    else:
        for key in like.keys.iterdir():
            (home.keys / key.name).write_bytes(key.read_bytes())
            (home.keys / key.name).chmod(0o600)
    return home


def share(folder: Path, like: Home | None = None) -> Share:
    """A new home whose sender ``county`` shares an empty folder with two datasets."""
    root = folder / "share"
    for dataset in ("pairings", "points"):
        (root / dataset).mkdir(parents=True, exist_ok=True)
    book = book_of(folder / "senders", {"county": FOLDER.format(root=root)})
    return Share(new_home(folder / "home", like), root, book)
