"""What a campaign is made of, by digest: kept beside its trace, and bound into the trace's first event."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from harness.campaign._files import without_secrets
from harness.plan import Bound, Plan
from harness.profile import Launch, Profile, ProfileError, load_profile
from requirement_catalog import Catalogue, Suites, Tender, catalogue_digest, read_yaml, suites_digest

TRACE_SCHEMA = "chargeproof/trace/2"
PLAN, PROFILE, OVERLAY, SUITES = "plan.json", "profile.yaml", "overlay.yaml", "suites.json"


def sha256(octets: bytes) -> str:
    """Hex."""
    return hashlib.sha256(octets).hexdigest()


def profile_text(profile: Profile, path: Path) -> str:
    """The profile that really runs, by its values and without its secrets: as it was read, or as it was changed.

    Comments are left out: what somebody noted beside a value is not what ran, and may hold anything.
    """
    try:
        as_written, _ = load_profile(str(path))
    except ProfileError:
        as_written = None
    if profile == as_written:
        head, data = "as it was read, by its values", read_yaml(path).data
    else:
        launch = profile.launch or Launch()
        changed = [f"defect {name}" for name in launch.defects] + [f"variant {name}" for name in launch.variants]
        head, data = f"as it ran, changed by: {', '.join(changed) or 'the command line'}", msgspec.to_builtins(profile)
    dumped = yaml.safe_dump(without_secrets(data, profile), sort_keys=False, allow_unicode=True)
    return f"# {path.name!r} {head}\n{dumped}"


def bound_of(profile: Profile, path: Path, tender: Tender, catalogue: Catalogue, suites: Suites) -> Bound:
    """The digests of everything that decides what is run and how it is judged."""
    return Bound(
        profile=sha256(profile_text(profile, path).encode()),
        overlay=tender.digest,
        catalogue=catalogue_digest(catalogue),
        suites=suites_digest(suites),
    )


def launch_of(profile: Profile) -> dict[str, Any]:
    """How the emulated charger is started; {} for a real one."""
    return {} if profile.launch is None else msgspec.json.decode(msgspec.json.encode(profile.launch), type=dict)


def kept(evidence: Path) -> dict[str, str]:
    """What lies beside the plan before the first stimulus, by name, with its digest; it is on the disk by then."""
    found = {}
    for path in sorted(each for each in evidence.iterdir() if each.is_file()):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            found[path.name] = sha256(file.read())
    return {name: digest for name, digest in found.items() if name not in (PLAN, "trace.jsonl")}


def first_event(
    name: str, plan: Plan, plan_octets: bytes, profile: Profile, files: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The data of `campaign.started`; `files` as `kept` gives them."""
    return {
        "id": name,
        "schema": TRACE_SCHEMA,
        "plan": sha256(plan_octets),
        "bound": msgspec.to_builtins(plan.bound),
        "files": dict(files or {}),
        "emulated": profile.product.emulated or profile.launch is not None,
        "launch": launch_of(profile),
    }


def suites_json(suites: Suites, plan: Plan) -> bytes:
    """The suite rows that judge this campaign: its purposes, and every rule, as their suites give them."""
    mine = {purpose.id for purpose in plan.purposes}
    rows = {
        "schema": "chargeproof/suites/1",
        "digest": plan.bound.suites,
        "purposes": [each for each in suites.purposes if each.id in mine],
        "rules": list(suites.rules),
    }
    return msgspec.json.format(msgspec.json.encode(rows, order="deterministic"), indent=1) + b"\n"
