"""What an answer means: usable, worth another attempt, an expired token, or an end. Nothing of a body gets out."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from ingest.connectors.http_settings import Answer
from ingest.connectors.protocol import PullFailed

MISSING: Final = object()
_TRANSIENT = {408, 425, 429}
_ENCODINGS = ("utf-8-sig", "gb18030")


class Again(Exception):
    """This attempt failed and the next may not; ``code`` is what the pull fails with where none succeeds.

    ``after`` is how many seconds the system asked us to wait.
    """

    def __init__(self, code: str, about: str, after: float | None = None) -> None:
        self.code, self.about, self.after = code, about, after
        super().__init__(f"{code}: {about}")


class Expired(Again):
    """The token is no longer taken: the next attempt needs a new one."""

    def __init__(self, about: str) -> None:
        super().__init__("system_refused", about, after=0.0)


def judge_status(status: int, headers: Mapping[str, str], *, has_token: bool) -> None:
    """Return for status 200 only; raise ``Again`` or ``PullFailed`` for every other. The body was not read yet."""
    about = f"status {status}"
    if status == 200:
        return
    if status == 401 and has_token:
        raise Expired(about)
    if status in _TRANSIENT or status >= 500:
        raise Again("pull_retries", about, after=_asked_to_wait(headers))
    if status in (401, 403, 407):
        raise PullFailed("system_refused", about)
    raise PullFailed("answer_error" if status >= 400 else "answer_unreadable", about)


def judged(body: bytes, headers: Mapping[str, str], answer: Answer) -> Any:
    """Return the document that ``body`` holds, if its envelope says that all is well.

    Raises ``PullFailed`` answer_unreadable for markup (a login page) and for an envelope without its code,
    answer_error for a code that means neither success nor another attempt; else ``Again``.
    """
    document = read_document(body)
    if answer.code is None:
        return document
    code = at(document, answer.code)
    if isinstance(code, bool) or not isinstance(code, str | int):
        raise PullFailed("answer_unreadable", f"{answer.code} is missing")
    said, about = str(code), _shown(code)
    if said in map(str, answer.ok):
        return document
    if said in map(str, answer.expired):
        raise Expired(about)
    if said in map(str, answer.retry):
        raise Again("pull_retries", about, after=_asked_to_wait(headers))
    raise PullFailed("answer_error", about)


def read_document(body: bytes) -> Any:
    """Return the JSON document of ``body``; markup raises ``PullFailed``, anything else that is none ``Again``: it may
    have been cut where the transport could not see it."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise PullFailed("answer_unreadable", "markup instead of JSON")
    for encoding in _ENCODINGS:
        try:
            return json.loads(body.decode(encoding))
        except UnicodeDecodeError:
            continue
        except (ValueError, RecursionError):
            break
    raise Again("answer_unreadable", "no whole JSON document")


def at(document: Any, dotted: str) -> Any:
    """Return what stands at ``dotted`` in ``document``, or ``MISSING``."""
    for name in dotted.split("."):
        document = document.get(name, MISSING) if isinstance(document, dict) else MISSING
    return document


def count_at(document: Any, dotted: str) -> int:
    """Return the whole number at ``dotted``; raises ``PullFailed`` answer_unreadable where none stands there."""
    found = at(document, dotted)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 19:
        return int(found)
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise PullFailed("answer_unreadable", f"{dotted} is no count")
    return found


def records_at(document: Any, dotted: str) -> tuple[Any, ...]:
    """Return the records that stand at ``dotted``; raises ``PullFailed`` answer_unreadable where no list stands."""
    found = at(document, dotted)
    if not isinstance(found, list):
        raise PullFailed("answer_unreadable", f"{dotted} is no list")
    return tuple(found)


def _shown(code: str | int) -> str:
    """A number of a few digits may be told; a word of a body may be anybody's name."""
    text = str(code)
    return f"code {text}" if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 10 else "a code"


def _asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds of Retry-After: a number, or a date, which is taken against the system's own clock where it is told."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit() and len(said) < 10:
        return float(said)
    moment = _date(said)
    if moment is None:
        return None
    here = _date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (moment - here).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
