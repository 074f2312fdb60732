"""The typed columns of a contract, out of what the parsers read."""

import dataframely as dy
import polars as pl

from ingest.batch import Batch
from ingest.contracts.columns import LINEAGE
from ingest.parsers.cells import Parsed
from ingest.parsers.firms import is_sole_trader, may_be_a_person
from ingest.persons import list_tokens, person_columns
from ingest.tokens import TokenMaker


def typed(batch: Batch, work: pl.DataFrame, parsed: dict[str, Parsed], maker: TokenMaker) -> dict[str, pl.Series]:
    """Return the clean columns of the contract, in its order, and what rules need besides."""
    contract, height = batch.contract, work.height
    columns: dict[str, pl.Series] = {}
    roles = {m["role"]: m["domain"] for c in contract.schema.columns().values() if "role" in (m := c.metadata or {})}
    for role, domain in roles.items():
        columns |= person_columns(parsed, role, domain, work["sender"], maker)
    if "firm_uscc" in parsed:
        columns |= _firm_columns(parsed, maker)
    for name, column in contract.schema.columns().items():
        written = (column.metadata or {}).get("written", ())
        if name in columns or name in LINEAGE or not written:
            continue
        one = parsed.get(written[0].name)
        columns[name] = (
            pl.repeat(None, height, dtype=column.dtype, eager=True) if one is None else _typed(one, column, maker)
        )
    return {name: series.alias(name) for name, series in columns.items()}


def _typed(one: Parsed, column: dy.Column, maker: TokenMaker) -> pl.Series:
    facts = column.metadata or {}
    if facts["written"][0].reads == "numbers":
        return list_tokens(one.values, facts["domain"], maker)
    return one.values.struct.field(facts["field"]) if "field" in facts else one.values


def _firm_columns(parsed: dict[str, Parsed], maker: TokenMaker) -> dict[str, pl.Series]:
    """Code, name and kind of a firm. Who owns a business alone is a person: a token, and no name (law 3).

    So is a name without a code: nobody can tell whose it is.
    """
    codes = parsed["firm_uscc"].values
    told = pl.DataFrame({"code": codes}).select(
        "code", is_sole_trader(pl.col("code")).alias("is_sole"), may_be_a_person(pl.col("code")).alias("is_person")
    )
    hidden = told.select(pl.when("is_person").then("code"))["code"]
    told = told.with_columns(maker.tokens(hidden, "firms", "uscc").alias("token"))
    names = parsed["firm_name"].values if "firm_name" in parsed else hidden.clear(len(codes))
    return {
        "firm_id": told.select(pl.coalesce("token", "code"))["token"],
        "firm_name": told.select(pl.when(~pl.col("is_person")).then(pl.lit(names)).alias("name"))["name"],
        "is_sole_trader": told["is_sole"],
    }
