"""Everything Dagster knows of jinguo: the assets of one night, the job that runs it, and what starts it."""

import logging

import dagster as dg

from ingest.home import Home
from orchestration.assets.clean import CLEAN
from orchestration.assets.landing import LANDING
from orchestration.assets.release import release
from orchestration.assets.steps import night_assets
from orchestration.assets.warehouse import warehouse
from orchestration.dbt_build import ensure_manifest
from orchestration.dbt_graph import DbtGraph
from orchestration.freshness import with_policies
from orchestration.instance import settle
from orchestration.night import Night
from orchestration.sensors import sensors

JOB = "nightly"


@dg.logger(config_schema={})
def quiet(context: dg.InitLoggerContext) -> logging.Logger:
    """Print nothing: events are in the instance, and a console line can quote what a row says."""
    logger = logging.Logger(JOB)
    logger.addHandler(logging.NullHandler())
    return logger


def definitions_for(home: Home) -> dg.Definitions:
    """Return the definitions of the installation in ``home``; parses the dbt project where it changed."""
    settle(home)
    graph = DbtGraph(ensure_manifest(home))
    nightly = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        description="一夜：接收、清洗、建仓、检验、审计、发布。",
        executor_def=dg.in_process_executor,
        config={"loggers": {"quiet": {}}},
    )
    schedule = dg.ScheduleDefinition(
        name=JOB,
        job=nightly,
        cron_schedule="30 1 * * *",
        execution_timezone="Asia/Shanghai",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    steps = [with_policies(LANDING), CLEAN, warehouse(graph), with_policies(release(graph))]
    return dg.Definitions(
        assets=[night_assets(steps)],
        jobs=[nightly],
        schedules=[schedule],
        sensors=sensors(home, nightly, JOB),
        resources={"night": Night()},
        loggers={"quiet": quiet},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What ``workspace.yaml`` loads: the installation that the environment names. The import itself does nothing."""
    return definitions_for(Home.from_environment())
