"""The words a buyer of chargers reads: verdicts, confidences, proofs and obligations in plain English."""

from __future__ import annotations

from dataclasses import dataclass

from harness.judge import Verdict
from requirement_catalog import Confidence, Conformance, Depth, Obligation, Phase, VerifiedBy


@dataclass(frozen=True)
class VerdictWord:
    """How one verdict is shown: its word, a short gloss, and a full explanation where the tender changes none."""

    verdict: Verdict
    word: str
    gloss: str
    meaning: str = ""  # what hangs on the tender's decision rule stands with the page's glossary

    @property
    def style(self) -> str:
        """CSS class and icon name."""
        return str(self.verdict).replace("_", "-")


VERDICTS: dict[Verdict, VerdictWord] = {
    w.verdict: w
    for w in (
        VerdictWord(
            Verdict.PASS,
            "Pass",
            "proven",
        ),
        VerdictWord(
            Verdict.FAIL,
            "Fail",
            "not met",
        ),
        VerdictWord(
            Verdict.INCONCLUSIVE,
            "Inconclusive",
            "not proven either way",
        ),
        VerdictWord(
            Verdict.PENDING,
            "Pending",
            "waiting",
            "A person or a paper is awaited. Nothing is known yet.",
        ),
        VerdictWord(
            Verdict.ERROR,
            "Error",
            "test equipment at fault",
            "The test bench, the software or the surroundings failed. This says nothing about the charger; the test "
            "has to be repeated.",
        ),
        VerdictWord(
            Verdict.NOT_APPLICABLE,
            "Not applicable",
            "does not apply",
            "The tender does not ask this of this kind of product, or the standard leaves the function optional and "
            "the charger does not offer it.",
        ),
    )
}

WORST_FIRST = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.INCONCLUSIVE,
    Verdict.PENDING,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
)

CONFIDENCES: dict[Confidence, tuple[str, str]] = {
    Confidence.CONFIRMED: ("confirmed", "Somebody read the number in the standard or in the contract."),
    Confidence.CONTRACT_DEFAULT: (
        "not agreed by a client",
        "Our own proposal for a number that the tender leaves to the parties. It decides until client and contractor "
        "agree on another.",
    ),
    Confidence.CORROBORATED: ("two sources agree", "Two independent public sources give the same number. It decides."),
    Confidence.SECONDARY: (
        "one public source",
        "Only one public source gives the number. It decides nothing until somebody confirms it.",
    ),
    Confidence.RECALLED: (
        "from memory",
        "Nobody has looked the number up yet. It decides nothing until somebody confirms it.",
    ),
}

PROOFS: dict[str, str] = {
    VerifiedBy.TEST: "Test",
    VerifiedBy.DOCUMENT_REVIEW: "Document",
    VerifiedBy.OPERATOR_INSPECTION: "Inspection",
    VerifiedBy.LOG_ANALYSIS: "Log analysis",
    "": "Not proven",
}

OBLIGATIONS: dict[Obligation, str] = {
    Obligation.MANDATORY: "Mandatory",
    Obligation.WISH: "Wish",
    Obligation.INFORMATION: "For information",
}

PHASES: dict[Phase, str] = {Phase.ACCEPTANCE: "before go-live", Phase.OPERATION: "in operation"}

DEPTHS: dict[Depth, tuple[str, str]] = {
    Depth.SHORT: ("short", "each mandatory criterion is proven once"),
    Depth.ACCEPTANCE: ("acceptance", "what the tender asks, in each declared version and service, on one EVSE"),
    Depth.THOROUGH: ("thorough", "everything the suites hold, on every EVSE"),
}

CONFORMANCES: dict[Conformance, str] = {
    Conformance.MANDATORY: "",
    Conformance.CONDITIONAL: "conditional in the standard",
    Conformance.OPTIONAL: "optional in the standard",
}

LACKS: dict[str, str] = {
    "product": "For another kind of product",
    "declared": "Declared unsupported by the supplier",
    "evse": "Not at this EVSE, as its supplier declares; a standard leaves that open",
    "owed": "This EVSE is declared not to have it, and owes it",
    "pco": "The bench lacked what it needs",
    "choice": "Left out by a person",
    "case": "No test case serves it yet",
    "stand-in": "The purpose that it would stand in for ran itself",
}

FAMILIES: dict[str, str] = {
    "GEN": "Generic requirements",
    "SC": "Smart charging",
    "PR": "Private sites",
    "BI": "Bidirectional charging",
}

ACTORS: dict[str, str] = {
    "dut": "the charger",
    "caller": "whoever connected",
    "harness": "the test system",
    "ev": "the test system's car",
    "operator": "the operator",
}


SORTS: dict[str, str] = {  # of what was tested
    "emulated": "Emulated: a program, no charger",
    "program": "A program on the bench's own computer",
    "elsewhere": "A charger that connected from elsewhere",
    "nothing": "None: nothing in the trace came from a charger",
}


def actor(who: str) -> str:
    """Who acted, in words: "dut" is the charger, "bench.meter" the bench's meter."""
    if who.startswith("bench."):
        return f"the bench's {who.removeprefix('bench.').replace('_', ' ')}"
    return ACTORS.get(who, who)


def family(requirement: str) -> str:
    """The heading a requirement stands under, from its id."""
    prefix = requirement.split("-", 1)[0]
    return FAMILIES.get(prefix, prefix)
