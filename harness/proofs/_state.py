"""Whether a purpose or a rule was once seen red and green by the very judges that are installed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from harness.proofs._digest import proof_digest, rule_digest
from requirement_catalog import Proof, Purpose, Rule

ProofState = Literal["proven", "unproven", "stale"]


def state_of(item: Purpose | Rule, proofs: Mapping[str, Proof]) -> ProofState:
    """`proven`: red and green were seen; `stale`: by other judges or of another revision; else `unproven`.

    Raises KeyError for a judge that nobody knows, and for a rule that nobody wrote.
    """
    proof = proofs.get(item.id)
    if proof is None or not (proof.red and proof.green):
        return "unproven"
    return "proven" if proof.digest == digest_of(item) else "stale"


def digest_of(item: Purpose | Rule) -> str:
    """What its proof is worth as long as it stays the same. Raises KeyError likewise."""
    return rule_digest(item) if isinstance(item, Rule) else proof_digest(item.judges, item.revision)


def states(items: Iterable[Purpose | Rule], proofs: Mapping[str, Proof]) -> dict[str, ProofState]:
    """The state of each purpose and rule by its id, in the given order."""
    return {item.id: state_of(item, proofs) for item in items}


def proven(items: Iterable[Purpose | Rule], proofs: Mapping[str, Proof]) -> dict[str, str]:
    """By what each was seen red and green, where it was by the very judges that are installed; others are not in it."""
    known = states(items, proofs)
    return {id: f"red: {proofs[id].red}; green: {proofs[id].green}" for id in known if known[id] == "proven"}
