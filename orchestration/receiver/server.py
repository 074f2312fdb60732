"""``POST /deliveries``: a county's system announces a delivery, or uploads it, signed and taken once.

Answers: 202 taken, 400 the body is not what was signed, 401 anything about who asks (one body for all), 403, 408, 409
used nonce, 413, 422, 429, 507. A client that never saw its answer asks again with a new nonce: the same bytes are the
same delivery.
"""

import datetime as dt
import hashlib
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingest.home import Home
from orchestration.alerts.alert import shown_sender
from orchestration.instance import settle
from orchestration.problems import note, tell
from orchestration.receiver.announced import announce
from orchestration.receiver.signed import Nonces, Rate, ReceiverSettings, Refusal, read_receiver_settings, verified
from orchestration.receiver.upload import place_for, receive, sweep_parts

LOG = "logs/receiver.log"
EMPTY = hashlib.sha256(b"").hexdigest()


def application(home: Home, settings: ReceiverSettings) -> Starlette:
    """Return the application over the inbox of ``home``."""
    settle(home)
    sweep_parts(home)
    nonces, rate = Nonces(home.root / "receiver.sqlite"), Rate(settings.a_minute)

    async def taken(request: Request) -> tuple[str, dict[str, object]]:
        now = dt.datetime.now(dt.UTC)
        signed = verified(settings, request.method, request.url.path, request.headers, now)
        rate.spend(signed.sender, now)
        is_announced = not signed.dataset and signed.sha256 == EMPTY
        permitted = settings.senders[signed.sender]
        place = None if is_announced else place_for(home, signed, permitted.datasets)
        _check_length(request, settings.most_bytes)
        nonces.take(signed.sender, signed.nonce, now)
        if place is None:
            announce(home, signed.sender)
            return signed.sender, {"announced": True}
        size = await receive(request.stream(), place, signed, settings.most_bytes, settings.most_seconds)
        return signed.sender, {"sha256": signed.sha256, "bytes": size}

    async def deliveries(request: Request) -> JSONResponse:
        try:
            sender, said = await taken(request)
        except Refusal as refusal:
            _log(home, refusal.code, "-")
            wait = {"Retry-After": "60"} if refusal.status == 429 else {}
            return JSONResponse({"error": refusal.code}, refusal.status, headers={**wait, "Connection": "close"})
        except ClientDisconnect:
            _log(home, "cut", "-")
            return JSONResponse({"error": "cut"}, 400)
        except Exception as error:  # the message could quote a name
            tell(error, home)
            return JSONResponse({"error": "failed"}, 500)
        _log(home, "announced" if "announced" in said else "taken", shown_sender(sender))
        return JSONResponse(said, 202)

    return Starlette(routes=[Route("/deliveries", deliveries, methods=["POST"])])


def serve(home: Home, settings: Path, host: str, port: int) -> None:
    """Serve until SIGTERM. Raises ``Problem`` receiver_settings."""
    made = application(home, read_receiver_settings(settings))
    # no access log: a proxy's will do, and nothing of a request is written that we did not check
    uvicorn.run(
        made,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=64,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=30,
    )


def _check_length(request: Request, most_bytes: int) -> None:
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > most_bytes:
        raise Refusal(413, "too_large")


def _log(home: Home, code: str, sender: str) -> None:
    note(home, LOG, f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ} {code} {sender}")
