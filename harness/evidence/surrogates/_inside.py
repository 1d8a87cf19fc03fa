"""What is secret inside of a text: a password in a URL or after an equals sign; and how else a value may be written."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import quote

from harness.evidence.surrogates._mint import Sort

_URL = re.compile(r"://(?:[^/@\s\"'<>:]*:)?([^/@\s\"'<>]+)@")  # the password, or what stands alone before the @
_WORDS = r"passw(?:or)?d|pwd|passphrase|token|secret|api[_-]?key|credential|signature|sig|auth|pin"
_GIVEN = re.compile(rf"(?:{_WORDS})=([^\s&;,#\"'\\]{{4,}})", re.IGNORECASE)
NEEDLES = (r"://[^/\s\"]*@", rf"(?:{_WORDS})=")  # one of them stands in every text that holds such a thing, by its case
_LONG = 8


def secrets_inside(text: str) -> list[tuple[int, int, Sort]]:
    """Where in a text secrets stand (start, end), in order and apart from each other."""
    found: list[tuple[int, int, Sort]] = []
    if "://" in text:
        found += [(*match.span(1), "secret") for match in _URL.finditer(text)]
    if "=" in text:
        found += [(*match.span(1), "secret") for match in _GIVEN.finditer(text)]
    apart: list[tuple[int, int, Sort]] = []
    for each in sorted(found):
        if not apart or each[0] >= apart[-1][1]:
            apart.append(each)
    return apart


def looks_like_json(text: str) -> bool:
    """Whether a text may be an object or a list of its own."""
    return text[:1] in "{[" and text.rstrip()[-1:] in "}]" and ":" in text


def writings(value: str) -> Iterator[tuple[str, Sort]]:
    """A value in its other usual writings: as in a URL, in hexadecimal, in Base64 wherever in a text it stands."""
    if len(value) < _LONG:
        return
    octets = value.encode("utf-8", "surrogatepass")
    if (escaped := quote(octets, safe="")) != value:
        yield escaped, "secret"
    yield octets.hex(), "id"
    yield octets.hex().upper(), "id"
    for before in range(3):
        first, last = -(-8 * before // 6), 8 * (before + len(octets)) // 6
        plain = base64.b64encode(b"\0" * before + octets)[first:last].decode()
        yield plain, "key"
        if plain != (safe := plain.replace("+", "-").replace("/", "_")):
            yield safe, "key"
