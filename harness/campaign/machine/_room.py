"""Room on the disk: asked for before the start, and kept, so that a run that meets a full disk ends in good order."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path

LEAST_FREE_BYTES = 160 << 20  # a run's trace is held below 60 MB; its bundle and its pages come on top
_KEPT = {".room-to-end": 8 << 20, ".room-to-seal": 48 << 20}  # bytes, by the file that keeps them
FULL = (errno.ENOSPC, errno.EDQUOT)


class NoRoom(OSError):
    """There is too little room on the disk; the text says how much is needed, and where."""


def keep_room(folder: Path) -> None:
    """Take the room for a campaign in its folder. Raises NoRoom, OSError."""
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        has, needs = f"{free / 2**20:.0f} MiB", f"{LEAST_FREE_BYTES >> 20} MiB"
        raise NoRoom(errno.ENOSPC, f"there are {has} free on the disk of {folder.parent}, and a run needs {needs}")
    for name, size in _KEPT.items():
        fd = os.open(folder / name, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(fd, 0, size)
        finally:
            os.close(fd)


def room_to_end(folder: Path) -> bool:
    """Give back what was kept for the orderly end; whether there was any."""
    return _give(folder, ".room-to-end")


def give_room(folder: Path) -> None:
    """Give back all that is kept: what comes now is the seal, or nothing."""
    for name in _KEPT:
        _give(folder, name)


def _give(folder: Path, name: str) -> bool:
    with contextlib.suppress(OSError):
        (folder / name).unlink()
        return True
    return False
