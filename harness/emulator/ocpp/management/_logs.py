"""GetLog: a small diagnostics or security log, uploaded where the CSMS wants it (use case N01)."""

from __future__ import annotations

import asyncio
import urllib.parse

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer, CallFailed, Offline
from harness.emulator.ocpp.management import _transfer
from harness.emulator.ocpp.provisioning._model import Json


class Logs:
    """One upload at a time; a new request cancels the one under way."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._task: asyncio.Task[None] | None = None
        self._request_id: int | None = None

    @property
    def uploading(self) -> bool:
        """Whether an upload is under way."""
        return self._task is not None and not self._task.done()

    @answers("GetLog")
    def get_log(self, request: Json) -> Answer | Json:
        """Answer with the file's name, then upload."""
        if request["logType"] == "DataCollectorLog":
            return {"status": "Rejected", "statusInfo": {"reasonCode": "UnsupportedParam"}}
        cancelled = self.uploading
        name = f"{self._client.config.identity}-{request['logType']}-{request['requestId']}.log"

        def begin() -> None:
            if self.uploading and self._task is not None:
                self._task.cancel()
                self.tell("AcceptedCanceled")
            self._request_id = request["requestId"]
            self._task = self._client.spawn(self._upload(request, name), "log upload")

        return Answer({"status": "AcceptedCanceled" if cancelled else "Accepted", "filename": name}, begin)

    def content(self, kind: str) -> bytes:
        """The log as text."""
        client = self._client
        lines = list(client.security.log) if kind == "SecurityLog" else self._diagnostics()
        return ("\n".join(lines) + "\n").encode()

    def tell(self, status: str) -> None:
        """LogStatusNotification for the running request."""
        payload: Json = {"status": status}
        if self._request_id is not None:
            payload["requestId"] = self._request_id
        self._client.outbox.put("LogStatusNotification", payload, keep=True)

    async def send_triggered(self) -> None:
        """F06.FR.14, .15."""
        payload: Json = {"status": "Uploading" if self.uploading else "Idle"}
        if self.uploading and self._request_id is not None:
            payload["requestId"] = self._request_id
        try:
            await self._client.call("LogStatusNotification", payload, triggered=True)
        except (CallFailed, Offline):
            return

    async def _upload(self, request: Json, name: str) -> None:
        self.tell("Uploading")
        base = request["log"]["remoteLocation"]
        if urllib.parse.urlsplit(base).scheme not in ("http", "https"):
            self.tell("NotSupportedOperation")
            return
        url = f"{base.rstrip('/')}/{name}"
        roots = self._client.certificates.roots("CSMSRootCertificate")
        for attempt in range(request.get("retries", 0) + 1):
            if attempt:
                await asyncio.sleep(request.get("retryInterval", 1))
            try:
                await _transfer.upload(url, self.content(request["logType"]), roots=roots)
            except _transfer.TransferFailed:
                continue
            self.tell("Uploaded")
            return
        self.tell("UploadFailure")

    def _diagnostics(self) -> list[str]:
        client = self._client
        return [
            f"{client.time.text()} station {client.config.identity} firmware {client.firmware.version}",
            f"version {client.model.version}, registration {client.provisioning.status or 'none'}",
            f"limits {client.smart_charging.limits}",
            f"profiles installed {len(client.smart_charging.profiles)}, messages waiting {len(client.outbox)}",
        ]
