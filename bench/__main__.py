"""Measure and print the table; exits 1 where a target is missed. ``python -m bench national`` measures that alone."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.latency import sensor, worker
from bench.ledgers import write_ledger
from bench.national import national
from bench.rows import Measured
from ingest.arrivals import land_inbox
from ingest.home import Home
from ingest.keys import Keyring, create_keys

RECORDS, FILES, RECORDS_A_FILE = 1_000_000, 2_844, 50


def _child(work: str, at: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.child", work, str(at)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def _least(*works: tuple[str, Path]) -> list[dict[str, float]]:
    """Each work's cheapest of four runs, and the peak of memory of all of them.

    The works take turns, so that a busy phase of the machine meets them alike.
    """
    rounds = [[_child(work, at) for work, at in works] for _ in range(4)]
    return [
        {"cpu_s": min(one["cpu_s"] for one in runs), "peak_mb": max(one["peak_mb"] for one in runs)}
        for runs in zip(*rounds, strict=True)
    ]


def _landed(root: Path) -> Home:
    home = Home(root)
    home.prepare()
    create_keys(home, demo=True)
    land_inbox(home, Keyring.open(home), now=datetime.now(UTC) + timedelta(minutes=1))
    return home


def _one_large(root: Path) -> Iterator[Measured]:
    folder = root / "large/inbox/990001/care_activities"
    folder.mkdir(parents=True)
    ledger = folder / "ledger.csv"
    write_ledger(ledger, RECORDS, seed=1)
    copy = root / "bare.csv"
    copy.write_bytes(ledger.read_bytes())
    home = _landed(root / "large")
    bare, full, opening = _least(("bare", copy), ("clean", home.root), ("opened", home.root))
    yield "1,000,000 activities, bare CSV to Parquet: CPU s", f"{bare['cpu_s']:.2f}", bare["cpu_s"], None
    yield "1,000,000 activities, landing to clean: CPU s", f"{full['cpu_s']:.2f}", full["cpu_s"], None
    yield "of which decrypting and verifying the object", f"{opening['cpu_s']:.2f}", opening["cpu_s"], None
    ratio = (full["cpu_s"] - opening["cpu_s"]) / bare["cpu_s"]
    yield "full clean over bare copy", f"{ratio:.2f}", ratio, 3.0
    yield "peak memory, MB", f"{full['peak_mb']:.0f}", full["peak_mb"], 1536


def _many_small(root: Path) -> Iterator[Measured]:
    copies = root / "copies"
    copies.mkdir()
    for number in range(FILES):
        folder = root / f"small/inbox/{990001 + number}/care_activities"
        folder.mkdir(parents=True)
        write_ledger(folder / "ledger.csv", RECORDS_A_FILE, seed=number, encoding="gb18030" if number % 2 else "utf-8")
        write_ledger(copies / f"{number}.csv", RECORDS_A_FILE, seed=number)
    bare, full = _least(("bare", copies), ("clean", _landed(root / "small").root))
    each, copied = (one["cpu_s"] / FILES * 1000 for one in (full, bare))
    yield (
        f"{FILES:,} files of {RECORDS_A_FILE} records, bare copies: CPU ms each",
        f"{copied:.2f}",
        copied,
        None,
    )
    yield "the same, landing to clean: CPU ms each", f"{each:.2f}", each, None
    yield "full clean over bare copy", f"{each / copied:.2f}", each / copied, 3.0
    yield "peak memory, MB", f"{full['peak_mb']:.0f}", full["peak_mb"], 1536


MEASURES: dict[str, Callable[[Path], Iterator[Measured]]] = {
    "large": _one_large,
    "small": _many_small,
    "national": national,
    "worker": worker,
    "sensor": sensor,
}


def _asked(words: list[str]) -> list[str]:
    unknown = sorted(set(words) - set(MEASURES))
    if unknown:
        raise SystemExit(f"no measure {', '.join(unknown)}; known: {', '.join(MEASURES)}")
    return words or list(MEASURES)


def main() -> None:
    """Run the measures that the command line names, or all, in a temporary folder; print rows as they come, then a
    table."""
    os.umask(0o077)
    table = Table("what", "measured", "target", "", title="巾帼 bench: CPU of this process tree, ratios of one run")
    missed, console = 0, Console()
    with tempfile.TemporaryDirectory(prefix="jinguo-bench-") as folder:
        for name in _asked(sys.argv[1:]):
            console.print(f"[bold]{name}[/bold] …")
            for what, shown, value, target in MEASURES[name](Path(folder)):
                holds = target is None or value <= target
                missed += not holds
                verdict = "" if target is None else "holds" if holds else "MISSED"
                row = (what, shown, "" if target is None else f"≤ {target:g}", verdict)
                console.print("  ", *row, highlight=False)
                table.add_row(*row)
    console.print(table)
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
