"""How one sender's HTTP interface answers, as facts: where its pages, totals, cursors and error codes stand."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from ipaddress import ip_address
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ingest.connectors.protocol import Limits
from ingest.connectors.secrets import Reference

_MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
_PERIOD = "{period}"
Dotted = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$", max_length=200)]
"""Where something stands in a body: ``data.total`` is member ``total`` of member ``data``."""
Place = Annotated[str, Field(pattern=r"^/[A-Za-z0-9._~/-]*$", max_length=500)]
"""A path below the system's url: no query, no other host (``//``)."""
Code = str | int


def unsafe(url: str) -> str:
    """Return why an address must not be used, or nothing: https only, except to this machine; no credentials in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is malformed"
    if parts.username is not None or parts.password is not None:
        return "it holds credentials; state them as references"
    if not host or parts.query or parts.fragment or re.search(r"[\s\\]", url):
        return "it is scheme://host[:port][/path] and nothing else"
    if parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host)):
        return ""
    return "it is not https"


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _safe(url: str) -> str:
    reason = "" if re.fullmatch(r"env:[A-Z][A-Z0-9_]{0,99}", url) else unsafe(url)
    if reason:
        raise ValueError(f"this address is refused: {reason}")
    return url.rstrip("/")


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(_Facts):
    """The envelope of every body: where its code stands, and which codes mean what; no code at all where ``code`` is
    empty. Codes are compared as text, so 0 and "0" are the same."""

    code: Dotted | None = None
    ok: tuple[Code, ...] = (0, 200)
    retry: tuple[Code, ...] = ()
    expired: tuple[Code, ...] = ()


class Token(_Facts):
    """A bearer token: POST ``path`` with client_id and client_secret, as JSON or as a form; the answer is JSON with the
    token at ``value`` and its life in seconds at ``lifetime`` (used where it is there)."""

    path: Place
    client_id: Reference
    client_secret: Reference
    sent_as: Literal["json", "form"] = "json"
    value: Dotted = "access_token"
    lifetime: Dotted = "expires_in"


class Pages(_Facts):
    """Paging by number: ``param`` counts from ``first``; the body states how many ``pages`` there are, or the ``total``
    of records, or both. Either that changes between two pages makes the listing begin anew."""

    by: Literal["page"]
    param: str = "page"
    first: int = 1
    pages: Dotted | None = None
    total: Dotted | None = None

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if self.pages is None and self.total is None:
            raise ValueError("paging by page needs pages or total: otherwise nothing says where it ends")
        return self


class Cursors(_Facts):
    """Paging by cursor: the body states the ``next`` one (null or empty at the end), which goes into ``param``."""

    by: Literal["cursor"]
    param: str = "cursor"
    next: Dotted
    total: Dotted | None = None


class Since(_Facts):
    """What changed since the last pull: ``param`` gets the greatest ``field`` of the records seen, less
    ``overlap_days``; ``first`` (or nothing) when there was no pull yet."""

    param: str
    field: Dotted
    overlap_days: int = Field(default=1, ge=0, le=3650)
    first: str = ""


class Each(_Facts):
    """One listing per month, ``from`` the first ``until`` the last one (the last finished one where not stated);
    ``{period}`` in a parameter stands for it, as 2024-03. Months read whole are not asked again, except the last
    ``overlap`` of them, in which figures still move."""

    period: Literal["month"]
    begin: Annotated[str, Field(pattern=_MONTH, alias="from")]
    until: Annotated[str, Field(pattern=_MONTH)] | None = None
    overlap: int = Field(default=3, ge=0, le=600)

    def months(self, today: date, cursor: str | None) -> Iterator[str]:
        """Yield the months to ask for, in order."""
        last = _nth(self.until) if self.until else today.year * 12 + today.month - 2
        begin = _nth(self.begin)
        if cursor is not None and re.match(_MONTH, cursor):
            begin = max(begin, min(_nth(cursor), last) + 1 - self.overlap)
        for nth in range(begin, last + 1):
            yield f"{nth // 12:04d}-{nth % 12 + 1:02d}"


def _nth(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


class Listing(_Facts):
    """One thing to ask for. ``records`` is where the list of records stands; ``kind`` only where these records are
    corrections or withdrawals; without ``paging`` one answer is all."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    path: Place
    params: Mapping[str, str] = {}
    records: Dotted
    paging: Annotated[Pages | Cursors, Field(discriminator="by")] | None = None
    since: Since | None = None
    each: Each | None = None
    kind: Literal["correction", "withdrawal"] | None = None

    @model_validator(mode="after")
    def _one_way_to_shorten(self) -> Self:
        if self.since is not None and self.each is not None:
            raise ValueError("a listing goes by since or by each, not by both")
        if any(_PERIOD in text for text in self.params.values()) != (self.each is not None):
            raise ValueError("each, and nothing else, needs {period} in a parameter")
        return self

    def parameters(self, period: str | None) -> dict[str, str]:
        """Return the stated parameters, ``{period}`` filled in."""
        return {name: text.replace(_PERIOD, period or "") for name, text in self.params.items()}


class HttpDataset(_Facts):
    """All that one dataset is read from."""

    listings: Annotated[tuple[Listing, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        if len({listing.name for listing in self.listings}) != len(self.listings):
            raise ValueError("two listings have one name")
        return self


class HttpSystem(_Facts):
    """An HTTP interface with JSON bodies. ``url`` is https (or this machine), or ``env:NAME``; ``headers`` are secrets
    by reference; ``ca_file`` an authority to trust beside the usual ones; ``attempts`` are per request,
    ``wait_seconds`` the wait before the second, doubling up to thirty."""

    kind: Literal["http"]
    url: Annotated[str, AfterValidator(_safe)]
    token: Token | None = None
    headers: Mapping[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,60}$")], Reference] = {}
    ca_file: Annotated[str, Field(pattern=r"^/")] | None = None
    answer: Answer = Answer()
    attempts: int = Field(default=6, ge=1, le=50)
    wait_seconds: float = Field(default=0.5, gt=0, le=60)
    limits: Limits = Limits()
    datasets: Mapping[str, HttpDataset]
