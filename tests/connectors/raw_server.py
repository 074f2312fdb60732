"""A real HTTP server on loopback that says exactly the bytes it is told to, when it is told to, and can hang up."""

import json
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Raw = bytes | float  # bytes to send, or seconds to wait


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


Answering = Callable[[Asked], Iterable[Raw]]


@dataclass
class RawServer:
    """Answers each request of each connection with what ``answer`` gives; ``close`` in front of it ends the connection
    after that answer, ``reset`` with a TCP reset."""

    answer: Answering
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def serve(self, listening: socket.socket, stopped: threading.Event) -> None:
        while not stopped.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            threading.Thread(target=self._converse, args=(connection, stopped), daemon=True).start()

    def _converse(self, connection: socket.socket, stopped: threading.Event) -> None:
        with connection, connection.makefile("rb") as reader:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                while (asked := _read(reader)) is not None:
                    self.asked.append(asked)
                    for piece in self.answer(asked):
                        if stopped.is_set():
                            return
                        if isinstance(piece, float):
                            time.sleep(piece)
                        elif piece == HANG_UP:
                            return
                        else:
                            connection.sendall(piece)
            except (OSError, ValueError):
                return


HANG_UP = b"\0hang up\0"


def _read(reader: Any) -> Asked | None:
    line = reader.readline(65_536)
    if not line.strip():
        return None
    method, target, _ = line.decode("ascii").split()
    headers: dict[str, str] = {}
    while (header := reader.readline(65_536)).strip():
        name, _, value = header.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    body = reader.read(int(headers.get("content-length", 0)))
    parts = urlsplit(target)
    return Asked(method, parts.path, dict(parse_qsl(parts.query)), headers, body)


@contextmanager
def serving(answer: Answering) -> Generator[RawServer]:
    """Serve on a free port of loopback until the block ends."""
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        server = RawServer(answer, url=f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread = threading.Thread(target=server.serve, args=(listening, stopped), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            stopped.set()
            thread.join()


def said(status: int, body: bytes = b"", *, length: int | None = None, **headers: str) -> bytes:
    """One whole answer; ``length`` states another length than it has."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def in_json(document: Any, status: int = 200) -> bytes:
    """One whole answer with a JSON body."""
    return said(status, written(document), Content_Type="application/json")


def written(document: Any) -> bytes:
    """The body of such an answer."""
    return json.dumps(document, ensure_ascii=False).encode()
