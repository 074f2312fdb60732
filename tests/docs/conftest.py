"""The documents, what is written in their code blocks, and one walk through those that add something."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import documents
import walk

SENDER = documents.read(documents.ROOT / "docs" / "add-a-sender.md")
PROGRAMME = documents.read(documents.ROOT / "docs" / "add-a-programme.md")
PROGRAMMES = Path("dbt_project/seeds/programmes.csv")


@pytest.fixture(scope="session")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A copy of the project in which both documents were followed, and what each step printed. The one night of both
    is run once: it is what costs."""
    root = walk.copied(tmp_path_factory.mktemp("project"))
    [export], [spec] = documents.blocks(SENDER, "csv"), documents.blocks(SENDER, "toml")
    explain, nightly, rejects, audit = documents.blocks(SENDER, "sh")[1:]
    walk.save(root, documents.named(r"`(var/inbox/[^`]+\.csv)`", SENDER), export, "gb18030")
    told = {"explain": walk.shell(root, explain)}
    walk.save(root, documents.named(r"`(ingest/senders/[^`]+\.toml)`", SENDER), spec)
    again, reach, paired = documents.blocks(PROGRAMME, "sh")
    assert again == nightly
    _programme(root)
    for name, block in (
        ("nightly", nightly),
        ("rejects", rejects),
        ("audit", audit),
        ("reach", reach),
        ("paired", paired),
    ):
        told[name] = walk.shell(root, block)
    return root, told


def _programme(root: Path) -> None:
    """Do what the document on programmes says, up to its night."""
    row, organisations, export = documents.blocks(PROGRAMME, "csv")
    [spec] = documents.blocks(PROGRAMME, "toml")
    listed, rosters = documents.all_named(r"`(var/inbox/[^`]+\.csv)`", PROGRAMME)
    with (root / PROGRAMMES).open("a", encoding="utf-8") as seed:
        seed.write(row)
    walk.save(root, documents.named(r"`(ingest/senders/[^`]+\.toml)`", PROGRAMME), spec)
    walk.save(root, listed, organisations)
    walk.save(root, rosters, export)
