"""Codes, flags and plain words."""

import re
import unicodedata
from collections.abc import Mapping

import polars as pl

from ingest.parsers.cells import ERRORS, MISSING, Parsed, by_distinct, fold, missing, no_codes

_SEPARATORS = re.compile(r"[、，,;；/\n\r|+]+")
_LISTED, _PARTED = re.compile(r"[、，,;；/\n\r|]+"), 3
_QUOTES = re.compile(r"[\s\"'“”‘’「」『』《》〈〉＂＇`´]+")
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff()])\s+(?=[\u4e00-\u9fff()])")
Words = Mapping[str, tuple[str, ...]]
# read already as it stands: no white space, no leading apostrophe
_PLAIN = r"^(?:[!-&(-~\p{Han}][!-~\p{Han}]*)?$"
_NOTHING = sorted(MISSING | ERRORS)
_ID_NO = re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{9}[\dXx](?!\d)")
_PHONE = re.compile(r"(?<![0-9A-Za-z-])1[3-9]\d{9}(?![0-9A-Za-z-])")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def dictionary(words: Words) -> dict[str, str]:
    """Return every known word, folded, and our code for it; our code is a word for itself."""
    return {fold(word)[0].lower(): code for code, known in words.items() for word in (code, *known)}


def code_column(raw: pl.Series, words: Words) -> Parsed:
    """Read a column of codes: a word that is in no code's list is refused (``unknown_code``)."""
    known = dictionary(words)

    def read(text: str) -> tuple[str | None, str | None]:
        folded, fix = fold(text)
        compact = re.sub(r"\s+", "", folded).lower()
        if compact in known:
            return known[compact], fix
        if folded in MISSING:
            return None, "stated_missing"
        return None, "error_literal" if folded in ERRORS else "unknown_code"

    return by_distinct(raw, read, pl.String)


def flag_column(raw: pl.Series, words: Words) -> Parsed:
    """Read a column of yes and no with this column's own words; a workbook's own true and false are always known."""
    parsed = code_column(raw, {"yes": (*words["yes"], "true"), "no": (*words["no"], "false")})
    codes = parsed.codes.replace({"unknown_code": "unreadable_flag"})
    return Parsed((parsed.values == "yes").alias(raw.name), codes)


def codes_column(raw: pl.Series, words: Words) -> Parsed:
    """Read several codes in one cell into a list without repetition; an unknown word becomes ``other`` and a warning
    where the column has ``other``, and is refused where it has not."""
    known = dictionary(words)

    def read(text: str) -> tuple[list[str] | None, str | None]:
        whole = _compact(text)
        if whole in known:
            return [known[whole]], None
        parts = [one for part in _SEPARATORS.split(text) for one in _words_of(part, known)]
        if not parts:
            return None, "unknown_code"
        unknown = [part for part in parts if part not in known]
        if unknown and "other" not in words:
            return None, "unknown_code"
        found = list(dict.fromkeys(known.get(part, "other") for part in parts))
        return found, "unknown_category" if unknown else None

    return by_distinct(raw, missing(read), pl.List(pl.String))


def text_column(raw: pl.Series) -> Parsed:
    """Read a column of words: half-width, stripped, inner white space kept single.

    An identity number or a mobile phone among them is masked: no person leaves landing (law 3).
    """
    plain = raw.str.contains(_PLAIN).fill_null(True)
    if plain.all() and not raw.is_in(_NOTHING).any() and not raw.str.contains("[0-9]{11}").any():
        return Parsed(raw, no_codes(len(raw)))
    return by_distinct(raw, missing(_read_words), pl.String)


def _read_words(text: str) -> tuple[str, str | None]:
    single = re.sub(r"\s+", " ", text)
    masked = _ID_NO.sub("***", single)
    if _HAN.search(masked):  # digits alone are a number of the sender's own
        masked = _PHONE.sub("***", masked)
    return masked, "identity_in_text" if masked != single else None


def texts_column(raw: pl.Series) -> Parsed:
    """Read several words in one cell into a list without repetition; an identity number or a phone among them is
    masked."""
    return by_distinct(raw, missing(_read_texts, fixes=False), pl.List(pl.String))


def _read_texts(text: str) -> tuple[list[str], str | None]:
    masked, code = _read_words(text)
    several = [word for part in _LISTED.split(masked) for word in _apart(part)]
    return list(dict.fromkeys(several)) or [masked], code


def _apart(part: str) -> list[str]:
    """White space parts words of three characters and more; a shorter one would be the half of a word."""
    several = part.split()
    return several if all(len(word) >= _PARTED for word in several) else [part.strip()]


def proper_name_column(raw: pl.Series) -> Parsed:
    """Read a column of names of groups and places, without quotation marks and white space, so that one is one."""
    return by_distinct(raw, missing(_read_proper_name, fixes=False), pl.String)


def _read_proper_name(text: str) -> tuple[str, str | None]:
    masked, code = _read_words(unicodedata.normalize("NFKC", text))
    return _QUOTES.sub("", masked) or masked, code


def firm_name_column(raw: pl.Series) -> Parsed:
    """Read a column of firms' names: NFKC, so that （）and () are one, without white space between Han characters."""
    return by_distinct(raw, missing(_read_firm_name, fixes=False), pl.String)


def _read_firm_name(text: str) -> tuple[str, str | None]:
    masked, code = _read_words(unicodedata.normalize("NFKC", text))
    return _BETWEEN_HAN.sub("", masked), code


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text).lower()


def _words_of(part: str, known: Mapping[str, str]) -> list[str]:
    """One word, white space inside it or not; several where white space is all that parts them."""
    return [_compact(part)] if _compact(part) in known else part.lower().split()
