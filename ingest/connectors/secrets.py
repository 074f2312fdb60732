"""Secrets by reference only: a TOML says where one lies (``env:NAME``, ``file:/path``), never what it is."""

import os
import re
import stat
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from ingest.connectors.protocol import PullFailed

_LONGEST = 65_536
_REFERENCE = re.compile(r"env:[A-Z][A-Z0-9_]{0,99}|file:/.+")


def _checked(text: str) -> str:
    if not _REFERENCE.fullmatch(text):
        raise ValueError("a secret is named, not written: env:NAME or file:/absolute/path")
    return text


Reference = Annotated[str, AfterValidator(_checked)]


class NotConnected(Exception):
    """The address of a system is not set on this machine: it is not pulled, and the night says so."""


def revealed(reference: str) -> str:
    """Return what ``reference`` leads to. Raises ``PullFailed`` secret_missing, or secret_unsafe for a file of another
    user or one that others can read."""
    if reference.startswith("env:"):
        value = os.environ.get(reference.removeprefix("env:"), "")
    else:
        value = _file(Path(reference.removeprefix("file:")))
    if not value:
        raise PullFailed("secret_missing", reference.split(":")[0])
    return value


def address(given: str) -> str:
    """Return the address that a system's TOML states or refers to (``env:NAME``); raises ``NotConnected`` if unset."""
    if not given.startswith("env:"):
        return given
    value = os.environ.get(given.removeprefix("env:"), "")
    if not value:
        raise NotConnected(given)
    return value


def _file(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        raise PullFailed("secret_missing", "file") from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise PullFailed("secret_unsafe", "file")
        content = os.read(descriptor, _LONGEST + 1)
    finally:
        os.close(descriptor)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:  # its words would show the bytes
        raise PullFailed("secret_unsafe", "file: no text") from None
    if len(content) > _LONGEST:
        raise PullFailed("secret_unsafe", "file: too long")
    return text.strip()
