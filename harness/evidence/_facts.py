"""Facts that stand beside the trace: who the DUT said it is, and what software ran the campaign."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import platform
from importlib import metadata
from pathlib import Path

import harness.documents
import harness.judge
from harness.evidence._model import DutRecord, Environment
from harness.plan import Plan
from harness.trace import Trace, messages


def dut_record(plan: Plan, trace: Trace) -> DutRecord:
    """Who the DUT is: by its profile, and by the BootNotifications it sent."""
    boots = messages(trace, action="BootNotification", direction="in")
    said = [(b.event.seq, station) for b in boots if isinstance(station := b.payload.get("chargingStation"), dict)]
    seq, station = said[0] if said else (None, {})
    return DutRecord(
        profile=plan.dut,
        reported=station,
        reported_in_event=seq,
        firmware_versions_seen=tuple(sorted({str(s["firmwareVersion"]) for _, s in said if "firmwareVersion" in s})),
    )


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
