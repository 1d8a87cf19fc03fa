"""Loading a DUT profile: a file, or the name of one that ships with chargeproof."""

from __future__ import annotations

from pathlib import Path

from harness.profile._model import Profile
from requirement_catalog import Located, read_record

_BUILTIN = Path(__file__).parent / "builtin"
_PICS_VALUES = ("yes", "no", "undeclared")


class ProfileError(ValueError):
    """The profile cannot be used; the text names file, line, what is wrong and what would be right."""


def builtin_profiles() -> tuple[str, ...]:
    """Names of the profiles that ship with chargeproof."""
    return tuple(sorted(p.stem for p in _BUILTIN.glob("*.yaml") if not p.stem.endswith("_answers")))


def load_profile(name: str) -> tuple[Profile, Path]:
    """The profile of that name or path, and the file it came from.

    Raises ProfileError for a missing file, and requirement_catalog.CatalogueError for bad content.
    """
    path = _BUILTIN / f"{name}.yaml"
    if not path.is_file():
        path = Path(name)
        if not path.is_file():
            raise ProfileError(
                f"there is no profile {name!r}: give the path of a YAML file, or one of {', '.join(builtin_profiles())}"
            )
    profile, located = read_record(path, Profile)
    _check(profile, located)
    return profile, path


def _check(profile: Profile, located: Located) -> None:
    for feature, value in profile.pics.items():
        if not isinstance(value, bool) and value not in _PICS_VALUES:
            raise located.error(f"pics.{feature}", f"is {value!r}", "write yes, no or undeclared")
    pco = profile.pco
    if pco.csms is not None and pco.csms.security_profile in (1, 2) and pco.csms.password is None:
        raise located.error(
            "pco.csms", f"security profile {pco.csms.security_profile} needs a password", "add `password:` under csms"
        )
    if pco.csms is not None and not 0 <= pco.csms.port <= 65535:
        raise located.error("pco.csms.port", f"is {pco.csms.port}", "a port is 0 (any free one) to 65535")
    for role, instrument in pco.bench.items():
        if instrument.driver != "person" and not instrument.port:
            raise located.error(
                f"pco.bench.{role}", "names no port", "add `port: /dev/tty…`, or `driver: person` for an observer"
            )
