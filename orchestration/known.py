"""The warehouse as it would have been known on an earlier day, built beside the releases and never published."""

import datetime as dt
import shutil
from collections import Counter
from pathlib import Path

from ingest.home import Home
from orchestration.dbt_build import BAD, build, ensure_manifest
from orchestration.lock import night_lock
from orchestration.problems import Problem
from orchestration.progress import report
from warehouse import candidate
from warehouse.layout import DATABASES


def build_known(home: Home, known_on: dt.date, out: Path, wait_seconds: float) -> None:
    """Build both DuckDB files from what had been received by the end of ``known_on`` (Shanghai) into ``out``.

    Raises ``Problem``: usage where ``out`` holds something already, dbt_failed where the build failed.
    """
    if out.exists() and any(out.iterdir()):
        raise Problem("usage", f"{out} is not empty", "name a new folder", usage=True)
    if not (home.deliveries / "deliveries.parquet").exists():
        raise Problem(
            "nothing_known", "还没有清洗过任何报送。Nothing was cleaned here yet.", "jinguo nightly", usage=True
        )
    home.prepare()
    with night_lock(home, wait_seconds):
        nodes = ensure_manifest(home)["nodes"].values()
        total = sum(node["resource_type"] in ("model", "seed", "test") for node in nodes)
        done = Counter[str]()

        def heard(unique_id: str) -> None:
            done["nodes"] += 1
            report("building", done["nodes"], total)

        built = candidate.create(home.build, f"known-{known_on}")
        ran = build(home, built, heard, {"known_on": known_on.isoformat()})
        # Tests speak of today's deliveries; an earlier day need not pass them, but every table must be there.
        broken = [node for node in ran if node.unique_id.startswith(("model.", "seed.")) and node.status in BAD]
        if broken:
            raise Problem("dbt_failed", "; ".join(f"{one.unique_id}: {one.trouble}" for one in broken[:5]))
        for database in DATABASES:
            target = out / database.file
            target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            shutil.move(built / database.file, target)
        shutil.rmtree(built)
