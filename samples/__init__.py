"""The world of the newspaper page, written out as the exports that counties really send. Seed in, same bytes out."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from samples.activities import build_activities
from samples.activity_ledgers import write_activities
from samples.applications import build_applications, write_applications
from samples.care_items import write_care_items
from samples.case_ledgers import referral_numbers, write_referrals, write_services
from samples.central import write_hostile, write_organisations
from samples.class_ledgers import write_trainings
from samples.courses import build_catalogues, write_courses
from samples.ecommerce import write_ecommerce
from samples.fair_follow_ups import write_follow_ups
from samples.fair_ledgers import write_posts
from samples.fair_reach import write_reach
from samples.fairs import build_posts
from samples.fund_ledgers import write_funds
from samples.goals import write_goals
from samples.lecture_orders import build_orders, write_orders
from samples.lectures import write_lectures
from samples.left_behind import build_pupils, write_left_behind
from samples.merit_ledgers import write_honours, write_points
from samples.network_ledgers import write_networks
from samples.pairing_ledgers import write_pairings
from samples.population import build_world
from samples.register import write_register
from samples.scaled import write_scaled
from samples.space_classes import write_space_classes
from samples.spaces import build_spaces, write_spaces
from samples.truth import Outbox, Truth, arrived
from samples.world import World

__all__ = ["Truth", "WorldSummary", "write_scaled", "write_world"]

LAST_DAY = date(2024, 5, 6)


@dataclass(frozen=True)
class WorldSummary:
    """What was written: files, arrivals (a file may arrive twice), and the sums of the truth over all files."""

    files: int
    arrivals: int
    records_in: int
    clean: int
    rejected: int
    duplicate: int
    non_data: int
    refused_files: int


def write_world(out: Path, seed: int = 20240413) -> WorldSummary:
    """Write the sample world below ``out``: ``<sender>/<dataset>[/correction|/withdrawal]/<file>``,
    ``history.jsonl`` (arrivals), ``truth.json`` (the true answer per file) and ``planted.json`` (identities).

    The same seed gives the same bytes. Raises OSError where ``out`` cannot be written.
    """
    world, box = build_world(seed), Outbox(arrived(LAST_DAY, hour=9))
    activities = build_activities(world)
    clues = referral_numbers(activities)
    write_organisations(box)
    write_register(world, box)
    write_pairings(world, box)
    write_activities(activities, clues, box)
    write_referrals(world, activities, clues, box)
    write_services(world, box)
    write_points(activities, box)
    write_honours(world, box)
    write_trainings(world, box)
    write_funds(box)
    _write_lectures(world, box)
    _write_startups(world, box)
    write_networks(world, box)
    _write_fairs(world, box)
    _write_left_behind(world, box)
    write_ecommerce(world, box)
    write_hostile(box)
    box.flush(out, world.people)
    return _summary(box)


def _write_lectures(world: World, box: Outbox) -> None:
    catalogues = build_catalogues(world)
    orders = build_orders(world, catalogues[2024])
    write_courses(catalogues, box)
    # lectures meet orders, of which the interface then tells
    write_lectures(world, catalogues, orders, box)
    write_orders(orders, box)
    write_goals(box)


def _write_startups(world: World, box: Outbox) -> None:
    spaces = build_spaces(world)
    write_spaces(world, spaces, box)
    write_space_classes(world, spaces, box)


def _write_fairs(world: World, box: Outbox) -> None:
    posts = build_posts(world)
    applications = build_applications(world, posts)
    write_posts(world, posts, box)
    write_reach(world, box)
    write_applications(applications, box)
    write_follow_ups(world, applications, box)


def _write_left_behind(world: World, box: Outbox) -> None:
    pupils = build_pupils(world)
    write_left_behind(world, pupils, box)
    write_care_items(world, pupils, box)


def _summary(box: Outbox) -> WorldSummary:
    truths = list(box.truth.values())
    return WorldSummary(
        files=len(box.content),
        arrivals=len(box.arrivals),
        records_in=sum(t.records_in or 0 for t in truths),
        clean=sum(t.clean for t in truths),
        rejected=sum(t.rejected["records"] for t in truths),
        duplicate=sum(t.duplicate for t in truths),
        non_data=sum(t.non_data for t in truths),
        refused_files=sum(t.state == "refused" for t in truths),
    )
