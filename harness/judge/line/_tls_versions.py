"""Versions of TLS as numbers, so that one can be held against a limit: 1.2 for "TLSv1.2"."""

from __future__ import annotations

import re

from harness.judge._core import ResolvedLimit

_NAMED = re.compile(r"TLSv(1(?:\.[0-9])?)")


def number_of(version: object) -> float:
    """The number of a version by its name; 0 for SSL, for drafts and for what nobody knows."""
    found = _NAMED.fullmatch(str(version))
    return float(found[1]) if found else 0.0


def is_new(version: object, least: ResolvedLimit) -> bool:
    """Whether a version is at least the oldest one that is allowed."""
    return number_of(version) >= least.value - least.tolerance


def named(least: ResolvedLimit) -> str:
    """The oldest version that is allowed, as people write it: "TLS 1.2"."""
    return f"TLS {least.value:.1f}"
