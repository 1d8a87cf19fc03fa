"""What a charger lists as installed, against what it listed before."""

from __future__ import annotations

from harness.csms import Answer


def newly_installed(before: Answer, after: Answer) -> list[dict[str, object]]:
    """The hash data of the certificates that the second of two lists of installed ones has, and the first has not."""
    known, told = _listed(before), _listed(after)
    return [each for each in told if each not in known]


def _listed(answer: Answer) -> list[dict[str, object]]:
    return [each.get("certificateHashData") for each in answer.payload.get("certificateHashDataChain") or []]
