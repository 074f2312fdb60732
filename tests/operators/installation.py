"""An installation of one's own: the code in a tree where a sender's TOML can be changed, and a small home beside it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.home import Home
from tests.orchestration.small_home import delivered, pairings_of_one, settle
from tests.small_project import small_project

ROOT = Path(__file__).parents[2]
Ran = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Installation:
    """``tree`` holds the code and the small dbt project; ``home`` what it works on."""

    tree: Path
    home: Home

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this installation finds set."""
        kept = {n: v for n, v in os.environ.items() if n not in ("DAGSTER_HOME", "VIRTUAL_ENV", "JINGUO_HOME")}
        return kept | {"JINGUO_HOME": str(self.home.root), "PYTHONPATH": str(self.tree), "PATH": "/usr/bin:/bin"}

    def run(self, *words: str) -> Ran:
        """Run ``jinguo`` as people do, with nobody at the keyboard."""
        return subprocess.run(
            [sys.executable, "-m", "orchestration.cli", *words],
            cwd=self.tree,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def answer(self, *words: str) -> Any:
        """What a command says as JSON."""
        ran = self.run(*words, "--json")
        assert ran.returncode in (0, 3), ran.stderr[-2000:]
        return json.loads(ran.stdout)


def installed(root: Path) -> Installation:
    """Copy the code below ``root`` with the small project, and deliver two senders' ledgers; no night has run."""
    tree = root / "tree"
    for folder in ("ingest", "orchestration", "warehouse"):
        shutil.copytree(ROOT / folder, tree / folder)
    small_project(tree / "dbt_project")
    home = delivered(root / "home")
    ledger = next(pairings_of_one(home).iterdir())
    head, first, second, *others = ledger.read_text("gb18030").splitlines()
    # a word that no contract knows, and a level that this sender may have meant otherwise
    lines = [head, first.replace(",村,", ",屯,"), second, *others]
    ledger.write_text("\n".join(lines) + "\n", "gb18030")
    settle(home)
    return Installation(tree, home)
