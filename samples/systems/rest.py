"""What the sample bureaus' interfaces share: tokens, a server on a free port, and the ways in which it goes wrong."""

import asyncio
import json
import secrets
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samples.systems.background import Background
from samples.systems.faults import HTTP_FAULTS, STALL_SECONDS, TRICKLE_SECONDS, Faults

TOKEN_PATH = "/oauth/token"
_TOKEN_SECONDS = 7_200
_ELSEWHERE = "127.0.0.2"


@dataclass
class Tokens:
    """Who may ask for a token, and which tokens are good until when."""

    client_id: str = "jinguo"
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    _good: dict[str, float] = field(default_factory=dict, repr=False)

    async def grant(self, request: Request) -> Response:
        """Answer a request for a token: id and secret as a form or as JSON."""
        said = await request.body()
        is_json = request.headers.get("content-type", "").startswith("application/json")
        facts = json.loads(said) if is_json else dict(parse_qsl(said.decode()))
        if (facts.get("client_id"), facts.get("client_secret")) != (self.client_id, self.client_secret):
            return JSONResponse({"code": 40100, "msg": "unknown client", "data": None}, 401)
        token = secrets.token_urlsafe(24)
        self._good[token] = time.monotonic() + _TOKEN_SECONDS
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": _TOKEN_SECONDS})

    def is_good(self, authorization: str) -> bool:
        """Whether the header names a token that was granted and has not run out."""
        return self._good.get(authorization.removeprefix("Bearer "), 0) > time.monotonic()

    def expire(self) -> None:
        """Let every token run out now."""
        self._good.clear()


class Guarded:
    """Lets requests with a good token through to ``app``, and lets them go wrong as ``faults`` says."""

    def __init__(self, app: ASGIApp, tokens: Tokens, faults: Faults) -> None:
        self._app, self._tokens, self._faults = app, tokens, faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == TOKEN_PATH:
            await self._app(scope, receive, send)
            return
        fault = self._faults.take(_possible(scope))
        if fault == "expired":
            self._tokens.expire()
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        if not self._tokens.is_good(headers.get("authorization", "")):
            await JSONResponse({"code": 40101, "msg": "token expired", "data": None}, 401)(scope, receive, send)
        elif fault in _INSTEAD:
            await _INSTEAD[fault](scope)(scope, receive, send)
        else:
            await _spoiled(fault, await _answer(self._app, scope, receive), send)


def _possible(scope: Scope) -> set[str]:
    """A listing can only shift once it has begun: on a second page."""
    asked = dict(parse_qsl(scope["query_string"].decode()))
    is_begun = "cursor" in asked or asked.get("page", "1") != "1"
    return set(HTTP_FAULTS) if is_begun else set(HTTP_FAULTS) - {"shift"}


def _too_many(_scope: Scope) -> Response:
    return JSONResponse({"code": 42900, "msg": "too many requests"}, 429, {"Retry-After": "1"})


def _broken(_scope: Scope) -> Response:
    return Response("internal error", 500)


def _busy(_scope: Scope) -> Response:
    return JSONResponse({"code": 50012, "msg": "服务繁忙，请稍后再试", "data": None})


def _moved(scope: Scope) -> Response:
    return Response(status_code=302, headers={"Location": f"http://{_ELSEWHERE}:{scope['server'][1]}{scope['path']}"})


_INSTEAD = {"429": _too_many, "500": _broken, "error": _busy, "redirect": _moved}


async def _answer(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, bytes]:
    """What ``app`` would answer: the status and the whole body."""
    status, parts = 500, []

    async def kept(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    await app(scope, receive, kept)
    return status, b"".join(parts)


async def _spoiled(fault: str | None, answer: tuple[int, bytes], send: Send) -> None:
    """Send the answer as it is, or as ``fault`` leaves it. To return early is to cut the connection."""
    status, body = answer
    if fault == "shift":
        body = _shifted(body)
    half = body[: len(body) // 2]
    length = len(half) if fault == "length" else len(body)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if fault == "trickle":
        for at in range(len(body)):
            await send({"type": "http.response.body", "body": body[at : at + 1], "more_body": True})
            await asyncio.sleep(TRICKLE_SECONDS)
        await send({"type": "http.response.body", "body": b""})
    elif fault in ("cut", "stall"):
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(STALL_SECONDS if fault == "stall" else 0)
    else:
        await send({"type": "http.response.body", "body": half if fault == "length" else body})


def _shifted(body: bytes) -> bytes:
    """The page as it is when something was added meanwhile: another total, or the last record of the page once more."""
    envelope: dict[str, Any] = json.loads(body)
    data = envelope["data"]
    if "total" in data:
        data["total"] += 1
    else:
        data["items"] = data["items"][-1:] + data["items"]
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()


@contextmanager
def serve_http(background: Background, app: ASGIApp) -> Generator[str]:
    """Serve ``app`` on a free port of loopback; yield its address, ``http://127.0.0.1:<port>``."""
    # the protocol stated, not 0: only then asyncio sends what it has without waiting 40 ms for an acknowledgement
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    task = asyncio.run_coroutine_threadsafe(server.serve([listening]), background.loop)
    background.wait_for(_started(server))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        task.result(30)
        listening.close()


async def _started(server: uvicorn.Server) -> None:
    while not server.started:
        await asyncio.sleep(0.01)
