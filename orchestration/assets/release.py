"""The release: the candidate, audited and published; ``current`` leads to it."""

from collections import Counter

import dagster as dg

from ingest.home import Home
from ingest.tables import read_current
from orchestration import last_night
from orchestration.assets.steps import Step, Told
from orchestration.dbt_build import target
from orchestration.dbt_graph import DbtGraph
from orchestration.night import Night
from orchestration.progress import report
from warehouse.audit import audit
from warehouse.publish import publish


def release(graph: DbtGraph) -> Step:
    """Return the step that audits and publishes what the marts of ``graph`` hold."""
    spec = dg.AssetSpec(
        ["release", "current"],
        deps=[graph.models[mart] for mart in graph.marts],
        group_name="release",
        description="已审计并发布的数据仓库版本：一经发布永不改动，current指向它。",
        kinds={"duckdb", "parquet"},
    )

    def audit_and_publish(context: dg.OpExecutionContext) -> Told:
        """Audit the candidate, then publish it; when it says the same as the served one, that one stays."""
        night: Night = context.resources.night
        home = night.home
        report("publishing", 0, 2)
        made, run = night.made, night.run_name(context.run_id)
        audited = audit(night.candidate, target(home) / "manifest.json", home.current, untouched=made.untouched)
        report("publishing", 1, 2)
        inputs = last_night.inputs_hash(home)
        facts = {"inputs_hash": inputs, "dagster_run": context.run_id, "deliveries": _deliveries(home)}
        published = publish(night.candidate, home.releases, home.current, run, facts)
        night.keep(published)
        report("publishing", 2, 2)
        last_night.write(home, "done", release=published.run, proved=[inputs, published.run])
        yield dg.AssetMaterialization(
            asset_key=["release", "current"],
            metadata={
                "release": published.run,
                "release_hash": published.release_hash,
                "unchanged": published.unchanged,
                "tables": len(audited.rows),
                "rows": sum(audited.rows.values()),
            },
        )

    return Step("release", audit_and_publish, [spec])


def _deliveries(home: Home) -> dict[str, int]:
    return dict(sorted(Counter(read_current(home)["state"]).items()))
