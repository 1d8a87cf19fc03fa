"""What a rule's word is worth: the one table that a campaign's decision and the judging of a log both go by."""

from __future__ import annotations

from typing import Literal

Weight = Literal["decides", "read once", "unproven"]
ADVISORY: dict[Weight, str] = {
    "decides": "",
    "read once": "the rule rests on one reading of the standard",
    "unproven": "its check was never seen to turn red",
}


def weight(readings: int, proven: bool) -> Weight:
    """`decides` only what was read twice, apart, and was seen red and green by the very rule that is installed."""
    if readings < 2:
        return "read once"
    return "decides" if proven else "unproven"
