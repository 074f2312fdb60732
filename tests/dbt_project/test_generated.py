"""What is generated from the contracts is in step with them, and so is what repeats them by hand."""

import csv
import re
from pathlib import Path

import pytest

from dbt_project import generate_sources
from ingest.contracts import CONTRACTS

MODELS = Path(generate_sources.__file__).parent / "models"
PERSON_COLUMNS = ("token", "id_token", "number_token", "contact_token", "birth_year", "area_code")


def test_sources_are_in_step_with_the_contracts() -> None:
    written = generate_sources.SOURCES.read_text(encoding="utf-8")
    assert written == generate_sources.sources_yml(), "run: python -m dbt_project.generate_sources"


def test_code_labels_are_in_step_with_the_contracts() -> None:
    written = generate_sources.LABELS.read_text(encoding="utf-8")
    assert written == generate_sources.code_labels_csv(), "run: python -m dbt_project.generate_sources"


def test_the_list_of_datasets_is_in_step_with_the_contracts() -> None:
    written = generate_sources.DATASETS_MACRO.read_text(encoding="utf-8")
    assert written == generate_sources.datasets_sql(), "run: python -m dbt_project.generate_sources"


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_staging_keys_are_the_contracts_keys(dataset: str) -> None:
    sql = (MODELS / "staging" / f"stg_{dataset}.sql").read_text(encoding="utf-8")
    found = re.search(r"stated\(\[(.*?)\]", sql)
    assert found and tuple(re.findall(r"'(\w+)'", found[1])) == CONTRACTS[dataset].key


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_records_know_how_the_dataset_is_delivered(dataset: str) -> None:
    contract = CONTRACTS[dataset]
    sql = (MODELS / "intermediate" / f"int_{dataset}_records.sql").read_text(encoding="utf-8")
    assert f"{contract.delivers}_records(" in sql
    scope = re.search(r"scope=\[(.*?)\]", sql)
    assert tuple(re.findall(r"'(\w+)'", scope[1] if scope else "")) == contract.scope


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_staging_speaks_every_column_of_the_contract(dataset: str) -> None:
    sql = (MODELS / "staging" / f"stg_{dataset}.sql").read_text(encoding="utf-8")
    spoken = {"sender", "delivery_id", "batch_id", "sheet_no", "row_no"} if "{{ stated(" in sql else set()
    for role in re.findall(r"\{\{ person\('(\w+)'\) \}\}", sql):
        spoken |= {f"{role}_{known}" for known in PERSON_COLUMNS}
    missing = [
        name for name in CONTRACTS[dataset].frame_schema if name not in spoken and not re.search(rf"\b{name}\b", sql)
    ]
    assert not missing


def test_every_claim_names_a_measure_that_is_measured() -> None:
    parts = (MODELS / "intermediate/marts").glob("int_claims_of_*.sql")
    measured = "".join(part.read_text(encoding="utf-8") for part in parts)
    marts = {path.stem for path in (MODELS / "marts").glob("*.sql")}
    programmes = (MODELS.parent / "seeds/programmes.csv").read_text(encoding="utf-8")
    with (MODELS.parent / "seeds/claims.csv").open(encoding="utf-8", newline="") as file:
        claims = list(csv.DictReader(file))
    assert [claim for claim in claims if f"'{claim['measure']}'" not in measured or claim["mart"] not in marts] == []
    assert {claim["operator"] for claim in claims} <= {"=", ">=", "between", "~"}
    assert [claim for claim in claims if not re.search(rf"^{claim['programme_key']},", programmes, re.MULTILINE)] == []
