"""What a profile says of single EVSEs: their numbers, what stands at them, and what one has less than the product."""

from __future__ import annotations

from collections.abc import Collection

from harness.profile._model import Profile
from harness.profile._places import role_and_evse
from requirement_catalog import Located, nearest

MOST_EMULATED = 8  # EVSEs of the emulated charger


def check_evses(profile: Profile, located: Located, features: Collection[str]) -> None:
    """EVSEs are numbered from 1, each once, and what stands at one stands at an EVSE that there is.

    Raises CatalogueError for the first fault.
    """
    pixit = profile.pixit
    known = {pixit.evse_id, *pixit.evses}
    if min(known) < 1 or len(set(pixit.evses)) < len(pixit.evses):
        raise located.error("pixit.evses", f"is {list(pixit.evses)}", "EVSEs are numbered from 1; name each once")
    if pixit.evses and pixit.evse_id not in pixit.evses:
        raise located.error("pixit.evses", f"leaves out evse_id, which is {pixit.evse_id}", "name every EVSE there")
    for number, each in enumerate(pixit.evse_values):
        if each.evse_id not in known - {pixit.evse_id}:
            others = ", ".join(map(str, sorted(known - {pixit.evse_id}))) or "none but evse_id"
            raise located.error(
                f"pixit.evse_values.{number}", f"is about EVSE {each.evse_id}", f"pixit.evses names {others}"
            )
    for name in profile.pco.bench:
        try:
            _, evse = role_and_evse(name)
        except ValueError as error:
            raise located.error(f"pco.bench.{name}", str(error), "write meter, or meter@2 for EVSE 2") from None
        if evse == pixit.evse_id or (evse is not None and evse not in known):
            right = f"leave out @{evse}" if evse == pixit.evse_id else "name its EVSE in pixit.evses"
            raise located.error(f"pco.bench.{name}", f"stands at EVSE {evse}", right)
    if profile.launch is not None and not 1 <= profile.launch.evses <= MOST_EMULATED:
        raise located.error("launch.evses", f"is {profile.launch.evses}", f"write 1 to {MOST_EMULATED}")
    _check_kinds(profile, located, features, known)


def _check_kinds(profile: Profile, located: Located, features: Collection[str], known: set[int]) -> None:
    """What the product has, some EVSE has: else an EVSE's "no" would take a test away that nothing makes good."""
    for number, kind in enumerate(profile.evses):
        at, evse = f"evses.{number}", kind.evse_id
        if profile.kind_of(evse) is not kind:
            raise located.error(at, f"is about EVSE {evse} again", "say all of an EVSE at one place")
        if evse not in known:
            raise located.error(at, f"is about EVSE {evse}", f"pixit.evses names {', '.join(map(str, sorted(known)))}")
        for current in kind.current:
            if current not in profile.product.current:
                has = " and ".join(profile.product.current)
                raise located.error(f"{at}.current", f"has {current}", f"the product as a whole has {has} only")
        for feature, value in kind.pics.items():
            if feature not in features:
                wrong = "is no feature that a supplier declares"
                raise located.error(f"{at}.pics.{feature}", wrong, nearest(feature, features))
            if value is not False and value != "no":
                wrong, right = f"is {value!r}", "an EVSE names what it has not: write no, or leave it out"
                raise located.error(f"{at}.pics.{feature}", wrong, right)
    for current in profile.product.current:
        if not any(current in profile.current_at(evse) for evse in known):
            wrong, right = f"give no EVSE {current}, which the product has", "say which EVSE has it"
            raise located.error("evses", wrong, right)
    for feature in frozenset.intersection(*(profile.denied_at(evse) for evse in known)):
        if profile.declared(feature) != "no":
            wrong = f"say no to {feature} at every EVSE, and the product as a whole does not"
            raise located.error("evses", wrong, f"write `{feature}: no` under pics")
