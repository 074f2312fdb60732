"""The national night: 2,844 counties send eight ledgers each; then nothing new; then one of them is cleaned again."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.nation import LEDGERS, write_nation
from bench.rows import Measured, counted
from ingest.delivery import SHANGHAI
from ingest.home import Home
from ingest.keys import create_keys
from samples.scaled import MOST_SENDERS

NIGHT_CPU_S, UNCHANGED_CPU_S, REPLAY_S = 90, 15, 15
_DELIVERIES = MOST_SENDERS * len(LEDGERS)
_SETTLED = 1_700_000_000
REPLAYED = "990007"


def _child(module: str, *words: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", module, *words], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(words)} failed")
    return json.loads(done.stdout.splitlines()[-1])


def _written(root: Path) -> Home:
    """The home before the night: keys, an inbox in which no file is fresh, and dbt's project parsed once."""
    home = Home(root)
    home.prepare()
    create_keys(home, demo=True)
    month = (datetime.now(SHANGHAI).date().replace(day=1) - timedelta(days=1)).replace(day=1)
    for done in write_nation(home.inbox, month):
        counted("writing the nation's ledgers", done, _DELIVERIES)
    for folder, _, names in os.walk(home.inbox):
        for name in names:
            os.utime(f"{folder}/{name}", (_SETTLED, _SETTLED))
    subprocess.run([sys.executable, "-m", "bench.parsed", str(root)], check=True)
    return home


def _parts(told: dict[str, Any]) -> Iterator[Measured]:
    before = told["cpu_s"] - sum(told["steps"].values())
    for name, cpu in {"imports, definitions, closing": before, **told["steps"]}.items():
        wall = told["walls"].get(name, told["wall_s"] - sum(told["walls"].values()))
        yield f"  of which {name}: CPU s (wall s)", f"{cpu:.1f} ({wall:.1f})", cpu, None


def national(root: Path) -> Iterator[Measured]:
    """Measure the night, the unchanged night after it, and a replay of one sender; the baseline first."""
    home = _written(root / "nation")
    bare = _child("bench.child", "files", str(home.inbox))["cpu_s"]
    yield (
        f"{_DELIVERIES:,} files: read, SHA-256, bare Polars copies (1 of 8, times 8): CPU s",
        f"{bare:.1f}",
        bare,
        None,
    )
    night = _child("bench.night", str(home.root))
    if night["deliveries"] != _DELIVERIES + 1 or night["troubled"]:
        raise SystemExit(f"{night['deliveries']} deliveries, {night['troubled']} not clean: not the night it should be")
    what = f"national night, {_DELIVERIES:,} deliveries, inbox to release: CPU s (wall s)"
    yield what, f"{night['cpu_s']:.1f} ({night['wall_s']:.1f})", night["cpu_s"], NIGHT_CPU_S
    yield from _parts(night)
    yield "  the night over the bare copies", f"{night['cpu_s'] / bare:.2f}", night["cpu_s"] / bare, None
    again = _child("bench.night", str(home.root))
    if again["is_new"]:
        raise SystemExit("the unchanged night built something: not the night it should be")
    shown = f"{again['cpu_s']:.1f} ({again['wall_s']:.1f})"
    yield "unchanged night over the same home: CPU s (wall s)", shown, again["cpu_s"], UNCHANGED_CPU_S
    yield from _parts(again)
    replay = _child("bench.replayed", str(home.root), REPLAYED)
    shown = f"{replay['wall_s']:.1f} ({replay['cpu_s']:.1f})"
    yield "replay of one sender under a changed spec, published: wall s (CPU s)", shown, replay["wall_s"], REPLAY_S
