"""The charger as a campaign reaches it: connected, in the version of OCPP that is wanted, with a card at its reader."""

from __future__ import annotations

from harness.bench import BenchError
from harness.campaign._loop import LoopThread
from harness.campaign._settings import Settings
from harness.csms import Csms, Station
from harness.operator import Operator, Prompt
from harness.plan import PlannedCase
from harness.profile import Profile
from harness.trace import Recorder


class DutAbsent(TimeoutError):
    """The charger is not connected; the text says since when and how long we waited."""


class Reach:
    """What is known of the charger's side; a Campaign fills it."""

    profile: Profile
    recorder: Recorder
    loop: LoopThread
    settings: Settings
    csms: Csms
    operator: Operator | None
    _cases: dict[str, PlannedCase]

    async def connected_station(self, within_s: float | None = None) -> Station:
        """The station, connected and booted, in the running case's version of OCPP. Raises DutAbsent."""
        await self.speak(self._version_of_running_case())
        return await self.until_connected(within_s)

    async def until_connected(self, within_s: float | None = None) -> Station:
        """The same in whatever version it speaks now."""
        pixit = self.profile.pixit
        bound_s = within_s or pixit.reconnect_s
        try:
            with self.recorder.waiting(f"{pixit.identity} is connected", "dut", bound_s):
                return await self.csms.station(pixit.identity, within_s=bound_s)
        except TimeoutError as error:
            raise DutAbsent(f"{pixit.identity} was not connected within {bound_s:g} s: {error}") from error

    def _version_of_running_case(self) -> str | None:
        case = self._cases.get(self.recorder.case or "")
        return f"ocpp{case.needs['ocpp']}" if case is not None and "ocpp" in case.needs else None

    async def speak(self, version: str | None) -> None:
        """Let the charger connect again when a case is about another version of OCPP than the one it speaks now."""
        station = self.csms.stations.get(self.profile.pixit.identity)
        if version is None:  # any will do: one that does not know the last case's may come in again
            if (station is None or not station.connected) and self.profile.pco.csms is not None:
                self.csms.versions = self.profile.pco.csms.versions
            return
        if self.csms.versions == (version,):
            return
        self.csms.versions = (version,)
        if station is not None and station.connected and station.version != version:
            await self.settings.quick_reconnect()
            await self.csms.disconnect(self.profile.pixit.identity, f"please speak {version}")

    def station(self) -> Station:
        """The same for pytest's thread."""
        return self.loop.run(self.connected_station())

    async def ask_to_authorise(self) -> None:
        """Have a person present a card at the charger."""
        if self.operator is None:
            raise BenchError("operator", None, "nobody is there to present a card (pco.operator)")
        await self.operator.ask(
            Prompt(
                id="authorise",
                text="Present the charging card at the charger, then confirm.",
                kind="yes_no",
                why="the profile says that charging is authorised at the charger",
            )
        )
