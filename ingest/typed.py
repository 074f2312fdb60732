"""The typed columns of a contract, out of what the parsers read."""

import polars as pl

from ingest.batch import Batch
from ingest.contracts.columns import LINEAGE
from ingest.parsers.cells import Parsed
from ingest.persons import list_tokens, person_columns
from ingest.tokens import TokenMaker


def typed(batch: Batch, work: pl.DataFrame, parsed: dict[str, Parsed], maker: TokenMaker) -> dict[str, pl.Series]:
    """Return the clean columns of the contract, in its order, and what rules need besides."""
    contract, height = batch.contract, work.height
    columns: dict[str, pl.Series] = {}
    roles = {m["role"]: m["domain"] for c in contract.schema.columns().values() if "role" in (m := c.metadata or {})}
    for role, domain in roles.items():
        columns |= person_columns(parsed, role, domain, work["sender"], maker)
    for name, column in contract.schema.columns().items():
        written = (column.metadata or {}).get("written", ())
        if name in columns or name in LINEAGE or not written:
            continue
        one = parsed.get(written[0].name)
        if one is None:
            columns[name] = pl.repeat(None, height, dtype=column.dtype, eager=True)
        elif written[0].reads == "numbers":
            columns[name] = list_tokens(one.values, (column.metadata or {})["domain"], maker)
        else:
            columns[name] = one.values
    return {name: series.alias(name) for name, series in columns.items()}
