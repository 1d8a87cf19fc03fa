"""What the campaign owes the charger: what an earlier run left is put back first, what this one changed at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from harness.campaign._same import ask_who_it_is, seen_in
from harness.csms import Station
from harness.hands import DutAbsent, Ports, Stand
from harness.owed import Owed, Paid, earlier, merged, place_beside, put_back, remove
from harness.profile import Profile
from harness.trace import Trace

Say = Callable[[str], None]
_TELLS = ("vendor", "model", "serial")
LATER = "the next run on this charger does it first, or: chargeproof restore --dut PROFILE"


def place_for(profile: Profile, campaigns: Path) -> Path | None:
    """Where undo files lie; None for a charger that is started anew for each run, and ends with it."""
    return None if profile.launch is not None or profile.pco.csms is None else place_beside(campaigns)


async def settle_earlier(stand: Stand, say: Say) -> None:
    """Name the charger, and put back first what earlier runs did not. Raises owed.OwedFault, OSError."""
    ports = stand.ports
    owed = ports.owed
    if owed.place is None:
        return
    charger = await _who_it_is(stand)
    mine: list[tuple[Path, Owed]] = []
    others: list[tuple[Path, Owed]] = []
    for path, left in earlier(owed.place, ports.profile.pixit.identity):
        (others if _differs(left.charger, charger) else mine).append((path, left))
    for path, left in others:
        was = ", ".join(f"{name} {value}" for name, value in left.charger.items())
        say(f"what is owed to another charger that came by this identity ({was}) stays owed: {path}")
    owed.arm(charger, merged(left for _, left in mine))
    owed.runs = _runs(ports)
    if not mine:
        return
    await owed.keep()
    for path, _ in mine:
        if path != owed.path:
            remove(path)
    words = owed.owed.words()
    if words:
        say(f"the run {owed.owed.campaign} was broken off and did not put back: {'; '.join(words)}. That is done first")
    found = {"campaign": owed.owed.campaign, "owed": words}
    ports.recorder.record("owed.found", "harness", found, station=ports.station)
    tell(ports, await put_back(owed, _way(stand)), say)
    owed.owed.campaign = ports.evidence.parent.name
    await owed.keep()


async def settle_own(stand: Stand, say: Say, gone: str = "") -> None:
    """Put back what this run changed and has not put back by now; what stays is told, and written down.

    `gone`: why nothing of it is to be tried, where the charger was lost. Raises OSError.
    """
    owed = stand.ports.owed
    words = owed.owed.words()
    if words or (owed.owed.stays and owed.path is not None):
        paid = Paid(left=words, why=gone) if gone else await put_back(owed, _way(stand))
        if not gone:
            with contextlib.suppress(DutAbsent):
                await stand.running.undo()
        paid.left = paid.left if owed.owed.words() else []  # what made it come back quickly is back by now
        tell(stand.ports, paid, say)
    await owed.keep()


def tell(ports: Ports, paid: Paid, say: Say) -> None:
    """Record what came of it, and say it to the person; what stays changed is said once, and forgotten."""
    owed = ports.owed.owed
    runs = _runs(ports)
    paid.stays, owed.stays = [each.words(runs) for each in owed.stays], []
    left = [f"{each}: {paid.why}" for each in paid.left] if paid.why else paid.left
    data = {"done": paid.done, "left": left, "lost": paid.lost, "stays": paid.stays}
    ports.recorder.record("owed.put_back", "harness", data, station=ports.station)
    if paid.done:
        say(f"put back into the charger: {'; '.join(paid.done)}")
    for each in paid.lost:
        say(f"  cannot be put back by anybody (its session or its validity is over; it stands in the trace): {each}")
    for each in paid.stays:
        say(f"  stays changed, and nobody can put it back from here: {each}")
    for each in [f"{'; '.join(paid.left)}: {paid.why}"] if paid.why and paid.left else paid.left:
        say(f"  NOT put back: {each}")
    if paid.left:
        where = ports.owed.path
        say(f"  what is not put back stays owed{f' in {where}' if where else ''}; {LATER}")


def _way(stand: Stand) -> Callable[[str], Awaitable[Station]]:
    async def connect(version: str) -> Station:
        station = await stand.reach.until_connected()
        if version and station.version != version:
            await stand.reach.speak(version)
            station = await stand.reach.until_connected()
        return station

    return connect


def _runs(ports: Ports) -> str:
    """The firmware that it told last, at a boot or asked; "" when it told none."""
    return (seen_in(Trace(ports.recorder.events)).firmware or ("",))[-1]


async def _who_it_is(stand: Stand) -> dict[str, str]:
    """Vendor, model and serial number as it told them; asked for where no boot of this run told them."""
    seen = seen_in(Trace(stand.ports.recorder.events))
    if not seen.serial:
        await stand.if_it_comes(ask_who_it_is(stand.reach))
        seen = seen_in(Trace(stand.ports.recorder.events))
    told = {name: getattr(seen, name) for name in _TELLS}
    return {name: values[-1] for name, values in told.items() if values}


def _differs(left: Mapping[str, str], now: Mapping[str, str]) -> bool:
    return any(name in now and now[name] != value for name, value in left.items())


def check_earlier(profile: Profile, campaigns: Path) -> list[tuple[Path, Owed]]:
    """What is owed to whoever comes by the profile's identity. Raises owed.OwedFault for a file that cannot be read."""
    place = place_for(profile, campaigns)
    return [] if place is None else earlier(place, profile.pixit.identity)
