"""Reading the project's documents: their headings, links, code blocks, and the words that CONTEXT.md warns of."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_TERM = re.compile(
    r"^- \*\*(?P<term>[^*]+)\*\* (?P<zh>[^:]*[\u4e00-\u9fff][^:]*): (?P<says>.+?\.)(?: \*Avoid\* (?P<avoid>.+))?$"
)


@dataclass(frozen=True)
class Word:
    """One entry of CONTEXT.md; ``avoid`` are the words in backticks, which no identifier may use."""

    term: str
    zh: str
    says: str
    avoid: tuple[str, ...]


def all_documents() -> list[Path]:
    """Every Markdown file that belongs to the reader of the project."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def read(path: Path) -> str:
    """The text of a document."""
    return path.read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of one language, in order."""
    return [body for name, body in _BLOCK.findall(text) if name == language]


def named(pattern: str, text: str) -> str:
    """What the group of ``pattern`` finds first in ``text``. Raises ``ValueError`` where it finds nothing."""
    match = re.search(pattern, text)
    if match is None:
        raise ValueError(f"nothing like {pattern}")
    return match[1]


def all_named(pattern: str, text: str) -> list[str]:
    """What the group of ``pattern`` finds in ``text``, each once, in order."""
    return list(dict.fromkeys(re.findall(pattern, text)))


def prose(text: str) -> str:
    """The text without its code blocks."""
    return _BLOCK.sub("", text)


def headings(text: str) -> list[tuple[int, str]]:
    """Level and title of every heading, in order."""
    return [(len(m[1]), m[2]) for m in re.finditer(r"^(#+) (.+)$", prose(text), re.M)]


def anchor(title: str) -> str:
    """The fragment that leads to a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


def links(text: str) -> list[str]:
    """Every link that leads to a file or a heading of this project."""
    return [link for link in _LINK.findall(prose(text)) if not re.match(r"[a-z]+:", link)]


def broken_links(path: Path, text: str) -> list[str]:
    """The links of ``text`` (lying at ``path``) that lead nowhere."""
    found = []
    for link in links(text):
        place, _, fragment = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        is_there = target.exists()
        if is_there and fragment:
            there = text if target == path else read(target)
            is_there = fragment in {anchor(title) for _, title in headings(there)}
        if not is_there:
            found.append(link)
    return found


def words(text: str) -> list[Word]:
    """The entries of a text written as CONTEXT.md is. Raises ``ValueError`` naming an entry of another form."""
    found = []
    for line in text.splitlines():
        if not line.startswith("- **"):
            continue
        match = _TERM.match(line)
        if not match:
            raise ValueError(f"not `- **term** 中文: one sentence. *Avoid* …`: {line[:60]}")
        avoid = tuple(re.findall(r"`([a-z_]+)`", match["avoid"] or ""))
        found.append(Word(match["term"], match["zh"].strip(), match["says"], avoid))
    return found
