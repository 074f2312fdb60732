"""One county's e-commerce and what its federation does for it: firms, streamers, classes, units, in one truth."""

from dataclasses import dataclass

from samples.ecommerce_checks import Check, build_checks, write_checks
from samples.ecommerce_classes import Course, build_classes
from samples.ecommerce_rosters import write_rosters
from samples.ecommerce_targets import write_targets
from samples.ecommerce_units import Unit, build_units, write_units
from samples.firm_sales_pages import write_firm_sales
from samples.firms import Firm, build_firms
from samples.livestream_ledgers import write_livestreams
from samples.livestreams import Session, build_sessions
from samples.practitioners import Practitioner, build_practitioners
from samples.streamer_ledgers import write_streamers
from samples.truth import Outbox
from samples.world import World


@dataclass(frozen=True)
class Trade:
    """Everything that is true of the county's e-commerce."""

    firms: list[Firm]
    units: list[Unit]
    people: list[Practitioner]
    courses: list[Course]
    checks: list[Check]
    sessions: list[Session]


def build_trade(world: World) -> Trade:
    """Make the truth: who sells, who streams, who learnt when and who found work."""
    firms = build_firms(world)
    units = build_units(world, firms)
    people = build_practitioners(world, firms, units)
    courses = build_classes(world, people)
    return Trade(firms, units, people, courses, build_checks(world, courses), build_sessions(world, people))


def write_ecommerce(world: World, box: Outbox) -> None:
    """Send everything that the county's federation and its bureau of commerce have sent since 2022."""
    trade = build_trade(world)
    write_firm_sales(world, trade.firms, box)
    write_units(world, trade.units, box)
    write_streamers(world, trade.people, box)
    write_rosters(world, trade.courses, box)
    write_checks(trade.checks, box)
    write_livestreams(world, trade.sessions, box)
    write_targets(box)
