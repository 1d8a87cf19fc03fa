"""Writes ids.lock anew where that is allowed: `python -m requirement_catalog.suites_lock --write`."""

from __future__ import annotations

import sys
from pathlib import Path

from requirement_catalog.purposes._suite_lock import lock_text, refused_changes
from requirement_catalog.purposes._suites import FOLDER, load_suites
from requirement_catalog.reading._yaml import CatalogueError


def lock_path(root: Path | None = None) -> Path:
    """Where ids.lock stands."""
    return (root or Path(__file__).parent) / FOLDER / "ids.lock"


def lock_is_current(root: Path | None = None) -> bool:
    """Whether ids.lock holds what the suites hold. Raises CatalogueError when it may not even be written anew."""
    return _wanted(root) == _found(root)


def write_lock(root: Path | None = None) -> tuple[str, ...]:
    """Give the new ids and the raised revisions their lines; returns the lines that are new.

    Raises CatalogueError for an id that vanished or is used again, and for a meaning changed without a raised revision.
    """
    wanted, before = _wanted(root), set(_found(root).splitlines())
    lock_path(root).write_text(wanted, encoding="utf-8")
    return tuple(line for line in wanted.splitlines() if line not in before and not line.startswith("#"))


def _wanted(root: Path | None) -> str:
    suites = load_suites(root, lock=False)
    if refused := refused_changes(lock_path(root), suites.items, suites.problem):
        raise CatalogueError(refused)
    return lock_text(suites.items)


def _found(root: Path | None) -> str:
    return lock_path(root).read_text(encoding="utf-8") if lock_path(root).is_file() else ""


def main(arguments: list[str]) -> int:
    """0: as it should be, or written; 1: stale; 2: refused."""
    try:
        if "--write" in arguments:
            new = write_lock()
            print(f"ids.lock written, {len(new)} new or changed")
            return 0
        current = lock_is_current()
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 2
    print("ids.lock is up to date" if current else "ids.lock is stale: run it again with --write, and commit the file")
    return 0 if current else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
