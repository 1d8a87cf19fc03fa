"""Whether a run of a case was on what was meant: the delivered firmware, and the version of OCPP of its conditions."""

from __future__ import annotations

from collections.abc import Sequence

from harness.decision.identity._firmware import firmware, updating_cases
from harness.judge import Claim
from harness.plan import Plan, PlannedRun
from harness.trace import Trace


class Elsewhere:
    """What the trace tells of firmware and of the version that was spoken, asked for one run after the other."""

    def __init__(self, plan: Plan, trace: Trace) -> None:
        self._firmware = firmware(plan, trace)
        self._updating = updating_cases(plan)
        self._spoken = [
            (e.seq, version.removeprefix("ocpp"))
            for e in trace
            if e.kind == "ocpp.connection" and e.who == "dut" and e.data.get("state") == "open"
            for version in (e.data.get("subprotocol"),)
            if isinstance(version, str)
        ]

    def of(self, run: PlannedRun, began: int, claims: Sequence[Claim]) -> str:
        """How a run that began at an event, with these claims, was on something else; "" when it was not."""
        ran = self._firmware.at(began)
        if run.case not in self._updating and ran not in ("", self._firmware.delivered):
            return f"it ran on firmware {ran}, and the campaign is about {self._firmware.delivered}"
        for claim in claims:
            if claim.conditions != run.conditions:
                return f"it was run under other conditions ({claim.conditions or 'none'}) than it was planned for"
            spoken = self.spoken(claim.seq)
            if run.conditions.version and spoken not in ("", run.conditions.version):
                return f"the charger spoke OCPP {spoken}, and this is about OCPP {run.conditions.version}"
        return ""

    def spoken(self, seq: int) -> str:
        """The version of OCPP of the newest connection at an event; "" when none is known."""
        return next((version for opened, version in reversed(self._spoken) if opened <= seq), "")
