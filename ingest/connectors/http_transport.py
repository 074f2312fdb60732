"""Connections that cannot outlive a pull: each wait for a byte is bounded by the budget, headers and handshakes too."""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from ingest.connectors.protocol import Budget, PullFailed


def transport_of(budget: Budget, ca_file: str | None, *, is_secure: bool) -> httpx.BaseTransport:
    """Return a transport of our own connections: no proxy, no netrc, no certificate from the environment.

    A transport and not a client: a client logs each URL with its query values, follows redirects and keeps cookies.
    """
    # who speaks plain HTTP to this machine needs no authorities, which cost 30 ms to read, and gets none
    trusted = httpx.create_ssl_context(trust_env=False) if is_secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file is not None:
        try:
            trusted.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError):
            raise PullFailed("secret_missing", "ca_file") from None
    transport = httpx.HTTPTransport(verify=trusted, trust_env=False)
    # httpx takes no network backend; its own time-outs are per read, so that a byte a second would never end
    transport._pool = httpcore.ConnectionPool(ssl_context=trusted, network_backend=_Bounded(budget))
    return transport


class _Bounded(httpcore.NetworkBackend):
    def __init__(self, budget: Budget) -> None:
        self._budget, self._inner = budget, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._inner.connect_tcp(host, port, self._budget.idle_seconds, local_address, socket_options)
        return _BoundedStream(stream, self._budget)


class _BoundedStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, budget: Budget) -> None:
        self._inner, self._budget = inner, budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._budget.idle_seconds)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._budget.idle_seconds)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._budget.idle_seconds)
        return _BoundedStream(secured, self._budget)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
