"""A copy of the project in which somebody follows the documents step by step, as they stand."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import documents

from ingest.home import Home
from ingest.keys import create_keys

PROJECT = ("ingest", "dbt_project", "warehouse", "orchestration")
_TOOLS = {"python": f'exec {sys.executable} "$@"', "jinguo": f'exec {sys.executable} -m orchestration.cli "$@"'}
_LONG_AGO = 1_700_000_000


def copied(root: Path) -> Path:
    """Copy what a night needs into ``root``, with the two tools that the documents call and a home with keys."""
    for folder in PROJECT:
        leave = shutil.ignore_patterns("target", "logs")
        shutil.copytree(documents.ROOT / folder, root / folder, ignore=leave)
    for name, command in _TOOLS.items():
        tool = root / ".venv" / "bin" / name
        tool.parent.mkdir(parents=True, exist_ok=True)
        tool.write_text(f"#!/bin/sh\n{command}\n")
        tool.chmod(0o755)
    home = Home(root / "var")
    home.prepare()
    create_keys(home, demo=False)
    return root


def save(root: Path, place: str, text: str, encoding: str = "utf-8") -> None:
    """Save ``text`` where a document says, as long ago as a person needs to go on reading."""
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    os.utime(path, (_LONG_AGO, _LONG_AGO))


def shell(root: Path, block: str) -> str:
    """Run one block of a document in ``root``, as it stands; return what it prints."""
    environment = {n: v for n, v in os.environ.items() if n not in ("DAGSTER_HOME", "JINGUO_HOME", "PYTHONPATH")}
    ran = subprocess.run(
        ["sh", "-ec", block], cwd=root, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, f"{block}\nexit {ran.returncode}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def numbers(line: str) -> list[int]:
    """The whole numbers that stand alone in a line."""
    return [int(word.replace(",", "")) for word in line.split() if word.replace(",", "").isdigit()]
