"""Searches a home for planted persons, and what an engine had only begun to write by its bytes."""

import sqlite3
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

import duckdb

from tests.night.leakscan import Scanner

_PERSONAL = ("landing", "inbox", "keys", "sample")


def leaked(home: Path, planted: Collection[str]) -> list[str]:
    """Return, as lines of the verifier, where a planted person stands outside inbox, landing and keys."""
    scanner, half = _scanner(tuple(planted)), _half_written(home)
    try:
        leaks = scanner.scan(home, [*(home / folder for folder in _PERSONAL), *half])
    except (duckdb.Error, sqlite3.Error) as error:
        return [f"I2: a database cannot be read through ({type(error).__name__})"]
    found = {f"I4: {leak.place} holds a planted person ({leak.spelling})" for leak in leaks}
    for path in half:
        found |= {f"I4: {path.name} holds a planted person ({word})" for _, word in scanner.search(path.read_bytes())}
    return sorted(found)


@lru_cache
def _scanner(planted: tuple[str, ...]) -> Scanner:
    return Scanner(planted)


def _half_written(home: Path) -> list[Path]:
    """The candidate's databases that a killed engine had only begun: nobody can open them, their bytes are searched."""
    return [path for path in (home / "build").rglob("*.duckdb") if not _opens(path)]


def _opens(path: Path) -> bool:
    try:
        duckdb.connect(str(path), read_only=True).close()
    except duckdb.Error:
        return False
    return True
