"""Roots to offer to a charger: one as it should be, and those that it must refuse (M05)."""

from __future__ import annotations

from harness.csms.pki._issuing import new_authority, pem

NAME = "Chargeproof root to be deleted again"
GARBAGE = "-----BEGIN CERTIFICATE-----\nTm90IGEgY2VydGlmaWNhdGUu\n-----END CERTIFICATE-----\n"


def offered_root(how: str = "", kind: str = "ec") -> str:
    """A new root as PEM: "" as it should be, "expired", or "garbage" that is no certificate.

    Raises ValueError for another way.
    """
    if how not in ("", "expired", "garbage"):
        raise ValueError(f"a root is offered as it should be, expired or as garbage, not {how!r}")
    if how == "garbage":
        return GARBAGE
    days = (800, -30) if how == "expired" else (1, 3650)
    return pem(new_authority(NAME, kind, days=days).certificate)
