"""By when an asset must have been made: Dagster's freshness policies, from the contracts and the night's own hour."""

import datetime as dt
from dataclasses import replace
from functools import lru_cache

import dagster as dg

from ingest.contracts import CONTRACTS, Contract
from orchestration.assets.steps import Step

_ZONE = "Asia/Shanghai"
_MONTHS = {"monthly": "*", "quarterly": "1,4,7,10", "yearly": "1"}
_NEXT = {"*": "*", "1,4,7,10": "2,5,8,11", "1": "2"}
# A night begins at 01:30; a release that nobody proved between midnight and six is not today's.
OF_THE_RELEASE = dg.FreshnessPolicy.cron("0 6 * * *", lower_bound_delta=dt.timedelta(hours=6), timezone=_ZONE)


def policy_of(contract: Contract) -> dg.FreshnessPolicy | None:
    """Something of the dataset must have come between the period's end and its due day, judged at 06:00 the day after.

    Whoever its sender is: which of them is missing is said by ``marts.delivery_status``. None where it is irregular.
    """
    months = _MONTHS.get(contract.cadence)
    if months is None:
        return None
    day, days = contract.due_day + 1, min(contract.due_day, 28)
    return _by(1, _NEXT[months], days) if day > 28 else _by(day, months, days)


@lru_cache  # Dagster tries the days of years for each: 14 ms
def _by(day: int, months: str, days: int) -> dg.FreshnessPolicy:
    within = dt.timedelta(days=days)
    return dg.FreshnessPolicy.cron(f"0 6 {day} {months} *", lower_bound_delta=within, timezone=_ZONE)


def with_policies(step: Step) -> Step:
    """Return ``step`` with the policy of each of its assets that has one: landing by its contract, and the release."""
    return replace(step, specs=[_fresh(spec) for spec in step.specs])


def _fresh(spec: dg.AssetSpec) -> dg.AssetSpec:
    layer, name = spec.key.path
    if layer == "release":
        return spec.replace_attributes(freshness_policy=OF_THE_RELEASE)
    policy = policy_of(CONTRACTS[name]) if layer == "landing" else None
    return spec.replace_attributes(freshness_policy=policy) if policy else spec
