"""Lets a car select a service that it has not offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.emulator.defects._model import Defect, in_the_secc, swap


def _break() -> None:
    from harness.emulator.secc._package import states_20

    def selects(plain: Callable[..., Any]) -> Callable[..., Any]:
        def check(self: Any, asked: Any) -> Any:
            pairs = [p for each in self.comm_session.matched_services_v20 for p in each.service_parameter_set_ids()]
            chosen = asked.selected_energy_service
            if chosen.service_id not in [pair[0] for pair in pairs]:
                chosen.service_id = next(p[0] for p in pairs)
            return plain(self, asked)

        return check

    swap(states_20().ServiceSelection, "check_selected_services", selects)


DEFECT = Defect(
    name="selects-any-service",
    title="Lets a car select any service",
    what_is_broken="The selection of a service that was not offered is agreed to.",
    must_fail=("I20-SVC.P002",),
    may_fail=("V2G-SVC.R002",),
    run=("I20-SVC.P002",),
    depth="acceptance",
    apply=in_the_secc(_break),
)
