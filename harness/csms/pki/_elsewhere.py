"""Roots that a charger is given for another purpose than its backend, and a server certificate below them (A00)."""

from __future__ import annotations

from cryptography.hazmat.primitives import serialization

from harness.csms.pki._issuing import KINDS, ORGANIZATION, PublicKey, issue, new_authority, pem
from harness.csms.pki._pki import ELSEWHERE, Pki

_NAME = "Chargeproof root for another purpose"


def roots_for_elsewhere(pki: Pki, host_names: tuple[str, ...]) -> tuple[str, ...]:
    """New roots as PEM, one of each kind of key; the server shows certificates below them in scenario ELSEWHERE.

    But for the root they are as the right server's: host, key and dates.
    """
    roots = []
    for kind in KINDS:
        above = new_authority(_NAME, kind)
        key = serialization.load_pem_private_key((pki.folder / f"server-{kind}.key").read_bytes(), None)
        public: PublicKey = key.public_key()  # type: ignore[assignment]  # our own, of one of KINDS
        made = issue(above, public, host_names[0], ORGANIZATION, names=host_names)
        (pki.folder / f"{ELSEWHERE}-{kind}.pem").write_text(pem(made) + above.chain_pem)
        roots.append(pem(above.certificate))
    return tuple(roots)
