"""The instruments: their ports, whether they answer, and whether their calibration is in date."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.bench import BenchError, drivers_for, open_bench
from harness.doctor._check import Check, Patient
from harness.profile import Instrument, role_and_evse
from harness.trace import Recorder

GROUP = "bench"
_ANSWER_S = 10.0
_MEASURING = ("meter", "pilot")


def examine_bench(patient: Patient) -> Iterator[Check]:
    """Findings about every role of the profile's bench."""
    bench = patient.profile.pco.bench
    if not bench:
        says = "the profile names no instrument: what needs one stays inconclusive"
        yield Check(GROUP, "instruments", "warning", says, "describe them under pco.bench; a person can be one")
    for role, instrument in bench.items():
        yield from _role(role, instrument, patient)


def _role(role: str, instrument: Instrument, patient: Patient) -> Iterator[Check]:
    known = drivers_for(role)
    if not known:
        yield Check(GROUP, role, "problem", "there is no such role", "meter, pilot, light, grid_source, ems or …")
        return
    if instrument.driver not in known:
        do = f"write one of {', '.join(known)}"
        yield Check(GROUP, role, "problem", f"there is no driver {instrument.driver!r} for it", do)
        return
    if instrument.driver == "person":
        if patient.profile.pco.operator is None:
            yield Check(GROUP, role, "problem", "is a person, and nobody is there", "add pco.operator")
        else:
            yield Check(GROUP, role, "ok", "a person looks and types")
        return
    if instrument.port == "emulated":
        state = "ok" if patient.emulated else "problem"
        do = "" if patient.emulated else "write its serial port: only the emulated charger brings instruments along"
        yield Check(GROUP, role, "ok" if state == "ok" else "problem", "comes with the emulated charger", do)
    else:
        yield _port(role, instrument)
    yield from _papers(role, instrument)


def _port(role: str, instrument: Instrument) -> Check:
    port = str(instrument.port)
    path = Path(port)
    if not path.exists():
        there = sorted(
            str(p) for pattern in ("ttyUSB*", "ttyACM*", "serial/by-id/*") for p in Path("/dev").glob(pattern)
        )
        do = f"plug it in, or correct the port; there are {', '.join(there) or 'no serial ports at all'}"
        return Check(GROUP, role, "problem", f"{port} does not exist", do)
    if not stat.S_ISCHR(path.stat().st_mode):
        return Check(GROUP, role, "problem", f"{port} is no serial port", "correct the port")
    if not os.access(path, os.R_OK | os.W_OK):
        return Check(GROUP, role, "problem", f"{port} may not be opened by you", "join its group: dialout, or uucp")
    return _answers(role, instrument)


def _answers(role: str, instrument: Instrument) -> Check:
    """Open it as a run would, and take one reading."""
    with TemporaryDirectory(prefix="chargeproof-doctor-") as folder:
        recorder = Recorder(Path(folder) / "trace.jsonl")
        try:
            values = asyncio.run(_sample(role, instrument, recorder))
        except BenchError as error:
            return Check(
                GROUP, role, "problem", str(error), "check cable, speed (baud), power, and that it is this port"
            )
        except TimeoutError:
            do = "switch it off and on again"
            return Check(GROUP, role, "problem", f"gave no answer within {_ANSWER_S:g} s", do)
        finally:
            recorder.close()
    shown = ", ".join(f"{k} {v:.1f}" if isinstance(v, float) else f"{k} {v}" for k, v in list(values.items())[:4])
    return Check(GROUP, role, "ok", f"answers at {instrument.port}{f': {shown}' if shown else ''}")


async def _sample(role: str, instrument: Instrument, recorder: Recorder) -> dict[str, object]:
    async with asyncio.timeout(_ANSWER_S):
        bench = await open_bench({role: instrument}, recorder, None, home=1)
        try:
            what, evse = role_and_evse(role)
            device = getattr(bench.at(evse or 0), what)
            return dict(device.latest().values) if hasattr(device, "latest") else {}
        finally:
            await bench.close()


def _papers(role: str, instrument: Instrument) -> Iterator[Check]:
    name = f"{role} calibration"
    due = instrument.calibration_due
    if due:
        try:
            ends = date.fromisoformat(due)
        except ValueError:
            do = "write it as year-month-day"
            yield Check(GROUP, name, "problem", f"calibration_due {due!r} is no date", do)
            return
        if ends < date.today():
            do = "have it calibrated: what it measures proves nothing now"
            yield Check(GROUP, name, "problem", f"ended on {due}", do)
        else:
            yield Check(GROUP, name, "ok", f"valid until {due}")
    elif role.partition("@")[0] in _MEASURING:
        do = "write calibrated and calibration_due of the instrument"
        yield Check(GROUP, name, "warning", "no calibration date is given", do)
    if role.partition("@")[0] in _MEASURING and not instrument.uncertainty:
        says = "no uncertainty is given: readings count as exact"
        yield Check(GROUP, f"{role} uncertainty", "warning", says, "write it from the instrument's data sheet")
