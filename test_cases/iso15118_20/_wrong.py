"""A step that must be refused, and the same step as it should be, by another car: what these cases share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ev_emulator import Evcc
from harness.hands import Stand
from harness.trace import Event

Ask = Callable[[Evcc], Awaitable[object]]

OUT_OF_TURN, OF_NO_SESSION = "FAILED_SequenceError", "FAILED_UnknownSession"


async def goes_well(stand: Stand, up_to: str) -> Event:
    """For the control: a car that does it right gets as far as this step; from that event on it had begun."""
    good = stand.mark()
    with stand.as_far_as_it_goes():
        async with stand.step("as it should be"), stand.car.visit(up_to):
            pass
    await stand.car.leave()
    return good


async def asks(stand: Stand, after: str, ask: Ask) -> Event:
    """A car goes as far as `after`, asks what it may not, and is gone; from that event on it had asked."""
    async with stand.step(f"wrong, after {after.replace('_', ' ')}"), stand.car.visit(after) as car:
        bad = stand.mark()
        with stand.as_far_as_it_goes():
            await ask(car)
    await stand.car.leave()
    return bad
