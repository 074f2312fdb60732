"""One record in the served release: every version of it in the core, and the figures of the marts it counts in."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from ingest.home import Home
from ingest.origin import Origin
from ingest.reasons import REASONS
from orchestration.deliveries import shanghai
from orchestration.trace.figures import FIGURES, Figure
from warehouse import reader

Rows = tuple[list[str], list[tuple[Any, ...]]]
OPEN_END = dt.datetime.fromisoformat("9999-12-31T00:00:00")
ROLES = ("child", "volunteer", "trainee", "streamer", "participant", "applicant")
_CHILD = "list_contains($child, r.child_key)"
_VOLUNTEER = "list_contains($volunteer, r.volunteer_key)"
# Per dataset: the core table, and which of its rows speak of the same thing as a clean row ($column, $role).
CORE = {
    "organisations": ("dim_organisations", "r.org_code = $org_code"),
    "children": ("dim_children", _CHILD),
    "pairings": ("fct_pairings", f"{_CHILD} and {_VOLUNTEER} and r.paired_on = $paired_on"),
    "care_activities": ("fct_care_activities", "r.activity_id = $activity_id and r.sender = $sender"),
    "points": ("fct_points", "false"),
    "honours": (
        "fct_honours",
        f"r.honour_name = $honour_name and r.edition_year = $edition_year and {_VOLUNTEER}",
    ),
    "referrals": ("fct_referrals", "r.referral_id = $referral_id and r.sender = $sender"),
    "funds": (
        "fct_funds",
        "r.sender = $sender and r.fiscal_year = $fiscal_year and r.voucher_id is not distinct from $voucher_id",
    ),
    "support_services": (
        "fct_support_services",
        (
            "r.sender = $sender and r.service_month = $service_month and r.service_kind = $service_kind"
            " and r.source is not distinct from $source and r.level is not distinct from $level"
        ),
    ),
    "trainings": ("fct_training_attendance", "false"),
    "firm_sales": (
        "fct_ecommerce_sales",
        "r.firm_key = $firm_id and r.platform = $platform and r.sales_month = $sales_month",
    ),
    "livestreams": ("fct_livestreams", "r.platform = $platform and r.session_id = $session_id"),
    "streamers": ("dim_streamers", "list_contains($streamer, r.streamer_key) and r.platform = $platform"),
    "employment_checks": (
        "fct_employment_outcomes",
        "r.cohort_id = $cohort_id and list_contains($participant, r.participant_key) and r.sender = $sender",
    ),
    "targets": (
        "fct_targets",
        "r.sender = $sender and r.target_year = $target_year and r.kpi = $kpi and r.org_name = $org_name",
    ),
    "org_units": (
        "dim_org_units",
        (
            "r.sender = $sender and r.unit_kind = $unit_kind and r.village is not distinct from $village"
            " and r.unit_name = $unit_name"
        ),
    ),
    "unit_activities": ("fct_unit_activities", "r.activity_id = $activity_id and r.sender = $sender"),
    "job_posts": ("fct_job_posts", "r.fair_id = $fair_id and r.post_id = $post_id and r.sender = $sender"),
    "job_applications": (
        "fct_job_applications",
        "r.fair_id = $fair_id and r.post_id = $post_id and list_contains($applicant, r.applicant_key)",
    ),
    "fair_reach": (
        "fct_fair_reach",
        (
            "r.sender = $sender and r.fair_id = $fair_id and r.channel = $channel and r.counted = $counted"
            " and r.source_name is not distinct from $source_name"
        ),
    ),
    "care_items": (
        "fct_care_items",
        f"r.item_year = $item_year and r.item_kind = $item_kind and {_CHILD}",
    ),
    "courses": ("dim_courses", "r.sender = $sender and r.course_id = $course_id"),
    "lecture_orders": ("fct_lecture_orders", "r.sender = $sender and r.order_id = $order_id"),
    "lectures": ("fct_lectures", "r.sender = $sender and r.lecture_id = $lecture_id"),
    "space_reports": (
        "fct_space_reports",
        "r.sender = $sender and r.space_name = $space_name and r.report_month = $report_month",
    ),
}


@dataclass(frozen=True)
class Counted:
    """One published figure that a record is part of; ``label`` is its Chinese comment, ``period`` where in time."""

    mart: str
    org_name: str
    period: str
    figure: str
    label: str
    value: Any


@dataclass(frozen=True)
class Served:
    """What a release says of one record: the core ``table``, its versions, sentences about them, the figures."""

    table: str
    rows: Rows
    story: list[str]
    figures: list[Counted]


def served(home: Home, dataset: str, found: Origin, clean: dict[str, Any]) -> Served:
    """Ask the served release about one clean row. Raises ``NoRelease``."""
    table, same = CORE[dataset]
    place = "(r.delivery_id = $delivery_id and r.sheet_no = $sheet_no and r.row_no = $row_no)"
    subject = f"select r.* from core.{table} as r where {place} or ({same})"
    values = {name: value for name, value in clean.items() if f"${name}" in subject}
    values |= {role: _keys(home, role, clean) for role in ROLES if f"${role}," in subject}
    with reader.opened(home.current) as release:
        columns, rows = _asked(release, f"{subject} order by all", values)
        versions = [dict(zip(columns, row, strict=True)) for row in rows]
        if "known_from" in columns:
            versions.sort(key=lambda one: (one["known_from"], one.get("valid_from") or dt.date.min))
        story = _story(release, versions, found) + _unmatched(release, found)
        figures = [] if not rows else _figures(release, dataset, subject, values)
    return Served(f"core.{table}", (columns, [tuple(one.values()) for one in versions]), story, figures)


def _keys(home: Home, role: str, clean: dict[str, Any]) -> list[str]:
    """The keys that a person of a clean row can have: the row's tokens, and identities that stand beside its number."""
    tokens = [clean[name] for name in _tokens(role) if clean.get(name)]
    number, beside = clean.get(f"{role}_number_token"), set()
    for folder in sorted(home.clean.iterdir()) if number else []:
        lake = pl.scan_parquet(folder / "*.parquet")
        if f"{role}_number_token" in lake.collect_schema():
            is_one = pl.col(f"{role}_number_token") == number
            beside |= set(lake.filter(is_one).select(f"{role}_id_token").collect().to_series().drop_nulls())
    return [*tokens, *sorted(beside - set(tokens))]


def _tokens(role: str) -> list[str]:
    return [f"{role}_{kind}_token" for kind in ("id", "number", "contact")]


def _story(release: duckdb.DuckDBPyConnection, versions: list[dict[str, Any]], found: Origin) -> list[str]:
    """Say in Chinese what became of this very row: in force, replaced, or said already by another delivery."""
    if not versions:
        return ["核心层没有采用本行：已被后来的批次取代、已被撤回，或人员无法识别。The core does not rest on this row."]
    ours = [one for one in versions if _place(one) == (found.delivery_id, found.sheet_no, found.row_no)]
    if not ours:
        newest = versions[-1]
        theirs, own = (_received(release, delivery_id) for delivery_id in (newest["delivery_id"], found.delivery_id))
        is_later = theirs is not None and own is not None and theirs < own
        why = "本行没有改变它。This row changes nothing." if is_later else "本行的说法已不采用。Superseded."
        return [f"核心层采用的是{_named(release, newest)}；{why}"]
    if "known_to" not in ours[0]:
        return []
    last = max(one["known_to"] for one in ours)
    if last == OPEN_END:
        return ["本行的说法至今有效。This row's statement is in force."]
    after = next((one for one in versions if one["known_from"] == last and one not in ours), None)
    until = shanghai(last.replace(tzinfo=dt.UTC))
    if after is None:
        return [f"本行的说法于{until}被撤回或终止。Withdrawn or ended then."]
    return [f"本行的说法于{until}被{_named(release, after)}取代。Superseded then by that delivery."]


def _unmatched(release: duckdb.DuckDBPyConnection, found: Origin) -> list[str]:
    """What the sender is asked where this very row puts right or takes back what was never told."""
    sql = """select distinct code from core.worklist_unmatched
        where delivery_id = $delivery_id and sheet_no = $sheet_no and row_no = $row_no order by code"""
    place = {"delivery_id": found.delivery_id, "sheet_no": found.sheet_no, "row_no": found.row_no}
    # a release of an earlier version has no such list
    known = _asked(release, "from duckdb_columns() where table_name = 'worklist_unmatched' limit 1", {})[1]
    asked = [REASONS[code] for (code,) in _asked(release, sql, place)[1]] if known else []
    return [f"待说明：{one.zh}。{one.advice_zh}。To be explained: {one.en}." for one in asked]


def _place(version: dict[str, Any]) -> tuple[Any, ...]:
    return version["delivery_id"], version["sheet_no"], version["row_no"]


def _received(release: duckdb.DuckDBPyConnection, delivery_id: str) -> dt.datetime | None:
    _, found = _asked(release, "select received_at from core.fct_deliveries where delivery_id = $d", {"d": delivery_id})
    return found[0][0] if found else None


def _named(release: duckdb.DuckDBPyConnection, version: dict[str, Any]) -> str:
    kinds = {"snapshot": "全量", "increment": "增量", "correction": "更正", "withdrawal": "撤回"}
    sql = "select kind, received_at from core.fct_deliveries where delivery_id = $d"
    _, found = _asked(release, sql, {"d": version["delivery_id"]})
    told = (
        f"（{kinds.get(found[0][0], found[0][0])}，{shanghai(found[0][1].replace(tzinfo=dt.UTC))}收到）"
        if found
        else ""
    )
    return f"批次 {version['delivery_id']}{told}第{version['row_no']}行"


def _figures(release: duckdb.DuckDBPyConnection, dataset: str, subject: str, values: dict[str, Any]) -> list[Counted]:
    counted = []
    for figure in FIGURES.get(dataset, ()):
        _, rows = _asked(release, figure.sql(subject), values)
        comments = _comments(release, figure)
        counted += [
            Counted(f"marts.{figure.mart}", org, figure.when(period), name, comments.get(name, ""), value)
            for org, _, *period, name, value in rows
        ]
    return counted


def _comments(release: duckdb.DuckDBPyConnection, figure: Figure) -> dict[str, str]:
    sql = "select column_name, comment from duckdb_columns() where schema_name = 'marts' and table_name = $t"
    return {name: comment or "" for name, comment in _asked(release, sql, {"t": figure.mart})[1]}


def _asked(release: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any]) -> Rows:
    result = release.execute(sql, values)
    return [column[0] for column in result.description], result.fetchall()
