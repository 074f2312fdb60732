"""A home over the small project, whose releases are made by dbt or by a refresh, step by step, without Dagster."""

import itertools
import shutil
from collections.abc import Collection, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest
from small_home import delivered
from small_project import small_project

from ingest.arrivals import land_inbox
from ingest.home import Home
from ingest.keys import Keyring
from ingest.night import clean_pending
from orchestration import dbt_build, project
from orchestration.dbt_build import Node, build, ensure_manifest, target
from orchestration.refresh.kept import set_aside
from orchestration.refresh.refresh import Made, first_built, refresh
from warehouse import candidate, releases
from warehouse.audit import audit
from warehouse.publish import publish

# Of the deliveries of one dataset only, so that those of the others change nothing in it.
_HEARD = "select d.delivery_id, d.clean_records from {{ ref('stg_deliveries') }} as d where d.dataset = 'children'"
_COUNTED = "select delivery_id, clean_records from {{ ref('int_children_heard') }}"
# A table by dataset, as the real project has them, and one table that reads all of it.
_TOLD = """
{{ config(materialized='by_dataset') }}
{% for dataset in datasets() %}
select '{{ dataset }}' as dataset, r.delivery_id, count(*) as told
from {{ source('clean', dataset) }} as r
inner join {{ ref('stg_deliveries') }} as d on r.delivery_id = d.delivery_id and r.batch_id = d.batch_id
where d.state = 'clean'
group by r.delivery_id
{{ next_part() if not loop.last }}
{% endfor %}
"""
# By sender: a view, and a table that reads it.
_STATED = """
select sender, delivery_id, clean_records from {{ ref('stg_deliveries') }} where dataset <> 'children'
"""
_SENT = """
{{ config(meta={'by_sender': true}) }}
select sender, count(*) as deliveries, sum(clean_records) as clean_records from {{ ref('stg_stated') }} group by sender
"""
_SUMMED = "select delivery_id, told as clean_records from {{ ref('int_rows_told') }}"
_NO_SECOND = "select max(delivery_id) as newest from {{ ref('children_counted') }} having count(*) > 1"
_DESCRIBED = """
models:
  - name: {name}
    description: 一行为一个报送批次。
    columns:
      - {{name: delivery_id, data_type: varchar, description: 批次}}
      - {{name: clean_records, data_type: bigint, description: 采用的记录数}}
"""


def heard_project(to: Path, *, severity: str = "error") -> Path:
    """Write the small project with three more branches and a test.

    One branch is of one dataset, of which a second delivery fails the test; one is built by dataset, one by sender.
    """
    small_project(to)
    (to / "models" / "intermediate").mkdir()
    for name, sql in (("children_heard", _HEARD), ("rows_told", _TOLD), ("rows_sent", _SENT)):
        (to / "models" / "intermediate" / f"int_{name}.sql").write_text(sql, encoding="utf-8")
    (to / "models" / "staging" / "stg_stated.sql").write_text(_STATED, encoding="utf-8")
    for name, sql in (("children_counted", _COUNTED), ("rows_told", _SUMMED)):
        (to / "models" / "marts" / f"{name}.sql").write_text(sql, encoding="utf-8")
        (to / "models" / "marts" / f"{name}.yml").write_text(_DESCRIBED.format(name=name), encoding="utf-8")
    told = f"{{{{ config(severity='{severity}') }}}}\n{_NO_SECOND}"
    (to / "tests" / "no_second_delivery.sql").write_text(told, encoding="utf-8")
    return to


@dataclass
class Refreshing:
    """A home whose deliveries come and go: ``all`` of them are clean, those in the table of deliveries count."""

    home: Home
    all: pl.DataFrame
    _numbers: itertools.count = field(default_factory=itertools.count)

    @classmethod
    def new(cls, root: Path) -> "Refreshing":
        """A home with the cleaned deliveries of the small world."""
        home = delivered(root)
        clean_all(home)
        return cls(home, pl.read_parquet(home.deliveries / "deliveries.parquet"))

    def count(self, deliveries: Collection[str]) -> None:
        """Let only these deliveries count, in whatever order their rows lie."""
        kept = self.all.filter(pl.col("delivery_id").is_in(list(deliveries))).sample(fraction=1.0, shuffle=True)
        kept.write_parquet(self.home.deliveries / "deliveries.parquet")

    def ids(self, *datasets: str) -> list[str]:
        """The deliveries of some datasets, or of all."""
        ours = self.all.filter(pl.col("dataset").is_in(datasets)) if datasets else self.all
        return ours["delivery_id"].to_list()

    def begin(self) -> Path:
        """A new, empty candidate."""
        return candidate.create(self.home.build, f"run-{next(self._numbers):04d}")

    def build(self) -> releases.Release:
        """Build everything with dbt, audit, publish, and keep what a refresh needs."""
        ensure_manifest(self.home)
        built = self.begin()
        nodes: list[Node] = build(self.home, built, lambda _: None)
        known = first_built(self.home, built, nodes)
        made = Made({}, set(), {}, built=known, work=set_aside(self.home, built))
        return self.release(made)

    def refresh(self) -> tuple[Made, releases.Release]:
        """Refresh, audit, publish, keep."""
        made = refresh(self.home, self.begin, lambda _: None)
        return made, self.release(made)

    def release(self, made: Made) -> releases.Release:
        """Audit and publish the candidate, as the steps do."""
        with ExitStack() as still_open:
            still_open.callback(made.end)
            made.closed()
            [built] = self.home.build.iterdir()
            audit(built, target(self.home) / "manifest.json", self.home.current, untouched=made.untouched)
            published = publish(built, self.home.releases, self.home.current, built.name, {})
            made.keep(self.home, published)
        return published

    @property
    def served(self) -> releases.Release | None:
        """The served release, if any."""
        return releases.current(self.home.current) if self.home.current.exists() else None

    def saved(self, to: Path) -> "Refreshing":
        """A home beside this one that says the same: what its work database names lies where it lay."""
        for name in ("warm", "releases", "deliveries"):
            shutil.rmtree(to / name, ignore_errors=True)
            shutil.copytree(self.home.root / name, to / name)
        return self

    def restore(self, saved: Path) -> None:
        """Bring back what ``saved`` put aside."""
        for name in ("warm", "releases", "deliveries"):
            shutil.rmtree(self.home.root / name)
            shutil.copytree(saved / name, self.home.root / name)
        run = max((saved / "releases").iterdir()).name
        self.home.current.unlink()
        self.home.current.symlink_to(Path("releases") / run)


def clean_all(home: Home) -> None:
    """Land and clean what lies in the inbox."""
    from datetime import UTC, datetime

    keyring = Keyring.open(home)
    land_inbox(home, keyring, now=datetime.now(UTC))
    clean_pending(home, keyring)


def use_project(monkeypatch, path: Path) -> None:
    """Let ``path`` be the dbt project of this process."""
    monkeypatch.setattr(project, "PROJECT", path)
    monkeypatch.setattr(dbt_build, "PROJECT", path)


@contextmanager
def built_once(root: Path) -> Generator[tuple[Refreshing, Path]]:
    """A home of which dbt built one release, out of all deliveries but the second one of children; and a copy of it."""
    with pytest.MonkeyPatch.context() as patch:
        use_project(patch, heard_project(root / "project"))
        home = Refreshing.new(root / "home")
        first = home.ids("children")[:1]
        home.count([one for one in home.ids() if one not in home.ids("children")] + first)
        home.build()
        home.saved(root / "saved")
        yield home, root / "saved"


def few(home: Refreshing, *datasets: str) -> list[str]:
    """One delivery of children, and those of some datasets."""
    return home.ids("children")[:1] + (home.ids(*datasets) if datasets else [])
