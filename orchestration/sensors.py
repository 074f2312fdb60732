"""What starts runs beside the schedule, and what tells when one went wrong.

One sensor for each way in: the inbox, and each kind of system. A look that finds something starts one run for all of
it; while a run is going on nothing is started, and the look after it takes what came meanwhile.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import dagster as dg

from ingest.contracts import CONTRACTS
from ingest.home import Home
from ingest.keys import Keyring, KeysUnusable
from orchestration import last_night
from orchestration.alerts.alert import Alert
from orchestration.alerts.bell import note_failed, ring
from orchestration.lock import is_held
from orchestration.looks import KINDS, Look, look_at_inbox, look_at_systems
from orchestration.night_config import for_arrivals
from orchestration.orphans import end_orphan
from orchestration.problems import tell
from orchestration.receiver.announced import announced
from orchestration.worker.lock import worker_lock_path

# Dagster's loop of sensors takes five seconds at least, and one whose five seconds are not quite over waits five more:
# the inbox is looked at in every loop. A system is somebody else's and is asked less often.
INBOX_SECONDS, SYSTEMS_SECONDS, ALERTS_SECONDS = 1, 300, 60
_GOING = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]
Told = dg.SkipReason | dg.SensorResult


def sensors(home: Home, job: Any, job_name: str) -> Sequence[dg.SensorDefinition]:
    """Return all sensors of an installation; they run unless somebody stops them in the page of Dagster."""
    looks = [_systems_sensor(home, job, job_name, kind) for kind in KINDS]
    return [_inbox_sensor(home, job, job_name), *looks, _alerts_sensor(home), _failure_sensor(home, job)]


def _inbox_sensor(home: Home, job: Any, job_name: str) -> dg.SensorDefinition:
    @dg.sensor(
        name="inbox",
        job=job,
        minimum_interval_seconds=INBOX_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="收件夹里来了文件：一次运行接收全部。",
    )
    def inbox(context: dg.SensorEvaluationContext) -> Told:
        def look() -> Look:
            return look_at_inbox(home, Keyring.open(home), dt.datetime.now(dt.UTC))

        return _answer(context, home, job_name, look)

    return inbox


def _systems_sensor(home: Home, job: Any, job_name: str, kind: str) -> dg.SensorDefinition:
    @dg.sensor(
        name=f"systems_{kind}",
        job=job,
        minimum_interval_seconds=SYSTEMS_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="报送单位的系统里有了新东西：一次运行拉取全部。",
    )
    def systems(context: dg.SensorEvaluationContext) -> Told:
        def look() -> Look:
            return look_at_systems(kind, context.cursor, dt.datetime.now(dt.UTC), dict(announced(home)))

        return _answer(context, home, job_name, look)

    return systems


def _answer(context: dg.SensorEvaluationContext, home: Home, job_name: str, look: Any) -> Told:
    """Turn a look into one run or none; whatever it raises is told by its code alone."""
    if is_held(worker_lock_path(home)):
        return dg.SkipReason("the worker watches")
    if context.instance.get_runs_count(dg.RunsFilter(job_name=job_name, statuses=_GOING)):
        return dg.SkipReason("a run is going on: the next look takes what came meanwhile")
    try:
        seen: Look = look()
    except KeysUnusable:
        return dg.SkipReason("keys_unusable: jinguo status")
    except Exception as error:  # a tick's failure is stored with its message, which can quote a name
        return dg.SkipReason(f"{tell(error, home).code}: see logs/operator.log")
    if seen.run_key is None:
        context.update_cursor(seen.cursor)
        return dg.SkipReason(seen.why)
    request = dg.RunRequest(run_key=seen.run_key, run_config=for_arrivals(seen.pulls), tags={"found": seen.why})
    return dg.SensorResult(run_requests=[request], cursor=seen.cursor)


def _alerts_sensor(home: Home) -> dg.SensorDefinition:
    keys = {dg.AssetKey(["landing", dataset]): dataset for dataset in CONTRACTS}

    @dg.sensor(
        name="alerts",
        minimum_interval_seconds=ALERTS_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        target=None,
        description="待核、拒收、拉取失败、台账逾期、版本过期：告警一次，直到有变化；没送出的再送。",
    )
    def alerts(context: dg.SensorEvaluationContext) -> Told:
        end_orphan(context.instance, home)
        states = context.instance.get_freshness_state_records(list(keys))
        late = [
            Alert("dataset_late", dataset=keys[key]) for key, one in states.items() if one.freshness_state == "FAIL"
        ]
        left = ring(home, late=late)
        return dg.SkipReason(f"{left} unheard" if left else "all is told")

    return alerts


def _failure_sensor(home: Home, job: Any) -> dg.SensorDefinition:
    @dg.run_failure_sensor(
        name="run_failed",
        monitored_jobs=[job],
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="运行失败：告警。",
    )
    def run_failed(context: dg.RunFailureSensorContext) -> None:
        noted, run_id = last_night.read(home), context.dagster_run.run_id
        if noted.get("run") == run_id or noted.get("noted_at", "") <= _failed_at(context):
            note_failed(home, _code(context))
        ring(home)

    return run_failed


def _failed_at(context: dg.RunFailureSensorContext) -> str:
    record = context.instance.get_run_record_by_id(context.dagster_run.run_id)
    ended = record.end_time if record and record.end_time else dt.datetime.now(dt.UTC).timestamp()
    return dt.datetime.fromtimestamp(ended, dt.UTC).isoformat(timespec="seconds")


def _code(context: dg.RunFailureSensorContext) -> str:
    for event in context.get_step_failure_events():
        failed = event.step_failure_data.user_failure_data
        if failed and "code" in failed.metadata:
            return str(failed.metadata["code"].value)
    return "run_failed"
