"""What the hands reach into: the open points of control and observation, the profile and the recorder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.bench import Bench, BenchError
from harness.csms import Csms
from harness.hands._v2g import V2g
from harness.operator import Operator
from harness.owed import Debts
from harness.profile import Pixit, Profile
from harness.trace import Recorder


@dataclass
class Ports:
    """The ports of one campaign. What the profile does not name stays None, and asking for it raises BenchError.

    `profile_folder` is where the profile's relative paths begin, `evidence` the folder that is sealed.
    `emulator_ready` is what the emulated charger said of itself when it was up.
    """

    recorder: Recorder
    profile: Profile
    profile_folder: Path
    evidence: Path
    open_csms: Csms | None = None
    open_bench: Bench | None = None
    open_operator: Operator | None = None
    open_v2g: V2g | None = None
    emulator_ready: dict[str, Any] = field(default_factory=dict)
    restart: Callable[[], None] | None = None  # starts the emulated charger anew; blocks, for another thread
    evse: int = 0  # under test now; 0: the profile's
    owed: Debts = field(default_factory=Debts)  # what this run has to put back into the charger

    @property
    def captures(self) -> Path:
        """Where captures go: with the private journal where there is one, as they hold the same octets."""
        private = self.evidence.parent / "private"
        return (private if not self.profile.product.emulated and private.is_dir() else self.evidence) / "v2g"

    @property
    def station(self) -> str | None:
        """The identity of the charging station under test; None where there is none."""
        under_test = self.profile.product.role == "station" and self.profile.pco.csms is not None
        return self.profile.pixit.identity if under_test else None

    @property
    def pixit(self) -> Pixit:
        """The values that the profile gives for the EVSE under test."""
        return self.profile.pixit.at(self.evse)

    @property
    def csms(self) -> Csms:
        """Our backend role."""
        if self.open_csms is None:
            raise BenchError("csms", None, "the profile gives no backend connection (pco.csms)")
        return self.open_csms

    @property
    def bench(self) -> Bench:
        """The instruments by role, at the EVSE under test."""
        if self.open_bench is None:
            raise BenchError("bench", None, "the bench is not open")
        return self.open_bench.at(self.evse)

    @property
    def operator(self) -> Operator:
        """The person at the charger."""
        if self.open_operator is None:
            raise BenchError("operator", None, "nobody is there (pco.operator)")
        return self.open_operator

    @property
    def v2g(self) -> V2g:
        """Our car's side of ISO 15118."""
        if self.open_v2g is None:
            raise BenchError("ev", None, "the bench has no car that speaks ISO 15118 (pco.ev)")
        return self.open_v2g

    def has_instrument(self, role: str) -> bool:
        """Whether the bench plays a role ("meter", "pilot") at the EVSE under test."""
        return self.open_bench is not None and self.open_bench.at(self.evse).has(role)
