"""One record at every layer: as written, clean or refused, in staging and the core, and in the figures."""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from small_home import Ran, pairings_of_one

from ingest.contracts import CONTRACTS
from ingest.home import Home
from orchestration.trace.figures import FIGURES
from orchestration.trace.released import CORE, ROLES
from warehouse import reader

Cli = Callable[..., Ran]


@pytest.fixture(scope="module")
def first(night: tuple[Home, Ran]) -> tuple[str, str, str]:
    """Sender, delivery and row of one pairing of the core."""
    [row] = reader.query(
        night[0].current,
        "select sender, delivery_id, cast(row_no as varchar) from core.fct_pairings order by all limit 1",
    ).rows
    return row


def test_a_record_is_traced_through_every_layer(cli: Cli, first: tuple[str, str, str]) -> None:
    shown = cli("trace", "pairings", *first).stdout
    layers = [
        "landing/pairings",
        "clean/pairings",
        "staging/stg_pairings",
        "core/fct_pairings",
        "marts/pairing_coverage",
    ]
    places = [shown.find(layer) for layer in layers]
    assert -1 not in places
    assert places == sorted(places)
    assert "有效" in shown
    assert "known_from" in shown
    assert "active_pairings" in shown


def test_cells_are_masked_unless_somebody_asks_and_the_act_is_noted(
    night: tuple[Home, Ran], cli: Cli, first: tuple[str, str, str]
) -> None:
    masked, shown = cli("trace", "pairings", *first), cli("trace", "pairings", *first, "--reveal")
    assert masked.returncode == shown.returncode == 0, masked.stderr + shown.stderr
    assert "999001" not in masked.stdout.split("clean/pairings")[0]
    assert "999001" in shown.stdout.split("clean/pairings")[0]
    noted = (night[0].root / "logs" / "access.log").read_text()
    assert "trace masked" in noted
    assert "trace reveal" in noted


def test_a_rejected_record_says_why_and_what_to_do(night: tuple[Home, Ran], cli: Cli) -> None:
    home = night[0]
    spoilt = pl.read_parquet(home.rejects / "pairings" / "*.parquet").row(0, named=True)
    shown = cli("trace", "pairings", spoilt["sender"], spoilt["delivery_id"], str(spoilt["row_no"])).stdout
    assert "该记录已退回" in shown
    assert spoilt["code"] in shown
    assert "请" in shown
    assert "core/" not in shown


def test_a_repeated_record_names_the_first(night: tuple[Home, Ran], cli: Cli) -> None:
    folder = pairings_of_one(night[0])
    records, sender = (folder / "spoilt.csv").read_text("gb18030").splitlines(), folder.parent.name
    repeated = cli("trace", "pairings", sender, "spoilt.csv", str(len(records) - 1)).stdout
    assert "与第2行相同，是重复记录" in repeated
    title = cli("trace", "pairings", sender, "spoilt.csv", "1").stdout
    assert "不是数据" in title


def test_a_row_that_takes_back_what_was_never_told_is_asked_about(night: tuple[Home, Ran], cli: Cli) -> None:
    sender = pairings_of_one(night[0]).parent.name
    shown = cli("trace", "care_activities", sender, "never_told.csv", "2").stdout
    assert "待说明：撤回的行从未报送过" in shown
    known = cli("trace", "care_activities", sender, "202401.csv", "2").stdout
    assert "core/fct_care_activities" in known and "待说明" not in known


def test_a_refused_file_is_told_as_such(night: tuple[Home, Ran], cli: Cli) -> None:
    sender = pairings_of_one(night[0]).parent.name
    ran = cli("trace", "pairings", sender, "broken.xlsx", "3")
    assert ran.returncode == 1
    assert "整份文件未采用" in ran.stderr


def test_a_page_holds_no_key_and_is_the_same_again(cli: Cli, first: tuple[str, str, str]) -> None:
    one = cli("trace", "pairings", *first, "--markdown").stdout
    assert one == cli("trace", "pairings", *first, "--markdown").stdout
    assert "‹A›" in one
    assert not [
        word for word in one.replace("/", " ").split() if len(word) == 32 and set(word) <= set("abcdefghijklmnop")
    ]
    linked = [part.split(")")[0] for part in one.split("](../")[1:]]
    assert len(linked) >= 5
    assert all((Path(__file__).parents[2] / path).is_file() for path in linked)


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_the_core_can_be_asked_about_every_ledger(night: tuple[Home, Ran], dataset: str) -> None:
    table, same = CORE[dataset]
    subject = f"select r.* from core.{table} as r where r.delivery_id = 'none' or ({same})"
    nobody = dict.fromkeys(CONTRACTS[dataset].frame_schema) | {role: ["nobody"] for role in ROLES}
    asked = {name: value for name, value in nobody.items() if re.search(rf"\${name}\b", subject)}
    with reader.opened(night[0].current) as release:
        assert release.execute(subject, asked).fetchall() == []


def test_every_figure_that_a_trace_shows_is_a_column(night: tuple[Home, Ran]) -> None:
    with reader.opened(night[0].current) as release:
        for dataset, figures in FIGURES.items():
            subject = f"select r.* from core.{CORE[dataset][0]} as r where false"
            for figure in figures:
                assert release.execute(figure.sql(subject)).fetchall() == []


def test_the_records_that_a_figure_is_shown_for_are_as_many_as_it_says(night: tuple[Home, Ran]) -> None:
    [figure] = [one for one in FIGURES["pairings"] if one.figures == ("active_pairings",)]
    with reader.opened(night[0].current) as release:
        counted = release.execute(
            f"""select m.org_key, count(distinct r.pairing_key), any_value(m.active_pairings)
            from core.fct_pairings as r
            join core.bridge_organisation_closure as c on c.descendant_org_key = {figure.org}
            join marts.pairing_coverage as m on m.org_key = c.ancestor_org_key and {figure.meets}
            where {figure.counts} and m.is_latest group by m.org_key"""
        ).fetchall()
    assert len(counted) > 1
    assert all(records == value > 0 for _, records, value in counted)
