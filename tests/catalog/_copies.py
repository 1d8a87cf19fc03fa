"""Copies of the shipped catalogue with one thing changed, to see what the loader says."""

from __future__ import annotations

import shutil
from pathlib import Path

import requirement_catalog

SHIPPED = Path(requirement_catalog.__file__).parent


def copy_of_catalogue(folder: Path) -> Path:
    """The shipped YAML files under `folder`."""
    for path in SHIPPED.rglob("*.yaml"):
        target = folder / path.relative_to(SHIPPED)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return folder


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old` in a copied file; returns the line (1-based) on which it stood."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
