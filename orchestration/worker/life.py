"""When a warm process has to end: what it imported changed on disk, it grew too large, or it grew old."""

import hashlib
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.project import project_files

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("ingest", "orchestration", "warehouse")
_READ = {".py", ".toml"}


def code_stamp() -> str:
    """A hash over the files that a run is made of, as they lie: programs, specs, systems, the dbt project."""
    digest = hashlib.sha256()
    ours = (path for name in _PACKAGES for path in (_ROOT / name).rglob("*") if path.suffix in _READ)
    for path in (*sorted(ours), *project_files()):
        try:
            facts = path.stat()
        except FileNotFoundError:
            continue
        digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


@dataclass
class Life:
    """One process' life. ``most_mb`` is of resident memory, ``most_seconds`` since it began."""

    most_mb: int
    most_seconds: float = 86_400
    began: float = field(default_factory=time.monotonic)
    stamp: str = field(default_factory=code_stamp)

    def over(self) -> str | None:
        """Why the process should end and be started anew; None while it need not."""
        if code_stamp() != self.stamp:
            return "程序、口径或模型已更新 code, specs or models changed"
        if resident_mb() > self.most_mb:
            return f"内存超过 {self.most_mb} MB"
        if time.monotonic() - self.began > self.most_seconds:
            return "已运行满一天 a day old"
        return None


def resident_mb() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
