"""Putting back what broken runs owe a charger, without a campaign: our backend listens, and the charger comes."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.campaign._open import backend_config
from harness.campaign.charger._owing import place_for, settle_earlier
from harness.csms import Csms
from harness.hands import DutAbsent, Ports, Stand
from harness.owed import Debts
from harness.profile import Profile
from harness.trace import Recorder


@dataclass(frozen=True)
class Restored:
    """`left`: what is owed still, in plain words; `journal` holds what was said to the charger and by it."""

    left: tuple[str, ...]
    journal: Path


def restore_charger(profile: Profile, profile_path: Path, campaigns: Path, say: Callable[[str], None]) -> Restored:
    """Wait for the charger and put back what is owed to it; it is left as it is where nothing is.

    Raises owed.OwedFault for an undo file that cannot be read, OSError for the disk or the port.
    """
    place, pco = place_for(profile, campaigns), profile.pco.csms
    assert place is not None and pco is not None  # the command has asked before
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    journal = place / f"restored-{stamp}.jsonl"
    recorder = Recorder(journal)
    journal.chmod(0o600)
    ports = Ports(recorder, profile, profile_path.parent, campaigns / journal.stem / "evidence")

    async def at_the_backend() -> tuple[str, ...]:
        config = backend_config(profile, pco, ports)
        async with Csms(recorder, config) as csms:
            ports.open_csms = csms
            csms.guard = ports.owed = Debts(place, profile.pixit.identity, journal.stem)
            stand = Stand(ports, {})
            within_s = max(profile.pixit.boot_s, profile.pixit.reconnect_s)
            say(f"our backend listens at {csms.url()}; waiting {within_s:g} s for {profile.pixit.identity} to connect")
            try:
                await stand.reach.connected(within_s=within_s)
            except DutAbsent as absent:
                return (f"nothing was put back: {absent}",)
            await settle_earlier(stand, say)
            await stand.running.undo()  # what was asked of it to make it come back quickly
            await ports.owed.keep()
            return tuple(ports.owed.owed.words())

    try:
        return Restored(asyncio.run(at_the_backend()), journal)
    finally:
        recorder.close()
