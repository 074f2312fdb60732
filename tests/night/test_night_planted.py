"""A planted error in what the counties said makes exactly the figures fail that it touches, and no other.

The controls stand elsewhere: without an error every figure holds (test_night_truth), also replayed (test_night_order).
"""

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
from night_homes import World
from replay import replay

from ingest.home import Home

Spoil = Callable[[pl.LazyFrame], pl.LazyFrame]


def failing(world: World, root: Path, dataset: str, spoil: Spoil) -> set[str]:
    """Build the claims once more with ``spoil`` done to the clean rows of ``dataset``; return those that fail."""
    home = Home(root / "home")
    (home.root / "clean").mkdir(parents=True)
    for folder in ("rejects", "findings", "deliveries"):
        (home.root / folder).symlink_to(world.home.root / folder)
    for folder in world.home.clean.iterdir():
        (home.clean / folder.name).symlink_to(folder)
    (home.clean / dataset).unlink()
    (home.clean / dataset).mkdir()
    lying = pl.scan_parquet(world.home.clean / dataset / "*.parquet")
    spoil(lying).collect().write_parquet(home.clean / dataset / "spoilt.parquet")
    built = replay(world.manifest, world.home, home, root / "build", only="published_claims")
    with duckdb.connect(str(built / "jinguo.duckdb"), read_only=True) as marts:
        claims = marts.execute("select claim_id from marts.published_claims where holds is not true").fetchall()
    return {claim for (claim,) in claims}


def asked(world: World, sql: str) -> str:
    """The one value that the served core answers."""
    core = world.home.current / "core" / "jinguo_core.duckdb"
    with duckdb.connect(str(core), read_only=True) as connection:
        [(found,)] = connection.execute(sql).fetchall()
    return found


def without(value: str, *columns: str) -> Spoil:
    """Leave out every row that has ``value`` in one of ``columns``."""
    return lambda rows: rows.filter(pl.all_horizontal(pl.col(column).ne_missing(value) for column in columns))


# A child whose volunteer keeps others, so that only the child's own figures move.
_CHILD = """
select p.child_key
from core.fct_pairings as p
join core.dim_children as c on c.child_key = p.child_key and c.known_to = timestamp '9999-12-31' and c.status = 'active'
    and date '2024-04-30' between c.valid_from and c.valid_to - 1
join core.bridge_organisation_closure as o on o.descendant_org_key = p.org_key and o.ancestor_org_key = '371100'
where p.role = 'primary' and p.known_to = timestamp '9999-12-31' and p.valid_to > date '2024-04-30'
qualify count(distinct p.child_key) over (partition by p.volunteer_key) between 3 and 6
order by all limit 1"""
# The firm with the fewest openings at the fair with the most posts, and none that was offered live.
_FIRM = """
select firm_key
from core.fct_job_posts as p
where fair_id = (select fair_id from core.fct_job_posts group by all order by count(*) desc limit 1)
    and firm_key not in (
        select j.firm_key from core.fct_job_posts as j
        join core.bridge_job_post_channels as c on c.post_key = j.post_key and c.channel = 'live'
    )
group by firm_key order by sum(openings), firm_key limit 1"""
# A session of the largest event whose sales the platform stated anew, downwards or upwards.
_SESSION = """
select session_id
from core.fct_livestreams
where event_name = (select event_name from core.fct_livestreams where event_name is not null
    group by all order by count(*) desc limit 1)
group by session_id having count(distinct gross_yuan) > 1
order by max(gross_yuan) - min(gross_yuan) desc, session_id limit 1"""


def without_restatements(session: str) -> Spoil:
    """Leave out what was stated of a session after the first time."""
    is_later = (pl.col("session_id") == session) & (
        pl.col("extracted_at") > pl.col("extracted_at").min().over("session_id", "streamer_token")
    )
    return lambda rows: rows.filter(~is_later)


def test_a_child_without_her_pairing(world: World, tmp_path: Path) -> None:
    spoil = without(asked(world, _CHILD), "child_token", "child_id_token", "child_number_token")
    expected = {"paired-children", "full-coverage", "none-unpaired"}
    assert failing(world, tmp_path, "pairings", spoil) == expected


def test_a_firm_without_its_posts(world: World, tmp_path: Path) -> None:
    spoil = without(asked(world, _FIRM), "firm_id")
    assert failing(world, tmp_path, "job_posts", spoil) == {"fair-firms", "fair-posts"}


def test_a_session_without_its_restatement(world: World, tmp_path: Path) -> None:
    spoil = without_restatements(asked(world, _SESSION))
    assert failing(world, tmp_path, "livestreams", spoil) == {"event-sales"}
