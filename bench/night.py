"""One night in a process of its own: prints CPU and wall seconds of the whole and of each step as JSON.

Run as ``python -m bench.night HOME``: the job that ``jinguo nightly`` runs, from the import of Python's first module.
"""

import json
import os
import sys
import time
from pathlib import Path

from bench.measured import clocked, cpu_seconds, steps_of_newest_run

_BEGAN = time.time() - time.process_time()


def main() -> None:
    """Run the night and print what it cost."""
    os.environ["JINGUO_HOME"] = sys.argv[1]
    with clocked() as clock:
        from ingest.home import Home
        from orchestration.run import run_night

        home = Home(Path(sys.argv[1]))
        outcome = run_night(home)
    cpu, wall = cpu_seconds(), time.time() - _BEGAN
    steps = {name: clock.between(*span) for name, span in steps_of_newest_run(home).items()}
    walls = {name: end - begin for name, (begin, end) in steps_of_newest_run(home).items()}
    told = {"cpu_s": cpu, "wall_s": wall, "steps": steps, "walls": walls, "is_new": outcome.is_new}
    print(json.dumps(told | {"deliveries": outcome.attempted.height, "troubled": outcome.troubled}))


if __name__ == "__main__":
    main()
