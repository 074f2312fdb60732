"""The other ends of an alert: a robot of a group chat over HTTP, and a mail server with STARTTLS. Both remember."""

import base64
import datetime as dt
import ipaddress
import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Robot:
    """A group's robot. ``answers`` are (status, body) to give, one a request; after them it takes everything."""

    url: str
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    queries: list[dict[str, list[str]]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """What was said, one text a message."""
        return [json.loads(body)["text"]["content"] for body in self.bodies]


@contextmanager
def robot() -> Iterator[Robot]:
    """Serve a robot on loopback."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            made.queries.append(parse_qs(urlparse(self.path).query))
            status, body = made.answers.pop(0) if made.answers else (200, b'{"errcode": 0, "errmsg": "ok"}')
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 http.server's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        made = Robot(f"http://127.0.0.1:{server.server_address[1]}/robot/send?key=abc")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made
        server.shutdown()


@dataclass
class Mailbox:
    """A mail server that takes mail only after STARTTLS and, where ``password`` is set, a login."""

    port: int
    ca: Path
    password: str = ""
    mails: list[bytes] = field(default_factory=list)
    plain: list[bytes] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """What was written, one text a mail."""
        return [message_from_bytes(mail, policy=default).get_body().get_content() for mail in self.mails]  # type: ignore[union-attr]


@contextmanager
def mailbox(folder: Path, password: str = "") -> Iterator[Mailbox]:
    """Serve a mailbox on loopback with a certificate of its own."""
    certificate = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Talk(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError), ExitStack() as closing:
                _talk(self.request, made, context, closing)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        made = Mailbox(server.server_address[1], certificate, password)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made
        server.shutdown()


def _talk(connection: socket.socket, made: Mailbox, context: ssl.SSLContext, closing: ExitStack) -> None:
    is_secret, is_known = False, not made.password
    connection.sendall(b"220 here\r\n")
    lines = closing.enter_context(connection.makefile("rb"))
    while line := lines.readline():
        word = line.split()[0].upper() if line.split() else b""
        made.plain += [] if is_secret else [line]
        if word == b"EHLO":
            connection.sendall(b"250-here\r\n250 AUTH PLAIN\r\n" if is_secret else b"250-here\r\n250 STARTTLS\r\n")
        elif word == b"STARTTLS":
            connection.sendall(b"220 go\r\n")
            connection = closing.enter_context(context.wrap_socket(connection, server_side=True))
            lines, is_secret = closing.enter_context(connection.makefile("rb")), True
        elif word == b"AUTH":
            is_known = base64.b64decode(line.split()[2]).split(b"\0")[2].decode() == made.password
            connection.sendall(b"235 in\r\n" if is_known else b"535 no\r\n")
        elif word == b"DATA" and is_secret and is_known:
            connection.sendall(b"354 go\r\n")
            body = b""
            while (part := lines.readline()) != b".\r\n":
                body += part
            made.mails.append(body)
            connection.sendall(b"250 taken\r\n")
        elif word == b"QUIT":
            connection.sendall(b"221 bye\r\n")
            return
        else:
            connection.sendall(b"250 ok\r\n" if is_secret and is_known else b"530 no\r\n")


def _certificate(folder: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        builder.serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "mail.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
