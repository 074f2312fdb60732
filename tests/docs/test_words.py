"""CONTEXT.md holds: every word has its Chinese and one sentence, and no identifier uses a word that it warns of."""

import ast
import re
from collections.abc import Iterator

import documents
import pytest

WORDS = documents.words(documents.read(documents.ROOT / "CONTEXT.md"))
AVOID = {avoided for word in WORDS for avoided in word.avoid}
FOLDERS = ("ingest", "warehouse", "orchestration", "samples")
MUST_BE_THERE = {
    *("sender", "dataset", "contract", "spec", "delivery", "landing", "clean", "rejects", "findings", "framer"),
    *("balance", "release", "night", "token", "claim", "valid time", "known time", "as of", "scope", "programme"),
    *("snapshot", "increment", "correction", "withdrawal"),
}


def names(tree: ast.AST) -> Iterator[str]:
    """Every name that a module defines: functions, classes, arguments, variables, attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def avoided(name: str) -> set[str]:
    """The words of the avoid lists that ``name`` consists of, singular or plural: ``tenantIds`` holds ``tenant``."""
    parts = "_".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)).lower()
    return {word for word in AVOID if re.search(rf"(?<![a-z]){word}s?(?![a-z])", parts)}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_identifier_uses_a_word_to_avoid(folder: str) -> None:
    found = {
        f"{path.relative_to(documents.ROOT)}: {name}": avoided(name)
        for path in sorted((documents.ROOT / folder).rglob("*.py"))
        for name in (path.stem, *names(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert len(found) > 50
    assert {place: words for place, words in found.items() if words} == {}


@pytest.mark.parametrize("name", ["tenant", "tenant_id", "Customers", "_by_tenantIds", "LOAD_DATE", "etl_run"])
def test_negative_control_a_word_to_avoid_is_seen_in_any_spelling(name: str) -> None:
    source = f"class {name}:\n    pass\ndef f({name}):\n    {name} = self.{name} = 1\n"
    assert [bool(avoided(one)) for one in names(ast.parse(source)) if one != "f"] == [True] * 4


@pytest.mark.parametrize("name", ["sender", "customary", "golden", "mart", "deliveries", "Home"])
def test_other_words_are_left_alone(name: str) -> None:
    assert avoided(name) == set()


def test_every_word_is_there_once_and_most_warn_of_another() -> None:
    terms = [word.term for word in WORDS]
    assert len(terms) == len(set(terms))
    assert set(terms) >= MUST_BE_THERE
    assert len(AVOID) > 60
    assert AVOID.isdisjoint(re.sub(r"\W+", "_", term) for term in terms)


def test_negative_control_an_entry_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="thing"):
        documents.words("- **thing** no Chinese here: a sentence. *Avoid* `it`.")
