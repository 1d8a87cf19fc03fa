"""Where commands write: never over what they read, over a bundle or over a key, nor over a file of another kind."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from harness.cli._say import refuse
from plain_files import real

_TELLING = 16  # bytes: a page, an XML file and each of our tables begin with others


class Outputs:
    """The files that one command writes, held against the ones it reads. `inputs` may be files or folders."""

    def __init__(self, *inputs: Path | None) -> None:
        self._inputs = [path for path in inputs if path is not None and os.path.lexists(path)]
        self._taken: list[Path] = []

    def check(self, option: str, path: Path | None) -> None:
        """Refuse a place that is an input, lies in one, or was given to another output already."""
        if path is None:
            return
        for given in self._inputs:
            if _same(path, given) or (given.is_dir() and real(path).is_relative_to(real(given))):
                refuse(f"{option} {path} is what is read, or lies in it; nothing is written over its own source")
        if any(_same(path, other) for other in self._taken):
            refuse(f"{option} {path} is given for two outputs; give each its own name")
        self._taken.append(path)

    def check_folder(self, option: str, folder: Path | None) -> None:
        """Refuse a folder that will be written to and that an input lies in."""
        if folder is None:
            return
        for given in self._inputs:
            if real(given).is_relative_to(real(folder)):
                refuse(f"{given} lies in {option} {folder}, which is written to; keep it elsewhere")

    def write(self, path: Path, raw: bytes) -> None:
        """Write the whole file or nothing of it. Raises OSError."""
        refuse_another_kind(path, raw)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
        try:
            draft.write_bytes(raw)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def refuse_another_kind(path: Path, raw: bytes) -> None:
    """What stands at `path` may be an earlier version of `raw`, and nothing else."""
    if path.is_dir():
        refuse(f"{path} is a folder; name a file in it")
    if path.is_symlink() or (path.exists() and not path.is_file()):
        refuse(f"{path} is a link or no ordinary file; give another name")
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        if file.read(_TELLING) != raw[:_TELLING]:
            refuse(f"{path} exists and is a file of another kind, which is not written over; give another name")


def refuse_foreign_folder(option: str, path: Path | None, ours: Iterable[str]) -> None:
    """A folder that results are added to holds such results already, or nothing."""
    if path is not None and path.is_dir() and any(path.iterdir()) and not any(any(path.glob(name)) for name in ours):
        refuse(f"{option} {path} holds other files; give an empty folder or one with earlier results")


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:  # one of them does not exist
        return real(path) == real(other)
