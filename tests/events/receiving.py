"""A receiver that serves on a port of its own, and a county's client that signs."""

import asyncio
import hashlib
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from ingest.home import Home
from orchestration.receiver.server import application
from orchestration.receiver.signed import ReceiverSettings, read_receiver_settings, signature

SECRET, OTHER = "s" * 40, "t" * 40
NAME = "欧阳慕雪的台账.csv"
STATED = """most_bytes = 100000
most_seconds = 2.0
a_minute = 200
[senders.donggang]
secret = "env:RECEIVER_DONGGANG"
[senders.lanshan]
secret = "env:RECEIVER_LANSHAN"
datasets = ["pairings"]
"""


class Serving:
    """A receiver that serves, and a client of one county."""

    def __init__(self, home: Home, url: str) -> None:
        self.home, self.url = home, url

    def headers(self, body: bytes, sender: str = "donggang", secret: str = SECRET, **said: str) -> dict[str, str]:
        """Headers as a county's system signs them; ``said`` replaces what it says, after signing with ``forged_``."""
        values = {
            "timestamp": str(int(time.time())),
            "nonce": uuid.uuid4().hex,
            "content-sha256": hashlib.sha256(body).hexdigest(),
            "dataset": "care_activities",
            "kind": "",
            "file-name": httpx.QueryParams({"n": NAME}).__str__()[2:],
        }
        values |= {name.replace("_", "-"): value for name, value in said.items() if not name.startswith("forged_")}
        values["signature"] = signature(secret, "POST", "/deliveries", values)
        values |= {name[7:].replace("_", "-"): value for name, value in said.items() if name.startswith("forged_")}
        return {f"Jinguo-{name}": value for name, value in {**values, "sender": sender}.items()}

    def post(self, body: Any, headers: dict[str, str]) -> httpx.Response:
        """One request."""
        with httpx.Client(timeout=10, trust_env=False) as client:
            return client.post(f"{self.url}/deliveries", content=body, headers=headers)

    @property
    def files(self) -> list[Path]:
        """Everything that lies in the inbox, half written or whole."""
        return [path for path in self.home.inbox.rglob("*") if path.is_file()]


def settings_of(home: Home, stated: str = STATED) -> ReceiverSettings:
    (home.root / "receiver.toml").write_text(stated, "utf-8")
    return read_receiver_settings(home.root / "receiver.toml")


@contextmanager
def served(home: Home, settings: ReceiverSettings) -> Iterator[Serving]:
    """Serve in a thread for the length of a block."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(home, settings), access_log=False, log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([sock])), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Serving(home, f"http://127.0.0.1:{sock.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(10)
        sock.close()
