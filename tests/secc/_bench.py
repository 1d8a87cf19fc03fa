"""Runs the SECC and the independent car against each other in a network of their own; prints everything as JSON.

`python -m tests.secc._bench FILE.json`: {"work", "limits": {…}, "sessions": […]}.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from harness.emulator.netns import network_plan
from harness.emulator.secc import SeccConfig, SeccEvent, StationLimits
from harness.emulator.secc._standalone import StandaloneSimulation

PATIENT_S = 30.0  # for what a busy machine's processes do; no test here is about time


async def bench(given: dict[str, Any]) -> dict[str, Any]:
    """One SECC, one car process with all sessions; the events between them in order."""
    work = Path(given["work"])
    plan = network_plan()
    events: list[dict[str, Any]] = []
    limits = StationLimits()
    per_session = {s["name"]: s.get("limits", {}) for s in given["sessions"]}
    names = list(per_session)
    done = 0

    def heard(event: SeccEvent) -> None:
        events.append(
            {
                "t_s": time.monotonic(),
                "name": names[event.session - 1] if event.session else "",
                **msgspec.to_builtins(event),
            }
        )

    simulation = StandaloneSimulation(limits, heard)
    simulation.limits = msgspec.convert({**given["limits"], "authorised": True, **per_session[names[0]]}, StationLimits)
    config = msgspec.convert({"interface": plan.secc_interface, "loop_timeout_s": PATIENT_S}, SeccConfig)
    serving = asyncio.create_task(simulation.run(config, work / "secc"))
    while not any(e["what"] == "ready" for e in events):
        if serving.done():
            serving.result()
        await asyncio.sleep(0.02)
    file = work / "car.json"
    file.write_text(
        json.dumps(
            {
                "interface": plan.ev_interface,
                "pki": simulation.secc.ready.pki,
                "work": str(work / "car"),
                "sessions": given["sessions"],
            }
        )
    )
    (work / "car").mkdir()
    with (work / "car.log").open("wb") as log:
        car = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.secc._car",
            str(file),
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            limit=1 << 24,
        )
        sessions = []
        assert car.stdout is not None
        while line := await car.stdout.readline():
            sessions.append(json.loads(line))
            async with asyncio.timeout(PATIENT_S):  # the SECC's own end may come a moment after the car's
                while sum(e["what"] == "session_stopped" for e in events) <= done:
                    await asyncio.sleep(0.02)
            done += 1
            if done < len(names):
                simulation.limits = msgspec.convert(
                    {**given["limits"], "authorised": True, **per_session[names[done]]}, StationLimits
                )
        await car.wait()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    return {"plan": plan.kind, "events": events, "sessions": sessions}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(bench(json.loads(Path(sys.argv[1]).read_text())))))
