"""``jinguo keys``: whether the keys open what was landed, and changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.home import Home

app = typer.Typer(help="The two keys: check what they open, rotate one.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


@app.command()
def check(json: Json = False) -> None:
    """Open every landed object with the keys of this home; exit 1 where one does not open or is not there."""
    from ingest.home import Home
    from ingest.keys import Keyring
    from ingest.rekey import check
    from orchestration.progress import report
    from orchestration.screen import as_json, next_step, progress, say

    home = Home.from_environment()
    keyring = Keyring.open(home)
    with progress():
        found = check(home, keyring, lambda done, total: report("opening", done, total))
    told = {
        "landing_key": keyring.landing.key_id,
        "tokens_key": keyring.tokens.key_id,
        "is_rotating": keyring.old_landing is not None,
        **vars(found),
    }
    if json:
        as_json(told)
    else:
        say(f"密钥 landing.key {keyring.landing.key_id}，tokens.key {keyring.tokens.key_id}", "bold")
        say(f"✓ {found.objects} 份原件可以打开 objects open and are what was delivered", "green")
        for sha, what in found.damaged.items():
            say(f"✗ {sha}: {what}", "red")
        for sha in found.missing:
            say(f"✗ {sha}: 有收据而无原件 a receipt names it, and it is not there", "red")
        _advise(keyring.old_landing is not None, found.retired, bool(found.damaged or found.missing))
        next_step("jinguo status")
    if found.damaged or found.missing:
        raise typer.Exit(1)


@app.command()
def rotate(
    key: Annotated[Literal["landing", "tokens"], typer.Argument(help="Which key to change.")],
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for a night to end.")] = 600,
) -> None:
    """Change one key. A killed rotation of landing is ended by the same line; every object stays readable meanwhile."""
    from ingest.home import Home
    from ingest.keys import Keyring
    from orchestration.lock import night_lock

    home = Home.from_environment()
    Keyring.open(home)
    home.prepare()
    with night_lock(home, wait):
        _rotate_landing(home) if key == "landing" else _rotate_tokens(home)


def _rotate_landing(home: Home) -> None:
    from ingest.rekey import rotate_landing
    from orchestration.problems import Problem
    from orchestration.progress import report
    from orchestration.screen import next_step, progress, say

    with progress():
        done = rotate_landing(home, lambda at, total: report("sealing", at, total))
    say(f"✓ {done.sealed} 份原件已用新密钥重新封存 sealed anew, {done.before} were so already", "green")
    if done.retired is None:
        what = f"{len(done.damaged)} 份原件打不开 do not open; the old key stays: {', '.join(done.damaged[:3])}"
        raise Problem("landing_damaged", what, "restore them from the backup, then: jinguo keys rotate landing")
    _retired(done.retired, "所有原件都不再需要旧密钥，但旧备份仍需要它。No object needs it; backups made before do.")
    next_step(
        "jinguo keys check", "back up keys/ and landing/ now", f"shred -u {done.retired}    # with the old backups"
    )


def _rotate_tokens(home: Home) -> None:
    from ingest.rekey import rotate_tokens
    from orchestration.screen import next_step, say

    kept = rotate_tokens(home)
    say(
        "✓ 新的代号密钥；下一夜全部重新清洗，所有代号都会改变。Every token is another one after the next night.",
        "green",
    )
    _retired(kept, "旧发布版本中的代号仍出自它。The tokens of older releases were made with it.")
    next_step("jinguo nightly", "back up keys/ now", f"shred -u {kept}    # with the old releases")


def _retired(kept: Path, why: str) -> None:
    from orchestration.screen import say

    say(f"旧密钥 old key: {kept}", "bold")
    say(f"  {why}")


def _advise(is_rotating: bool, retired: tuple[str, ...], is_damaged: bool) -> None:
    from orchestration.screen import say

    if is_damaged:
        say("  → 请从备份恢复这些原件 restore them from the backup, then: jinguo keys check")
    if is_rotating:
        say("  → 更换密钥尚未完成 a rotation was interrupted: jinguo keys rotate landing", "yellow")
    for name in retired:
        say(f"  旧密钥仍在 a retired key is still kept: {name}", "yellow")
