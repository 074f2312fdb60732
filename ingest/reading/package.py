"""The parts of an .xlsx package: which file of the zip is which sheet."""

import posixpath
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree


@dataclass(frozen=True)
class Part:
    """One sheet of the workbook in its own order: ``sheet_no`` from 1, ``path`` in the zip ("" if it has none)."""

    sheet_no: int
    path: str


def parts(package: zipfile.ZipFile) -> list[Part]:
    """List the sheets of a workbook that has no document type declaration. Raises KeyError, ParseError if damaged."""
    targets = _relations(package, "_rels/.rels")
    book = next((path for kind, path in targets.values() if kind.endswith("/officeDocument")), "xl/workbook.xml")
    folder, name = posixpath.split(book)
    targets = _relations(package, f"{folder}/_rels/{name}.rels")
    found = []
    for element in ElementTree.fromstring(package.read(book)).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            kind, path = targets.get(relation, ("", ""))
            found.append(Part(len(found) + 1, path if kind.endswith("/worksheet") else ""))
    return found


def _relations(package: zipfile.ZipFile, path: str) -> dict[str, tuple[str, str]]:
    """Id -> (kind, path from the package's root)."""
    folder = posixpath.dirname(posixpath.dirname(path))
    return {
        one.get("Id", ""): (
            one.get("Type", ""),
            posixpath.normpath(posixpath.join("/" + folder, one.get("Target", ""))).lstrip("/"),
        )
        for one in ElementTree.fromstring(package.read(path))
    }
