"""Who issued a paper and who read it: an accredited body, a number, a reviewer; fields that are checked, not prose."""

from __future__ import annotations

import re
from typing import Any

from harness.judge import Verdict

PRODUCT_CERTIFICATION = "17065"  # ISO/IEC 17065: bodies that certify products
_BY_A_BODY = ("certificate", "programme_evidence", "test_report")
_PREFIXES = (  # of the national editions of an ISO standard
    "BDS", "BS", "CSN", "CYS", "DIN", "DS", "ELOT", "EVS", "HRN", "ILNAS", "LST", "LVS", "MSZ", "NBN", "NEN", "NF",
    "NP", "NS", "OENORM", "ÖNORM", "PN", "SFS", "SIST", "SN", "SR", "SS", "STN", "UNE", "UNI", "ČSN",
)  # fmt: skip
_STANDARD = re.compile(
    rf"(?:(?:{'|'.join(_PREFIXES)})[ -])?(?:EN[ -])?ISO(?:/IEC)?[ -](?P<number>\d{{4,5}})(?:[:-]\d+)*", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:,|;|&|\band\b)\s*")


def accreditations(text: str) -> list[str]:
    """The numbers of the standards a body is accredited by: "ISO/IEC 17065:2012 and ISO/IEC 17025" names two.

    [] when the text holds anything but names of ISO standards: "not ISO/IEC 17065" says nothing that can be relied on.
    """
    found = [_STANDARD.fullmatch(" ".join(part.split())) for part in _BETWEEN.split(text.strip())]
    return [match["number"] for match in found if match] if all(found) else []


def says_something(text: object) -> bool:
    """Whether a text has a letter or a digit: a dash or a blank fills no field."""
    return isinstance(text, str) and any(character.isalnum() for character in text)


def issuer_complaints(data: dict[str, Any]) -> list[tuple[Verdict, str]]:
    """What is wrong with a paper's issuer, its number and its reviewer, whatever it is to prove."""
    return [*_body(data), *_number(data), *_reviewer(data)]


def _body(data: dict[str, Any]) -> list[tuple[Verdict, str]]:
    body = data.get("body") or {}
    name = body.get("name")
    if data["kind"] in _BY_A_BODY and not says_something(name):
        said = "whether its body is accredited by ISO/IEC 17065" if data["kind"] == "certificate" else "who issued it"
        return [(Verdict.INCONCLUSIVE, f"does not say {said}")]
    if data["kind"] in ("certificate", "programme_evidence") and _one(name) == _one(data.get("vendor")):
        return [(Verdict.FAIL, f"was issued by the maker itself ({name}), and an independent body is asked for")]
    if data["kind"] == "certificate":
        return _accredited(body.get("accredited_for"))
    if data["kind"] == "agreement":
        signed = {_one(each) for each in data.get("signed_by", []) if says_something(each)}
        return [] if len(signed) >= 2 else [(Verdict.INCONCLUSIVE, "is not signed by both client and contractor")]
    return []


def _accredited(text: object) -> list[tuple[Verdict, str]]:
    if not isinstance(text, str) or not says_something(text):
        return [(Verdict.INCONCLUSIVE, "does not say whether its body is accredited by ISO/IEC 17065")]
    numbers = accreditations(text)
    if not numbers:
        wrong = f"says of its body's accreditation {text!r}, and not by which standard alone (ISO/IEC 17065)"
        return [(Verdict.INCONCLUSIVE, wrong)]
    if PRODUCT_CERTIFICATION not in numbers:
        return [(Verdict.FAIL, f"comes from a body accredited by {text}, not by ISO/IEC 17065")]
    return []


def _number(data: dict[str, Any]) -> list[tuple[Verdict, str]]:
    if data["kind"] not in _BY_A_BODY or says_something(data.get("number")):
        return []
    return [(Verdict.INCONCLUSIVE, "has no number by which its issuer could be asked for it (number)")]


def _reviewer(data: dict[str, Any]) -> list[tuple[Verdict, str]]:
    if not says_something(data.get("reviewed_by")):
        return [(Verdict.INCONCLUSIVE, "names nobody who read it (reviewed_by)")]
    if _one(data.get("reviewed_by")) in {_one(data.get("vendor")), _one((data.get("body") or {}).get("name"))}:
        return [(Verdict.INCONCLUSIVE, f"was read by {data['reviewed_by']}, who made or issued it")]
    return []


def _one(text: object) -> str | None:
    """A name to compare by; None where there is none, which is never equal to a name that says something."""
    return " ".join(text.casefold().split()) if isinstance(text, str) and says_something(text) else None
