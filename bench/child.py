"""One measured piece of work in a process of its own: prints CPU seconds and peak memory as JSON.

Run as ``python -m bench.child bare FILE`` (or a folder), ``… clean HOME``, ``… opened HOME``, or
``… files FOLDER``, of which only one file in eight is copied, and the cost told as if all were.
"""

import hashlib
import io
import json
import resource
import sys
import time
from pathlib import Path

import polars as pl

from ingest.home import Home
from ingest.keys import Keyring
from ingest.landing import Landing
from ingest.ledger import Ledger
from ingest.night import clean_pending

_ONE_OF = 8


def bare(path: Path) -> int:
    """Copy a CSV, or every CSV of a folder, into Parquet and do nothing else: the baseline."""
    for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
        pl.scan_csv(file, infer_schema=False, glob=False).sink_parquet(file.with_suffix(".parquet"))
    return 0


def files(folder: Path) -> int:
    """Read every eighth file below a folder, hash it and copy it into Parquet: the baseline of a night, whole."""
    copied = 0
    for path in sorted(folder.rglob("*.csv"))[::_ONE_OF]:
        data = path.read_bytes()
        hashlib.sha256(data).hexdigest()
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        pl.read_csv(text.encode(), infer_schema=False).write_parquet(io.BytesIO())
        copied += 1
    return copied


def clean(root: Path) -> int:
    """Clean everything that is landed in a home, as if for the first time; return the records in."""
    home = Home(root)
    for file in home.root.glob(f"{home.ledger.name}*"):
        file.unlink()
    attempts = clean_pending(home, Keyring.open(home))
    if any(one.state != "clean" for one in attempts):
        raise SystemExit("a delivery was refused: the bench measured the wrong thing")
    return sum(one.records_in for one in attempts)


def opened(root: Path) -> int:
    """Decrypt and verify every landed object and do nothing else: what cleaning costs besides, to be told apart."""
    home = Home(root)
    landing = Landing(home, Keyring.open(home))
    with Ledger(home) as ledger:
        return sum(len(landing.get(one.sha256)) for one in ledger.deliveries())


def main() -> None:
    """Do the work named on the command line and print what it cost."""
    work = {"bare": bare, "files": files, "clean": clean, "opened": opened}[sys.argv[1]]
    before = time.process_time()
    records = work(Path(sys.argv[2]))
    cpu = (time.process_time() - before) * (_ONE_OF if sys.argv[1] == "files" else 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_s": cpu, "peak_mb": peak, "records": records}))


if __name__ == "__main__":
    main()
