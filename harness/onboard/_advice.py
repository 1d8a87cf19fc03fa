"""One thing that onboarding tells: what we see, what it means, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from harness.trace import Trace

Severity = Literal["good", "note", "problem"]
STARTED = "onboard.started"


@dataclass(frozen=True)
class Advice:
    """`topic` stays the same when the same thing happens again; `seq` is the first event that showed it.

    `severity`: "good" (a step that worked), "note" (works, but will cost a verdict or hides a surprise), "problem"
    (the charger does not get in). `settled`: it got in later, so the problem is over.
    """

    severity: Severity
    topic: str
    see: str
    means: str = ""
    do: str = ""
    seq: int = -1
    times: int = 1
    settled: bool = False


@dataclass(frozen=True)
class Told:
    """What the person was told to enter, and what we expect therefore; kept in the trace as `onboard.started`.

    `identity` None: any identity may come in. `other_ca_file` is the root of the other kind of key (EC or RSA).
    `addresses` are this computer's that are listened at, and `listen_wider` is what a person writes to listen at all of
    them; times are seconds.
    """

    url: str = "ws://localhost/ocpp"
    identity: str | None = None
    security_profile: int = 1
    port: int = 0
    path: str = "/ocpp"
    versions: tuple[str, ...] = ("ocpp2.1", "ocpp2.0.1")
    ca_file: str | None = None
    other_ca_file: str | None = None
    host_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    listen_wider: str = "--listen 0.0.0.0"
    clock_tolerance_s: float = 10.0
    nothing_after_s: float = 20.0
    silent_after_s: float = 30.0

    @property
    def scheme(self) -> str:
        """How the URL must begin."""
        return self.url.partition(":")[0]


def told(trace: Trace) -> Told:
    """What onboarding started with; the defaults when the trace does not say."""
    for event in trace.of(STARTED):
        return msgspec.convert(event.data, Told)
    return Told()
