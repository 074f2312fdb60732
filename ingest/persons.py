"""From what identifies a person to tokens, birth year, area code and sex; nothing else survives (law 3)."""

import polars as pl

from ingest.parsers.cells import Parsed
from ingest.reasons import REJECTING
from ingest.tokens import TokenMaker


def _values(parsed: dict[str, Parsed], name: str, like: pl.Series) -> pl.Series:
    if name in parsed:
        return parsed[name].values
    return pl.repeat(None, len(like), dtype=pl.String, eager=True)


def _has_code(parsed: dict[str, Parsed], name: str, codes: list[str], like: pl.Series) -> pl.Series:
    if name not in parsed:
        return pl.repeat(False, len(like), dtype=pl.Boolean, eager=True)
    return parsed[name].codes.is_in(codes).fill_null(False)


def _contact(parsed: dict[str, Parsed], role: str, senders: pl.Series) -> pl.Series:
    """Name with phone, else name with birth, else name within one sender; null without a name."""
    name = _values(parsed, f"{role}_name", senders)
    phone = _values(parsed, f"{role}_phone", senders)
    birth = _values(parsed, f"{role}_birth", senders).cast(pl.String)
    return pl.select(
        pl.concat_str([pl.lit(name), pl.coalesce(pl.lit(phone), pl.lit(birth), pl.lit(senders))], separator="|")
    ).to_series()


def person_columns(
    parsed: dict[str, Parsed], role: str, domain: str, senders: pl.Series, maker: TokenMaker
) -> dict[str, pl.Series]:
    """Return the clean columns of one person role, ``<role>_id_sex`` for rules and ``<role>_is_blurred``.

    ``parsed`` holds what the sender wrote of the person; ``senders`` is the sender of each row. A person whose number
    or identity number was refused, or masked without a phone beside it, is blurred: the weaker token that is left is
    not the one by which other deliveries know her, so a refused one gives none, and neither may prove her absence.
    """
    id_no = _values(parsed, f"{role}_id_no", senders)
    number = _values(parsed, f"{role}_number", senders)
    tokens = {
        "number": maker.tokens(number, domain, "number"),
        "id": maker.tokens(id_no, domain, "id_no"),
        "contact": maker.tokens(_contact(parsed, role, senders), domain, "contact"),
    }
    refused = _has_code(parsed, f"{role}_number", REJECTING, senders)
    refused |= _has_code(parsed, f"{role}_id_no", REJECTING, senders) & number.is_null()
    phone = _values(parsed, f"{role}_phone", senders)
    masked = _has_code(parsed, f"{role}_id_no", ["id_masked"], senders) & number.is_null() & phone.is_null()
    birth = parsed.get(f"{role}_birth")
    told = _told_by_id(id_no)
    year = told["birth_year"]
    if birth:
        year = pl.select(pl.coalesce(pl.lit(year), pl.lit(birth.values).dt.year().cast(pl.Int16))).to_series()
    strongest = pl.coalesce(pl.lit(tokens["number"]), pl.lit(tokens["id"]), pl.lit(tokens["contact"]))
    facts = {
        **told,
        "birth_year": year,
        "token": pl.select(pl.when(~refused).then(strongest) if refused.any() else strongest).to_series(),
        "is_blurred": refused | masked,
    }
    named = {f"{role}_{kind}_token": series for kind, series in tokens.items()}
    return named | {f"{role}_{name}": series for name, series in facts.items()}


def _told_by_id(id_no: pl.Series) -> dict[str, pl.Series]:
    """What an identity number says of its bearer: birth year, area code, sex (GB 11643)."""
    if id_no.null_count() == len(id_no):
        dtypes = {"birth_year": pl.Int16, "area_code": pl.String, "id_sex": pl.String}
        return {name: pl.repeat(None, len(id_no), dtype=dtype, eager=True) for name, dtype in dtypes.items()}
    is_male = pl.lit(id_no).str.slice(16, 1).is_in(["1", "3", "5", "7", "9"])
    told = pl.select(
        pl.lit(id_no).str.slice(6, 4).cast(pl.Int16).alias("birth_year"),
        pl.lit(id_no).str.head(6).alias("area_code"),
        pl.when(is_male).then(pl.lit("male")).when(~is_male).then(pl.lit("female")).alias("id_sex"),
    )
    return {name: told[name] for name in told.columns}


def list_tokens(lists: pl.Series, domain: str, maker: TokenMaker) -> pl.Series:
    """Return each list of numbers as the list of their tokens, each once."""
    filled = lists.list.eval(pl.element().filter(pl.element() != "")) if _has_empty(lists) else lists
    distinct = filled.explode().drop_nulls().unique()
    if distinct.is_empty():
        return filled
    made = maker.tokens(distinct, domain, "number")
    each = filled.list.eval(pl.element().replace_strict(distinct, made, return_dtype=pl.String))
    several = each.filter(each.list.len() > 1)
    return each if (several.list.n_unique() == several.list.len()).all() else each.list.unique(maintain_order=True)


def _has_empty(lists: pl.Series) -> bool:
    return bool((lists.explode() == "").any())
