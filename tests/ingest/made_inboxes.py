"""Files in an inbox, a while old, and what became of them."""

import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from ingest.home import Home
from ingest.ledger import Ledger

NOW = datetime(2024, 4, 13, 4, 0, tzinfo=UTC)


def drop(home: Home, place: str, data: bytes = b"a,b\n1,2\n", age: float = 3600) -> Path:
    path = home.inbox / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    when = NOW.timestamp() - age
    os.utime(path, (when, when))
    return path


def zipped(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", ".")), data)
    return held.getvalue()


def deliveries(home: Home):
    with Ledger(home) as ledger:
        return ledger.deliveries()
