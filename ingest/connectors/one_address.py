"""A proxy on loopback that leads to one address only: for clients that would follow a redirect to any host."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from ingest.connectors.background import Background

_HEAD_BYTES, _BLOCK = 65_536, 65_536


class OneAddress:
    """Runs on ``background`` from ``start`` to ``stop``; ``was_asked_for_another``: a client wanted to go elsewhere."""

    def __init__(self, background: Background, host: str, port: int) -> None:
        self._background, self._host, self._port = background, host, port
        self.was_asked_for_another = False
        self._serving: set[asyncio.Task[None] | None] = set()  # the loop itself holds its tasks but weakly

    def start(self) -> str:
        """Listen; return the address to be used as proxy."""
        self._server = self._background.wait(asyncio.start_server(self._served, "127.0.0.1", 0, limit=_HEAD_BYTES))
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        """Listen no more."""
        self._background.wait(_closed(self._server))

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving.add(asyncio.current_task())
        try:
            with suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._passed_on(reader, writer)
            writer.close()
        except asyncio.CancelledError:  # at the end; a handler that was cancelled would be told to the log
            writer.transport.abort()
        finally:
            self._serving.discard(asyncio.current_task())

    async def _passed_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
        asked = urlsplit(f"https://{target}" if method == "CONNECT" else target)
        if (asked.hostname, asked.port or 80) != (self._host, self._port):
            self.was_asked_for_another = True
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        there, out = await asyncio.open_connection(self._host, self._port)
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                # one request a connection, so that the next one is looked at as well
                path = target[target.index("/", len("http://")) :].encode("ascii")
                lines = head.split(b"\r\n")
                out.write(b"\r\n".join([b"%b %b HTTP/1.1" % (method.encode(), path), b"Connection: close", *lines[1:]]))
            await asyncio.gather(_piped(reader, out), _piped(there, writer))
        finally:
            out.transport.abort()


async def _piped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(_BLOCK):
        writer.write(block)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def _closed(server: asyncio.Server) -> None:
    server.close()
    await server.wait_closed()
