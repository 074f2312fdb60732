"""A candidate: the private folder in which one night's warehouse is built."""

import shutil
from pathlib import Path

from warehouse.layout import CORE, checked_run


def create(build_root: Path, run: str) -> Path:
    """Return the new, empty ``build_root/run`` (0700, with the folder for the core file inside).

    Whatever else lies in ``build_root`` belongs to dead runs and is removed: the caller holds the night's
    lock, so no other run is alive. A file that was interrupted is never continued: everything in it can be
    built again from the clean layer. Core files get the group of ``build_root`` when that has the set-group-id
    bit: so an operator says once which group of analysts may read them.
    """
    checked_run(run)
    build_root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for leftover in build_root.iterdir():
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
    build = build_root / run
    build.mkdir(mode=0o700)
    (build / CORE.file).parent.mkdir(mode=0o700)
    return build
