"""The outcome of verifying a bundle."""

from __future__ import annotations

import msgspec

from harness.evidence.bundle._model import DutIdentity
from harness.evidence.bundle._problem import Problem
from harness.evidence.verification._stated import Stated


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What verification found.

    `signer` is "known" (the key given is the one that signed), "unknown" (integrity only) or "none" (no valid
    signature). `decision` to `harness_version` are the signer's words, `stated` is recomputed from the trace and None
    where that could not be read. `rejudged` is "not asked", "agrees", "differs" or "not possible". `cannot` lists what
    this release is too old to check, and what nobody can rely upon.
    """

    schema: str = "chargeproof/verification/2"
    bundle: str
    sha256: str
    size_bytes: int
    files: int = 0
    events: int = 0
    problems: tuple[Problem, ...] = ()
    cannot: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    signer: str = "none"
    keyid: str = ""
    rejudged: str = "not asked"
    differences: tuple[str, ...] = ()
    decision: str = ""
    dut: DutIdentity | None = None
    tender: str = ""
    client: str = ""
    evaluation_date: str = ""
    emulated: bool = False
    partial: bool = False
    interrupted: bool = False
    harness_version: str = ""
    stated: Stated | None = None

    @property
    def ok(self) -> bool:
        """Whether everything that was asked for was checked and holds."""
        return not self.problems and not self.cannot and self.rejudged in ("not asked", "agrees")

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the evidence (some of it may not have been checkable by this release)."""
        return not self.problems and self.rejudged != "differs"
