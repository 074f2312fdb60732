"""docs/data-dictionary.md is in step with the models and contracts, and names what every table stands on."""

import re

import documents
import pytest

from dbt_project import generate_dictionary as made
from ingest.contracts import CONTRACTS

TEXT = documents.read(made.DICTIONARY)
RELEASED = [(layer, name) for layer in ("marts", "core") for name in made.described(layer)]


def test_the_dictionary_is_in_step() -> None:
    assert made.dictionary() == TEXT, "run: python -m dbt_project.generate_dictionary"


def test_every_table_of_a_release_and_every_dataset_has_its_section() -> None:
    titles = {title.split()[0].strip("`") for level, title in documents.headings(TEXT) if level == 3}
    models = {f"{layer}.{path.stem}" for layer in ("marts", "core") for path in (made.MODELS / layer).rglob("*.sql")}
    assert titles == models | {f"clean/{dataset}" for dataset in CONTRACTS}
    assert len(titles) > 60


def test_every_table_names_its_key_and_its_source() -> None:
    told = re.findall(r"^Key: (.+)\. Source: (.+)\.$", TEXT, re.M)
    assert len(told) == len(RELEASED)
    assert [key for key, _ in told if key == "none"] == []


def test_every_mart_stands_on_a_ledger() -> None:
    without = [name for layer, name in RELEASED if layer == "marts" and not made.sources(name)]
    assert without == ["code_labels"]
    assert made.sources("programme_funds") == {"funds"}
    assert made.sources("pairing_coverage") == {"children", "pairings"}
    assert made.sources("data_quality") >= CONTRACTS.keys()


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("trained_person_times", "人次"),
        ("trained_persons_to_date", "人"),
        ("coverage_share", "0–1"),
        ("sales_yuan", "元"),
        ("is_latest", "是/否"),
        ("org_name", ""),
    ],
)
def test_a_unit_follows_from_the_name(column: str, unit: str) -> None:
    assert made.unit(column) == unit


def test_a_column_that_counts_says_in_its_words_what_it_counts() -> None:
    silent = [
        f"{layer}.{name}.{column['name']}"
        for layer, name in RELEASED
        for column in made.described(layer)[name]["columns"]
        if made.unit(column["name"]) in ("人次", "元")
        and made.unit(column["name"]) not in (column.get("description") or "")
    ]
    assert silent == []
