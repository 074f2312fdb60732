"""What decides what a cell means is hashed, and a mended connector has nobody cleaned again."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ingest
from ingest.versions import LEFT_OUT, is_rule

ROOT = Path(next(iter(ingest.__path__)))


def file_of(module: str) -> Path:
    path = ROOT.parent / module.replace(".", "/")
    return path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"


def at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            yield node
            yield from at_run_time(node)


def imported(module: str) -> set[str]:
    found: set[str] = set()
    for node in at_run_time(
        ast.parse(file_of(module).read_text("utf-8")) if file_of(module).exists() else ast.Module()
    ):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ingest"):
            names = {f"{node.module}.{one.name}" for one in node.names}
            found |= {node.module or "", *(name for name in names if file_of(name).exists())}
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names if one.name.startswith("ingest.")}
    return found


def closure(*modules: str) -> set[str]:
    found, waiting = set(), list(modules)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += imported(one)
    return found


def test_whatever_prepare_and_clean_stand_on_is_hashed():
    needed = {file_of(one) for one in closure("ingest.prepared", "ingest.clean", "ingest.reading.excel_worker")}
    assert len(needed) > 50
    assert [path.name for path in needed if path.exists() and not is_rule(path)] == []


def test_the_walk_sees_what_python_imports():
    """Control: the walk is not shorter than what really is loaded."""
    script = "import sys, ingest.prepared, ingest.clean; print(*(m for m in sys.modules if m.startswith('ingest')))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT.parent)
    loaded = {one for one in ran.stdout.split() if file_of(one).name != "__init__.py"}
    assert loaded <= closure("ingest.prepared", "ingest.clean")


def test_what_is_left_out_is_there_and_nothing_else_is_forgotten():
    assert [name for name in LEFT_OUT if not (ROOT / name).exists()] == []
    assert is_rule(ROOT / "clean.py") and is_rule(ROOT / "parsers" / "days.py") and is_rule(ROOT / "nobody_knows.py")


@pytest.mark.parametrize(
    ("changed", "differs"), [("connectors/folder.py", False), ("pull.py", False), ("parsers/days.py", True)]
)
def test_a_changed_file_changes_the_version_only_where_it_decides(tmp_path, changed, differs):
    copy = shutil.copytree(ROOT, tmp_path / "ingest", ignore=shutil.ignore_patterns("__pycache__", "senders"))

    def version() -> str:
        script = "from ingest.versions import rules_version; print(rules_version('k'))"
        return subprocess.check_output([sys.executable, "-c", script], text=True, cwd=tmp_path)

    before = version()
    with (copy / changed).open("a", encoding="utf-8") as file:
        file.write("# mended\n")
    assert (version() != before) is differs
