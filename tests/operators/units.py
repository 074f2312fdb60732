"""The systemd units as they are shipped, read as systemd would: what they start, with which environment."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.operators.installation import Installation

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"


@dataclass(frozen=True)
class Unit:
    """One unit: section -> key -> every value that stands there, in order."""

    name: str
    sections: Mapping[str, Mapping[str, list[str]]]

    def one(self, key: str, section: str = "Service") -> str:
        """The one value of ``key``."""
        [value] = self.sections[section][key]
        return value


def read(path: Path) -> Unit:
    """Read a unit; a key can stand several times."""
    sections: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), {})
        elif line and not line.startswith(("#", ";")):
            key, _, value = line.partition("=")
            section.setdefault(key, []).append(value)
    return Unit(path.name, sections)


def services() -> list[Unit]:
    """Every service."""
    return [read(path) for path in sorted(UNITS.glob("*.service"))]


def here(text: str, installation: Installation, **places: str) -> str:
    """What a deployed file says, with this test's places in place of those of a real machine."""
    ours = {
        "/opt/jinguo/.venv/bin": str(ROOT / ".venv" / "bin"),
        "/opt/jinguo/deploy": str(installation.tree / "deploy"),
    }
    ours |= {"/opt/jinguo": str(installation.tree), "/srv/jinguo": str(installation.home.root)} | places
    for place, own in ours.items():
        text = text.replace(place, own)
    return text


def command(unit: Unit, installation: Installation, **places: str) -> list[str]:
    """What the unit starts."""
    return shlex.split(here(unit.one("ExecStart"), installation, **places))


def environment(installation: Installation, **places: str) -> dict[str, str]:
    """What every unit finds set, as ``deploy/jinguo.env`` says; the small installation's code comes first."""
    lines = here((DEPLOY / "jinguo.env").read_text("utf-8"), installation, **places).splitlines()
    stated = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return stated | {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(installation.tree)}
