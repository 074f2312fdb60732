"""``jinguo worker`` and ``jinguo receiver``: the two processes that wait for what counties send."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def worker(
    sweep: Annotated[float, typer.Option(min=1, help="Seconds between looks for what nobody told of.")] = 60,
    pull_minutes: Annotated[
        float, typer.Option(min=0, help="Minutes between pulls of connected systems; 0: leave them to the night.")
    ] = 15,
    memory: Annotated[
        int, typer.Option(min=300, help="MB of memory at which it makes room for a new process.")
    ] = 2_000,
) -> None:
    """Watch the inbox and serve what arrives within seconds. Ends to be started anew: run it under systemd."""
    from ingest.home import Home
    from orchestration.screen import say
    from orchestration.worker.worker import Pace, run_worker

    why = run_worker(Home.from_environment(), Pace(sweep, pull_minutes * 60, memory), say)
    say(f"{why}。值守已结束，由systemd重新启动 ended: systemd starts it anew")


def receiver(
    host: Annotated[str, typer.Option(help="Address to listen on; a proxy with TLS stands before it.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8610,
    settings: Annotated[Path | None, typer.Option(help="Its senders; receiver.toml of the home by default.")] = None,
) -> None:
    """Take deliveries by signed POST /deliveries: uploads go to the inbox, an announcement calls the worker."""
    from ingest.home import Home
    from orchestration.receiver.server import serve

    home = Home.from_environment()
    serve(home, settings or home.root / "receiver.toml", host, port)
