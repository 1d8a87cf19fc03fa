"""Claims: what a case asserts of the trace, judged after the run and again by anybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from harness.hands._running import Running
from harness.judge import JudgeFunction, params_of
from harness.trace import Event, Recorder


def record_claim(
    recorder: Recorder,
    judge: JudgeFunction,
    *,
    purpose: str | None = None,
    criterion: str | None = None,
    control: bool = False,
    group: str = "",
    params: dict[str, Any],
    station: str | None = None,
    evse: int | None = None,
    kind: str = "claim",
    intended: Event | None = None,
) -> Event:
    """One claim in the trace, about a test purpose or about a criterion itself (papers, logs).

    Its judge sees what is about this station and EVSE, or about none. `kind` "claim.intended": it will be made, and the
    claim then names that event as `intended`.
    """
    said = {"intended": intended.seq} if intended is not None else {}
    return recorder.record(
        kind,
        "harness",
        {
            "purpose": purpose,
            "criterion": criterion,
            "judge": judge.judge_name,  # type: ignore[attr-defined]
            "params": params_of(**params),
            "control": control,
            "group": group or None,
            **said,
        },
        station=station,
        evse=evse,
    )


class Claims:
    """`stand.claim(setpoints.limit_holds, "OCPP-K01.P002", limit=call)`: asserted now, judged afterwards.

    The purpose may be left out where the case serves only one. One that the case serves and that is not due in this run
    (another depth, another service) is passed over.
    """

    def __init__(self, recorder: Recorder, running: Running, station: str | None = None) -> None:
        self._recorder = recorder
        self._running = running
        self._station = station

    def __call__(self, judge: JudgeFunction, purpose: str | None = None, *, group: str = "", **params: Any) -> None:
        """Claim something of the trace recorded so far."""
        purpose = self._only() if purpose is None else purpose
        if self._is_due(purpose):
            self._record(judge, purpose, group, params)

    def control(self, judge: JudgeFunction, purpose: str | None = None, *, group: str = "", **params: Any) -> None:
        """A positive control: when it does not hold, every claim of this case (or `group`) is void.

        Without a purpose it is the control of each one that is due.
        """
        for each in self._running.purposes if purpose is None else (purpose,):
            if self._is_due(each):
                self._record(judge, each, group, params, control=True)

    @contextmanager
    def during(self, judge: JudgeFunction, *purposes: str, group: str = "", **params: Any) -> Iterator[None]:
        """`with stand.claim.during(setpoints.limit_holds, limit=call): await stand.car.settles(…)`.

        Said before it is seen, claimed once it was; where that is cut off, it is judged over what there is, and a fail
        stands. Of several purposes each is claimed.
        """
        said = [
            (purpose, self._record(judge, purpose, group, params, kind="claim.intended"))
            for purpose in purposes or (self._only(),)
            if self._is_due(purpose)
        ]
        try:
            yield
        except BaseException:
            for _, event in said:
                self._recorder.record(
                    "claim.cut", "harness", {"intended": event.seq}, station=event.station, evse=event.evse
                )
            raise
        for purpose, event in said:
            self._record(judge, purpose, group, params, intended=event)

    def _only(self) -> str:
        served = self._running.serves or self._running.purposes
        if len(served) != 1:
            raise ValueError(f"name the purpose: this case serves {', '.join(served)}")
        return served[0]

    def _record(self, judge: JudgeFunction, purpose: str, group: str, params: dict[str, Any], **how: Any) -> Event:
        name, listed = judge.judge_name, self._running.judges.get(purpose)  # type: ignore[attr-defined]
        if listed is not None and name not in listed:  # no part of the purpose's proof
            raise ValueError(f"the case claims {name} of {purpose}, whose suite names {', '.join(listed)} alone")
        return record_claim(
            self._recorder,
            judge,
            purpose=purpose,
            group=group,
            params=params,
            station=self._station,
            evse=self._running.conditions.evse or None,
            **how,
        )

    def _is_due(self, purpose: str) -> bool:
        served = {*self._running.serves, *self._running.purposes}
        if purpose not in served:
            raise ValueError(f"the case claims {purpose}, but serves {', '.join(sorted(served))}")
        return purpose in self._running.purposes
