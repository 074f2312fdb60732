"""The documents say what is there: links, commands, options, keys; the two READMEs say the same."""

import os
import re
import subprocess
from pathlib import Path

import documents
import pytest
import typer.core
import typer.main

from ingest.home import Home
from ingest.keys import Keyring
from orchestration.cli import app

ENGLISH, CHINESE = (documents.ROOT / name for name in ("README.md", "README.zh-CN.md"))
COMMANDS = typer.main.get_group(app).commands
_CALL = re.compile(r"(?:^|[`/ ])jinguo ((?:[a-z]+)(?: [a-z]+)?)([^`\n]*)", re.M)


def in_code(text: str) -> str:
    """Everything that the text sets as code: blocks and words in backticks."""
    fenced = "\n".join(body for language in ("sh", "ini") for body in documents.blocks(text, language))
    return fenced + "\n" + "\n".join(f"`{one}`" for one in re.findall(r"`([^`\n]+)`", documents.prose(text)))


def unknown_calls(text: str) -> list[str]:
    """Calls of ``jinguo`` in ``text`` of which there is no such command or option."""
    found = []
    for words, rest in _CALL.findall(in_code(text)):
        name, _, second = words.partition(" ")
        command = COMMANDS.get(name)
        if second and isinstance(command, typer.core.TyperGroup):
            command = command.commands.get(second)
        options = {o for parameter in command.params for o in parameter.opts} if command else set()
        if command is None or set(re.findall(r"--[a-z-]+", rest)) - options:
            found.append(f"jinguo {words}{rest}")
    return found


@pytest.mark.parametrize("path", documents.all_documents(), ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert documents.broken_links(path, documents.read(path)) == []


def test_negative_control_a_link_to_nowhere_is_seen() -> None:
    text = "# One\n[a](ingest/nowhere.py) [b](#one) [c](#two) [d](README.md#no-such) [e](CONTEXT.md)"
    assert documents.broken_links(ENGLISH, text) == ["ingest/nowhere.py", "#two", "README.md#no-such"]


@pytest.mark.parametrize("path", documents.all_documents(), ids=lambda path: path.name)
def test_every_call_of_the_command_exists(path: Path) -> None:
    assert unknown_calls(documents.read(path)) == []


def test_negative_control_an_unknown_command_and_option_are_seen() -> None:
    text = "`jinguo fly` `jinguo release sell X` `jinguo sql --csv` `jinguo status --json`"
    assert unknown_calls(text) == ["jinguo fly", "jinguo release sell X", "jinguo sql --csv"]


@pytest.mark.parametrize("path", [ENGLISH, CHINESE], ids=lambda path: path.name)
def test_every_command_is_told(path: Path) -> None:
    text = documents.read(path)
    told = {words.split()[0] for words, _ in _CALL.findall(in_code(text))}
    made = set(re.findall(r"^make (\w+)$", text, re.M))
    assert set(COMMANDS) - told - made == set()


@pytest.mark.parametrize("path", [ENGLISH, CHINESE], ids=lambda path: path.name)
def test_every_make_target_exists_and_the_two_stand_as_they_are_typed(path: Path) -> None:
    [both] = [block for block in documents.blocks(documents.read(path), "sh") if "make" in block]
    assert both == "make demo\nmake test\n"
    makefile = (documents.ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"\bmake ([a-z-]+)", in_code(documents.read(path)))
    assert {name for name in named if not re.search(rf"^{name}:", makefile, re.M)} == set()


def test_both_readmes_have_the_same_headings_and_the_same_blocks() -> None:
    english, chinese = documents.read(ENGLISH), documents.read(CHINESE)
    assert [level for level, _ in documents.headings(english)] == [level for level, _ in documents.headings(chinese)]
    for language in ("sh", "python", "ini"):
        assert documents.blocks(english, language) == documents.blocks(chinese, language)
    assert english.count("\n|") == chinese.count("\n|")


def test_every_heading_of_the_chinese_readme_is_chinese() -> None:
    titles = [title for level, title in documents.headings(documents.read(CHINESE))]
    assert len(titles) > 10
    assert [title for title in titles if not re.search(r"[\u4e00-\u9fff]", title)] == []


def test_the_readmes_lines_make_keys_that_open(tmp_path: Path) -> None:
    [block] = [block for block in documents.blocks(documents.read(ENGLISH), "sh") if "openssl" in block]
    lines = block.replace("/srv/jinguo", str(tmp_path / "home"))
    made = []
    for _ in range(2):
        subprocess.run(["sh", "-ec", lines], check=True, env={"PATH": os.environ["PATH"]}, umask=0o022)
        made.append(Keyring.open(Home(tmp_path / "home")))
    assert not made[0].is_demo
    assert made[0].landing.key_id == made[1].landing.key_id, "the second time it leaves everything as it is"
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o755


def test_every_test_named_in_the_readme_is_a_test() -> None:
    named = [link for link in documents.links(documents.read(ENGLISH)) if link.startswith("tests/")]
    assert len(named) >= 10
    assert [link for link in named if "def test_" not in documents.read(documents.ROOT / link)] == []
