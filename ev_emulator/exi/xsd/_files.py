"""The XSD files that belong together: a root and all it imports, each with its digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

XS = "{http://www.w3.org/2001/XMLSchema}"


class SchemaError(ValueError):
    """An XSD cannot be used; the text names the file, what is wrong and what would be right."""


@dataclass
class Document:
    """One XSD file, read."""

    path: Path
    root: ElementTree.Element
    prefixes: dict[str, str]

    @property
    def target(self) -> str:
        """Its target namespace."""
        return self.root.get("targetNamespace", "")

    def resolve(self, name: str) -> tuple[str, str]:
        """(namespace, local name) of a prefixed name in this file."""
        prefix, colon, local = name.rpartition(":")
        if colon and prefix not in self.prefixes:
            raise SchemaError(f"{self.path}: the prefix of {name!r} is not declared")
        return self.prefixes.get(prefix, "" if not colon else prefix), local


@dataclass
class Files:
    """A root file and all that it imports or includes."""

    documents: list[Document] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)


def gather(root: Path) -> Files:
    """Read `root` and what it imports, looked for beside the file that asks and in the folder above it."""
    found, waiting, seen = Files(), [root], set[Path]()
    while waiting:
        path = waiting.pop(0).resolve()
        if path in seen:
            continue
        seen.add(path)
        document = _read(path)
        found.documents.append(document)
        found.digests[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        for tag in ("import", "include"):
            for each in document.root.findall(XS + tag):
                waiting.append(_locate(path, each.get("schemaLocation")))
    return found


def _read(path: Path) -> Document:
    prefixes: dict[str, str] = {}
    try:
        parser = ElementTree.iterparse(path, events=("start-ns",))
        for _, (prefix, uri) in parser:
            prefixes.setdefault(prefix or "", uri)
        return Document(path, parser.root, prefixes)  # type: ignore[attr-defined]
    except (OSError, ElementTree.ParseError) as error:
        raise SchemaError(f"{path}: no XSD that can be read: {error}") from error


def _locate(asking: Path, location: str | None) -> Path:
    for folder in (asking.parent, asking.parent.parent):
        for candidate in (folder / (location or ""), folder / Path(location or "").name):
            if candidate.is_file():
                return candidate
    raise SchemaError(f"{asking}: imports {location}, which is neither beside it nor in the folder above")
