"""Which figures of the marts a record of the core counts in: the conditions of the marts, told for one record."""

from collections.abc import Sequence
from dataclasses import dataclass

_NOW = "timestamp '9999-12-31 00:00:00'"
_KNOWN = f"r.known_to = {_NOW}"
# The newest day of report on which the record holds.
_LAST = "m.as_on = (select max(as_on) from marts.pairing_coverage where as_on >= r.valid_from and as_on < r.valid_to)"
_CREDITED = f"""
    join core.bridge_care_participants as p on p.activity_key = r.activity_key
    join core.fct_pairings as e on e.pairing_key = p.pairing_key and e.known_to = {_NOW}"""
_CLASS = "join core.fct_trainings as k on k.class_key = r.class_key"


@dataclass(frozen=True)
class Figure:
    """Some ``figures`` of one mart. ``counts``: whether a core row (r) is in them at all; ``meets``: which rows of the
    mart (m) they are; ``period``: the mart's columns that say when and of what; ``org``: whose record it is, with
    ``beside`` joined to r where the record does not say so itself."""

    mart: str
    figures: tuple[str, ...]
    period: tuple[str, ...]
    meets: str
    counts: str = "true"
    org: str = "r.org_key"
    beside: str = ""

    def when(self, values: Sequence[object]) -> str:
        """The period of one row of the mart, in words."""
        return ", ".join(f"{name} {value}" for name, value in zip(self.period, values, strict=True))

    def sql(self, subject: str) -> str:
        """The figures of the record's organisation and of all above it: org_name, distance, period …, figure, value."""
        shown = ", ".join(f"m.{name}" for name in self.period)
        asked = [
            f"""
            select distinct m.org_name, c.distance, {shown}, '{figure}' as figure, cast(m.{figure} as double) as value
            from ({subject}) as r {self.beside}
            join core.bridge_organisation_closure as c on c.descendant_org_key = {self.org}
            join marts.{self.mart} as m on m.org_key = c.ancestor_org_key and {self.meets}
            where {self.counts}"""
            for figure in self.figures
        ]
        return (
            f"select * from ({' union all '.join(asked)}) order by figure, distance, {', '.join(self.period)}, org_name"
        )


_FAIR = "m.fair_id = r.fair_id and m.fair_area_org_key = r.fair_area_org_key"


def _month(column: str) -> str:
    return f"m.month_on = date_trunc('month', {column})"


FIGURES: dict[str, tuple[Figure, ...]] = {
    "pairings": (
        Figure(
            "pairing_coverage",
            ("paired_children",),
            ("as_on",),
            _LAST,
            f"{_KNOWN} and r.role = 'primary' and r.is_registered_child",
        ),
        Figure("pairing_coverage", ("active_pairings",), ("as_on",), _LAST, f"{_KNOWN} and r.role = 'primary'"),
        Figure(
            "pairing_survival",
            ("started_pairings",),
            ("cohort_on", "horizon_months"),
            "m.cohort_on = make_date(year(r.valid_from), case when month(r.valid_from) <= 6 then 1 else 7 end, 1)"
            " and m.horizon_months = 12",
            f"{_KNOWN} and r.role = 'primary'",
        ),
    ),
    "children": (
        Figure("pairing_coverage", ("registered_children",), ("as_on",), _LAST, f"{_KNOWN} and r.status = 'active'"),
    ),
    "care_activities": (
        Figure(
            "care_activity",
            ("activity_events", "child_person_times"),
            ("month_on", "activity_kind"),
            f"{_month('r.happened_on')} and m.activity_kind = r.activity_kind",
            f"{_KNOWN} and r.is_counted",
        ),
        Figure(
            "visit_timeliness",
            ("contact_person_times",),
            ("month_on",),
            _month("r.happened_on"),
            f"{_KNOWN} and r.is_counted and r.has_contact",
            "e.org_key",
            _CREDITED,
        ),
    ),
    "points": (
        Figure("volunteer_points", ("earned_points",), ("month_on",), _month("r.earned_on"), "r.points > 0"),
        Figure("volunteer_points", ("reversed_points",), ("month_on",), _month("r.earned_on"), "r.points < 0"),
        Figure("volunteer_points", ("counted_points",), ("month_on",), _month("r.earned_on"), "r.counted_points <> 0"),
    ),
    "honours": (
        Figure(
            "volunteer_points",
            ("honoured_persons",),
            ("month_on", "edition_year"),
            "m.edition_year = r.edition_year and "
            + _month("coalesce(r.awarded_on, make_date(cast(r.edition_year as integer), 12, 1))"),
        ),
    ),
    "referrals": (
        Figure(
            "referral_timeliness",
            ("referral_events",),
            ("quarter_on",),
            # A day is a county's day: found at 16:30 UTC is found on the next.
            "m.quarter_on = date_trunc('quarter', r.found_at + interval 8 hour)",
        ),
    ),
    "funds": (
        Figure(
            "programme_funds",
            ("budget_yuan", "received_yuan", "spent_yuan"),
            ("fiscal_year", "fund_source"),
            "m.fiscal_year = r.fiscal_year and m.fund_source is not distinct from r.fund_source"
            " and m.programme_key = coalesce(r.programme_key, 'unassigned')",
        ),
    ),
    "support_services": (
        Figure(
            "support_services",
            ("case_events", "served_person_times"),
            ("month_on", "service_kind"),
            "m.month_on = date_trunc('month', r.service_month) and m.service_kind = r.service_kind",
        ),
    ),
    "trainings": (
        Figure(
            "training_reach",
            ("trained_persons", "trained_person_times"),
            ("training_year", "programme_key"),
            "m.training_year = year(k.starts_on) and m.programme_key = coalesce(k.programme_key, 'unassigned')",
            "r.is_attended",
            "k.org_key",
            _CLASS,
        ),
    ),
    "firm_sales": (Figure("firm_sales", ("sales_yuan",), ("sales_year",), "m.sales_year = year(r.sales_month)"),),
    "livestreams": (
        Figure(
            "livestream_events",
            ("gross_yuan", "viewers"),
            ("event_year", "event_name"),
            "m.event_name = r.event_name and m.event_year = year(r.starts_at + interval 8 hour)",
            "r.is_newest and not r.is_test",
        ),
    ),
    "job_posts": (Figure("job_fairs", ("posts", "openings"), ("fair_id",), _FAIR),),
    "job_applications": (Figure("job_fairs", ("applicants",), ("fair_id",), _FAIR),),
    "lecture_orders": (
        Figure(
            "lecture_plan",
            ("ordered_lectures",),
            ("plan_year",),
            "m.plan_year = year(r.ordered_at + interval 8 hour)",
        ),
    ),
    "lectures": (Figure("lecture_plan", ("delivered_lectures",), ("plan_year",), "m.plan_year = year(r.lectured_on)"),),
    "unit_activities": (
        Figure(
            "organisation_network",
            ("activity_events", "activity_person_times"),
            ("month_on", "unit_kind"),
            f"{_month('r.happened_on')} and m.unit_kind = r.unit_kind and m.is_month_end",
        ),
    ),
    "space_reports": (
        Figure(
            "space_activity",
            ("training_events", "person_times", "new_women_persons"),
            ("month_on",),
            _month("r.report_month"),
        ),
    ),
}
