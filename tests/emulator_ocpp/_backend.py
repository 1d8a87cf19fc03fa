"""A raw WebSocket backend for these tests: it answers, remembers every frame, and checks each against the schemas."""

from __future__ import annotations

import asyncio
import json
import ssl
import uuid
from collections.abc import Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import ocpp
from websockets.asyncio.server import ServerConnection, serve

from harness.emulator.ocpp import OcppClient, StationConfig, SystemClock
from tests.emulator_ocpp._exercised import note
from tests.emulator_ocpp._plant import FakePlant

Json = dict[str, Any]
PASSWORD = "correct horse battery"
FOLDERS = {"ocpp2.0.1": "v201", "ocpp2.1": "v21"}


@cache
def schema(version: str, message: str) -> Any:
    """A validator straight from the schema files."""
    folder = Path(ocpp.__file__).parent / FOLDERS[version] / "schemas"
    return jsonschema_rs.validator_for(json.loads((folder / f"{message}.json").read_text("utf-8-sig")))


class Backend:
    """`calls` holds (action, payload) as they came; `faults` every frame that breaks the schemas."""

    def __init__(self, version: str = "ocpp2.1") -> None:
        self.version = version
        self.calls: list[tuple[str, Json]] = []
        self.frames: list[list[Any]] = []
        self.faults: list[str] = []
        self.answers: dict[str, Any] = {}
        self.sockets: list[ServerConnection] = []
        self.headers: list[Any] = []
        self.refuse_status: int | None = None
        self.interval = 300
        self._asked: dict[str, tuple[str, asyncio.Future[list[Any]]]] = {}
        self._news = asyncio.Event()
        self.port = 0

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None, port: int = 0) -> Any:
        """Serve on 127.0.0.1."""

        def screen(connection: ServerConnection, request: Any) -> Any:
            self.headers.append(request.headers)
            if self.refuse_status is not None:
                return connection.respond(self.refuse_status, "no\n")
            return None

        options: Json = {"subprotocols": [self.version], "ssl": tls, "process_request": screen, "close_timeout": 0.3}
        async with serve(self._serve, "127.0.0.1", port, **options) as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            yield self

    async def _serve(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        self._news.set()
        async for raw in socket:
            frame = json.loads(raw)
            self.frames.append(frame)
            if frame[0] == 2:
                fits = self._check(f"{frame[2]}Request", frame[3])
                self.calls.append((frame[2], frame[3]))
                answer = self._answer(frame[2], frame[3])
                if fits and isinstance(answer, dict):
                    note(frame[2], self.version, "sent")
                if answer is not None:
                    await socket.send(
                        json.dumps([3, frame[1], answer] if isinstance(answer, dict) else answer(frame[1]))
                    )
            elif frame[0] in (3, 4) and frame[1] in self._asked:
                action, future = self._asked.pop(frame[1])
                if frame[0] == 3 and self._check(f"{action}Response", frame[2]):
                    note(action, self.version, "answered")
                if not future.done():
                    future.set_result(frame)
            self._news.set()

    def _answer(self, action: str, payload: Json) -> Any:
        if action in self.answers:
            special = self.answers[action]
            return special(payload) if callable(special) else special
        if action == "BootNotification":
            return self.boot_answer("Accepted")
        if action == "Heartbeat":
            return {"currentTime": _now()}
        if action in ("Authorize",):
            return {"idTokenInfo": {"status": "Accepted"}}
        if action == "TransactionEvent" and "idToken" in payload:
            return {"idTokenInfo": {"status": "Accepted"}}
        if action in ("SignCertificate", "NotifyEVChargingNeeds", "NotifyEVChargingSchedule", "DataTransfer"):
            return {"status": "Accepted"}
        return {}

    def boot_answer(self, status: str, interval: int | None = None) -> Json:
        """A BootNotificationResponse."""
        return {"currentTime": _now(), "interval": self.interval if interval is None else interval, "status": status}

    def _check(self, message: str, payload: Json) -> bool:
        wrong = list(schema(self.version, message).iter_errors(payload))
        self.faults += [f"{message}: {error.message} at {error.instance_path}" for error in wrong]
        return not wrong

    async def call(self, action: str, payload: Json, *, raw: str | None = None) -> list[Any]:
        """Send a CALL; returns the whole answering frame."""
        unique = str(uuid.uuid4())
        future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._asked[unique] = (action, future)
        await self.sockets[-1].send(raw or json.dumps([2, unique, action, payload]))
        return await asyncio.wait_for(future, 5)

    async def ask(self, action: str, payload: Json) -> Json:
        """Send a CALL; returns the CALLRESULT's payload."""
        frame = await self.call(action, payload)
        assert frame[0] == 3, frame
        return frame[2]

    async def expect(
        self, action: str, where: Callable[[Json], bool] = lambda _: True, *, after: int = 0, bound_s: float = 5
    ) -> Json:
        """Wait for a CALL that fits, from the `after`th on."""
        end = asyncio.get_running_loop().time() + bound_s
        while True:
            for name, payload in self.calls[after:]:
                if name == action and where(payload):
                    return payload
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                raise AssertionError(
                    f"no fitting {action} within {bound_s} s; came {[c[0] for c in self.calls[after:]]}"
                )
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                continue

    def of(self, action: str) -> list[Json]:
        """The payloads of one action so far."""
        return [payload for name, payload in self.calls if name == action]


@asynccontextmanager
async def station(backend: Backend, folder: Path, plant: FakePlant | None = None, **options: Any) -> Any:
    """A running station against `backend`; yields (client, plant) once it was accepted, unless `wait` is False."""
    plant = plant or FakePlant()
    wait = options.pop("wait", True)
    options.setdefault("url", f"ws://127.0.0.1:{backend.port}/ocpp")
    options.setdefault("basic_auth_password", PASSWORD)
    options.setdefault("reboot_s", 0.05)
    options.setdefault("install_s", 0.05)
    quick = {"OCPPCommCtrlr.RetryBackOffWaitMinimum": "0", "OCPPCommCtrlr.RetryBackOffRandomRange": "0"}
    options["variables"] = {**quick, **options.get("variables", {})}
    client = OcppClient(StationConfig(**options), plant, SystemClock(), folder)
    task = asyncio.create_task(client.run())
    try:
        if wait:
            await backend.expect("SecurityEventNotification", lambda p: p["type"] == "StartupOfTheDevice")
        yield client, plant
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
