"""The one way in which a file that somebody gives is read: an ordinary file, of a bounded size, that is really there.

A pipe would hang whoever opens it, a device never ends, and some devices do something when they are opened. So a file
is looked at first, opened without waiting, looked at again, and read no further than its bound. Everybody may use this
package, and it uses nobody's.
"""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

__all__ = ["NotPlain", "is_plain", "is_there", "octets_of", "opened", "real", "text_of"]

_KINDS = {
    stat.S_IFDIR: "is a folder",
    stat.S_IFIFO: "is a pipe, which is no ordinary file",
    stat.S_IFSOCK: "is a socket, which is no ordinary file",
    stat.S_IFCHR: "is a device, which is no ordinary file",
    stat.S_IFBLK: "is a device, which is no ordinary file",
}
_WORDS = {
    errno.ELOOP: "is a link that leads in a circle",
    errno.ENAMETOOLONG: "is no name that a file can have: it is too long",
    errno.EINVAL: "is no name that a file can have",
}


class NotPlain(OSError):
    """The file is none that is read; `strerror` says why in words that follow its name."""

    def __str__(self) -> str:
        return f"{self.filename} {self.strerror}"


def octets_of(path: Path | str, *, most: int) -> bytes:
    """What stands in a file of at most `most` octets.

    Raises NotPlain; FileNotFoundError, PermissionError and other OSErrors as the system gives them.
    """
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        raw = file.read(most + 1) if size <= most else b""
    if len(raw) > most or size > most:
        raise _fault(path, errno.EFBIG, f"has {max(size, len(raw)):,} bytes, and at most {most:,} are read")
    return raw


def text_of(path: Path | str, *, most: int, encoding: str = "utf-8") -> str:
    """The same as text. Raises NotPlain with the line of what is none."""
    raw = octets_of(path, most=most)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _fault(path, errno.EILSEQ, f"is not {encoding.upper()} text on line {line}") from error


def opened(path: Path | str) -> BufferedReader:
    """An ordinary file to read from, for what is too large to be held at once; its reader sees to a bound."""
    try:
        _refuse_others(path, Path(path).stat().st_mode)
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except ValueError as error:  # a name with a zero in it
        raise _fault(path, errno.EINVAL, _WORDS[errno.EINVAL]) from error
    except OSError as error:
        if error.errno in _WORDS and not isinstance(error, NotPlain):
            raise _fault(path, error.errno, _WORDS[error.errno]) from error
        raise
    try:
        _refuse_others(path, os.fstat(number).st_mode)
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise


def is_plain(path: Path | str) -> bool:
    """Whether an ordinary file stands there; never raises, whatever the name is."""
    try:
        return stat.S_ISREG(Path(path).stat().st_mode)
    except (OSError, ValueError):
        return False


def is_there(path: Path | str) -> bool:
    """Whether anything stands there, a link that leads nowhere too; never raises, whatever the name is."""
    try:
        os.lstat(path)
    except (OSError, ValueError):
        return False
    return True


def real(path: Path | str) -> Path:
    """Where a path really leads; one that leads in a circle, as far as it goes. Raises ValueError for no name."""
    return Path(os.path.realpath(path))


def _refuse_others(path: Path | str, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise _fault(path, errno.EINVAL, _KINDS.get(stat.S_IFMT(mode), "is no ordinary file"))


def _fault(path: Path | str, code: int, words: str) -> NotPlain:
    return NotPlain(code, words, str(path))
