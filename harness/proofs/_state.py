"""Whether a purpose was once seen red and green by the very judges that are installed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from harness.proofs._digest import proof_digest
from requirement_catalog import Proof, Purpose

ProofState = Literal["proven", "unproven", "stale"]


def state_of(purpose: Purpose, proofs: Mapping[str, Proof]) -> ProofState:
    """`proven`: red and green were seen; `stale`: by other judges or of another revision; else `unproven`.

    Raises KeyError for a judge that nobody knows.
    """
    proof = proofs.get(purpose.id)
    if proof is None or not (proof.red and proof.green):
        return "unproven"
    return "proven" if proof.digest == proof_digest(purpose.judges, purpose.revision) else "stale"


def states(purposes: Iterable[Purpose], proofs: Mapping[str, Proof]) -> dict[str, ProofState]:
    """The state of each purpose by its id, in the given order."""
    return {purpose.id: state_of(purpose, proofs) for purpose in purposes}
