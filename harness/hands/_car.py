"""The car as a case holds it: plugging and charging by the pilot line, and sessions by ISO 15118."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ev_emulator import V2gError
from harness.bench import Bench, NotSeen, quantity
from harness.csms import Answer, ProfileWish, Transaction
from harness.hands._ports import Ports
from harness.hands._reach import Reach
from harness.hands._running import Running
from harness.hands._session import HighLevelSession
from harness.hands._visit import Visit
from harness.hands._waits import Waits
from harness.operator import Prompt

TOLD_WITHIN_S = 10.0  # for the news that a transaction has begun, once the car may draw power
MARGIN_S = 1.0  # how much longer than the response time a case watches before it goes on
# where a case waits for power that none of its purposes gives a limit for; the wait ends sooner or later, no verdict
RESPONSE_S, SLACK_A, SLACK_W = 5.0, 0.5, 100.0
_BEGUN = {"Authorized", "RemoteStart", "Charging", "SuspendedEV", "SuspendedEVSE"}  # states, and triggers of events
_PRESENT_A_CARD = Prompt(
    id="authorise",
    text="Present the charging card at the charger, then confirm.",
    kind="yes_no",
    why="the profile says that charging is authorised at the charger",
)


class Car:
    """Drives the bench's car. It stimulates and waits; whether the charger did right is for judges."""

    def __init__(self, ports: Ports, reach: Reach, running: Running, waits: Waits) -> None:
        self._ports, self._reach, self._running, self._waits = ports, reach, running, waits
        self.plugged: int | None = None
        self._plug_stays = False

    async def plug_in(self, connector: int | None = None) -> None:
        """Plug the car in (state B). Does nothing when it already is."""
        if self.plugged is None:
            connector = connector or self._reach.pixit.ac_connector
            await self._ports.bench.pilot.plug_in(connector=connector)
            self.plugged = connector

    def rated_discharge_w(self, current: str) -> float:
        """What the bench's car can give to the grid by "AC" or "DC", in W; 0 where it can give nothing."""
        vehicle = self._ports.v2g.vehicles[current]
        data = vehicle.ac if current == "AC" else vehicle.dc
        return data.max_discharge_power_w if data is not None else 0.0

    async def authorise(self) -> None:
        """Start a transaction: from the backend, or by a person with a card, as the profile says.

        One that takes no start with the cable in (F02) gets it taken out, the start first, and then the cable again;
        but not where a fault of the pilot stands: that would mend it, and a charger may refuse a start for its sake.
        """
        pixit, station = self._reach.pixit, await self._reach.connected()
        if pixit.authorise == "operator":
            await self._ports.operator.ask(_PRESENT_A_CARD)
            return
        start = partial(
            station.request_start_transaction, pixit.id_token, self._reach.evse_id, token_type=pixit.id_token_type
        )
        answer, connector = await start(), self.plugged
        if answer.status == "Rejected" and connector is not None and not self._plug_stays and not self._runs():
            await self.unplug()
            await start()
            await self.plug_in(connector)

    async def authorise_as_it_is(self) -> None:
        """The same, and the plug stays in whatever the charger answers: for a line that is at fault."""
        self._plug_stays = True
        try:
            await self.authorise()
        finally:
            self._plug_stays = False

    def _runs(self) -> bool:
        """Whether the charger has told of a session that somebody is charged for, or that needs nobody's word."""
        running = self._reach.transaction
        return running is not None and bool(_BEGUN & {running.state, *running.triggers})

    async def start_again(self, *, after_its_own: bool = False) -> Answer:
        """With the plug still in: the car rests, the backend starts another session, and the car is ready again.

        `after_its_own`: a charger that is free for everyone may have begun one by itself, and has to refuse another
        (F01.FR.24); then that one is ended, and it is asked again.
        """
        pixit, station, pilot = self._reach.pixit, await self._reach.connected(), self._ports.bench.pilot
        await pilot.not_ready()
        start = partial(
            station.request_start_transaction, pixit.id_token, self._reach.evse_id, token_type=pixit.id_token_type
        )
        answer = await start()
        if after_its_own and answer.status == "Rejected" and self._runs():
            await self.end_session_in_place()
            answer = await start()
        await pilot.ready()
        return answer

    async def start_with(
        self, *, limit: str, kind: str = "Absolute", purpose: str = "TxProfile", profile_id: int = 4761
    ) -> Answer:
        """Have the backend start a session with a limit for it (F01.FR.08, K05), and the car come; it is ready then.

        First the start and then the cable (F02): one that is free for everyone starts by itself once a car is there.
        One that refuses that is asked again with the cable in (F01).
        """
        pixit, station, pilot = self._reach.pixit, await self._reach.connected(), self._ports.bench.pilot
        amount: dict[str, Any] = {"power" if limit.endswith("W") else "current": limit}
        profile = station.charging_profile(ProfileWish(purpose=purpose, kind=kind, **amount), profile_id)
        start = partial(
            station.request_start_transaction,
            pixit.id_token,
            self._reach.evse_id,
            token_type=pixit.id_token_type,
            charging_profile=profile,
        )
        await pilot.current_limit(pixit.car_current_a)
        answer = await start()
        await self.plug_in()
        if not answer.accepted:
            answer = await start()
        await pilot.ready()
        return answer

    async def charge(self, at_least: str | None = None, *, current: str | None = None) -> None:
        """Plug in, authorise and draw power by the pilot line, until the meter shows `at_least` ("16 A" or "3000 W").

        `current` is what the car would draw; default: the profile's `car_current_a`.
        Raises NotSeen when the power does not come within the charger's start time.
        """
        bench = self._ports.bench
        await bench.pilot.current_limit(quantity(current).value if current else self._reach.pixit.car_current_a)
        await self.plug_in()
        await self.authorise()
        await bench.pilot.ready()
        if at_least is not None:
            await self.draws(at_least)

    async def draws(self, at_least: str, within_s: float | None = None) -> None:
        """Wait until the meter shows at least this much, then half a second more. Raises NotSeen."""
        await self._ports.bench.meter.until(
            _reaches(at_least),
            what=f"the car draws at least {at_least}",
            within_s=within_s or self._running.limit("response", RESPONSE_S) + 10.0,
        )
        await self._ports.bench.meter.observe(for_s=0.6)

    async def settles(
        self, *, at_most: str | None = None, at_least: str | None = None, near: str | None = None, hold: str = "dwell"
    ) -> None:
        """Watch the meter until it is where asked, then for the time of the role `hold`; again if it only passed by.

        Goes on after the response time when it is not there: the judge needs to have seen it.
        """
        response_s, dwell_s = self._running.limit("response"), self._running.limit(hold)
        tests = [
            test(value)
            for test, value in ((self._stays_under, at_most), (_reaches, at_least), (self._is_near, near))
            if value is not None
        ]
        what = " and ".join(t for t in (at_most and f"at most {at_most}", at_least, near and f"about {near}") if t)
        meter, clock = self._ports.bench.meter, self._ports.recorder.clock
        end_ns = clock.mono_ns() + int((response_s + MARGIN_S) * 1e9)
        while (left_s := (end_ns - clock.mono_ns()) / 1e9) > 0:
            try:
                await meter.until(
                    lambda values: all(test(values) for test in tests), what=f"the meter shows {what}", within_s=left_s
                )
            except NotSeen:
                return
            await meter.observe(for_s=dwell_s + 0.4)
            if all(test(meter.latest().values) for test in tests):
                return

    async def rests(self) -> None:
        """Wait until the meter shows no current: what was drawn before must not count as drawn now."""
        await self._ports.bench.meter.until(self._stays_under("0 A"), what="no current flows", within_s=10.0)

    async def until_the_session_is_told(self) -> None:
        """Wait until the charger has told of the transaction, which may begin as late as the energy flows."""
        await self._waits.if_it_comes(_begun(self._reach, within_s=TOLD_WITHIN_S))

    async def central_setpoint(self, power: str, **how: Any) -> Answer:
        """Steer the running session from the backend: a signed setpoint (OCPP 2.1 Q03/Q04); its answer.

        `how` is more of `set_charging_profile` ("kind", "stack_level").
        A transaction may begin as late as the energy flows (TxStartPoint), and before it there is none to steer.
        """
        station = await self._reach.connected()
        await self.until_the_session_is_told()
        return await station.set_charging_profile(
            setpoint=power,
            operation_mode="CentralSetpoint",
            purpose="TxProfile",
            evse_id=self._reach.evse_id,
            **how,
        )

    async def central_setpoints(self, steps: Sequence[tuple[int, float]]) -> Answer:
        """The same with a schedule of (start in s, signed W)."""
        station = await self._reach.connected()
        await self.until_the_session_is_told()
        mode = "CentralSetpoint"
        periods = [{"startPeriod": start_s, "setpoint": watts, "operationMode": mode} for start_s, watts in steps]
        return await station.set_charging_profile(
            periods=periods, unit="W", purpose="TxProfile", evse_id=self._reach.evse_id
        )

    async def allow_discharge(self, power: str) -> Answer:
        """Let the car decide when to discharge, up to this power (a discharge limit, OCPP 2.1 Q)."""
        station = await self._reach.connected()
        return await station.set_charging_profile(
            power=power,
            discharge_limit=f"-{power}",
            operation_mode="ExternalLimits",
            purpose="TxProfile",
            evse_id=self._reach.evse_id,
        )

    async def exports(self, at_least: str) -> None:
        """Wait until the meter shows this much power to the grid. Raises NotSeen."""
        asked = quantity(at_least)
        await self._ports.bench.meter.until(
            lambda values: values["p_w"] <= -asked.value,
            what=f"{at_least} flow to the grid",
            within_s=self._running.limit("response", RESPONSE_S) + MARGIN_S,
        )

    async def stop_drawing(self) -> None:
        """The car opens its own contact (state B) but stays plugged."""
        await self._ports.bench.pilot.not_ready()

    async def unplug(self) -> None:
        """The car goes, as a driver would: it stops drawing, and the plug comes out. Asks nothing of the backend."""
        if self.plugged is not None:
            await self._ports.bench.pilot.not_ready()
            await self._ports.bench.pilot.unplug()
            self.plugged = None

    async def tear_out(self) -> None:
        """The plug comes out while the car may still draw: the pilot goes from C to A, with no state B between."""
        await self._ports.bench.pilot.unplug()
        self.plugged = None

    async def end_session(self) -> None:
        """End the transaction from the backend, if one runs and there is a way; the plug stays in."""
        station, running = self._reach.known, self._reach.transaction
        if station is not None and station.connected and running is not None:
            await station.request_stop_transaction(running.id)

    async def end_session_in_place(self) -> None:
        """End the transaction from the backend and leave the plug in; out and in again where only that ends it.

        By its TxStopPoint a transaction may go on until the plug is out, whoever stopped it (F03.FR.02, E06.FR.02).
        """
        await self.end_session()
        connector = self.plugged
        if connector is not None:
            await self._over()
            if self._reach.transaction is not None:
                await self.unplug()
                await self._over()
                await self.plug_in(connector)

    async def leave(self) -> None:
        """End the transaction and unplug: the charger is free again."""
        await self.end_session()
        station = self._reach.known
        if self.plugged is not None:
            await self.unplug()
            if station is not None:
                await self._over()

    async def _over(self) -> None:
        with self._ports.recorder.waiting("the news that the transaction is over", "dut", TOLD_WITHIN_S):
            await _gone(self._reach, within_s=TOLD_WITHIN_S)

    def session(self, service: str = "", control: str = "", **options: Any) -> HighLevelSession:
        """`async with stand.car.session() as session:` plugs in, authorises, and is in ISO 15118-20's charge loop.

        `service` ("DC_BPT", "AC_BPT", "DC", "AC"; "BPT" for whichever bidirectional one the product can do) and
        `control` ("Dynamic", "Scheduled") are the running conditions' unless given.
        """
        service, control = self._asked_for(service, control)
        return HighLevelSession(self._ports, self, service, control, **options)

    async def asks_for_a_session(self, for_s: float) -> None:
        """For so long the car tries to get into a session and stay there, its plug untouched.

        How far it comes is for judges.
        """
        self._plug_stays = True
        try:
            with contextlib.suppress(TimeoutError, V2gError):
                async with asyncio.timeout(for_s), self.session():
                    await asyncio.sleep(for_s)
        finally:
            self._plug_stays = False

    def visit(self, up_to: str = "session_setup", service: str = "", control: str = "") -> Visit:
        """`async with stand.car.visit("service_detail") as car:` has done the steps up to that one, and no more.

        What comes next is the case's: every step of `ev_emulator.Evcc`, edited, as raw octets or out of order. The
        names of the steps are its methods' ("connect", "authorize", "pre_charge"). Leaving closes the connection.
        """
        service, control = self._asked_for(service, control)
        return Visit(self._ports, self, up_to, service, control)

    def _asked_for(self, service: str, control: str) -> tuple[str, str]:
        of_case, _, mode = self._running.conditions.service.partition("/")
        return service or of_case or "BPT", control or mode or "Dynamic"

    def _stays_under(self, text: str) -> Any:
        asked = quantity(text)
        if asked.unit == "A":
            border = asked.value + self._running.limit("current_tolerance" if asked.value else "zero_current", SLACK_A)
            return lambda values: _highest_a(values) <= border
        border = asked.value + self._running.limit("power_tolerance", SLACK_W)
        return lambda values: values["p_w"] <= border

    def _is_near(self, text: str) -> Any:
        asked = quantity(text)
        tolerance = self._running.limit("power_tolerance", SLACK_W)
        return lambda values: abs(values["p_w"] - asked.value) <= tolerance


class Neighbour:
    """`there.car`, `.bench`, `.transaction`, `.evse_id`: what a case holds of the EVSE beside the one under test.

    It is there to disturb: what is judged is judged at the EVSE under test. Its car has left when the case is over.
    """

    def __init__(self, ports: Ports, running: Running, waits: Waits, evse_id: int) -> None:
        self.evse_id = evse_id
        self._ports = replace(ports, evse=evse_id)
        self._reach = Reach(self._ports, running, evse_id)
        self.car = Car(self._ports, self._reach, running, waits)
        running.on_restore(self.car.leave)

    @property
    def bench(self) -> Bench:
        """The instruments at that EVSE."""
        return self._ports.bench

    @property
    def transaction(self) -> Transaction | None:
        """The newest transaction that runs there; None when none was told of."""
        return self._reach.transaction


def _highest_a(values: Mapping[str, Any]) -> float:
    return max(abs(float(values[k])) for k in ("i_l1_a", "i_l2_a", "i_l3_a") if values.get(k) is not None)


def _reaches(text: str) -> Any:
    asked = quantity(text)
    if asked.unit == "A":
        return lambda values: _highest_a(values) >= asked.value
    return lambda values: values["p_w"] >= asked.value if asked.value >= 0 else values["p_w"] <= asked.value


async def _begun(reach: Reach, within_s: float) -> None:
    """Wait until the station has told of a transaction, within a bound."""
    async with asyncio.timeout(within_s):
        while reach.transaction is None:
            await asyncio.sleep(0.05)


async def _gone(reach: Reach, within_s: float) -> None:
    """Wait until the station has reported the end of the transaction, at most; whether it did is for the judge."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while reach.transaction is not None:
                await asyncio.sleep(0.05)
