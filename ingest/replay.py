"""What today's specs and rules would make of deliveries that are cleaned already, done apart and published by nobody.

A replay has a home of its own for as long as it lasts: its landing is a link to the real one, its ledger a copy. So it
runs the very engine of the night, and neither it nor its death changes anything that is current.
"""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from ingest.delivery import Delivery
from ingest.home import Home
from ingest.keys import Keyring
from ingest.ledger import Ledger
from ingest.night import clean_pending
from ingest.replay_rows import CELLS, ROWS, SAID, compared, lying, reasons
from ingest.spec import SpecBook
from ingest.tables import read_current
from ingest.versions import rules_version

Progress = Callable[[int, int], None]
# What can change of a delivery as a whole; its versions are left out: they say how it was cleaned, not what came of it.
_WHOLE = ("state", "reason_code", "detail_code", "as_of_on", "proves_absence", "duplicate_records", "non_data_records")
_TOLD = ("delivery_id", "sender", "dataset", "received_at")


@dataclass(frozen=True)
class Difference:
    """What replaying would change; no frame holds a value of a cell.

    ``deliveries``: one row a delivery that differs: delivery_id, sender, dataset, received_at, state and reason_code
    before and after (``_before``), and in records: gained (used only now), lost (used no longer), changed.
    ``columns``: sender, dataset, column_name, changed (records). ``reasons``: sender, dataset, code, column_name, and
    how many rejects, findings and refusals before and after. ``replayed`` deliveries were cleaned; ``waiting`` others
    were last cleaned under other specs or rules too, and the next night cleans them again with these.
    """

    deliveries: pl.DataFrame
    columns: pl.DataFrame
    reasons: pl.DataFrame
    replayed: int
    waiting: int


def replay(
    home: Home, keyring: Keyring, chosen: Callable[[Delivery], bool], *, progress: Progress | None = None
) -> Difference:
    """Clean the ``chosen`` deliveries apart and compare with what is current; the caller holds the night's lock.

    Raises ``SpecInvalid`` if a sender's TOML is wrong.
    """
    waiting = _pending(home, keyring)
    with _home_apart(home) as apart:
        with Ledger(apart) as ledger:
            before = ledger.current()
            names = {one.delivery_id for one in ledger.deliveries() if one.reason_code is None and chosen(one)}
            ledger.ask_again(names)
        clean_pending(apart, keyring, progress=progress, only=lambda one: one.delivery_id in names)
        after = read_current(apart)
        found = _difference(home, apart, before, after, names)
    return Difference(*found, replayed=len(names), waiting=len(waiting - names))


def ask_again(home: Home, keyring: Keyring, difference: Difference) -> None:
    """Have the next night clean what differs, also where specs and rules are those of the last time."""
    differing = set(difference.deliveries["delivery_id"])
    with Ledger(home) as ledger:
        ledger.ask_again(differing - _pending(home, keyring))


@contextmanager
def _home_apart(home: Home) -> Generator[Home]:
    # below build/, where the next night removes whatever a killed replay left
    with TemporaryDirectory(dir=home.build, prefix="replay-") as folder:
        apart = Home(Path(folder))
        apart.landing.symlink_to(home.landing)
        with closing(sqlite3.connect(home.ledger)) as real, closing(sqlite3.connect(apart.ledger)) as copied:
            real.backup(copied)
        yield apart


def _pending(home: Home, keyring: Keyring) -> set[str]:
    specs = SpecBook()
    with Ledger(home) as ledger:
        versions = {pair: specs.get(*pair).version for pair in ledger.pairs()}
        return {one.delivery_id for one in ledger.pending(versions, rules_version(keyring.tokens.key_id))}


def _difference(
    home: Home, apart: Home, before: pl.DataFrame, after: pl.DataFrame, names: set[str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    both = after.join(before, on="delivery_id", how="left", suffix="_before")
    is_other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in _WHOLE)
    both = both.with_columns(is_other.alias("is_other"))
    # one that was not chosen can differ too: held no longer, say, because the snapshot before it counts more now
    asked = both.filter(pl.col("delivery_id").is_in(list(names)) | pl.col("is_other")).select("delivery_id", "dataset")
    told = [_of_dataset(home, apart, asked, before, after, name) for name in asked["dataset"].unique().sort()]
    rows, cells, said = (
        pl.concat([pl.DataFrame(schema=schema), *(one[at] for one in told)])
        for at, schema in enumerate((ROWS, CELLS, SAID))
    )
    counts = ["gained", "lost", "changed"]
    both = both.join(rows, on="delivery_id", how="left").with_columns(pl.col(counts).fill_null(0))
    is_said = pl.col("delivery_id").is_in(said["delivery_id"].implode())
    differing = both.filter("is_other" | is_said | (pl.sum_horizontal(counts) > 0))
    summed = said.join(after.select("delivery_id", "sender", "dataset"), on="delivery_id")
    keys = ["sender", "dataset", "code", "column_name"]
    shown = [*_TOLD, "state", "state_before", "reason_code", "reason_code_before", *counts]
    return (
        differing.select(shown).sort("sender", "dataset", "received_at", "delivery_id"),
        cells.sort("sender", "dataset", "changed", "column_name", descending=[False, False, True, False]),
        summed.group_by(keys).agg(pl.col("before", "after").sum()).sort(keys),
    )


def _of_dataset(
    home: Home, apart: Home, asked: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame, dataset: str
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Compare the deliveries ``asked`` of one dataset; what the replay did not clean lies where it lay."""
    said, clean = [], []
    for homes, current in (((home,), before), ((apart, home), after)):
        ours = current.join(asked.filter(pl.col("dataset") == dataset), on="delivery_id", how="semi")
        layers = [lying(homes, layer, dataset, ours) for layer in ("clean", "rejects", "findings")]
        refused = ours.filter(pl.col("reason_code").is_not_null())
        clean.append(layers[0])
        said.append([*layers[1:], refused.select("delivery_id", pl.col("reason_code").alias("code"))])
    return *compared(dataset, clean[0], clean[1]), reasons(said[0], said[1])
