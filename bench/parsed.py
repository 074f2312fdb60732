"""Parse dbt's project for a home, as its first night did long ago. Run as ``python -m bench.parsed HOME``."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Parse it."""
    os.environ["JINGUO_HOME"] = sys.argv[1]
    from ingest.home import Home
    from orchestration.dbt_build import ensure_manifest

    ensure_manifest(Home(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
