"""docs/follow-one-visit.md is what ``jinguo trace`` prints of the sample night, whatever the keys are."""

import re
import shlex
import subprocess
import sys

from night_homes import ROOT, World

PAGE = ROOT / "docs" / "follow-one-visit.md"


def traced(world: World, command: str) -> str:
    """What the command that the page names prints in this world."""
    program, *words = shlex.split(command)
    assert program == "jinguo"
    ran = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *words],
        cwd=ROOT,
        env={"JINGUO_HOME": str(world.home.root), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_page_is_what_the_trace_prints(world: World) -> None:
    page = PAGE.read_text("utf-8")
    [command] = re.findall(r"Made by `(jinguo trace [^`]+)`", page)
    assert traced(world, command) == page, f"{command} > {PAGE.relative_to(ROOT)}"


def test_the_page_shows_every_layer_and_a_correction() -> None:
    page = PAGE.read_text("utf-8")
    for layer in ("landing/", "clean/", "staging/", "core/", "marts"):
        assert f"`{layer}" in page
    assert "取代" in page
    assert len(set(re.findall(r"\]\(\.\./([^)]+)\)", page))) >= 6
