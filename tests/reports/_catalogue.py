"""A small stand-in for a tender's catalogue: the 23 requirements with some criteria each, in the shape of a plan."""

from __future__ import annotations

from harness.plan import PlannedCriterion, PlannedPurpose, PlannedRequirement, PlannedRun
from requirement_catalog import Obligation, Phase, VerifiedBy

_T, _D, _O = VerifiedBy.TEST, VerifiedBy.DOCUMENT_REVIEW, VerifiedBy.OPERATOR_INSPECTION

# requirement -> (title, criteria: (statement, verified by))
CONTENT: dict[str, tuple[str, list[tuple[str, VerifiedBy]]]] = {
    "GEN-01": ("New and refurbished chargers are in scope", [("The asset is new or refurbished.", _D)]),
    "GEN-02": (
        "Independent proof for every standard",
        [
            ("Every applicable standard has a certificate or programme evidence that is in date.", _D),
            ("The certificate's model and firmware are those that the charger reports.", _T),
        ],
    ),
    "GEN-03": (
        "New versions of standards in time and free of charge",
        [
            ("No duty to implement a new major version is overdue.", _D),
            ("The charger installs correctly signed firmware.", _T),
            ("The charger refuses firmware that was tampered with.", _T),
            ("Later updates arrive in time and free of charge.", _D),
        ],
    ),
    "GEN-04": (
        "Field audits on a sample",
        [("A field audit plan is agreed.", _D), ("The audits' results are within the agreed error rate.", _D)],
    ),
    "SC-04": (
        "Remote control of power in near real time",
        [
            ("The charger answers a new limit in time and accepts it.", _T),
            ("After a limit is lowered, the current at the meter stays below it within the response time.", _T),
            ("A limit of zero stops the power.", _T),
            ("Charging resumes when the limit is raised.", _T),
            ("A limit in watts is followed as well.", _T),
        ],
    ),
    "SC-05": (
        "Connected to the backend at least 98 % of the time",
        [
            ("After a loss of connection the charger reconnects by itself.", _T),
            ("Transaction data of the time offline is delivered.", _T),
            ("Over the agreed window the charger is connected at least 98 % of the time.", VerifiedBy.LOG_ANALYSIS),
        ],
    ),
    "SC-06": (
        "Cybersecurity",
        [
            ("The charger refuses a backend whose certificate names another host.", _T),
            ("The charger refuses a backend with an unknown certificate authority.", _T),
            ("Certificates for IEC 62443-4-1 and 62443-4-2 are in date.", _D),
        ],
    ),
    "SC-07": (
        "Safe charging by IEC 61851-1",
        [
            ("A certificate for IEC 61851-1 is in date.", _D),
            ("No voltage stands at the car's contacts in states A and B.", _T),
        ],
    ),
    "SC-08": (
        "DC charging by IEC 61851-23, ISO 15118-2 and DIN 70121",
        [("A certificate for IEC 61851-23 is in date.", _D)],
    ),
    "SC-09": (
        "OCPP 2.0.1 with all named modules",
        [
            ("The charger boots in the order that the standard sets.", _T),
            ("It reports its status at every change.", _T),
            ("The composite schedule equals an independent calculation.", _T),
            ("Every frame that the charger sends is valid OCPP.", _T),
        ],
    ),
    "SC-10": ("Charging profiles over OCPI in the backend", [("The backend passes charging profiles on.", _T)]),
    "SC-11": ("The grid operator can signal the backend", [("The backend receives the grid operator's signals.", _T)]),
    "PR-12": ("Local meter in the grid connection", [("The charger reads the meter in the grid connection.", _T)]),
    "PR-13": (
        "Energy management system over an open protocol",
        [("An open protocol to an energy management system exists.", _D)],
    ),
    "PR-14": ("National rules for private sites", [("Evidence for NTA 8043 is in date.", _D)]),
    "PR-15": (
        "The lowest of several limits wins",
        [
            ("With two limits from two sources the lower one binds.", _T),
            ("When the lower one is removed, power rises to the other.", _T),
        ],
    ),
    "BI-16": (
        "Discharging follows the same rules as charging",
        [
            ("A setpoint for discharging is followed within the response time.", _T),
            ("A setpoint of zero stops discharging.", _T),
        ],
    ),
    "BI-17": (
        "Visibly suited for bidirectional charging",
        [("A marking shows that the charge point is bidirectional.", _O)],
    ),
    "BI-18": (
        "The driver sees that the car is being discharged",
        [
            ("The light shows discharging while power flows to the grid.", _T),
            ("The light does not show discharging at any other time.", _T),
        ],
    ),
    "BI-19": (
        "ISO 15118-20 with bidirectional power transfer",
        [("Bidirectional DC in dynamic mode discharges.", _T), ("Sessions are protected by TLS 1.3.", _T)],
    ),
    "BI-20": (
        "OCPP 2.1 with bidirectional power transfer",
        [("The charger connects with OCPP 2.1.", _T), ("Discharging follows a central setpoint.", _T)],
    ),
    "BI-21": ("Grid connection by EN 50549-1", [("A certificate for EN 50549-1 is in date.", _D)]),
    "BI-22": ("National grid code", [("A declaration for the national grid code is in date.", _D)]),
}
OPERATION = {"GEN-03.4", "GEN-04.2", "SC-05.3"}
BACKEND = {"SC-10", "SC-11"}


def requirements() -> tuple[PlannedRequirement, ...]:
    """The 23 headings."""
    return tuple(
        PlannedRequirement(
            id=rid,
            title=title,
            obligation_text=f"What the tender asks in {rid}, in our own words: {title.lower()}.",
            source=f"SCALE D5.4, Annex 1, no. {int(rid[-2:])}",
            binds=("backend",) if rid in BACKEND else ("station",),
        )
        for rid, (title, _) in CONTENT.items()
    )


def criteria() -> tuple[PlannedCriterion, ...]:
    """All criteria as planned for a bidirectional station."""
    found = []
    for rid, (_, parts) in CONTENT.items():
        for n, (statement, by) in enumerate(parts, start=1):
            cid = f"{rid}.{n}"
            found.append(
                PlannedCriterion(
                    id=cid,
                    requirement=rid,
                    statement=statement,
                    verified_by=by,
                    obligation=Obligation.MANDATORY,
                    phase=Phase.OPERATION if cid in OPERATION else Phase.ACCEPTANCE,
                    applies=rid not in BACKEND,
                    reason="it binds the backend, and a station is what is bought"
                    if rid in BACKEND
                    else "public AC and DC",
                    clauses=("OCPP 2.0.1 K01.FR.31",) if rid == "SC-04" else (),
                    module="Smart Charging" if rid == "SC-09" else None,
                    due="2027-03-01" if cid in OPERATION else None,
                )
            )
    return tuple(found)


def purpose_of(criterion: str) -> str:
    """The one purpose that serves a tested criterion here: "SC-04.2" has "OCPP-SC04.P002"; "" for papers."""
    rid, _, part = criterion.rpartition(".")
    by = CONTENT[rid][1][int(part) - 1][1]
    return f"OCPP-{rid.replace('-', '')}.P{int(part):03d}" if by is _T else ""


def purposes() -> tuple[PlannedPurpose, ...]:
    """A purpose for each criterion that is tested."""
    return tuple(
        PlannedPurpose(
            id=purpose_of(c.id), statement=c.statement, answers_to=(f"K01.FR.{n}",), proven=True, proof="a defect"
        )
        for n, c in enumerate(criteria(), start=1)
        if purpose_of(c.id)
    )


def runs() -> tuple[PlannedRun, ...]:
    """Each purpose runs once, but those that bind the backend."""
    return tuple(
        PlannedRun(
            purpose=purpose_of(c.id),
            serves=(c.id,),
            case=f"case::{c.requirement.lower()}",
            run=c.applies,
            lacks="" if c.applies else "product",
            reason="" if c.applies else c.reason,
        )
        for c in criteria()
        if purpose_of(c.id)
    )
