"""Text of others made visible: one line, no character that steers a terminal, hides, or turns the way of reading.

Names, serials, reasons and file names come from tenders, chargers and bundles of strangers. Whoever prints passes them
through here; whoever prints a command to copy passes each of its values through `quoted`.
"""

from __future__ import annotations

import os
import shlex
import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_SPACES = {" ", "\u00a0", "\u202f"}  # of all that are blank, these look as blank as they are
# Blank or weightless although their category is that of a letter, a mark or a symbol.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d\u180f")
_MARKS_IN_A_ROW = 4  # more accents than this on one letter reach into the lines above and below


def clean(value: object) -> str:
    """The text of `value` as one line of visible characters; cleaning it again changes nothing."""
    text = value if isinstance(value, str) else str(value)
    if text.isascii() and text.isprintable():
        return text
    shown, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        shown.append(_written_out(char) if marks > _MARKS_IN_A_ROW or _is_hidden(char) else char)
    return "".join(shown)


def clean_lines(value: object) -> str:
    """As `clean`, of a text of several lines: each but the first is set in, so that none passes for one of ours."""
    return "\n".join(clean(line) for line in str(value).strip("\n").split("\n")).replace("\n", "\n  ")


def quoted(value: object) -> str:
    """A value as a shell takes it, in a command that somebody will copy: it stays one word, and runs nothing."""
    text = value if isinstance(value, str) else str(value)
    if text.isascii() and text.isprintable():
        return shlex.quote(text)
    octets = text.encode("utf-8", "surrogateescape") if not _has_lone(text) else os.fsencode(clean(text))
    plain = b"'\\"
    written = (chr(each) if 0x20 <= each < 0x7F and each not in plain else f"\\x{each:02x}" for each in octets)
    return "$'" + "".join(written) + "'"


def _has_lone(text: str) -> bool:
    """Whether it holds half of a pair that is no octet of a file name either."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return True
    return False


def _is_hidden(char: str) -> bool:
    category = unicodedata.category(char)
    return (
        category in _HIDDEN
        or char in _BLANK
        or (category == "Zs" and char not in _SPACES)
        or 0xFE00 <= ord(char) <= 0xFE0F
        or 0xE0100 <= ord(char) <= 0xE01EF
    )


def _written_out(char: str) -> str:
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    code = ord(char)
    return known.get(char) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
