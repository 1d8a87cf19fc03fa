"""What a check is worth: the digest of the judges behind a purpose, and whether its proof is of these very judges."""

from harness.proofs._digest import judges_digest, known_judges, proof_digest
from harness.proofs._state import ProofState, state_of, states

__all__ = ["ProofState", "judges_digest", "known_judges", "proof_digest", "state_of", "states"]
