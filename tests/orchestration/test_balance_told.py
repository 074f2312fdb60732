"""A refresh proves the balance of the ledgers that changed, and of those of which nobody was told that it holds."""

import datetime as dt
from collections.abc import Iterator

import dagster as dg
import polars as pl
import pytest
from small_home import delivered

from ingest.arrivals import land_inbox
from ingest.contracts import CONTRACTS
from ingest.home import Home
from ingest.keys import Keyring
from orchestration.assets.clean import CLEAN
from orchestration.assets.steps import Step, night_assets
from orchestration.instance import opened
from orchestration.night import Night

pytestmark = pytest.mark.filterwarnings("ignore:InitResourceContext:DeprecationWarning")


def _ends(_context: dg.OpExecutionContext) -> Iterator[dg.AssetMaterialization]:
    yield dg.AssetMaterialization("end")


NIGHT = night_assets([CLEAN, Step("end", _ends, [dg.AssetSpec("end")])])


def proved(home: Home, *, from_nothing: bool, keeps_plans: bool = False) -> dict[str, bool]:
    """Clean, and return what the run told of balances: dataset -> whether it holds."""
    with opened(home, keeps_plans=keeps_plans) as instance:
        night = Night(from_nothing=from_nothing)
        ran = dg.materialize([NIGHT], resources={"night": night}, instance=instance, raise_on_error=False)
        told = ran.get_asset_check_evaluations()
    assert ran.success == all(one.passed for one in told)
    return {one.asset_key.path[-1]: one.passed for one in told}


@pytest.fixture
def home(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with landed deliveries of two ledgers, cleaned and proved by a night from nothing."""
    home = delivered(tmp_path / "home", "children", "pairings")
    monkeypatch.setenv("JINGUO_HOME", str(home.root))
    monkeypatch.setenv("DAGSTER_HOME", str(home.dagster))
    land_inbox(home, Keyring.open(home), now=dt.datetime.now(dt.UTC))
    assert proved(home, from_nothing=True) == dict.fromkeys(CONTRACTS, True)
    return home


def batch(home: Home, dataset: str):
    return min((home.clean / dataset).glob("[!_]*.parquet"))


def test_a_refresh_proves_again_only_what_changed_and_a_night_from_nothing_all(home: Home) -> None:
    assert proved(home, from_nothing=False) == {}
    pairings = min(home.inbox.glob("*/pairings/*"))
    pairings.with_name("again.csv").write_bytes(pairings.read_bytes() + b"\n")
    land_inbox(home, Keyring.open(home), now=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5))
    assert proved(home, from_nothing=False) == {"pairings": True}
    assert proved(home, from_nothing=True) == dict.fromkeys(CONTRACTS, True)


def test_a_row_lost_from_a_file_is_found_by_every_refresh_until_it_is_back(home: Home) -> None:
    path = batch(home, "children")
    whole = path.read_bytes()
    pl.read_parquet(path).head(-1).write_parquet(path)
    for _ in range(2):
        assert proved(home, from_nothing=False) == {"children": False}, "what did not hold is not forgotten"
    path.write_bytes(whole)
    assert proved(home, from_nothing=False) == {"children": True}
    assert proved(home, from_nothing=False) == {}


def test_a_file_that_is_gone_is_found_by_a_refresh(home: Home) -> None:
    batch(home, "pairings").unlink()
    assert proved(home, from_nothing=False) == {"pairings": False}


def test_where_plans_are_kept_every_check_that_was_planned_is_told(home: Home) -> None:
    assert proved(home, from_nothing=False, keeps_plans=True) == dict.fromkeys(CONTRACTS, True)
