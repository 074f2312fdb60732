"""How a header is normalised, so that it can be compared exactly and never by likeness."""

import re
import unicodedata
from functools import lru_cache

_BLANK = re.compile(r"[\s\u200b\u200c\u200d\ufeff]+")
# a note says how to write; that a figure is cumulative says what it is
_NOTE = re.compile(r"[(（\[【](?![^()（）\[\]【】]*累计)[^()（）\[\]【】]*[)）\]】]$")
_BEFORE = r"(?:[^()（）]*?[:：、，,;；/\s])?(?:人民币)?"
_UNIT = re.compile(rf"[(（]{_BEFORE}([^()（）:：、，,;；/\s]*元|[万亿])(?:[、，,;；/][^()（）]*)?[)）]")
_UNIT_NOTE = re.compile(r"[(（](?:单位[:：])?(?:人民币)?(百万元|千元|万元|亿元|元)[)）]")
_UNIT_LINE = re.compile(
    r"单位[:：]\s*(?:[^\s:：]*?[、，,;；/])?(?:人民币)?(百万元|千元|万元|亿元|元)(?=$|[\s、，,;；/)）])", re.M
)


@lru_cache(maxsize=65536)
def label(text: str | None) -> str:
    """Return ``text`` in NFKC without any white space; the empty string for nothing."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text or "")).strip("*:：")


@lru_cache(maxsize=65536)
def bare_label(text: str | None) -> str:
    """Return the label without its last bracketed note: ``金额（万元）`` and ``金额`` are one."""
    full = label(text)
    return _NOTE.sub("", full) or full


@lru_cache(maxsize=65536)
def unit_in(text: str | None) -> str:
    """Return the unit of money in the brackets of a header; the empty string where it names none.

    It is returned as written, known to us or not, so that nothing is read as yuan that is not.
    """
    found = _UNIT.search(text or "")
    return found.group(1) if found else ""


def unit_line(text: str) -> str:
    """Return the unit of money that a line above the header states; the empty string where none does."""
    found = _UNIT_LINE.search(text) or _UNIT_NOTE.search(text)
    return found.group(1) if found else ""


def column_letter(index: int) -> str:
    """Return the spreadsheet letter of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row_no: int, index: int) -> str:
    """Return what a spreadsheet calls a cell of the row ``row_no`` (from 1) and a column counted from 0: D4."""
    return f"{column_letter(index)}{row_no}"
