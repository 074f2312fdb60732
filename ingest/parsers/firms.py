"""Unified codes of firms: what is public stays in clear, what is a person's becomes a token."""

import re

import polars as pl

from ingest.parsers.cells import Parsed, by_distinct, missing
from ingest.parsers.identities import refuse_numeric

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_USCC = re.compile(rf"[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY]\d{{6}}[{ALPHABET}]{{10}}")
_OLD = re.compile(r"\d{15}")
_PERSONS_OLD = re.compile(r"\d{6}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_SOLE = re.compile(r"92.{16}|\d{6}[6-9]\d{8}")


def check_character(first17: str) -> str:
    """Return the 18th character of a unified code (GB 32100-2015: weights are powers of 3 modulo 31)."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def read_uscc(text: str) -> tuple[str | None, str | None]:
    """Read one unified code into 18 upper-case characters; an old number of 15 digits is kept (``uscc_old``)."""
    compact = re.sub(r"[\s-]", "", text).upper()
    if _OLD.fullmatch(compact):
        return compact, "uscc_old"
    if not _USCC.fullmatch(compact) or check_character(compact[:17]) != compact[17]:
        return None, "uscc_malformed"
    return compact, None


def uscc_column(raw: pl.Series, kinds: pl.Series | None) -> Parsed:
    """Read a column of unified codes. A numeric cell is corrupt whatever it shows: refused."""
    return refuse_numeric(by_distinct(raw, missing(read_uscc), pl.String), raw, kinds)


def is_sole_trader(codes: pl.Expr) -> pl.Expr:
    """Whether a code is that of an individually owned business: 92… (GB 32100), or of the old numbers those whose
    serial number begins with 6 to 9 (GS 15-2006)."""
    return codes.str.contains(f"^(?:{_SOLE.pattern})$")


def may_be_a_person(codes: pl.Expr) -> pl.Expr:
    """Whether a code must not stay in clear: a sole trader is its owner, and an old number that reads as an identity
    number from before 1999 may be one (law 3)."""
    return is_sole_trader(codes) | codes.str.contains(f"^{_PERSONS_OLD.pattern}$")
