"""Tells the details of a service that it has not offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.emulator.defects._model import Defect, in_the_secc, swap


def _break() -> None:
    from harness.emulator.secc.controller import _states

    def tells(plain: Callable[..., Any]) -> Callable[..., Any]:
        async def process(self: Any, message: Any, message_exi: bytes | None = None) -> None:
            offered = [each.service.id for each in self.comm_session.matched_services_v20]
            if str(message) == "ServiceDetailReq" and message.service_id not in offered:
                message.service_id = offered[0]
            await plain(self, message, message_exi)

        return process

    swap(_states.ServiceDetail, "process_message", tells)


DEFECT = Defect(
    name="details-of-anything",
    title="Tells details of any service",
    what_is_broken="ServiceDetail of a service that was not offered is answered with the details of another.",
    must_fail=("I20-SVC.P001",),
    may_fail=("V2G-SVC.R001",),
    run=("I20-SVC.P001",),
    depth="acceptance",
    apply=in_the_secc(_break),
)
