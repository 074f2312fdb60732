"""``jinguo rebuild``: after a restore, everything again from landing and keys."""

from __future__ import annotations

from typing import Annotated

import typer


def rebuild(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for a night to end.")] = 600,
) -> None:
    """Drop ledger, clean layer and warehouse, and make them again from landing and keys; nothing new is landed."""
    from ingest.home import Home
    from ingest.keys import Keyring
    from orchestration.rebuild import rebuild
    from orchestration.screen import as_json, next_step, progress, say

    home = Home.from_environment()
    keyring = Keyring.open(home)
    if not yes:
        typer.confirm(f"{home.root}：除原件与密钥外全部重做？Make everything but landing and keys again?", abort=True)
    with progress():
        made = rebuild(home, keyring, wait)
    told = {
        "release": made.release.run,
        "release_hash": made.release.release_hash,
        "unchanged": made.release.unchanged,
        "deliveries": made.deliveries,
    }
    if json:
        as_json(told)
        return
    counts = ", ".join(f"{count} {state}" for state, count in made.deliveries.items())
    say(f"✓ {sum(made.deliveries.values())} deliveries ({counts})", "green")
    same = "与现行版本相同，未另发布 the same as the served one: " if made.release.unchanged else "已发布 is served: "
    say(f"✓ {same}{made.release.run}, release_hash {made.release.release_hash[:16]}", "bold green")
    next_step("jinguo keys check", "jinguo status", "jinguo nightly    # lands what arrived since the backup")
