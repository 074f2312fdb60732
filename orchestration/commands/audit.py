"""``jinguo audit``: prove the balance again over the whole ledger, with code that parses nothing."""

from typing import Annotated

import typer


def audit(json: Annotated[bool, typer.Option("--json", help="One object a delivery.")] = False) -> None:
    """Re-prove for every delivery: in = clean + rejected + duplicate + non-data. Exit 1 where it does not hold."""
    from ingest.audit import reprove
    from ingest.home import Home
    from ingest.keys import Keyring
    from orchestration.progress import report
    from orchestration.screen import as_json, progress

    home = Home.from_environment()
    keyring = Keyring.open(home)
    with progress():
        proofs = reprove(home, keyring, progress=lambda done, total: report("proving", done, total))
    if json:
        as_json([vars(proof) | {"holds": proof.holds} for proof in proofs])
    else:
        _print(proofs)
    if not all(proof.holds for proof in proofs):
        raise typer.Exit(1)


def _print(proofs: list) -> None:
    from orchestration.screen import mark, next_step, say, table

    names = ("records_in", "clean", "rejected", "duplicate", "non_data", "framed")
    groups: dict[tuple[str, str], list] = {}
    for proof in proofs:
        groups.setdefault((proof.dataset, proof.sender), []).append(proof)
    rows = [
        (
            *group,
            len(found),
            *(sum(getattr(one, name) for one in found) for name in names),
            mark(all(p.holds for p in found)),
        )
        for group, found in sorted(groups.items())
    ]
    columns = [
        "dataset",
        "sender",
        "deliveries",
        "in",
        "clean",
        "rejected",
        "duplicate",
        "non-data",
        "framed anew",
        "holds",
    ]
    table("Balance: in = clean + rejected + duplicate + non-data = framed anew", columns, rows, right=range(2, 9))
    broken = [proof for proof in proofs if not proof.holds]
    for proof in broken:
        say(f"✗ {proof.sender}/{proof.dataset} {proof.delivery_id}", "bold red")
    say(f"{len(proofs) - len(broken):,} of {len(proofs):,} deliveries hold", "red" if broken else "green")
    next_step("jinguo nightly" if broken else "jinguo status")
