"""What a campaign writes beside its trace, and what it keeps out of it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from harness.evidence import Redactor
from harness.profile import Profile
from harness.trace import Redact, keep_all


def redaction(profile: Profile) -> Redact:
    """Card numbers and passwords of a real charger never reach the trace; equal ones stay recognisable as equal."""
    if profile.product.emulated:
        return keep_all
    password = profile.pco.csms.password if profile.pco.csms else None
    return Redactor.fresh(known=tuple(v for v in (profile.pixit.id_token, password) if v))


def without_secrets(text: str) -> str:
    """The profile as given, with what stands behind `password:` and `id_token:` removed."""
    secret = re.compile(r"^(\s*(?:password|id_token)\s*:).*$", re.MULTILINE)
    inline = re.compile(r"((?:password|id_token)\s*:\s*)[^,}\n]+")
    return inline.sub(r"\1(removed)", secret.sub(r"\1 (removed)", text))


def write_json(path: Path, value: object) -> None:
    """A struct as indented JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n")
