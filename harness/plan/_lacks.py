"""What keeps a purpose from running on this charger and bench, in plain words, and whose move it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.judge import Conditions
from harness.profile import Pcos, Profile, role_at
from requirement_catalog import Needs

TEST_ENGINEER, SUPPLIER, MAKERS = "test engineer", "supplier", "the makers of chargeproof"


@dataclass(frozen=True)
class Lack:
    """`kind` as in `PlannedRun.lacks`; `move` names who can do something about it, or nobody."""

    kind: str
    reason: str
    move: str = ""


def another_product(reason: str) -> Lack:
    """It is for another kind of product; nobody has to do anything."""
    return Lack("product", reason)


def declared_no(reason: str) -> Lack:
    """The supplier says that the charger cannot."""
    return Lack("declared", reason, SUPPLIER)


def not_at_this_evse(reason: str) -> Lack:
    """The supplier says that this EVSE has it not, and a standard leaves that open; nobody has to do anything."""
    return Lack("evse", reason)


def owed_at_this_evse(reason: str) -> Lack:
    """The supplier says that this EVSE has it not, and it is owed at every one."""
    return Lack("owed", reason, SUPPLIER)


def no_case(reason: str) -> Lack:
    """No case serves it yet."""
    return Lack("case", reason, MAKERS)


def left_out(reason: str) -> Lack:
    """A person left it out."""
    return Lack("choice", reason, TEST_ENGINEER)


def not_needed(reason: str) -> Lack:
    """What it would stand in for runs itself, or is not kept from running by the bench."""
    return Lack("stand-in", reason)


def _pco(reason: str, move: str = TEST_ENGINEER) -> Lack:
    return Lack("pco", reason, move)


def unmet_needs(needs: Needs, conditions: Conditions, profile: Profile) -> Lack | None:
    """The first point of control and observation that this bench lacks for it; None when all are there."""
    pco = profile.pco
    return (
        _connection(needs, conditions, pco)
        or _bench(needs, conditions.evse, profile)
        or _car(needs, conditions.evse, profile)
        or _people(needs, profile)
    )


def _connection(needs: Needs, conditions: Conditions, pco: Pcos) -> Lack | None:
    if pco.csms is None:
        wanted = needs.csms or conditions.version or needs.security_profile
        return _pco("the profile gives no backend connection (pco.csms)") if wanted else None
    if pco.csms.security_profile < needs.security_profile:
        return _pco(
            f"the charger is connected with security profile {pco.csms.security_profile}, which is less than "
            f"{needs.security_profile} (pco.csms.security_profile)"
        )
    if not offers(pco, conditions.version):
        return _pco(f"the backend of this bench does not offer OCPP {conditions.version} (pco.csms.versions)")
    return None


def offers(pco: Pcos, version: str) -> bool:
    """Whether our backend offers this version of OCPP ("2.1"); "" does not matter."""
    return not version or pco.csms is None or f"ocpp{version}" in pco.csms.versions


def _bench(needs: Needs, evse: int, profile: Profile) -> Lack | None:
    pco, current = profile.pco, profile.current_at(evse)
    operator = " and no operator" if pco.operator is None else ""
    for role in needs.bench:
        if (name := role_at(role, evse, profile.pixit.evse_id)) not in pco.bench:
            where = f" at EVSE {evse}" if name != role else ""
            return _pco(f"the bench has no {role.replace('_', ' ')}{where}{operator} (pco.bench.{name})")
    if by_pilot_alone(needs) and "AC" not in current:
        return _pco(_PILOT_ALONE.format(" and ".join(current)))
    return None


def by_pilot_alone(needs: Needs) -> bool:
    """Whether a car charges in it by the control pilot alone, as at an AC outlet only."""
    return needs.car == "any" or ("pilot" in needs.bench and needs.car != "iso15118")


_PILOT_ALONE = "it charges by the control pilot alone, as {} charging cannot"  # IEC 61851-23: DC needs a session


def _car(needs: Needs, evse: int, profile: Profile) -> Lack | None:
    pco = profile.pco
    if needs.car == "none":
        return None
    home = profile.pixit.evse_id
    if (name := role_at("pilot", evse, home)) not in pco.bench:
        where = f" at EVSE {evse}" if name != "pilot" else ""
        return _pco(f"the bench has no pilot{where}, by which a car is plugged in (pco.bench.{name})")
    if needs.car == "iso15118" and pco.ev is None:
        return _pco("the bench has no car that speaks ISO 15118 (pco.ev)")
    if needs.car == "iso15118" and evse not in (0, home):
        return _pco(f"the bench's car speaks ISO 15118 at EVSE {home} alone, not at EVSE {evse} (pco.ev)")
    if by_pilot_alone(needs) and "AC" not in profile.current_at(evse):
        return _pco(_PILOT_ALONE.format(" and ".join(profile.current_at(evse))))
    return None


def _people(needs: Needs, profile: Profile) -> Lack | None:
    if needs.operator and profile.pco.operator is None:
        return _pco("nobody is there to look (pco.operator)")
    if needs.firmware and profile.pixit.firmware_update is None and profile.launch is None:
        return _pco(
            "the vendor's newer firmware image, its signature and certificate are not given (pixit.firmware_update)",
            SUPPLIER,
        )
    return None


def joined(names: Sequence[str]) -> str:
    """ "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
