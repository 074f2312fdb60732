"""Homes in which something is to ring, written straight into the ledger."""

import datetime as dt
import hashlib

import pytest

from ingest.attempts import Attempt
from ingest.delivery import Delivery, delivery_id_of
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.pulled import Pulled
from orchestration.alerts.bell import LOG
from orchestration.alerts.channels import SETTINGS

AT = dt.datetime(2024, 3, 5, 4, 0, tzinfo=dt.UTC)


def deliver(home: Home, sender: str, state: str, code: str | None, number: int = 1, dataset: str = "pairings") -> None:
    """Put one delivery with its attempt into the ledger."""
    sha = hashlib.sha256(f"{sender}{number}".encode()).hexdigest()
    name = delivery_id_of(sender, dataset, "snapshot", sha)
    facts = {"records_in": 0} if state == "clean" else {"records_in": 0, "rejected_records": 0}
    with Ledger(home) as ledger:
        ledger.add([Delivery(name, sender, dataset, "snapshot", sha, 1, AT, None, 1, None, None)])
        ledger.record(
            [
                Attempt(
                    delivery_id=name,
                    batch_id=None,
                    spec_version="s",
                    rules_version="r",
                    token_key_id="k",
                    state=state,  # type: ignore[arg-type]
                    reason_code=code,
                    **facts,
                )
            ]
        )


def pulled(home: Home, sender: str, state: str, code: str | None) -> None:
    """Note one pull."""
    with Ledger(home) as ledger:
        ledger.record_pull(Pulled(sender, "sftp", state, code, 0, 0, 0, 0, AT))  # type: ignore[arg-type]


def configure(home: Home, monkeypatch: pytest.MonkeyPatch, url: str, secret: str = "", more: str = "") -> None:
    """Write ``alerts.toml`` with one webhook."""
    monkeypatch.setenv("ALERT_URL", url)
    monkeypatch.setenv("ALERT_SECRET", secret)
    signed = 'secret = "env:ALERT_SECRET"\n' if secret else ""
    (home.root / SETTINGS).write_text(f'[[webhook]]\nurl = "env:ALERT_URL"\n{signed}{more}', "utf-8")


def log_of(home: Home) -> str:
    path = home.root / LOG
    return path.read_text("utf-8") if path.exists() else ""
