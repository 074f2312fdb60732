"""Where alerts go: a group's webhook and mail, as ``alerts.toml`` of the home declares them; secrets by reference."""

import base64
import datetime as dt
import hashlib
import hmac
import smtplib
import ssl
import tomllib
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Annotated, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ingest.connectors.protocol import PullFailed
from ingest.connectors.secrets import Reference, revealed
from ingest.home import Home
from orchestration.problems import Problem

SECONDS = 8.0
# What the narrower of both forms takes as one text.
MOST_BYTES = 2_000
SETTINGS = "alerts.toml"


class NotSent(Exception):
    """An alert did not reach a channel; ``code`` is one of ours and says nothing of address or answer."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Channel(Protocol):
    """One way out."""

    def send(self, lines: list[str], now: dt.datetime) -> None:
        """Send ``lines`` as one message; raises ``NotSent``."""
        ...


class _Stated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Webhook(_Stated):
    """A robot of a group chat: a JSON text by POST; signed where the group asks for it.

    The text form is the same for the two common robots (``{"msgtype": "text", …}``, answered by ``errcode`` 0). With
    ``secret`` the address gets ``timestamp`` (ms) and ``sign``: base64 of HMAC-SHA256 over timestamp, newline, secret,
    keyed with the secret (source: the robots' own documentation).
    """

    url: Reference
    secret: Reference | None = None

    def send(self, lines: list[str], now: dt.datetime) -> None:
        """Post one text."""
        import httpx

        body = {"msgtype": "text", "text": {"content": _fitting(lines)}}
        try:
            at = httpx.URL(revealed(self.url)).copy_merge_params(self._signed(now))
            with httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
                answer = client.post(at, json=body)
            said = answer.json() if answer.status_code == 200 else {}
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            raise NotSent("webhook_unreachable") from None
        except PullFailed as failed:
            raise NotSent(failed.code) from None
        if not isinstance(said, dict) or said.get("errcode") != 0:
            raise NotSent("webhook_refused")

    def _signed(self, now: dt.datetime) -> dict[str, str]:
        if self.secret is None:
            return {}
        stamp, secret = str(int(now.timestamp() * 1000)), revealed(self.secret)
        made = hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
        return {"timestamp": stamp, "sign": base64.b64encode(made).decode()}


class Mail(_Stated):
    """Mail by SMTP with STARTTLS, always; ``ca`` names the certificate of an authority of one's own."""

    host: str
    port: int = 587
    user: str = ""
    password: Reference | None = None
    sender: str
    to: tuple[str, ...] = Field(min_length=1)
    ca: str | None = None

    def send(self, lines: list[str], now: dt.datetime) -> None:
        """Send one mail to all of ``to``."""
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = f"巾帼告警：{len(lines)}项", self.sender, ", ".join(self.to)
        mail["Date"] = format_datetime(now)
        mail.set_content("\n".join(lines) + "\n")
        try:
            trusted = ssl.create_default_context(cafile=self.ca)
            with smtplib.SMTP(self.host, self.port, timeout=SECONDS) as server:
                server.starttls(context=trusted)
                if self.password is not None:
                    server.login(self.user, revealed(self.password))
                server.send_message(mail)
        except PullFailed as failed:
            raise NotSent(failed.code) from None
        except smtplib.SMTPException:
            raise NotSent("mail_refused") from None
        except (OSError, ValueError):
            raise NotSent("mail_unreachable") from None


def _hour(text: str) -> str:
    dt.time.fromisoformat(text)
    return text


class Settings(_Stated):
    """``alerts.toml``. ``due`` is the hour (Shanghai) by which a night must have ended; absent file: only the log."""

    due: Annotated[str, AfterValidator(_hour)] = "06:00"
    stale_hours: int = Field(default=36, ge=1)
    webhook: tuple[Webhook, ...] = ()
    mail: tuple[Mail, ...] = ()

    @property
    def due_time(self) -> dt.time:
        """``due`` as a time of day."""
        return dt.time.fromisoformat(self.due)

    @property
    def stale(self) -> dt.timedelta:
        """How long a release may stand without a night that proved it."""
        return dt.timedelta(hours=self.stale_hours)

    @property
    def channels(self) -> dict[str, Channel]:
        """Every channel by its name in the log."""
        return {
            **{f"webhook {number}": one for number, one in enumerate(self.webhook, 1)},
            **{f"mail {number}": one for number, one in enumerate(self.mail, 1)},
        }


def read_settings(home: Home) -> Settings:
    """Read ``alerts.toml``. Raises ``Problem`` alerts_settings with the key that is wrong, never with a value."""
    path = home.root / SETTINGS
    if not path.exists():
        return Settings()
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        told = "; ".join(".".join(map(str, one["loc"])) for one in error.errors(include_input=False))
        raise Problem("alerts_settings", f"{SETTINGS}: {told}", "see docs/operations.md") from None
    except (ValueError, OSError) as error:
        raise Problem("alerts_settings", f"{SETTINGS}: {type(error).__name__}", "see docs/operations.md") from None


def _fitting(lines: list[str]) -> str:
    kept: list[str] = []
    for number, line in enumerate(["巾帼告警", *lines]):
        if len("\n".join([*kept, line]).encode()) > MOST_BYTES - 60:
            return "\n".join([*kept, f"另有{len(lines) + 1 - number}项，见jinguo status"])
        kept.append(line)
    return "\n".join(kept)
