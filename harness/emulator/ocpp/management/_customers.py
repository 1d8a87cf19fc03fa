"""What the station keeps about a driver: told, and forgotten, when the backend asks (use cases N09, N10)."""

from __future__ import annotations

import json

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer, rejected
from harness.emulator.ocpp.provisioning._model import Json

_REFERENCES = ("idToken", "customerCertificate", "customerIdentifier")
_MOST = 512  # characters of one part


class Customers:
    """Of a driver it keeps what is in its authorization cache, and nothing else."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @answers("CustomerInformation")
    def customer_information(self, request: Json) -> Answer | Json:
        """N09 and N10: exactly one reference; told, cleared, or both; never without a word."""
        if sum(name in request for name in _REFERENCES) != 1:
            return {"status": "Invalid"}
        if not request["report"] and not request["clear"]:
            return rejected("InvalidValue")
        known = self._client.authorization.kept(request.get("idToken"), forget=request["clear"])
        text = json.dumps(known, sort_keys=True) if known else "no data"
        if request["clear"] and not request["report"]:
            text = "cleared"
        return Answer({"status": "Accepted"}, lambda: self._tell(request["requestId"], text))

    async def _tell(self, request_id: int, text: str) -> None:
        parts = [text[at : at + _MOST] for at in range(0, len(text), _MOST)]
        for number, part in enumerate(parts):
            payload: Json = {"requestId": request_id, "generatedAt": self._client.time.text(), "seqNo": number}
            payload |= {"tbc": number + 1 < len(parts), "data": part}
            await self._client.call("NotifyCustomerInformation", payload, triggered=True)
