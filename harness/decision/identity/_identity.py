"""Who was tested: found in the trace, and held against what was declared. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from harness.decision.identity._firmware import firmware
from harness.decision.identity._nameplate import KINDS, PARTS, Boot, boots_in, modelled, nameplate
from harness.decision.identity._place import kind_of_dut
from harness.judge import Tested
from harness.plan import DutFacts, Plan
from harness.trace import Trace

_ROOM = {"manufacturer": 50, "model": 20, "serial": 25, "firmware": 50}  # characters that a BootNotification takes
_LEGAL_FORMS = {"ag", "bv", "co", "gmbh", "inc", "kg", "ltd", "llc", "nv", "sa", "sas", "se", "spa", "srl", "the"}
_EMULATION = "chargeproof emulation"  # what our own emulated charger calls its maker


def who_was_tested(plan: Plan, trace: Trace) -> Tested:
    """Who was tested, from the trace alone, with what contradicts the declaration or itself."""
    boots = list(boots_in(trace))
    times = [e.utc for e in trace if e.kind != "campaign.recovered"] or [""]  # that one tells of the sealing
    ran = firmware(plan, trace)
    found = {kind: next((b.said[kind] for b in boots if kind in b.said), "") for kind in KINDS}
    plate = nameplate(trace)
    found = {kind: told or plate.get(kind, "") for kind, told in found.items()}
    found["firmware"] = ran.delivered or found["firmware"]
    declared = {kind: str(getattr(plan.dut, kind)) for kind in KINDS}
    differs = [*_against_declared(declared, found), *_among_boots(boots), *_in_its_model(found, trace), *ran.differs]
    emulated, contradiction = _emulated(plan.dut, trace, boots)
    named: dict[str, str] = {}  # a renewed one keeps the serial number (A00.FR.511), and may name its operator anew
    for subject in _certificates(trace):
        named.setdefault(_common_name(subject) or subject, subject)
    certificates = list(named.values())
    if len(certificates) > 1:
        differs.append(f"it proved to hold the certificate {certificates[0]!r}, and later {certificates[1]!r}")
    if any(_common_name(subject) == declared["serial"].strip().casefold() for subject in certificates):
        found["serial"] = found["serial"] or declared["serial"]
    return Tested(
        **found,
        firmware_after=ran.after,
        certificate=certificates[0] if certificates else "",
        emulated=emulated,
        began=times[0],
        ended=times[-1],
        boots=len(boots),
        declared=declared,
        differs=tuple(dict.fromkeys([*differs, *contradiction])),
        declared_only=tuple(kind for kind in KINDS if not found[kind]),
        kind=kind_of_dut(trace, emulated),
    )


def same(kind: str, declared: str, told: str) -> bool:
    """Whether what was told is what was declared, as far as the standard lets a charger differ.

    Letters' case does not count, a text may be cut to the room that a BootNotification has for it, and a maker may
    write its company's name in more or in fewer words.
    """
    one, other = declared.strip().casefold(), told.strip().casefold()
    if one == other or (len(other) == _ROOM[kind] and one.startswith(other)):
        return True
    if kind != "manufacturer":
        return False
    mine, theirs = _words(one), _words(other)
    return mine[:1] == theirs[:1] or set(mine) <= set(theirs) or set(theirs) <= set(mine)


def _against_declared(declared: dict[str, str], found: dict[str, str]) -> Iterator[str]:
    for kind, told in found.items():
        if told and not same(kind, declared[kind], told):
            yield f"{kind} {declared[kind]!r} was declared, and it says {told!r}"


def _among_boots(boots: Sequence[Boot]) -> Iterator[str]:
    for kind in ("manufacturer", "model", "serial"):
        told = [(boot, boot.said[kind]) for boot in boots if kind in boot.said]
        for boot, value in told[1:]:
            if not same(kind, told[0][1], value):
                where = "in a rerun" if boot.part != told[0][0].part else "at a later boot"
                yield f"it says {kind} {told[0][1]!r} at first, and {value!r} {where} (event {boot.seq})"
                break


def _in_its_model(found: dict[str, str], trace: Trace) -> Iterator[str]:
    """Where its device model names another charger than its boots; what firmware it runs may change."""
    for event, kind, told in modelled(trace):
        if (
            kind != "firmware"
            and found[kind]
            and not same(kind, told, found[kind])
            and not same(kind, found[kind], told)
        ):
            yield f"it says {kind} {found[kind]!r} at its boot, and {told!r} in its device model (event {event.seq})"


def _emulated(dut: DutFacts, trace: Trace, boots: Sequence[Boot]) -> tuple[bool, list[str]]:
    """Whether anything says that an emulated charger was tested, and what contradicts itself there."""
    said = [bool(e.data["emulated"] or e.data.get("launch")) for e in trace if e.kind in PARTS and "emulated" in e.data]
    ours = any(_EMULATION in boot.said.get("manufacturer", "").casefold() for boot in boots)
    emulated = dut.emulated or ours or any(said)
    differs = []
    if emulated and not dut.emulated:
        differs.append("a real charger was declared, and an emulated one was tested")
    elif said and not all(said) and emulated:
        differs.append("an emulated charger was declared, and in one part of the campaign a real one was tested")
    return emulated, differs


def _certificates(trace: Trace) -> Iterator[str]:
    for event in trace:
        if event.kind == "ocpp.connection" and event.who == "dut" and event.data.get("state") == "open":
            tls: Any = event.data.get("tls")
            subject = tls.get("peer_subject") if isinstance(tls, dict) else None
            if subject:
                yield str(subject)


def _common_name(subject: str) -> str:
    return next((p[3:].strip().casefold() for p in subject.split(",") if p.strip().upper().startswith("CN=")), "")


def _words(text: str) -> list[str]:
    """The words of a company's name that set it apart, without its legal form."""
    plain = "".join(c if c.isalnum() else " " for c in text.replace(".", "")).split()
    return [word for word in plain if word not in _LEGAL_FORMS] or plain
