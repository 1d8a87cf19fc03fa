"""The charger's client certificate: it asks for one with a key of its own, and we sign it (A02)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from harness.csms import Csms, NotSeen, Station
from harness.trace import Event, Recorder

_ASKED = "TriggerMessage for SignChargingStationCertificate"


async def give_certificate(csms: Csms, recorder: Recorder, station: Station, within_s: float) -> str | None:
    """Let the charger ask for its certificate and hand it over; None when it took it, else why not, with its words."""
    before = len(recorder.events) - 1
    answer = await station.trigger_message("SignChargingStationCertificate")
    if answer.timed_out:
        return f"it does not answer {_ASKED}"
    if not answer.accepted:
        said = answer.status or f"the error {answer.error_code}"
        return f"it answers {_ASKED} with {said}{_reason(answer.payload, answer.error_description)}"

    def handed_over(event: Event) -> bool:
        answered = (event.data.get("action"), event.data.get("dir")) == ("CertificateSigned", "in")
        return event.kind == "ocpp.frame" and answered

    try:
        found = await csms.until_event(handed_over, "its answer to CertificateSigned", within_s, before)
    except NotSeen as error:
        return str(error)
    message = json.loads(str(found.data.get("raw")))
    payload = message[2] if message[0] == 3 and isinstance(message[2], dict) else {}
    if payload.get("status") == "Accepted":
        return None
    return f"it refused the certificate that we signed{_reason(payload, message[3] if message[0] == 4 else None)}"


def _reason(payload: Mapping[str, Any], description: str | None = None) -> str:
    """The reason a charger gave: a StatusInfoType's code and text, or an error's description; empty for none."""
    info = payload.get("statusInfo")
    given = [info.get("reasonCode"), info.get("additionalInfo")] if isinstance(info, dict) else [description]
    words = ": ".join(str(each) for each in given if each)
    return f" ({words})" if words else ""
