"""F06: what the station agrees to send when it is asked to, it sends, and it tells how things are."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from test_cases.ocpp._asked import EVSE, named


@dataclass(frozen=True)
class Sent:
    """A message that is asked for, of the EVSE under test where `at_evse`, and what it has to hold."""

    message: str
    holds: dict[str, Any] = field(default_factory=dict)
    at_evse: bool = False
    configured: tuple[str, str] | None = None  # the measurands; where none are configured there is nothing to tell


_TRIGGERED = {"context": "Trigger"}
_ROWS = {
    "OCPP-F06.P121": Sent("LogStatusNotification", {"status": "Idle"}),
    "OCPP-F06.P122": Sent(
        "MeterValues",
        {"evseId": EVSE, "meterValue": {"sampledValue": _TRIGGERED}},
        at_evse=True,
        configured=("AlignedDataCtrlr", "Measurands"),
    ),
    "OCPP-F06.P123": Sent(
        "TransactionEvent",
        {
            "triggerReason": "Trigger",
            "transactionInfo": {"chargingState": "Charging"},
            "meterValue": {"sampledValue": _TRIGGERED},
        },
        at_evse=True,
        configured=("SampledDataCtrlr", "TxUpdatedMeasurands"),
    ),
}
_PURPOSES = [
    pytest.param("OCPP-F06.P121", marks=serves("OCPP-F06.P121"), id="OCPP-F06.P121"),
    pytest.param("OCPP-F06.P122", marks=serves("OCPP-F06.P122"), id="OCPP-F06.P122"),
    pytest.param("OCPP-F06.P123", marks=serves("OCPP-F06.P123"), id="OCPP-F06.P123"),
]


@pytest.mark.parametrize("purpose", _PURPOSES)
async def test_what_it_agrees_to_send_it_sends(stand: Stand, purpose: str) -> None:
    """Asked for a message, it agrees and sends it; where it refuses, as it may (F06.FR.05), nothing is shown."""
    row, evse = _ROWS[purpose], stand.pixit.evse_id
    async with stand.step(f"ask for {row.message}"):
        if row.configured and await stand.settings.read(*row.configured) == "":
            return
        asked = await stand.station.trigger_message(row.message, evse if row.at_evse else None)
        if asked.accepted:
            await stand.if_it_comes(stand.station.expect(row.message, since=asked.call, within_s=30))
            await stand.quiet(within_s=3)
    stand.claim.control(answers.says, call=asked.call, accept=["Accepted"])
    stand.claim(answers.tells, since=asked.call, action=row.message, holds=named(stand, row.holds))
