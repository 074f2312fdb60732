"""The registry of reasons: every code that anything can find is in it, in words that a county's clerk can act on."""

import re
from pathlib import Path

import polars as pl
import pytest

import ingest
from ingest.contracts import CONTRACTS
from ingest.findings import masked
from ingest.judging import rule_findings
from ingest.reasons import REASONS

RULES = [(contract, rule) for contract in CONTRACTS.values() for rule in contract.rules]
SOURCES = sorted(Path(next(iter(ingest.__path__))).rglob("*.py"))
REFUSED = re.compile(r'Refused\(\s*"(\w+)"')


@pytest.mark.parametrize(("contract", "rule"), RULES, ids=[f"{c.dataset}-{r.code}" for c, r in RULES])
def test_every_rule_of_a_contract_is_registered_and_points_to_a_column(contract, rule):
    assert rule.code in REASONS
    assert not REASONS[rule.code].whole_file
    assert rule.column in contract.written or rule.column in contract.frame_schema


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))
def test_a_row_that_says_nothing_breaks_no_rule(contract):
    schema = contract.frame_schema | {"received_on": pl.Date}
    nothing = pl.DataFrame({name: pl.Series([None], dtype=dtype) for name, dtype in schema.items()})
    found = {code for one in rule_findings(contract, nothing) if one is not None for code in one["code"]}
    assert found <= {"background_check_missing"}


def test_every_refusal_is_registered_as_one_of_a_whole_file():
    said = {code for path in SOURCES for code in REFUSED.findall(path.read_text(encoding="utf-8"))}
    assert {"api_error", "page_incomplete", "header_not_found"} <= said <= set(REASONS)
    assert all(REASONS[code].whole_file for code in said)


@pytest.mark.parametrize("reason", REASONS.values(), ids=list(REASONS))
def test_every_reason_says_what_is_wrong_and_what_to_do(reason):
    assert re.search("[\\u4e00-\\u9fff]", reason.zh)
    assert reason.en.isascii()
    assert reason.advice_zh or reason.severity == "fix"
    assert not reason.whole_file or reason.severity == "reject"


def test_a_value_shows_its_shape_and_nothing_else():
    shown = pl.DataFrame({"raw": ["张\ue123三 １3①Ⅻ Abcé𠮷-" + "长" * 30, None]}).select(masked(pl.col("raw")))
    assert shown["raw"].to_list() == [("文文文 #### aaaa文-" + "文" * 30)[:24], None]
