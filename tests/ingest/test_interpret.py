"""From written columns to parsers: whatever a contract says that it reads, somebody reads."""

import polars as pl
import pytest

from ingest.contracts import CONTRACTS
from ingest.interpret import read_column
from ingest.parsers.cells import Parsed
from ingest.spec import Spec


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_every_column_of_a_contract_has_a_parser_that_refuses_or_reads_what_it_gets(dataset):
    for name, written in CONTRACTS[dataset].written.items():
        cells = pl.DataFrame({name: ["§？", None]}).with_columns(
            pl.lit("t").alias(f"{name}__kind"), pl.lit("元").alias(f"{name}__unit"), pl.lit(2024).alias("year")
        )
        parsed = read_column(cells, written, Spec(), of_child=False)
        assert isinstance(parsed, Parsed)
        assert parsed.values[0] is not None or parsed.codes[0], f"{name} loses what was written"
        assert parsed.values[1] is None and parsed.codes[1] is None
