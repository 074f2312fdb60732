"""A real browser without a window, spoken to over its own debugging protocol."""

import base64
import itertools
import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from tests.servers.process import HOST, installed, own_folder, served

_FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --remote-debugging-port=0 "
    "--ignore-certificate-errors --window-size=1600,1000 --disable-background-networking --no-proxy-server"
)


class Page:
    """One page of the browser."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._numbers = connection, itertools.count(1)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result; events meanwhile are left out."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self._connection.recv(timeout=30))).get("id") != number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, url: str) -> None:
        """Go to ``url``."""
        gone = self.call("Page.navigate", url=url)
        assert "errorText" not in gone, gone["errorText"]

    def text(self) -> str:
        """What can be read on the page now."""
        expression = "document.body ? document.body.innerText : ''"
        return str(self.call("Runtime.evaluate", expression=expression)["result"].get("value", ""))

    def shows(self, *words: str, seconds: float = 30) -> str:
        """Wait until all of ``words`` can be read; return the text, whatever it is after ``seconds``."""
        until = time.monotonic() + seconds
        while not all(word in (text := self.text()) for word in words) and time.monotonic() < until:
            time.sleep(0.2)
        return text

    def picture(self, path: Path) -> None:
        """Save what is seen as PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))


@contextmanager
def browser(names: str) -> Generator[Page]:
    """Start Chromium, for which the host ``names`` (a pattern) are this machine; yield its one page."""
    with own_folder() as folder:
        told = folder / "DevToolsActivePort"
        command = [installed("chromium"), *_FLAGS.split(), f"--user-data-dir={folder}"]
        command += [f"--host-resolver-rules=MAP {names} {HOST}", "about:blank"]
        with served(command, until=lambda: told.exists() and "\n" in told.read_text(), said=folder / "said.txt"):
            port = told.read_text().split("\n")[0]
            pages = httpx.get(f"http://{HOST}:{port}/json/list", trust_env=False).json()
            address = next(one["webSocketDebuggerUrl"] for one in pages if one["type"] == "page")
            with connect(address, max_size=None, proxy=None) as connection:
                yield Page(connection)
