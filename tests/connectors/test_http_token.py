"""A bearer token: asked for once, renewed when it is no longer taken, by secrets that go nowhere else; and TLS."""

import datetime as dt
import ipaddress
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pulled_by_http import LISTING, page_of, pulled, system_at
from raw_server import Asked, in_json, said, serving, written

from ingest.connectors.protocol import PullFailed

FIRMS = [{"uscc": f"9{n}"} for n in range(7)]
TOKEN = {"path": "/token", "client_id": "env:HTTP_ID", "client_secret": "env:HTTP_SECRET"}
SECRET = "s3cret-of-the-bureau"


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_ID", "me")
    monkeypatch.setenv("HTTP_SECRET", SECRET)


class Gate:
    """Grants tokens t1, t2, … and takes each for so many pages."""

    def __init__(self, pages: int, refusal: bytes, lifetime: Any = 7_200) -> None:
        self.pages, self.refusal, self.lifetime = pages, refusal, lifetime
        self.granted: list[Asked] = []
        self.used = 0

    def __call__(self, asked: Asked) -> list[bytes]:
        if asked.path == "/token":
            self.granted.append(asked)
            self.used = 0
            return [in_json({"access_token": f"t{len(self.granted)}", "expires_in": self.lifetime})]
        self.used += 1
        if asked.headers.get("authorization") != f"Bearer t{len(self.granted)}" or self.used > self.pages:
            return [self.refusal]
        return [in_json(page_of(FIRMS, asked, 1))]


@pytest.mark.parametrize("refusal", [said(401), in_json({"code": 40101, "msg": "token expired", "data": None})])
def test_a_token_that_is_no_longer_taken_is_renewed(refusal: bytes) -> None:
    gate = Gate(3, refusal)
    with serving(gate) as server:
        assert len(pulled(system_at(server.url, token=TOKEN))) == 7
    assert len(gate.granted) == 3
    assert json.loads(gate.granted[0].body) == {"client_id": "me", "client_secret": SECRET}


def test_a_token_is_asked_for_once_while_it_lives_and_again_before_it_ends() -> None:
    lasting, ending, silent = Gate(99, said(401)), Gate(99, said(401), lifetime=0), Gate(99, said(401), lifetime=None)
    for gate, times in ((lasting, 1), (ending, 7), (silent, 1)):
        with serving(gate) as server:
            assert len(pulled(system_at(server.url, token=TOKEN))) == 7
        assert len(gate.granted) == times


def test_a_new_token_that_is_refused_too_ends_the_pull() -> None:
    gate = Gate(0, said(401))
    with serving(gate) as server, pytest.raises(PullFailed, match="system_refused"):
        pulled(system_at(server.url, token=TOKEN, attempts=50))
    assert len(gate.granted) == 3


def test_a_form_and_other_places_are_stated() -> None:
    asked_with: list[Asked] = []

    def answer(asked: Asked) -> list[bytes]:
        if asked.path == "/token":
            asked_with.append(asked)
            return [in_json({"data": {"accessToken": "t"}})]
        assert asked.headers["authorization"] == "Bearer t"
        return [in_json(page_of(FIRMS, asked, 9))]

    token = TOKEN | {"sent_as": "form", "value": "data.accessToken", "lifetime": "data.expiresIn"}
    with serving(answer) as server:
        assert len(pulled(system_at(server.url, token=token))) == 1
    form = dict(parse_qsl(asked_with[0].body.decode()))
    assert form == {"grant_type": "client_credentials", "client_id": "me", "client_secret": SECRET}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (said(401), "system_refused"),
        (said(400), "system_refused"),
        (in_json({"code": 500, "msg": "no"}), "system_refused"),
        (in_json({"access_token": 5}), "system_refused"),
        (in_json({"access_token": "a\r\nX-Evil: 1"}), "secret_unsafe"),
        (said(200, b"<html>"), "answer_unreadable"),
        (said(302, Location="/elsewhere"), "redirected"),
        (said(307, Location="http://evil.example/token"), "redirected"),
        (said(503), "pull_retries"),
    ],
)
def test_no_token_ends_the_pull_under_its_own_name(answer: bytes, code: str) -> None:
    with serving(lambda asked: [answer]) as server:
        with pytest.raises(PullFailed) as failed:
            pulled(system_at(server.url, token=TOKEN, attempts=2))
        assert {one.path for one in server.asked} == {"/token"}
    assert failed.value.code == code
    assert SECRET not in repr(failed.value)


def test_a_token_that_fails_for_a_moment_is_asked_for_again() -> None:
    gate, faults = Gate(99, said(401)), [said(500), said(429, Retry_After="0"), said(200, b'{"acc', length=60)]
    with serving(lambda asked: [faults.pop()] if faults else gate(asked)) as server:
        # the cut answer leaves the connection open: the silence ends it
        limits = {"seconds": 20, "idle_seconds": 0.2}
        assert len(pulled(system_at(server.url, token=TOKEN, limits=limits))) == 7


def test_headers_with_secrets_go_with_every_request_and_a_broken_one_is_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(lambda asked: [in_json(page_of(FIRMS, asked, 3))]) as server:
        system = system_at(server.url, headers={"X-Api-Key": "env:HTTP_SECRET"})
        pulled(system)
        assert {one.headers["x-api-key"] for one in server.asked} == {SECRET}
        for broken in ("张三", "a\r\nX-Evil: 1", "x" * 9_000):
            monkeypatch.setenv("HTTP_SECRET", broken)
            with pytest.raises(PullFailed, match="secret_unsafe") as failed:
                pulled(system)
            assert broken not in repr(failed.value)


@pytest.mark.parametrize(
    "url",
    ["http://evil.example", "https://me:pw@evil.example", "ftp://127.0.0.1", "127.0.0.1:80", "http://127.0.0.1/?k=v"],
)
def test_an_unsafe_address_of_the_environment_is_not_connected_to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_URL", url)
    with pytest.raises(PullFailed, match="address_unsafe") as failed:
        pulled(system_at("env:HTTP_URL"))
    assert url not in str(failed.value)


def certified(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate that signs itself, for ``name``, and its key."""
    key, here = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "county")])
    alternative: x509.GeneralName = (
        x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    )
    begun = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder(here, here, key.public_key(), x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + dt.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown, kept = folder / "county.pem", folder / "county.key"
    shown.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    kept.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return shown, kept


class OnePage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = written({"code": 0, "data": {"list": []}})
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.mark.parametrize(
    ("name", "trusts", "code"),
    [("127.0.0.1", True, None), ("127.0.0.1", False, "host_key_changed"), ("other.example", True, "host_key_changed")],
)
def test_only_a_trusted_certificate_of_that_host_is_talked_to(
    name: str, trusts: bool, code: str | None, tmp_path: Path
) -> None:
    shown, kept = certified(tmp_path, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, kept)
    with HTTPServer(("127.0.0.1", 0), OnePage) as server:
        server.handle_error = lambda *_: None  # ty: ignore[invalid-assignment]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        url = f"https://127.0.0.1:{server.server_port}"
        system = system_at(url, LISTING, **({"ca_file": str(shown)} if trusts else {}))
        try:
            if code is None:
                assert len(pulled(system)) == 1
            else:
                with pytest.raises(PullFailed, match=code):
                    pulled(system)
        finally:
            server.shutdown()
