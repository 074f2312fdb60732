"""Everything again from landing and keys alone: the ledger, what is clean, the warehouse, the release.

Not a night: nothing is pulled and no inbox is read, so that the same landing gives the same release, whatever arrived
since. The release that is served stays served until the new one is there, and after it when both say the same.
"""

import datetime as dt
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ingest.audit import reprove
from ingest.home import Home
from ingest.keys import Keyring
from ingest.ledger import Ledger
from ingest.night import clean_pending
from orchestration import last_night
from orchestration.dbt_build import BAD, Node, build, ensure_manifest, target
from orchestration.dbt_graph import DbtGraph
from orchestration.lock import night_lock
from orchestration.problems import Problem
from orchestration.progress import report
from orchestration.refresh.kept import alone
from warehouse import candidate
from warehouse.audit import audit
from warehouse.publish import publish
from warehouse.releases import Release

RUN = "rebuild"


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild made: ``release`` is served now (``unchanged``: it said the same as the one before), out of so
    many ``deliveries`` by state."""

    release: Release
    deliveries: dict[str, int]


def rebuild(home: Home, keyring: Keyring, wait_seconds: float) -> Rebuilt:
    """Drop all that is derived and derive it again. A killed rebuild is begun anew by the next one.

    Raises ``Problem``: nothing_landed, balance_broken, dbt_failed; ``ReceiptDamaged``; what audit and publish raise.
    """
    if not any(home.receipts.glob("*/*.json")):
        raise Problem(
            "nothing_landed", f"{home.receipts} 没有收据 holds no receipt", "restore landing/ from the backup"
        )
    home.prepare()
    with night_lock(home, wait_seconds):
        last_night.write(home, "running", at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), run=RUN)
        try:
            return _rebuilt(home, keyring)
        except BaseException:
            last_night.write(home, "failed")
            raise


def _rebuilt(home: Home, keyring: Keyring) -> Rebuilt:
    with alone(home):
        _drop(home)
    clean_pending(home, keyring, progress=lambda done, total: report("cleaning", done, total))
    _prove(home, keyring)
    built = _build(home)
    report("publishing", 0, 2)
    audit(built, target(home) / "manifest.json", home.current)
    report("publishing", 1, 2)
    with Ledger(home) as ledger:
        deliveries = dict(sorted(Counter(ledger.current()["state"]).items()))
    inputs = last_night.inputs_hash(home)
    facts = {"inputs_hash": inputs, "dagster_run": RUN, "deliveries": deliveries}
    published = publish(built, home.releases, home.current, built.name, facts)
    report("publishing", 2, 2)
    last_night.write(home, "done", release=published.run, proved=[inputs, published.run])
    return Rebuilt(published, deliveries)


def _drop(home: Home) -> None:
    for path in home.root.glob(f"{home.ledger.name}*"):
        path.unlink()
    for folder in (home.clean, home.rejects, home.findings, home.deliveries, home.root / "dbt", home.warm):
        if folder.exists():
            shutil.rmtree(folder)
    home.prepare()


def _prove(home: Home, keyring: Keyring) -> None:
    proofs = reprove(home, keyring, lambda done, total: report("proving", done, total))
    broken = [one.delivery_id for one in proofs if not one.holds]
    if broken:
        raise Problem("balance_broken", ", ".join(broken[:10]), "jinguo audit")


def _build(home: Home) -> Path:
    graph = DbtGraph(ensure_manifest(home))
    done = Counter[str]()

    def heard(unique_id: str) -> None:
        done["nodes"] += 1
        report("building", done["nodes"], graph.steps)

    built = candidate.create(home.build, f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{RUN}")
    bad = [node for node in build(home, built, heard) if _is_bad(graph, node)]
    if bad:
        told = "; ".join(f"{graph.name(one.unique_id)} ({one.trouble or one.status})" for one in bad[:10])
        raise Problem("dbt_failed", told, "the release before is still served; see logs/operator.log")
    return built


def _is_bad(graph: DbtGraph, node: Node) -> bool:
    return node.status in BAD and graph.is_error(node.unique_id)
