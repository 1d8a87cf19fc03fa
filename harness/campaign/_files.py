"""What a campaign writes beside its trace, and what it keeps out of it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from harness.evidence import journal_of, open_private, write_whole
from harness.profile import Profile

_LONG = 8  # shorter values would take ordinary words with them
_LEAST_DIGITS = 4  # a shorter number is some setting
_REMOVED = "(removed)"
_SECRET_KEYS = frozenset({"password", "idtoken"})  # by their letters alone
_USERINFO = re.compile(r"(?<=//)[^/@\s]*@")  # of a URL


def journal_for(evidence: Path, profile: Profile) -> Path:
    """Where a campaign records: with a real charger in the private folder, which stays at the bench."""
    if profile.product.emulated:
        return journal_of(evidence)
    return open_private(evidence, [(value, sort) for sort, value in _secrets(profile)])


def without_secrets(data: Any, profile: Profile) -> Any:
    """A profile's plain data as it may leave the bench, whatever way it was written in.

    What stands under `password` and `id_token` is removed, whatever it is; so is every text that holds one of their
    values, also in another writing (Base64, hexadecimal, as in a URL), and a name or password inside a URL.
    """
    alone = {value for _, value in _secrets(profile) if value} - _names(profile)
    return _redacted(data, list(_writings(profile)), alone)


def _redacted(data: Any, writings: list[str], alone: set[str]) -> Any:
    if isinstance(data, dict):
        return {
            key: _REMOVED if _letters(key) in _SECRET_KEYS and value is not None
            else _redacted(value, writings, alone)
            for key, value in data.items()
        }  # fmt: skip
    if isinstance(data, list | tuple):
        return [_redacted(each, writings, alone) for each in data]
    if data is None or isinstance(data, bool):
        return data
    text = str(data)
    whole = isinstance(data, str) or len(text) >= _LEAST_DIGITS
    if (whole and text in alone) or any(each in text.lower() for each in writings):
        return _REMOVED
    return _USERINFO.sub(f"{_REMOVED}@", data) if isinstance(data, str) else data


def _writings(profile: Profile) -> Iterator[str]:
    """The long values in each writing that a text may hold them in, in small letters."""
    names = _names(profile)
    identity = profile.pixit.identity
    for sort, value in _secrets(profile):
        if len(value) < _LONG or value in names:
            continue
        octets = value.encode()
        yield value.lower()
        yield quote(value, safe="").lower()
        yield octets.hex()
        for start in range(3):  # Base64 of a text that holds it depends on where in it
            whole = base64.b64encode(b"\0" * start + octets).decode().rstrip("=")
            yield whole[(0, 2, 3)[start] : -1].lower()
        if sort == "secret":
            yield base64.b64encode(f"{identity}:{value}".encode()).decode().rstrip("=").lower()


def _names(profile: Profile) -> set[str]:
    """Which charger it is, whatever else the same word is used for."""
    who = profile.product
    return {who.name, who.manufacturer, who.model, who.serial, who.firmware, profile.pixit.identity}


def _letters(key: object) -> str:
    return "".join(char for char in str(key).lower() if char.isalnum())


def _secrets(profile: Profile) -> list[tuple[Literal["id", "secret"], str]]:
    password = profile.pco.csms.password if profile.pco.csms else None
    return [("id", profile.pixit.id_token or ""), ("secret", password or "")]


def write_json(path: Path, value: object) -> None:
    """A struct as indented JSON, whole or not at all."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n")
