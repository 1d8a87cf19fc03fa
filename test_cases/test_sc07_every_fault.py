"""SC-07 while car and charger speak ISO 15118-20: each fault of the pilot, at each moment of a session."""

from dataclasses import dataclass

from harness.case import serves
from harness.hands import Stand
from harness.judge import JudgeFunction
from harness.judge.bench import pilot, pilot_faults
from harness.judge.power import power_off, setpoints

AGAIN_S = 3  # for so long after the time to switch off a case looks for what may come back
BEFORE_W = 2000  # so much has to flow first, for a rest or a pause to be one


@dataclass(frozen=True)
class Row:
    """What happens on the pilot line ("E", "diode", "open", or "B": not ready) while so much flows; 0: at rest."""

    what: str
    watts: int

    @property
    def words(self) -> str:
        """For the report."""
        return f"{self.what} at {self.watts} W"


AC_FAULTS = (Row("diode", 3000), Row("E", -3000), Row("E", 0), Row("diode", 0))
AC_LEAVES = (Row("open", 3000), Row("B", -3000))
DC_ROWS = (
    Row("E", 3000),
    Row("E", -3000),
    Row("diode", 3000),
    Row("diode", -3000),
    Row("open", 3000),
    Row("B", -3000),
)
BEFORE_POWER = ("E", "diode")


async def _flows(stand: Stand, row: Row) -> None:
    """The row's power, or most of it; where it rests, only after it has flown, which is the row's control."""
    car, watts = stand.car, row.watts or 3000
    await car.central_setpoint(f"{watts} W")
    least = f"{abs(watts) * 0.8:.0f} W"
    await stand.if_it_comes(car.draws(at_least=least) if watts > 0 else car.exports(least))
    if not row.watts:
        stand.claim.control(setpoints.draws_at_least, value=BEFORE_W, unit="W", group=row.words)
        await car.central_setpoint("0 W")
        await stand.if_it_comes(car.rests())
    await stand.bench.pilot.observe(for_s=1)


async def _each(stand: Stand, rows: tuple[Row, ...], judge: JudgeFunction) -> None:
    """Each row in a session of its own, claimed by this judge."""
    wire, watch_s = stand.bench.pilot, stand.limit_s("off") + AGAIN_S
    for row in rows:
        async with stand.step(row.words):
            async with stand.car.session():
                await _flows(stand, row)
                done = await stand.marked(wire.not_ready() if row.what == "B" else wire.fault(row.what))
                with stand.claim.during(judge, since=done, group=row.words):
                    await wire.observe(for_s=watch_s)
            await wire.clear_fault()
            await stand.car.leave()


@serves("CP-A.P204")
async def test_each_fault_takes_the_voltage_of_an_ac_session(stand: Stand) -> None:
    """Charging, discharging and at rest: a pilot at earth, and a car without its diode."""
    await _each(stand, AC_FAULTS, pilot_faults.no_voltage)


@serves("CP-A.P205")
async def test_the_voltage_of_an_ac_session_goes_with_the_car(stand: Stand) -> None:
    """The pilot's wire or the protective earth breaks, and a car opens its contact without a word."""
    await _each(stand, AC_LEAVES, pilot.switches_off)


@serves("CP-A.P206")
async def test_each_fault_ends_the_power_of_a_dc_session(stand: Stand) -> None:
    """Charging and discharging: a pilot at earth, no diode, a broken wire, a car that opens its contact."""
    await _each(stand, DC_ROWS, power_off.goes)


async def _paused(stand: Stand, purpose: str, judge: JudgeFunction) -> None:
    """A fault while the car has paused its session; it comes back and asks as if nothing were wrong."""
    wire, car, watch_s = stand.bench.pilot, stand.car, stand.limit_s("off") + AGAIN_S
    for what in BEFORE_POWER:
        group = f"{what} in a pause"
        async with stand.step(group):
            async with car.session() as session:
                await _flows(stand, Row(what, 3000))
                stand.claim.control(setpoints.draws_at_least, purpose, value=BEFORE_W, unit="W", group=group)
                await session.stop("Pause")
            await stand.if_it_comes(car.rests())
            await wire.observe(for_s=1)
            fault = await stand.marked(wire.fault(what))
            with stand.claim.during(judge, purpose, since=fault, group=group):
                await car.asks_for_a_session(for_s=watch_s)
                await wire.observe(for_s=watch_s)
            await wire.clear_fault()
            await car.leave()


@serves("CP-A.P207")
async def test_a_fault_in_a_pause_of_an_ac_session(stand: Stand) -> None:
    """No voltage comes at a pilot at earth, nor to a car without its diode."""
    await _paused(stand, "CP-A.P207", pilot_faults.no_voltage)


@serves("CP-A.P208", "CP-A.P209")
async def test_a_fault_before_the_power_of_a_dc_session(stand: Stand) -> None:
    """In a pause, and in pre-charge: the car goes on with its messages, and no power flows."""
    wire, watch_s = stand.bench.pilot, stand.limit_s("off") + AGAIN_S
    await _paused(stand, "CP-A.P208", power_off.stays_away)
    for what in BEFORE_POWER:
        group = f"{what} in pre-charge"
        async with stand.step(group):
            visit = stand.car.visit("pre_charge")
            async with visit:
                fault = await stand.marked(wire.fault(what))
                with stand.claim.during(power_off.stays_away, "CP-A.P209", since=fault, group=group):
                    await visit.goes_on(for_s=watch_s)
                    await wire.observe(for_s=watch_s)
            await wire.clear_fault()
            await stand.car.leave()
