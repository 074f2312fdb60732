"""A bureau's object store: its folders as the objects of one bucket, behind a key, spoken as S3."""

import logging
import secrets
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import httpx
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from samples.systems.faults import OBJECT_FAULTS, Faults

REGION = "us-east-1"
_XML = [("Content-Type", "application/xml")]
Start = Callable[..., Any]


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 -- the server's own name
        return


class _Guarded:
    """Lets requests signed with the right key's name through to the store, and lets them go wrong."""

    def __init__(self, store: Any, key: str) -> None:
        self._store, self._key = store, key
        self.faults = Faults()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        # the emulator checks no signature: the key's name stands for it
        if f"Credential={self._key}/" not in environ.get("HTTP_AUTHORIZATION", ""):
            return _refused(start, "403 Forbidden", "AccessDenied")
        match self.faults.take(OBJECT_FAULTS):
            case "429":
                return _refused(start, "429 Too Many Requests", "SlowDown", ("Retry-After", "1"))
            case "500":
                return _refused(start, "500 Internal Server Error", "InternalError")
            case "cut" | "stall" as fault:
                return self._half(self._store(environ, start), fault)
        return self._store(environ, start)

    def _half(self, parts: Iterable[bytes], fault: str) -> Iterator[bytes]:
        body = b"".join(parts)
        yield body[: len(body) // 2]
        if fault == "stall":
            self.faults.stall()
        raise ConnectionAbortedError


def _refused(start: Start, status: str, code: str, *headers: tuple[str, str]) -> list[bytes]:
    body = f"<Error><Code>{code}</Code></Error>".encode()
    start(status, [*_XML, *headers, ("Content-Length", str(len(body)))])
    return [body]


@contextmanager
def serve_objects(folder: Path, bucket: str, faults: Faults) -> Generator[dict[str, str]]:
    """Serve the files below ``folder`` as objects of ``bucket`` on a free port; yield ``url``, ``key``, ``secret``."""
    for backends in s3_backends.values():  # the emulator's memory is the process's: begin with nothing
        for backend in backends.values():
            backend.reset()
    store = DomainDispatcherApplication(create_backend_app)
    key, secret = f"JG{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30)
    guarded = _Guarded(store, key)
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = make_server("127.0.0.1", 0, guarded, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="sample objects", daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        _fill(f"{url}/{bucket}", key, folder)
        guarded.faults = faults
        yield {"url": url, "key": key, "secret": secret}
    finally:
        faults.end()
        server.shutdown()
        server.server_close()
        thread.join(30)


def _fill(bucket_url: str, key: str, folder: Path) -> None:
    """Make the bucket and put every file below ``folder`` into it; raises RuntimeError where the store refuses."""
    signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20240101/{REGION}/s3/aws4_request"}
    with httpx.Client(headers=signed, trust_env=False) as client:
        for place, content in (("", b""), *_files(folder)):
            answer = client.put(f"{bucket_url}/{quote(place)}", content=content)
            if answer.status_code != 200:
                raise RuntimeError(f"the sample's object store answers {answer.status_code}")


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield path.relative_to(folder).as_posix(), path.read_bytes()
