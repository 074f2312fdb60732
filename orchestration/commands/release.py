"""``jinguo release``: which versions there are, which one is served, going back, removing old ones."""

from typing import Annotated, Any

import typer

app = typer.Typer(help="The published releases: list, show, rollback, prune.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


@app.command("list")
def list_releases(json: Json = False) -> None:
    """List all releases, newest first; * is the one that is served."""
    from ingest.home import Home
    from orchestration.screen import as_json, next_step, say, table
    from warehouse import releases

    home = Home.from_environment()
    listed = releases.list_releases(home.releases, home.current)
    if json:
        as_json([_described(one) for one in listed])
        return
    rows = [
        ("*" if one.is_current else "", one.run, *(_facts(one.release) if one.release else (one.damage, "", "", "")))
        for one in listed
    ]
    if not rows:
        say("还没有发布任何版本。Nothing was published yet.")
        next_step("jinguo nightly")
        return
    table("Releases", ["", "release", "published (UTC)", "tables", "rows", "hash"], rows, right=(3, 4))
    next_step("jinguo release show RELEASE", "jinguo release rollback RELEASE")


@app.command()
def show(
    run: Annotated[str, typer.Argument(help="A release's name, or current.")] = "current", json: Json = False
) -> None:
    """Show one release after comparing every byte of it with its manifest."""
    from orchestration.screen import as_json, say, table
    from warehouse import releases

    home, name = _named(run)
    release = releases.show(home.releases, name)
    if json:
        as_json({name: value for name, value in vars(release).items() if name != "unchanged"})
        return
    rows = [(name, facts["rows"], facts["hash"][:16]) for name, facts in sorted(release.tables.items())]
    table(f"Release {release.run}", ["table", "rows", "hash"], rows, right=(1,))
    say(f"published {release.published_at} in {release.path}; every byte is as published", "dim")


@app.command()
def rollback(run: Annotated[str, typer.Argument(help="The release to serve again.")]) -> None:
    """Serve an earlier release again, in one step that readers never see half."""
    from orchestration.lock import night_lock
    from orchestration.screen import next_step, say
    from warehouse import releases

    home, name = _named(run)
    with night_lock(home):
        release = releases.rollback(home.releases, home.current, name)
    say(f"✓ {release.run} is served", "green")
    next_step("jinguo status", "the next night publishes again when it says something else")


@app.command()
def prune(keep: Annotated[int, typer.Option(min=2, help="How many of the newest to keep.")] = 14) -> None:
    """Remove old releases; never the served one, nor the one before it."""
    from ingest.home import Home
    from orchestration.lock import night_lock
    from orchestration.screen import next_step, say
    from warehouse import releases

    home = Home.from_environment()
    with night_lock(home):
        removed = releases.prune(home.releases, home.current, keep)
    say(f"✓ removed {len(removed)}" + (": " + ", ".join(removed) if removed else ""), "green")
    next_step("jinguo release list")


def _named(run: str) -> tuple[Any, str]:
    from ingest.home import Home
    from orchestration.problems import Problem
    from warehouse import releases
    from warehouse.layout import checked_run

    home = Home.from_environment()
    try:
        return home, releases.current(home.current).run if run == "current" else checked_run(run)
    except ValueError:
        raise Problem("usage", f"{run!r} 不是版本名 is no release's name", "jinguo release list", usage=True) from None


def _facts(release: Any) -> tuple[str, int, int, str]:
    rows = sum(table["rows"] for table in release.tables.values())
    return release.published_at[:19].replace("T", " "), len(release.tables), rows, release.release_hash[:16]


def _described(listed: Any) -> dict[str, Any]:
    told = {"release": listed.run, "is_current": listed.is_current, "damage": listed.damage}
    if listed.release:
        told |= {"published_at": listed.release.published_at, "release_hash": listed.release.release_hash}
        told["rows"] = {name: facts["rows"] for name, facts in listed.release.tables.items()}
    return told
