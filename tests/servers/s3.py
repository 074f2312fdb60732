"""An S3 server (moto's own) and what a test puts into it."""

import http.client
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import obstore
from obstore.store import S3Store

from tests.servers.process import HOST, as_user, free_port, listens, served

ACCESS_KEY, SECRET_KEY, REGION = "not-a-secret-3", "not-a-secret-4", "us-east-1"


@dataclass(frozen=True)
class S3:
    """A running server; it has the buckets that were put into."""

    port: int
    pid: int

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def put(self, bucket: str, key: str, content: bytes) -> None:
        """Write one object, in a bucket that is made where there is none."""
        made = S3Store(
            bucket,
            endpoint=self.endpoint,
            region=REGION,
            access_key_id=ACCESS_KEY,
            secret_access_key=SECRET_KEY,
            client_options={"allow_http": True},
        )
        _create(self.port, bucket)
        obstore.put(made, key, content)


def _create(port: int, bucket: str) -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("PUT", f"/{bucket}")
        connection.getresponse().read()
    finally:
        connection.close()


@contextmanager
def running(folder: Path) -> Generator[S3]:
    """Start a server that keeps everything in memory, and stop it."""
    port = free_port()
    command = [*as_user(), sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port)]
    with served(command, until=lambda: listens(port), said=folder / "moto.txt") as process:
        yield S3(port, process.pid)
