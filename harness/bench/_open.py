"""Opens a bench from the profile: one driver a role, each proven alive before the first case."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from harness.bench._bench import Bench
from harness.bench._errors import BenchError
from harness.bench._registry import PERSON, known_drivers
from harness.bench._settings import RoleSettings
from harness.operator import Operator
from harness.profile import AT_AN_EVSE, role_and_evse
from harness.trace import Recorder


def drivers_for(name: str) -> tuple[str, ...]:
    """The drivers there are for a role ("meter", "meter@2"); empty when there is no such role."""
    try:
        role, _ = role_and_evse(name)
    except ValueError:
        return ()
    names = [name for of, name in known_drivers() if of == role]
    return tuple(sorted(names, key=lambda name: name == PERSON))


async def open_bench(
    config: Mapping[str, RoleSettings], recorder: Recorder, operator: Operator | None, home: int = 0
) -> Bench:
    """Open every role of the profile at once. Raises BenchError naming role, port and what was expected.

    `home` is the EVSE at which instruments without a number stand, told in the trace; 0: there is only one EVSE.
    When one fails, those already open are closed again. Runs on the event loop that will use the bench.
    """
    devices: dict[str, Any] = {}
    try:
        for role, settings in config.items():
            devices[role] = _make(role, settings, recorder, operator, home)
        async with asyncio.TaskGroup() as group:
            for device in devices.values():
                group.create_task(device.begin())
    except BaseException as error:
        await asyncio.gather(*(each.close() for each in devices.values()), return_exceptions=True)
        if isinstance(error, BaseExceptionGroup) and isinstance(error.exceptions[0], BenchError):
            raise error.exceptions[0] from None
        raise
    return Bench(devices, recorder, home)


def _make(name: str, settings: RoleSettings, recorder: Recorder, operator: Operator | None, home: int) -> Any:
    known = drivers_for(name)
    if not known:
        there = dict.fromkeys(role for role, _ in known_drivers())
        roles = f"{', '.join(there)}; at EVSE 2 {', '.join(f'{role}@2' for role in AT_AN_EVSE)}"
        raise BenchError(name, settings.port, f"there is no such role; there are {roles}")
    role, evse = role_and_evse(name)
    if evse is None and home and role in AT_AN_EVSE:
        evse = home
    if settings.driver not in known:
        raise BenchError(name, settings.port, f"driver {settings.driver!r} is unknown; there are {', '.join(known)}")
    made = known_drivers()[role, settings.driver]
    if settings.driver == PERSON:
        if operator is None:
            raise BenchError(name, None, "the driver is a person, and the profile names no operator")
        return made(settings, recorder, operator, evse)
    if not settings.port:
        raise BenchError(name, None, f"driver {settings.driver} needs a port, such as /dev/ttyUSB0")
    return made(settings, recorder, evse)
