"""The exit codes of every command, as docs/compatibility.md promises them."""

from __future__ import annotations

from enum import IntEnum

from harness.judge import CampaignResult


class Exit(IntEnum):
    """What a command's end means to the shell, the build server, the script that called it."""

    GO = (
        0  # GO; a selection whose criteria all pass; the evidence holds and its signer is known; what was asked is done
    )
    HOLD = 1  # HOLD; the evidence does not hold; the bench is not ready; no charger got in
    REFUSED = 2  # input or surroundings refused, or what this version cannot check
    OURS = 3  # a fault of chargeproof itself
    UNKNOWN = 4  # the evidence holds, and nobody has shown who signed it; of a log nothing was exercised
    BROKEN_OFF = 130  # by a person or a signal, sealed and restored as far as it went


def decided(result: CampaignResult) -> Exit:
    """The exit code of a decision; one that this version does not know is never a GO."""
    if result.decision == "GO":
        return Exit.GO
    narrowed = result.decision == "SELECTION" and not result.interrupted
    return Exit.GO if narrowed and not result.reasons else Exit.HOLD
