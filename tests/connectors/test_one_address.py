"""The proxy that leads to one address: both ways of asking it, and no way to any other."""

import socket
import threading
from collections.abc import Iterator

import pytest

from ingest.connectors.background import Background
from ingest.connectors.one_address import OneAddress
from tests.servers.process import HOST


@pytest.fixture
def there() -> Iterator[int]:
    """A server that says back, in capitals, the first thing that each connection says to it."""
    with socket.create_server((HOST, 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.sendall(connection.recv(4_096).upper())

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def said_through(port: int, *words: bytes) -> tuple[bytes, bool]:
    background = Background()
    background.start()
    way = OneAddress(background, HOST, port)
    host, _, own = way.start().removeprefix("http://").partition(":")
    try:
        with socket.create_connection((host, int(own)), 5) as client:
            heard = b""
            for word in words:
                client.sendall(word)
                heard += client.recv(4_096)
            while more := client.recv(4_096):
                heard += more
            return heard, way.was_asked_for_another
    finally:
        way.stop()
        background.stop()


def test_a_tunnel_leads_to_the_one_address(there: int) -> None:
    heard, elsewhere = said_through(there, b"CONNECT %b:%d HTTP/1.1\r\n\r\n" % (HOST.encode(), there), b"hello")
    assert heard == b"HTTP/1.1 200 Connection established\r\n\r\nHELLO" and not elsewhere


def test_a_request_reaches_the_one_address_as_if_asked_directly(there: int) -> None:
    heard, elsewhere = said_through(there, b"GET http://%b:%d/a?b HTTP/1.1\r\nx: y\r\n\r\n" % (HOST.encode(), there))
    assert heard == b"GET /A?B HTTP/1.1\r\nCONNECTION: CLOSE\r\nX: Y\r\n\r\n" and not elsewhere


@pytest.mark.parametrize("asked", [b"CONNECT 192.0.2.1:443", b"GET http://192.0.2.1/", b"GET http://127.0.0.1:1/"])
def test_no_other_address_is_reached(there: int, asked: bytes) -> None:
    heard, elsewhere = said_through(there, asked + b" HTTP/1.1\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 403 ") and elsewhere


def test_what_is_no_request_ends_the_connection(there: int) -> None:
    assert said_through(there, b"nonsense\r\n\r\n") == (b"", False)
