"""What a check is worth: the digest of the judges behind a purpose or rule, and whether its proof is of these."""

from harness.proofs._digest import judges_digest, known_judges, proof_digest, rule_digest
from harness.proofs._state import ProofState, digest_of, proven, state_of, states

__all__ = [
    "ProofState",
    "digest_of",
    "judges_digest",
    "known_judges",
    "proof_digest",
    "proven",
    "rule_digest",
    "state_of",
    "states",
]
