"""Who may deliver by the webhook, and whether a request is really his, new, and not one too many."""

import datetime as dt
import hashlib
import hmac
import re
import sqlite3
import tomllib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ingest.connectors.protocol import PullFailed
from ingest.connectors.secrets import Reference, revealed
from orchestration.problems import Problem

WINDOW = 300
# A clock that was set back must not make an old request young again.
_REMEMBERED = 86_400
_NONCE, _SHA = re.compile(r"[A-Za-z0-9_-]{16,64}"), re.compile(r"[0-9a-f]{64}")
_SENDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
SHORTEST_SECRET = 32
SIGNED = ("timestamp", "nonce", "content-sha256", "dataset", "kind", "file-name")


class Refusal(Exception):
    """A request that is not taken: an HTTP status and one of our codes."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code
        super().__init__(code)


class _Stated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Permitted(_Stated):
    """One sender: its secret by reference, and the datasets that it may send; all where none is named."""

    secret: Reference
    datasets: tuple[str, ...] = ()


class ReceiverSettings(_Stated):
    """``receiver.toml``: what one upload and one minute may bring, and who may send."""

    most_bytes: int = Field(default=256 << 20, ge=1)
    most_seconds: float = Field(default=600, gt=0)
    a_minute: int = Field(default=60, ge=1)
    senders: Mapping[str, Permitted] = Field(default_factory=dict)

    @field_validator("senders")
    @classmethod
    def _codes(cls, senders: Mapping[str, Permitted]) -> Mapping[str, Permitted]:
        if not all(_SENDER.fullmatch(sender) for sender in senders):
            raise ValueError("a sender is lower-case letters, digits, - and _")
        return senders


def read_receiver_settings(path: Path) -> ReceiverSettings:
    """Read ``receiver.toml``. Raises ``Problem`` receiver_settings with the key that is wrong, never with a value;
    a secret that cannot be read or is shorter than 32 characters is one too: nobody starts half open."""
    todo = "see docs/operations.md"
    try:
        settings = ReceiverSettings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        told = "; ".join(".".join(map(str, one["loc"])) for one in error.errors(include_input=False))
        raise Problem("receiver_settings", f"{path.name}: {told}", todo, usage=True) from None
    except (ValueError, OSError) as error:
        raise Problem("receiver_settings", f"{path.name}: {type(error).__name__}", todo, usage=True) from None
    for sender, permitted in settings.senders.items():
        try:
            is_weak = len(revealed(permitted.secret)) < SHORTEST_SECRET
        except PullFailed as failed:
            raise Problem("receiver_settings", f"{sender}: {failed.code}", todo, usage=True) from None
        if is_weak:
            raise Problem("receiver_settings", f"{sender}: secret shorter than {SHORTEST_SECRET}", todo, usage=True)
    return settings


@dataclass(frozen=True)
class Signed:
    """What a request says of itself, all of it under its signature; ``sha256`` is of the body, in hex."""

    sender: str
    timestamp: int
    nonce: str
    sha256: str
    dataset: str
    kind: str
    file_name: str


def signature(secret: str, method: str, path: str, values: Mapping[str, str]) -> str:
    """Return the HMAC-SHA256, in hex, over method, path and the values of ``SIGNED``, each on a line of its own."""
    lines = "\n".join((method, path, *(values.get(name, "") for name in SIGNED)))
    return hmac.digest(secret.encode(), lines.encode(), hashlib.sha256).hex()


def verified(
    settings: ReceiverSettings, method: str, path: str, headers: Mapping[str, str], now: dt.datetime
) -> Signed:
    """Return what the headers ``Jinguo-…`` say where the signature holds and the time is within 300 s.

    Raises ``Refusal`` 401 with one code for everything: an unknown sender, a wrong secret, an old request.
    """
    said = {name: headers.get(f"jinguo-{name}", "") for name in (*SIGNED, "sender", "signature")}
    permitted = settings.senders.get(said["sender"])
    try:
        secret = revealed(permitted.secret) if permitted else "no such sender" * 4
    except PullFailed:
        permitted, secret = None, "no such secret" * 4
    # computed for an unknown sender too: how long an answer takes must not tell who is known
    is_genuine = hmac.compare_digest(signature(secret, method, path, said).encode(), said["signature"].encode())
    is_formed = _NONCE.fullmatch(said["nonce"]) and _SHA.fullmatch(said["content-sha256"])
    is_timely = _is_timely(said["timestamp"], now)
    if not (permitted and is_genuine and is_formed and is_timely):
        raise Refusal(401, "unauthorized")
    values = (said[name] for name in ("nonce", "content-sha256", "dataset", "kind", "file-name"))
    return Signed(said["sender"], int(said["timestamp"]), *values)


def _is_timely(timestamp: str, now: dt.datetime) -> bool:
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    return is_number and abs(now.timestamp() - int(timestamp)) <= WINDOW


class Nonces:
    """The nonces of the last day, durable: a request is taken once, also after a restart and by two processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(self._opened()) as db:
            columns = "sender text, nonce text, at real, primary key (sender, nonce)"
            db.execute(f"create table if not exists nonces ({columns}) strict")

    def take(self, sender: str, nonce: str, now: dt.datetime) -> None:
        """Use up a nonce; raises ``Refusal`` 409 where it was used."""
        at = now.timestamp()
        try:
            with closing(self._opened()) as db:
                db.execute("insert into nonces values (?, ?, ?)", (sender, nonce, at))
                db.execute("delete from nonces where at < ?", (at - _REMEMBERED,))
        except sqlite3.IntegrityError:
            raise Refusal(409, "replayed") from None

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = full")
        return db


class Rate:
    """How many requests of a sender are left in this minute; refills evenly."""

    def __init__(self, a_minute: int) -> None:
        self._most = float(a_minute)
        self._left: dict[str, tuple[float, float]] = {}

    def spend(self, sender: str, now: dt.datetime) -> None:
        """Spend one; raises ``Refusal`` 429 where none is left."""
        at = now.timestamp()
        left, before = self._left.get(sender, (self._most, at))
        left = min(self._most, left + max(0.0, at - before) * self._most / 60)
        self._left[sender] = (max(0.0, left - 1), at)
        if left < 1:
            raise Refusal(429, "too_many")
