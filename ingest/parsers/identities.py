"""Identity numbers, numbers, names and phones: read only to make tokens; none of it leaves this process."""

import re
from datetime import date

import polars as pl

from ingest.parsers.cells import ERRORS, MISSING, Parsed, by_distinct, fold, missing, no_codes, only

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
_ID18 = re.compile(r"[0-9]{17}[0-9X]")
_MASK = re.compile(r"[*×●•#]|X{2,}")
_BETWEEN = r"[、，,;；/\n\r|\s]+"
_NO_ID = {"未办理", "无户口", "未上户", "未落户", "无身份证", "暂未办理"}
_ALIAS = re.compile(r"[(（].*?[)）]")
_DOTS = re.compile(r"[·•．‧・･∙⋅]|(?<=[\u4e00-\u9fff])\s*\.\s*(?=[\u4e00-\u9fff])")
_TWO_NAMES = re.compile(r"[、，,;；/\n]")
_WHOLE_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}")
_COMPOUND_SURNAMES = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|端木|司徒|司空|独孤|南宫|长孙|宇文|轩辕|西门|闻人|申屠"
    "|太史|澹台|濮阳|淳于|单于|公冶|宗政|钟离|呼延|闾丘|东郭|百里|拓跋|完颜|纳兰|赫连"
)
_USUAL_NUMBERS = r"^[0-9A-Z\-]+(?:;[0-9A-Z\-]+)*$"
_MOBILE = r"^1\d{10}$"
_PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_NOTHING = sorted(MISSING | ERRORS)


def check_character(first17: str) -> str:
    """Return the 18th character of an identity number (ISO 7064 MOD 11-2, GB 11643)."""
    return CHECK[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def _is_day(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).year >= 1900
    except ValueError:
        return False


def read_id_no(text: str, *, of_child: bool) -> tuple[str | None, str | None]:
    """Read one identity number into 18 upper-case characters, or say why not."""
    folded, fix = fold(text)
    compact = re.sub(r"\s", "", folded).upper()
    if compact in _NO_ID:
        return None, "id_absent"
    if folded in MISSING:
        return None, "stated_missing"
    if folded in ERRORS:
        return None, "error_literal"
    if _MASK.search(compact):
        return None, "id_masked"
    if re.fullmatch(r"[0-9]{15}", compact):
        return (None, "id_too_old") if of_child else _upgraded(compact)
    if not _ID18.fullmatch(compact) or not _is_day(compact[6:14]):
        return None, "id_malformed"
    if check_character(compact[:17]) != compact[17]:
        return None, "id_check_digit"
    return compact, fix or ("spaces_removed" if compact != folded.upper() else None)


def _upgraded(old: str) -> tuple[str | None, str | None]:
    first17 = f"{old[:6]}19{old[6:]}"
    if not _is_day(first17[6:14]):
        return None, "id_malformed"
    return first17 + check_character(first17), "id_upgraded"


def id_column(raw: pl.Series, kinds: pl.Series | None, *, of_child: bool) -> Parsed:
    """Read a column of identity numbers. A numeric cell is corrupt whatever it shows: refused."""
    parsed = by_distinct(raw, lambda text: read_id_no(text, of_child=of_child), pl.String)
    return refuse_numeric(parsed, raw, kinds)


def refuse_numeric(parsed: Parsed, raw: pl.Series, kinds: pl.Series | None) -> Parsed:
    """Refuse what stands in a numeric cell: its digits beyond the fifteenth are gone, and so are leading zeros."""
    if kinds is None or not (numeric := (kinds == "n").fill_null(False) & raw.is_not_null()).any():
        return parsed
    frame = pl.DataFrame({"value": parsed.values, "code": parsed.codes, "numeric": numeric}).select(
        pl.when("numeric").then(None).otherwise("value").alias(raw.name),
        pl.when("numeric").then(pl.lit("id_typed_as_number")).otherwise("code").alias("code"),
    )
    return Parsed(frame[raw.name], frame["code"])


def number_column(raw: pl.Series, kinds: pl.Series | None) -> Parsed:
    """Read a column of senders' own numbers of persons: folded, upper case, without white space."""
    usual = (raw.str.contains(r"^[0-9A-Z][0-9A-Z\-]*$") & ~raw.is_in(_NOTHING)).fill_null(True)
    if usual.all():
        return refuse_numeric(Parsed(raw, no_codes(len(raw))), raw, kinds)

    def read(text: str) -> tuple[str | None, str | None]:
        return re.sub(r"\s", "", text).upper(), None

    return refuse_numeric(by_distinct(raw, missing(read), pl.String), raw, kinds)


def name_column(raw: pl.Series) -> Parsed:
    """Read a column of names: spaces between Han characters, aliases in brackets and kinds of middle dot removed."""

    def read(text: str) -> tuple[str | None, str | None]:
        plain = _DOTS.sub("·", _ALIAS.sub("", text)) or text.strip("()（） ")
        if not plain:
            return None, "person_unidentified"
        if _TWO_NAMES.search(plain) or _are_two(plain):
            return None, "two_names"
        compact = re.sub(r"\s+", "", plain) if re.search(r"[\u4e00-\u9fff]", plain) else plain.strip()
        return compact, "rare_character" if _PRIVATE.search(compact) else "spaces_removed" if compact != plain else None

    return by_distinct(raw, missing(read), pl.String)


def _are_two(text: str) -> bool:
    """Whether white space parts whole names: 张三 李四 are two, 张　三 and 欧阳 娜娜 are one each."""
    parts = text.split()
    return len(parts) > 1 and all(map(_WHOLE_NAME.fullmatch, parts)) and not _COMPOUND_SURNAMES.fullmatch(parts[0])


def read_phone(text: str) -> tuple[str | None, str | None]:
    """Read one phone into digits; of two the first counts, a masked one is nothing."""
    if "*" in text:
        return None, "phone_malformed"
    first = re.split(r"[、，,;；/\n]", text)[0]
    digits = re.sub(r"^(?:00)?86(?=1\d{10}$|0\d{9,11}$)", "", re.sub(r"\D", "", first))
    usual = re.fullmatch(r"1\d{10}|0\d{9,11}|\d{7,8}", digits)
    return digits or None, None if usual else "phone_malformed"


def phone_column(raw: pl.Series) -> Parsed:
    """Read a column of phones; a numeric cell is allowed, since eleven digits are exact."""
    if raw.str.contains(_MOBILE).all(ignore_nulls=False):
        return Parsed(raw, no_codes(len(raw)))
    return by_distinct(raw, missing(read_phone), pl.String)


def numbers_column(raw: pl.Series, kinds: pl.Series | None) -> Parsed:
    """Read several persons' numbers in one cell into a list of numbers. A numeric cell is refused."""
    usual = raw.is_null() | (raw.str.contains(_USUAL_NUMBERS) & ~raw.is_in(_NOTHING))
    folded = Parsed(raw, no_codes(len(raw)))
    if not usual.all():
        odd = by_distinct(only(raw, ~usual), missing(_read_numbers), pl.String)
        values = pl.select(pl.when(pl.lit(usual)).then(pl.lit(raw)).otherwise(pl.lit(odd.values)).alias(raw.name))
        folded = Parsed(values[raw.name], odd.codes)
    folded = refuse_numeric(folded, raw, kinds)
    return Parsed(folded.values.str.split(";").alias(raw.name), folded.codes)


def _read_numbers(text: str) -> tuple[str | None, str | None]:
    joined = re.sub(_BETWEEN, ";", text).strip(";").upper()
    return joined or None, None if joined else "person_unidentified"
