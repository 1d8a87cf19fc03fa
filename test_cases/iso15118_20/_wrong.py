"""A step that must be refused, and the same step as it should be, by another car: what these cases share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ev_emulator import Evcc
from harness.hands import Stand
from harness.judge.v2g import refusals

Ask = Callable[[Evcc], Awaitable[object]]

OUT_OF_TURN, OF_NO_SESSION = "FAILED_SequenceError", "FAILED_UnknownSession"
SOON_S = 3.0  # for an answer to what is no message: a charger may well give none


async def goes_well(stand: Stand, purpose: str, up_to: str, answer: str) -> None:
    """The control: a car that does it right gets as far as this step, and its `answer` agrees."""
    good = stand.mark()
    async with stand.step("as it should be"):
        with stand.as_far_as_it_goes():
            async with stand.car.visit(up_to):
                pass
        stand.claim.control(refusals.accepted, purpose, since=good, answer=answer)
    await stand.car.leave()


async def is_refused(
    stand: Stand, purpose: str, after: str, ask: Ask, *codes: str, first: Ask | None = None, may_close: bool = False
) -> None:
    """A car goes as far as `after`, does what comes `first`, asks, and has to be refused with one of `codes`."""
    async with stand.step(f"wrong, after {after.replace('_', ' ')}"), stand.car.visit(after) as car:
        if first is not None:
            await first(car)
        bad = stand.mark()
        with stand.as_far_as_it_goes():
            await ask(car)
        stand.claim(refusals.refused, purpose, since=bad, codes=list(codes), may_close=may_close)
    await stand.car.leave()


async def is_out_of_turn(
    stand: Stand, purpose: str, after: str, ask: Ask, right: tuple[str, str], *, first: Ask | None = None
) -> None:
    """A car goes as far as `after`, asks what has no place there, and is refused; `right` is where it has one."""
    with stand.as_far_as_it_goes():
        await is_refused(stand, purpose, after, ask, OUT_OF_TURN, first=first)
        await goes_well(stand, purpose, *right)
