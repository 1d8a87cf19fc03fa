"""Chargers that can be lost, and the moments at which they go."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.owed.charger import OwnCharger
from tests.thorough._losable import FROM_THE_START, WAY

Event = dict[str, Any]
ENDS_WITHIN_S = 300.0  # and one named wait
BOOTS_ONLY_WITHIN_S = 600.0
_FIRST = ("-r", "PR-15", "-r", "SC-04", "-r", "SC-07", "-r", "SC-09")


@dataclass(frozen=True)
class Moment:
    """When the charger goes, and how. `now` looks at the events so far, the newest last.

    `way`: `killed` and `frozen` take the bench along (one process has both); the others stand in `_losable`.
    """

    name: str
    way: str
    now: Callable[[Sequence[Event]], bool]
    chosen: tuple[str, ...] = ()  # none: the whole tender at depth thorough, else these at depth short
    within_s: float = ENDS_WITHIN_S
    secure: bool = False
    defect: str = ""  # what it did wrong before
    told: int = 1  # how often it is said to be gone; 0 where no case comes after
    red: str = ""  # the purpose that must be red all the same


def _frame(event: Event, direction: str, action: str, part: str = "") -> bool:
    data = event["data"]
    is_one = event["kind"] == "ocpp.frame" and data["dir"] == direction and data.get("action") == action
    return bool(is_one and part in str(data.get("raw")))


def _ended(number: int) -> Callable[[Sequence[Event]], bool]:
    return lambda events: events[-1]["kind"] == "case.ended" and _count(events, "case.ended") >= number


def _count(events: Iterable[Event], kind: str) -> int:
    return sum(each["kind"] == kind for each in events)


def _of_case(events: Sequence[Event]) -> list[Event]:
    """What has happened since the running case began."""
    since = max((n for n, each in enumerate(events) if each["kind"] == "case.started"), default=0)
    return list(events[since:])


def _charging_for_a_while(events: Sequence[Event]) -> bool:
    mine = _of_case(events)
    return _count(mine, "bench.sample") > 40 and any(_frame(e, "in", "TransactionEvent", '"Started"') for e in mine)


def _put_right(events: Sequence[Event]) -> bool:
    """Our first request after a case's last step, in which something is put back."""
    mine, last = _of_case(events), events[-1]
    over = _count(mine, "step.started") and _count(mine, "step.started") == _count(mine, "step.ended")
    return bool(over and last["case"] and not last.get("step") and _frame(last, "out", "ClearChargingProfile"))


def _given_back(events: Sequence[Event]) -> bool:
    """At the run's end: the first of the operator's own profiles is sent again."""
    return bool(
        _count(events, "case.ended") and not events[-1]["case"] and _frame(events[-1], "out", "SetChargingProfile")
    )


MOMENTS = {
    each.name: each
    for each in (
        Moment("before its boot", "mute", lambda _: True),
        Moment(
            "told to wait", "line", lambda e: _frame(e[-1], "out", "BootNotification", '"Pending"'), ("-r", "SC-09")
        ),
        Moment("during a case", "killed", lambda e: e[-1]["kind"] == "case.begun" and _count(e, "case.ended") == 4),
        Moment("in a session", "line", lambda e: _frame(e[-1], "in", "TransactionEvent", '"Started"'), _FIRST),
        Moment(
            "in an update",
            "killed",
            lambda e: _frame(e[-1], "in", "FirmwareStatusNotification", '"Downloading"'),
            ("-r", "GEN-03", "-r", "SC-09"),
            red="OCPP-L01.P004",  # that it stays reachable is what this one is about
        ),
        Moment(
            "in a TLS case",
            "line",
            lambda e: (
                e[-1]["kind"] == "tls.handshake"
                and "sc06" in str(e[-1]["case"])
                and e[-1]["data"]["outcome"] != "completed"
            ),
            ("-r", "SC-06", "-r", "SC-09"),
            secure=True,
        ),
        Moment("in a restart", "killed", lambda e: _frame(e[-1], "in", "Reset", '"Accepted"'), ("-r", "SC-09")),
        Moment("while it is put right", "line", _put_right, _FIRST),
        Moment("while all is given back", "line", _given_back, ("-r", "PR-15"), told=0),
        Moment("between cases", "killed", _ended(6), _FIRST, defect="takes-the-highest", red="OCPP-K01.P020"),
        Moment("while the bench measures", "line", _charging_for_a_while, _FIRST),
        Moment("answers boots alone", "boots only", _ended(2), within_s=BOOTS_ONLY_WITHIN_S),
        Moment("answers nothing", "mute", _ended(2)),
        Moment("frozen with its bench", "frozen", _charging_for_a_while, _FIRST),
    )
}


class LosableCharger(OwnCharger):
    """The one that goes; with the waits of a real one."""

    module = "tests.thorough._losable"

    def __init__(self, folder: Path, moment: Moment) -> None:
        self.moment = moment
        super().__init__(folder, security_profile=2 if moment.secure else 1)

    @property
    def arguments(self) -> list[str]:
        broken = ("--defect", self.moment.defect) if self.moment.defect else ()
        return [*broken, *super().arguments]

    @property
    def surroundings(self) -> dict[str, str]:
        return {WAY: self.moment.way, FROM_THE_START: str(int(self.moment.name == "before its boot"))}

    def described(self, profile: dict[str, Any]) -> dict[str, Any]:
        profile["pixit"] |= {"boot_s": 60, "reconnect_s": 45, "firmware_update": self.newer_firmware()}
        return profile

    def go(self) -> None:
        """Now, and for good."""
        number = {"killed": signal.SIGKILL, "frozen": signal.SIGSTOP}.get(self.moment.way, signal.SIGUSR1)
        os.kill(self.process, number)

    def __exit__(self, *given: object) -> None:
        os.kill(self.process, signal.SIGCONT)
        super().__exit__(*given)
