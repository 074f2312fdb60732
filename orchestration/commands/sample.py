"""``jinguo sample``: write example exports to look at or to measure with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ingest.home import Home


def sample(
    out: Annotated[Path, typer.Option(help="Folder to write to; created.")],
    senders: Annotated[int | None, typer.Option(min=1, max=2844, help="A scaled world with this many senders.")] = None,
    months: Annotated[int, typer.Option(min=1, max=120, help="Months in a scaled world.")] = 24,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 20240413,
) -> None:
    """Write the sample exports of one city, or with --senders a larger world for measuring."""
    from shlex import quote

    from ingest.home import Home
    from orchestration.problems import Problem
    from orchestration.progress import report
    from orchestration.screen import called, next_step, progress, say

    try:
        from samples import write_scaled, write_world
    except ImportError:
        raise Problem("samples_missing", "the sample writer is not installed", "pip install -e '.[samples]'") from None
    with progress():
        report("writing", 0, 1)
        files = write_scaled(out, senders, months, seed) if senders else write_world(out, seed).files
        report("writing", 1, 1)
    say(f"✓ {files:,} files in {out}", "green")
    home = Home.from_environment()
    # Folders only: what lies beside them (the true answer, the planted identities) is nobody's delivery.
    copied = f"mkdir -p {quote(str(home.inbox))} && cp -r {quote(str(out))}/*/ {quote(str(home.inbox))}/"
    next_step(*_keys(home), copied, f"{called(home)}jinguo nightly")


def _keys(home: Home) -> list[str]:
    """The line that makes keys where there are none: without them the night would refuse to start."""
    from ingest.keys import Keyring, KeysUnusable

    try:
        Keyring.open(home)
    except KeysUnusable as unusable:
        commands = [line.strip() for line in str(unusable).splitlines() if line.startswith("    ")]
        return [f"({'; '.join(commands)})"] if commands else []
    return []
