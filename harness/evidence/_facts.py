"""Facts that stand beside the trace: who the DUT said it is, and what software ran the campaign."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import harness.documents
import harness.judge
from harness.evidence.bundle._model import DutRecord, Environment
from harness.plan import Plan
from harness.trace import Trace, messages, under_test


def dut_record(plan: Plan, trace: Trace) -> DutRecord:
    """Who the DUT is: by its profile, and by the BootNotifications it sent."""
    boots = messages(under_test(trace), action="BootNotification", direction="in")
    said = [(b.event.seq, station) for b in boots if isinstance(station := b.payload.get("chargingStation"), dict)]
    seq, station = said[0] if said else (None, {})
    versions = {_kept(s["firmwareVersion"]) for _, s in said if isinstance(s.get("firmwareVersion"), str)}
    return DutRecord(
        profile=plan.dut,
        reported={_kept(key): _kept(value) for key, value in list(station.items())[:_MOST]},
        reported_in_event=seq,
        firmware_versions_seen=tuple(sorted(versions)[:_MOST]),
    )


_MOST, _MOST_DEEP, _MOST_CHARACTERS = 100, 8, 1000  # of what a charger says of itself; OCPP has five texts of 50


def _kept(value: Any, depth: int = 1) -> Any:
    """What a charger said, as it came, where it has a measure; the trace keeps all of it."""
    if isinstance(value, str):
        return value if len(value) <= _MOST_CHARACTERS else f"{value[:_MOST_CHARACTERS]}…"
    if isinstance(value, dict | list) and depth >= _MOST_DEEP:
        return "…"
    if isinstance(value, dict):
        return {_kept(key): _kept(inner, depth + 1) for key, inner in list(value.items())[:_MOST]}
    if isinstance(value, list):
        return [_kept(inner, depth + 1) for inner in value[:_MOST]]
    return value


def harness_version() -> str:
    """The installed version of chargeproof, or "unreleased" when it runs from a source tree."""
    try:
        return metadata.version("chargeproof")
    except metadata.PackageNotFoundError:
        return "unreleased"


def load_judges() -> dict[str, str]:
    """Import every judge and give the SHA-256 of each module's source, by module name."""
    digests = {}
    rooms = [(harness.judge.__path__, "harness.judge."), (harness.documents.__path__, "harness.documents.")]
    for module in (found for path, name in rooms for found in pkgutil.walk_packages(path, name)):
        source = getattr(importlib.import_module(module.name), "__file__", None)
        if source:
            digests[module.name] = hashlib.sha256(Path(source).read_bytes()).hexdigest()
    return digests


def environment(*, at_recovery: bool = False) -> Environment:
    """The versions of everything that ran; no host name, no user, no path."""
    packages = {d.metadata["Name"]: d.version for d in metadata.distributions() if d.metadata["Name"]}
    return Environment(
        chargeproof=harness_version(),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()}",
        packages=dict(sorted(packages.items(), key=lambda item: item[0].lower())),
        judges=load_judges(),
        captured_at_recovery=at_recovery,
    )
