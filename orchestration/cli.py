"""The command ``jinguo``. Commands import what they use when they run, so that help is quick."""

import gc
import sys

import typer

from orchestration.commands import (
    audit,
    demo,
    explain,
    held,
    keys,
    nightly,
    prune,
    rebuild,
    release,
    sample,
    sql,
    status,
    systems,
    trace,
    worker,
)

app = typer.Typer(
    name="jinguo",
    help="巾帼：县区妇联台账进，一份经审计的数据仓库出。County ledgers in, one audited warehouse out, every night.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(demo.demo)
app.command()(nightly.nightly)
app.command()(nightly.land)
app.command()(held.held)
app.command()(held.approve)
app.command()(held.refuse)
app.command()(status.status)
app.command()(worker.worker)
app.command()(worker.receiver)
app.command()(trace.trace)
app.command()(explain.explain)
app.command()(audit.audit)
app.command()(sql.sql)
app.command()(sample.sample)
app.command()(systems.systems)
app.command()(rebuild.rebuild)
app.command()(prune.prune)
app.add_typer(keys.app, name="keys")
app.add_typer(release.app, name="release")


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 failed, 2 usage, 3 a delivery of this night was held or refused."""
    # Dagster and dbt make many objects that stay: looking through them again and again cost 0.1 s of every delivery.
    gc.set_threshold(100_000, 20, 20)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # the one place where everything ends: nobody is shown a traceback
        sys.exit(_ended(error))


def _ended(error: Exception) -> int:
    from ingest.home import Home
    from orchestration.problems import tell
    from orchestration.screen import complain

    told = tell(error, Home.from_environment())
    complain(told)
    return 2 if told.usage else 1


if __name__ == "__main__":
    main()
