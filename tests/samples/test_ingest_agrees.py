"""The cleaner, which shares no code with the generator, finds in every delivery what the generator planted."""

import shutil
from collections import Counter
from dataclasses import dataclass

import polars as pl
import pytest

from ingest.arrivals import land_history
from ingest.attempts import Attempt
from ingest.contracts import CONTRACTS
from ingest.home import Home
from ingest.keys import Keyring, create_keys
from ingest.night import clean_pending
from ingest.receipts import read_receipts
from ingest.spec import SENDERS, SpecBook


@dataclass(frozen=True)
class Night:
    """What one landing and one cleaning made of the world: the home, and the truth by delivery."""

    home: Home
    attempts: dict[str, Attempt]
    truth: dict[str, tuple[str, dict]]


@pytest.fixture(scope="module")
def night(world, tmp_path_factory) -> Night:
    home = Home(tmp_path_factory.mktemp("home"))
    home.prepare()
    create_keys(home, demo=True)
    shutil.copytree(world.root, home.inbox, dirs_exist_ok=True)
    keyring = Keyring.open(home)
    land_history(home, keyring, home.inbox / "history.jsonl")
    attempts = {one.delivery_id: one for one in clean_pending(home, keyring)}
    told, truth = world.side("truth.json"), {}
    for one in read_receipts(home):
        folder = f"{one.kind}/" if one.kind in ("correction", "withdrawal") else ""
        path = f"{one.sender}/{one.dataset}/{folder}{one.file_name}"
        truth[one.delivery_id] = (path, told[path]["members"][one.member] if one.member else told[path])
    return Night(home, attempts, truth)


def test_every_delivery_has_an_attempt(night):
    assert set(night.attempts) == set(night.truth)
    assert len(night.truth) > 600


def test_counts_and_states_agree(night):
    for delivery_id, (path, told) in night.truth.items():
        found = night.attempts[delivery_id]
        assert (found.state, found.reason_code) == (told["state"], told["reason_code"]), path
        if told["state"] == "clean":
            got = [getattr(found, f"{kind}_records") for kind in ("clean", "rejected", "duplicate", "non_data")]
            want = [told["clean"], told["rejected"]["records"], told["duplicate"], told["non_data"]]
            assert (found.records_in, got) == (told["records_in"], want), path


def test_reasons_agree(night):
    rejects = pl.read_parquet(night.home.root / "rejects" / "*" / "*.parquet")
    found: dict[str, Counter[str]] = {}
    # a row of a wide sheet is several records, so rows are no measure; a planted record has one fault in one cell
    for delivery_id, code in rejects.select("delivery_id", "code").rows():
        found.setdefault(delivery_id, Counter())[code] += 1
    for delivery_id, (path, told) in night.truth.items():
        planted = {code: n for code, n in told["rejected"].items() if code != "records"}
        assert dict(found.get(delivery_id, {})) == planted, path


def test_the_one_wrong_total_is_found(night):
    findings = pl.read_parquet(night.home.root / "findings" / "*" / "*.parquet")
    wrong = findings.filter(pl.col("code") == "total_differs")["delivery_id"]
    assert [night.truth[one][0] for one in wrong] == ["wulian/funds/2023年度经费台账（重新保存）.xlsx"]


def _said_last(night: Night, dataset: str, *key: str) -> pl.DataFrame:
    """The clean rows of a dataset as the delivery that came last says them."""
    came = {one.delivery_id: one.received_at for one in read_receipts(night.home)}
    rows = pl.read_parquet(night.home.root / "clean" / dataset / "*.parquet")
    when = rows["delivery_id"].replace_strict(came)
    return rows.with_columns(when.alias("came")).sort("came").unique(list(key), keep="last")


def test_figures_of_the_lectures_and_spaces_are_read_as_they_were_meant(night):
    forms = _said_last(night, "space_reports", "space_name", "report_month")
    assert forms["space_name"].n_unique() == forms["county"].n_unique() == 3
    assert (len(forms), forms["training_events"].sum(), forms["new_women_persons"].sum()) == (32, 25, 788)
    lectures = _said_last(night, "lectures", "lecture_id").sort("lectured_on")
    spring = lectures.filter(pl.col("lectured_on").dt.year() == 2024)
    assert spring.row(0, named=True)["onsite_persons"] == 200
    assert spring["onsite_persons"].max() == 200 and len(lectures) == 36 + 10 + 11
    courses = _said_last(night, "courses", "catalogue_year", "course_id").filter(pl.col("catalogue_year") == 2024)
    assert courses["lecturer_number_token"].n_unique() == 19 and courses["category"].n_unique() == 8
    goals = _said_last(night, "targets", "sender", "target_year", "kpi", "org_name")
    lecture_goals = goals.filter(pl.col("kpi") == "lectures_held")
    assert len(lecture_goals) == 42 and lecture_goals["target_value"].max() == 100


def test_a_woman_is_one_token_in_her_class_and_in_the_calls_after_it(night):
    trained = _said_last(night, "trainings", "class_id", "trainee_token").filter(pl.col("class_id") == "LX-2023-2")
    calls = _said_last(night, "employment_checks", "cohort_id", "checkpoint_months", "participant_token")
    called = calls.filter(pl.col("cohort_id") == "LX-2023-2")
    for months in (3, 6):
        asked = set(called.filter(pl.col("checkpoint_months") == months)["participant_token"])
        assert asked == set(trained["trainee_token"])
    several = set(calls.filter(pl.col("cohort_id") == "XH-2023-1")["participant_id_token"].drop_nulls())
    assert several & set(trained["trainee_id_token"].drop_nulls())


def test_specs_load_and_some_senders_need_none():
    SpecBook()
    stated = {(path.parent.name, path.stem) for path in SENDERS.glob("*/*.toml") if path.name != "system.toml"}
    assert ("wulian", "pairings") not in stated and ("donggang", "care_activities") not in stated
    assert all(dataset in CONTRACTS for _, dataset in stated)
