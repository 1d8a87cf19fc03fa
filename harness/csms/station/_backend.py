"""What a station's handle needs of the CSMS that it belongs to, and an answer of the station that it goes to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from harness.csms._config import CsmsConfig
from harness.csms.door._purse import Spending
from harness.csms.files._files import FileServer
from harness.csms.station._exchange import Answer
from harness.trace import Event, Recorder

Payload = dict[str, Any]


@dataclass(frozen=True)
class CallError:
    """Answer a CALL with this CALLERROR instead of a result."""

    code: str
    description: str = ""


Reply = Payload | CallError | None  # None: say nothing at all


class Line(Protocol):
    """The connection of a station."""

    number: int
    version: str | None
    remote: str
    ended: tuple[str | None, str] | None
    cause: str | None

    @property
    def is_open(self) -> bool: ...
    @property
    def frozen(self) -> bool: ...
    def abort(self, who: str | None, reason: str) -> None: ...
    def send(self, text: str) -> bool: ...
    def close(self, code: int, reason: str) -> None: ...
    def cut(self, reason: str) -> int: ...


class Guard(Protocol):
    """Stands before every request: it may write down what is changed, or raise to keep it from being sent."""

    async def before(self, station: Any, action: str, payload: Payload) -> None: ...
    def after(self, action: str, payload: Payload, answer: Answer) -> None: ...


class Backend(Protocol):
    """The CSMS as its stations see it."""

    guard: Guard | None

    recorder: Recorder
    config: CsmsConfig
    files: FileServer
    changed: asyncio.Event
    allowed_energy_transfer: tuple[str, ...]

    def spending(self) -> Spending:
        """The purses of a charger that comes for the first time."""

    def now(self) -> str:
        """The time that stations are told."""

    def answerer(self, action: str) -> Answerer | None:
        """What answers `action`; None when a CSMS does not receive it."""

    def sign_later(self, station: Asking, payload: Payload) -> bool:
        """Sign the CSR of a SignCertificate and push the chain back; False when too many wait already."""


class Asking(Protocol):
    """A charging station to which an answer goes."""

    identity: str
    csms: Backend
    dynamic_schedules: dict[int, Payload]

    @property
    def version(self) -> str | None: ...
    def provoke(self, what: str, **how: Any) -> Event:
        """Record what is done wrong on purpose, before it is done."""

    async def certificate_signed(
        self,
        chain_pem: str,
        *,
        kind: str | None = ...,
        request_id: int | None = None,
        within_s: float | None = None,
    ) -> Answer:
        """Hand over a signed chain."""


Answerer = Callable[[Payload, Asking], Reply | Awaitable[Reply]]
