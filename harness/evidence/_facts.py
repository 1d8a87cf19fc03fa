"""Facts that stand beside the trace: who the DUT said it is, and what software ran the campaign."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import platform
from importlib import metadata
from pathlib import Path

import harness.judge
from harness.evidence._model import DutIdentity, DutRecord, Environment, LaterReport
from harness.plan import Plan
from harness.trace import Trace, messages


def dut_record(plan: Plan, trace: Trace) -> DutRecord:
    """Who the DUT is: declared by its profile, and reported in its BootNotifications."""
    reports: list[LaterReport] = []
    for boot in messages(trace, action="BootNotification", direction="in"):
        station = boot.payload.get("chargingStation")
        if not isinstance(station, dict):
            continue
        identity = DutIdentity(
            manufacturer=str(station.get("vendorName", "")),
            model=str(station.get("model", "")),
            serial=str(station.get("serialNumber", "")),
            firmware=str(station.get("firmwareVersion", "")),
        )
        if not reports or reports[-1].identity != identity:
            reports.append(LaterReport(event=boot.event.seq, identity=identity))
    return DutRecord(
        declared=DutIdentity(
            manufacturer=plan.dut.manufacturer,
            model=plan.dut.model,
            serial=plan.dut.serial,
            firmware=plan.dut.firmware,
        ),
        reported=reports[0].identity if reports else None,
        reported_by=reports[0].event if reports else None,
        later=tuple(reports[1:]),
        emulated=plan.dut.emulated,
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
    for module in pkgutil.walk_packages(harness.judge.__path__, "harness.judge."):
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
        os=platform.platform(),
        packages=dict(sorted(packages.items(), key=lambda item: item[0].lower())),
        judges=load_judges(),
        captured_at_recovery=at_recovery,
    )
