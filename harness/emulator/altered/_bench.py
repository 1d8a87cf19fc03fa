"""The emulated charger's profile for a bench that lacks some of its instruments."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import yaml

_BUILTIN = Path(__file__).parents[2] / "profile" / "builtin"


def profile_without(roles: Sequence[str], folder: Path) -> str:
    """A profile's name or path, as `run --dut` takes it; written into `folder` where the bench lacks `roles`."""
    if not roles:
        return "emulated"
    profile = yaml.safe_load((_BUILTIN / "emulated.yaml").read_text(encoding="utf-8"))
    for role in roles:
        del profile["pco"]["bench"][role]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"emulated-without-{'-'.join(roles)}.yaml"
    path.write_text(yaml.safe_dump(profile, sort_keys=False), encoding="utf-8")
    answers = profile["pco"]["operator"]["answers"]
    shutil.copyfile(_BUILTIN / answers, folder / answers)
    return str(path)
