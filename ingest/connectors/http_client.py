"""One system's interface, asked politely: bounded attempts with jitter, one origin, a bearer token kept fresh."""

import math
import random
import ssl
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx
import stamina

from ingest.connectors.http_answers import Again, Expired, at, judge_status, judged, read_document
from ingest.connectors.http_settings import HttpSystem
from ingest.connectors.http_transport import transport_of
from ingest.connectors.protocol import Budget, PullFailed
from ingest.connectors.secrets import revealed

# its hooks would print each retry, with the exception's words, on whatever the process prints
stamina.instrumentation.set_on_retry_hooks([])
_REDIRECTS, _RENEWALS = 5, 2
_LONGEST_WAIT = 30.0
_ANSWER_BYTES = 64 << 20  # an answer is held in memory, to find the next page in it
_TOKEN_BYTES = 8_192


@dataclass(frozen=True)
class Answered:
    """One answer, whole: its bytes as received, and the document that they hold."""

    body: bytes
    document: Any


class _Patience:
    """Says after each failed attempt whether another follows, and after how many seconds."""

    def __init__(self, budget: Budget, first_wait: float) -> None:
        self._budget, self._wait, self._expired = budget, first_wait, 0

    def __call__(self, error: Exception) -> bool | float:
        """False ends it with ``error``; raises ``PullFailed`` where the budget or the deadline ends it."""
        if not isinstance(error, Again):
            return False
        self._expired += isinstance(error, Expired)
        if self._expired > _RENEWALS:
            raise PullFailed("system_refused", "a new token is refused too") from None
        self._budget.spend_retry()
        wait = error.after if error.after is not None else self._wait * random.uniform(0.5, 1.0)
        self._wait = min(2 * self._wait, _LONGEST_WAIT)
        if wait >= self._budget.seconds:
            raise PullFailed("pull_deadline", error.about) from None
        return wait


class HttpClient:
    """Asks one system; a context manager. Raises ``PullFailed``, whose words name no URL and no secret."""

    def __init__(self, system: HttpSystem, url: str, budget: Budget) -> None:
        self._system, self._budget = system, budget
        self._url = httpx.URL(url)
        self._token, self._fresh_until = "", -math.inf
        self._secrets: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._secrets = {name: _sendable(revealed(reference)) for name, reference in self._system.headers.items()}
        self._transport = transport_of(self._budget, self._system.ca_file, is_secure=self._url.scheme == "https")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def get(self, path: str, parameters: Mapping[str, str]) -> Answered:
        """Return the answer to one question, after as many attempts as are allowed."""
        patience = _Patience(self._budget, self._system.wait_seconds)
        try:
            for attempt in stamina.retry_context(on=patience, attempts=self._system.attempts, timeout=None):
                with attempt:
                    return self._answered(path, parameters)
        except Again as last:
            raise PullFailed(last.code, last.about) from None
        raise PullFailed("pull_retries")

    def _answered(self, path: str, parameters: Mapping[str, str]) -> Answered:
        headers = dict(self._secrets)
        if self._system.token is not None:
            headers["Authorization"] = f"Bearer {self._bearer()}"
        request = self._request("GET", path, headers, params=parameters)
        try:
            body, said = self._followed(request)
            return Answered(body, judged(body, said, self._system.answer))
        except Expired:
            self._fresh_until = -math.inf
            raise

    def _request(self, method: str, path: str, headers: Mapping[str, str], **content: Any) -> httpx.Request:
        url = self._url.copy_with(path=self._url.path.rstrip("/") + path)
        plain = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "jinguo"}
        return httpx.Request(method, url, headers=plain | dict(headers), **content)

    def _followed(self, request: httpx.Request) -> tuple[bytes, httpx.Headers]:
        """The body of status 200, after redirects within the same origin only."""
        for _ in range(_REDIRECTS + 1):
            with self._sent(request) as response:
                if not response.has_redirect_location:
                    judge_status(response.status_code, response.headers, has_token=self._system.token is not None)
                    return self._whole(response), response.headers
                target = _target(request.url, response.headers["location"])
            if request.method != "GET" or target is None:
                raise PullFailed("redirected", "to another place")
            request = httpx.Request("GET", target, headers=request.headers)
        raise PullFailed("redirected", f"more than {_REDIRECTS} times")

    @contextmanager
    def _sent(self, request: httpx.Request) -> Generator[httpx.Response]:
        try:
            response = self._transport.handle_request(request)
        except httpx.TransportError as error:
            if _is_distrust(error):
                raise PullFailed("host_key_changed", "the certificate is not trusted") from None
            raise Again("system_unreachable", type(error).__name__) from None
        try:
            yield response
        finally:
            response.close()

    def _whole(self, response: httpx.Response) -> bytes:
        body = bytearray()
        try:
            for chunk in self._budget.metered(response.iter_bytes()):
                body += chunk
                if len(body) > _ANSWER_BYTES:
                    raise PullFailed("pull_too_large", "one answer")
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise Again("body_cut", type(error).__name__) from None
        return bytes(body)

    def _bearer(self) -> str:
        if time.monotonic() >= self._fresh_until:
            self._renew()
        return self._token

    def _renew(self) -> None:
        token = self._system.token
        assert token is not None
        pair = {"client_id": revealed(token.client_id), "client_secret": revealed(token.client_secret)}
        content = {"json": pair} if token.sent_as == "json" else {"data": {"grant_type": "client_credentials"} | pair}
        body, _ = self._granted(self._request("POST", token.path, {}, **content))
        document = read_document(body)
        value, lifetime = at(document, token.value), at(document, token.lifetime)
        if not isinstance(value, str) or not value:
            raise PullFailed("system_refused", "no token in the answer")
        self._token = _sendable(value)
        seconds = lifetime if isinstance(lifetime, int | float) and lifetime >= 0 else math.inf
        self._fresh_until = time.monotonic() + (seconds - min(60.0, seconds / 10) if seconds < math.inf else seconds)

    def _granted(self, request: httpx.Request) -> tuple[bytes, httpx.Headers]:
        try:
            return self._followed(request)
        except Expired as error:
            raise PullFailed("system_refused", error.about) from None
        except PullFailed as error:
            if error.code == "answer_error":
                raise PullFailed("system_refused", error.about) from None
            raise


def _sendable(secret: str) -> str:
    """A header takes printable ASCII only; what else would be sent is a mistake, and httpx's message would show it."""
    if not secret.isascii() or not secret.isprintable() or len(secret) > _TOKEN_BYTES:
        raise PullFailed("secret_unsafe", "it cannot stand in a header")
    return secret


def _target(asked: httpx.URL, location: str) -> httpx.URL | None:
    """Where a redirect leads, if it is the same origin, without credentials."""
    try:
        target = asked.join(location)
    except (httpx.InvalidURL, ValueError):
        return None
    same = (target.scheme, target.host, _port(target)) == (asked.scheme, asked.host, _port(asked))
    return target if same and not target.userinfo else None


def _port(url: httpx.URL) -> int | None:
    return url.port or {"http": 80, "https": 443}.get(url.scheme)


def _is_distrust(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
