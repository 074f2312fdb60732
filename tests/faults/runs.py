"""Homes of the town that can be put back to what they were."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from forked import Runs
from verify import Said

LEFT = ("keys", "dbt", "dagster")


def copied(home: Path, to: Path) -> Path:
    """Copy a whole home."""
    shutil.copytree(home, to, symlinks=True)
    return to


def restore(home: Path, saved: Path) -> None:
    """Make ``home`` what ``saved`` is, but for what no release is made of: dbt's parse and Dagster's storage."""
    for path in home.iterdir():
        if path.name not in LEFT:
            path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)
    for path in saved.iterdir():
        if path.name in LEFT:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, home / path.name, symlinks=True)
        else:
            shutil.copy2(path, home / path.name, follow_symlinks=False)


@dataclass(frozen=True)
class Town:
    """``saved`` is a home before its second night, ``after`` one after it; ``first`` and ``second`` are what homes say
    after each; ``home`` is the one that may be disturbed."""

    runs: Runs
    saved: Path
    after: Path
    first: Said
    second: Said
    home: Path

    def again(self) -> Path:
        """The home that may be disturbed, as it was before its second night."""
        restore(self.home, self.saved)
        return self.home
