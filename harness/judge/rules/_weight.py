"""What a rule's word is worth: the one table that a campaign's decision and the judging of a log both go by."""

from __future__ import annotations

from typing import Literal

Weight = Literal["decides", "read once", "recalled", "unproven"]
ADVISORY: dict[Weight, str] = {
    "decides": "",
    "read once": "the rule rests on one reading of the standard",
    "recalled": "the standard's own text was not at hand when it was read",
    "unproven": "its check was never seen to turn red",
}


def weight(readings: int, proven: bool, known: bool = True) -> Weight:
    """`decides` only what was read twice, apart, and was seen red and green by the very rule that is installed.

    `known`: what it was read from is the standard itself, or as good (the rule's confidence decides).
    """
    if readings < 2:
        return "read once"
    if not known:
        return "recalled"
    return "decides" if proven else "unproven"
