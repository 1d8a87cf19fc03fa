"""The texts in a JSON text, each with its place and its key: also of one that is torn or is no JSON at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r'"(?P<text>[^"\\]*(?:\\.[^"\\]*)*)(?:"|\\?\Z)|(?P<sign>[{}\[\],])|(?P<number>-?\d+)', re.DOTALL)
_COLON = re.compile(r"\s*:")
_PIECE = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(eq=False, slots=True)
class Box:
    """An object or a list: under which key it stands, in which other one."""

    sign: str
    key: str
    within: Box | None
    now: str = ""

    @property
    def inner_key(self) -> str:
        """The key of what comes next in it; in a list, that of the list."""
        return self.now if self.sign == "{" else self.key


@dataclass(frozen=True, eq=False, slots=True)
class Text:
    """A text (`start` and `end` inside its quotes) or an integer; `key` by its letters, "" where it is a key itself."""

    start: int
    end: int
    value: str
    key: str
    box: Box
    quoted: bool = True
    is_key: bool = False


def texts_in(raw: str) -> Iterator[Text]:
    """In the order in which they stand. Never raises, and does not recurse."""
    box = Box("{", "", None)
    for token in _TOKEN.finditer(raw):
        sign = token["sign"]
        if sign is None:
            name = "number" if token["text"] is None else "text"
            (start, end), value = token.span(name), unescaped(token[name])
            if name == "text" and box.sign == "{" and _COLON.match(raw, token.end()):
                box.now = letters_of(value)
                yield Text(start, end, value, "", box, is_key=True)
            else:
                yield Text(start, end, value, box.inner_key, box, quoted=name == "text")
        elif sign in "{[":
            box = Box(sign, box.inner_key, box)
        elif sign == ",":
            box.now = ""
        elif box.within is not None:
            box = box.within


@lru_cache(maxsize=4096)
def letters_of(key: str) -> str:
    """A key by its letters and digits alone."""
    return "".join(c for c in key.lower() if c.isalnum())


def unescaped(raw: str) -> str:
    r"""What stands between quotes, a character for each escape: both halves of a pair stay by themselves."""
    return "".join(map(_char, _PIECE.findall(raw))) if "\\" in raw else raw


def escaped_as(raw: str, value: str) -> str:
    """`value`, written as `raw` writes a text of as many characters."""
    if "\\" not in raw:
        return value
    pieces = zip(_PIECE.findall(raw), value, strict=True)
    return "".join(piece if _char(piece) == char else _written(piece, char) for piece, char in pieces)


def _char(piece: str) -> str:
    if len(piece) == 1:
        return piece
    return chr(int(piece[2:], 16)) if len(piece) == 6 else _SHORT.get(piece[1], piece[1])


def _written(piece: str, char: str) -> str:
    return f"\\u{ord(char):04x}" if len(piece) == 6 else char if len(piece) == 1 else f"\\{char}"
