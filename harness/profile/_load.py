"""Loading a DUT profile: a file, or the name of one that ships with chargeproof."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

from harness.profile._evses import check_evses
from harness.profile._model import EvseValues, Instrument, Pixit, Profile
from harness.profile._values import check_values
from plain_files import is_plain, is_there
from requirement_catalog import CatalogueError, Located, as_record, load_catalogue, nearest, read_yaml

_BUILTIN = Path(__file__).parent / "builtin"
_PICS_VALUES = ("yes", "no", "undeclared")
EMULATED = "emulated"  # as a port: the emulated charger tells its instruments' ports itself
_THE_CLIENTS = (  # what a tender says, and no supplier and no lab
    "accept_papers_for", "agreed_by", "confirm", "decision_rule", "depth", "evaluation_date", "leave_out", "limits",
    "obligations", "parameters", "scope", "waivers",
)  # fmt: skip
_SHOWN = 200  # characters of a name that a fault repeats
SAMPLES = "samples"  # as documents: the papers that ship with the catalogue, for the emulated charger only


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
    if not is_plain(path):
        path = Path(name)
        if not is_there(path):
            raise ProfileError(
                f"there is no profile {name[:_SHOWN]!r}: give the path of a YAML file, "
                f"or one of {', '.join(builtin_profiles())}"
            )
    located = read_yaml(path)
    _check_whose(located)
    profile = as_record(located, Profile)
    _check(profile, located)
    return profile, path


def _check_whose(located: Located) -> None:
    """A profile is the lab's and the supplier's file: what is asked of the charger they may not change."""
    said = [key for key in _THE_CLIENTS if isinstance(located.data, dict) and key in located.data]
    wrong = "a profile may not set {!r}: that is the client's to say, in the tender file (--tender)"
    if said:
        raise CatalogueError([located.problem(key, wrong.format(key), "remove it here") for key in said])


def _check(profile: Profile, located: Located) -> None:
    """What types alone cannot tell: names, combinations and ranges. Raises CatalogueError for the first fault."""
    _check_product(profile, located)
    features = {feature.name for feature in load_catalogue().features}
    for feature, value in profile.pics.items():
        if feature not in features:
            raise located.error(f"pics.{feature}", "is no feature that a supplier declares", nearest(feature, features))
        if not isinstance(value, bool) and value not in _PICS_VALUES:
            raise located.error(f"pics.{feature}", f"is {value!r}", "write yes, no or undeclared")
    check_values(profile, located)
    check_evses(profile, located, features)
    _check_ranges(profile, located)
    pco = profile.pco
    if pco.csms is not None and pco.csms.security_profile in (1, 2) and pco.csms.password is None:
        raise located.error(
            "pco.csms", f"security profile {pco.csms.security_profile} needs a password", "add `password:` under csms"
        )
    if pco.csms is not None and not pco.csms.versions:
        raise located.error(
            "pco.csms.versions", "names no version of OCPP", "write [ocpp2.1, ocpp2.0.1], or leave it out"
        )
    for role, instrument in pco.bench.items():
        if instrument.driver != "person" and not instrument.port:
            raise located.error(
                f"pco.bench.{role}", "names no port", "add `port: /dev/tty…`, or `driver: person` for an observer"
            )
        _check_instrument(role, instrument, located)
        if instrument.port == EMULATED and profile.launch is None:
            raise located.error(
                f"pco.bench.{role}.port", "is the emulated charger's own", "write the serial port, such as /dev/ttyUSB0"
            )


def _check_instrument(role: str, instrument: Instrument, located: Located) -> None:
    """An uncertainty is a number of at least 0, and a calibration has dates."""
    for quantity, value in instrument.uncertainty.items():
        if not (math.isfinite(value) and value >= 0):
            raise located.error(
                f"pco.bench.{role}.uncertainty.{quantity}", f"is {value:g}", "write how far it may be off, at least 0"
            )
    for name in ("calibrated", "calibration_due"):
        day = getattr(instrument, name)
        try:
            _ = datetime.date.fromisoformat(day) if day else None
        except ValueError:
            raise located.error(f"pco.bench.{role}.{name}", f"{day!r} is no day", "write it as 2027-01-15") from None


def _check_product(profile: Profile, located: Located) -> None:
    """The emulated charger and the sample papers may never stand for a real product; and a product is of some kind."""
    product = profile.product
    if profile.launch is not None and not product.emulated:
        raise located.error("launch", "starts the emulated charger, and the product says it is none", "delete `launch`")
    if profile.documents == SAMPLES and not product.emulated:
        raise located.error(
            "documents", "names the sample papers, which prove nothing", "name the folder of its papers"
        )
    for name, value in (("current", product.current), ("sites", product.sites)):
        if not value:
            right = "[AC], [DC] or [AC, DC]" if name == "current" else "some of [public, semi_public, private]"
            raise located.error(f"product.{name}", "is empty, so that hardly anything would apply", f"write {right}")


def _check_ranges(profile: Profile, located: Located) -> None:
    pixit = profile.pixit
    _check_pixit(pixit, "pixit", located)
    for number, values in enumerate(pixit.evse_values):
        _check_pixit(values, f"pixit.evse_values.{number}", located)
    if pixit.car_current_a < pixit.minimum_current_a:
        raise located.error(
            "pixit.car_current_a", "is below minimum_current_a, so that the car never charges", "write what it draws"
        )


def _check_pixit(given: Pixit | EvseValues, at: str, located: Located) -> None:
    """Every value that the catalogue gives a range for lies in it."""
    for each in load_catalogue().default_tender.pixit:
        value, (low, high) = getattr(given, each.name, None), each.range
        if value is not None and not low <= value <= high:
            right = f"write a number from {low:g} to {high:g} {each.unit}"
            raise located.error(f"{at}.{each.name}", f"is {value:g} {each.unit}, which makes no sense", right)
