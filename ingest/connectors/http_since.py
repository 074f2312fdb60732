"""Cursors that are moments: how far a system was read, in its own way of writing a time."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ingest.connectors.http_answers import at
from ingest.connectors.http_settings import Since

_HERE = ZoneInfo("Asia/Shanghai")


def asked_since(since: Since, known: str | None) -> dict[str, str]:
    """Return the parameter that shortens a listing: ``known`` less the overlap, as the system writes it; ``first``, or
    none, where nothing is known."""
    moment = _moment(known)
    if known is None or moment is None:
        return {since.param: since.first} if since.first else {}
    written = datetime.fromisoformat(known)
    try:
        back = written - timedelta(days=since.overlap_days)
    except OverflowError:
        return {since.param: since.first} if since.first else {}
    return {since.param: back.date().isoformat() if len(known) == 10 else back.isoformat(sep=known[10])}


def later(known: str | None, records: tuple[Any, ...], field: str) -> str | None:
    """Return the latest of ``known`` and what the ``records`` say at ``field``.

    What is no ISO time is passed over, and what lies in the future too: one mistyped year would hide all that follows.
    """
    now = datetime.now(_HERE)
    best, reached = known, _moment(known)
    for record in records:
        said = at(record, field)
        moment = _moment(said)
        if moment is not None and moment <= now and (reached is None or moment > reached):
            best, reached = str(said), moment
    return best


def _moment(said: object) -> datetime | None:
    """A time without an offset is the counties' own."""
    if not isinstance(said, str) or len(said) < 10 or not said[4:5] == said[7:8] == "-":
        return None
    try:
        moment = datetime.fromisoformat(said)
        return (moment if moment.tzinfo else moment.replace(tzinfo=_HERE)) + timedelta(0)
    except (ValueError, OverflowError):
        return None
