"""What a campaign writes beside its trace, and what it keeps out of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import msgspec

from harness.evidence import journal_of, open_private, write_whole
from harness.profile import Profile

_LONG = 8  # shorter values would take ordinary words with them


def journal_for(evidence: Path, profile: Profile) -> Path:
    """Where a campaign records: with a real charger in the private folder, which stays at the bench."""
    if profile.product.emulated:
        return journal_of(evidence)
    return open_private(evidence, [(value, sort) for sort, value in _secrets(profile)])


def without_values(text: str, profile: Profile) -> str:
    """A text in which the profile's own password and token stand nowhere, under whatever key or in a comment."""
    who = profile.product
    for _, value in _secrets(profile):
        if len(value) >= _LONG and value not in (who.name, who.manufacturer, who.model, who.serial, who.firmware):
            text = text.replace(value, "(removed)")
    return text


def _secrets(profile: Profile) -> list[tuple[Literal["id", "secret"], str]]:
    password = profile.pco.csms.password if profile.pco.csms else None
    return [("id", profile.pixit.id_token or ""), ("secret", password or "")]


def without_secrets(text: str) -> str:
    """The profile as given, with what stands behind `password:` and `id_token:` removed."""
    secret = re.compile(r"^(\s*(?:password|id_token)\s*:).*$", re.MULTILINE)
    inline = re.compile(r"((?:password|id_token)\s*:\s*)[^,}\n]+")
    return inline.sub(r"\1(removed)", secret.sub(r"\1 (removed)", text))


def write_json(path: Path, value: object) -> None:
    """A struct as indented JSON, whole or not at all."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n")
