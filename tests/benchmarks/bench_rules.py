"""How long the rules take over a log: python -m tests.benchmarks.bench_rules [--messages N] [--unsorted] [--log FILE]

A log of N messages of 20 stations is made (or FILE is taken), in the mix of everyday operation: charging sessions with
meter values, states, heartbeats, variables, a report now and then. Measured: CPU time of one core and peak memory for
reading and judging it with all rules, the time for one message without the reading, and beside it the time that the
`ocpp` package takes to parse the same messages and hold them against its schemas. The aims: 60 µs for a message;
90 s and 400 MB for 1,000,000.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from harness.cli.judged._logs import judged_log
from harness.judge.rules import Item, LogStream, watch
from harness.trace.logs import Log
from requirement_catalog import load_suites
from tests.benchmarks.yardstick import in_words, yardstick_us

STATIONS, WARM_UP = 20, 2000
ZERO = datetime(2026, 11, 1, tzinfo=UTC)


def peak_mb() -> float:
    """The most memory that this process had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Maker:
    """One station's day, message by message."""

    def __init__(self, number: int) -> None:
        self.name, self.now, self.count, self.wh = f"CP{number:02}", float(number), 0, 0.0

    def line(self, sender: str, parts: list[Any]) -> str:
        self.now += 0.05
        return json.dumps(
            {
                "time": self.stamp(),
                "station": self.name,
                "sender": sender,
                "frame": json.dumps(parts, separators=(",", ":")),
            }
        )

    def stamp(self) -> str:
        return (ZERO + timedelta(seconds=self.now)).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def sends(self, action: str, payload: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
        self.count += 1
        yield self.line("station", [2, f"{self.name}-{self.count}", action, payload])
        yield self.line("csms", [3, f"{self.name}-{self.count}", answer])

    def asked(self, action: str, payload: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
        self.count += 1
        yield self.line("csms", [2, f"b-{self.name}-{self.count}", action, payload])
        yield self.line("station", [3, f"b-{self.name}-{self.count}", answer])

    def day(self) -> Iterator[str]:
        """Lines without end."""
        yield json.dumps({"time": self.stamp(), "station": self.name, "event": "connected", "version": "2.0.1"})
        boot = {"reason": "PowerUp", "chargingStation": {"model": "M", "vendorName": "V", "serialNumber": self.name}}
        yield from self.sends(
            "BootNotification", boot, {"currentTime": self.stamp(), "interval": 300, "status": "Accepted"}
        )
        yield from self.state("Available")
        yield from self.sends(
            "SecurityEventNotification", {"type": "StartupOfTheDevice", "timestamp": self.stamp()}, {}
        )
        while True:
            yield from self.session()
            name = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
            told = name | {"attributeStatus": "Accepted", "attributeValue": "300", "attributeType": "Actual"}
            yield from self.asked("GetVariables", {"getVariableData": [name]}, {"getVariableResult": [told]})
            self.now += 60
            yield from self.sends("Heartbeat", {}, {"currentTime": self.stamp()})

    def state(self, state: str) -> Iterator[str]:
        told = {"timestamp": self.stamp(), "connectorStatus": state, "evseId": 1, "connectorId": 1}
        yield from self.sends("StatusNotification", told, {})

    def session(self) -> Iterator[str]:
        yield from self.state("Occupied")
        identity, last = f"{self.name}-{self.count}", random.randint(8, 30)
        for number in range(last + 1):
            kind = "Started" if number == 0 else "Ended" if number == last else "Updated"
            trigger = {"Started": "CablePluggedIn", "Updated": "MeterValuePeriodic", "Ended": "EVCommunicationLost"}[
                kind
            ]
            info = {"transactionId": identity, "chargingState": "Charging" if kind == "Updated" else "EVConnected"}
            if kind == "Ended":
                info["stoppedReason"] = "EVDisconnected"
            told = {"eventType": kind, "timestamp": self.stamp(), "triggerReason": trigger, "seqNo": number}
            told |= {"transactionInfo": info, "evse": {"id": 1, "connectorId": 1}, "meterValue": [self.values()]}
            yield from self.sends("TransactionEvent", told, {})
            self.now, self.wh = self.now + 60, self.wh + 183
        yield from self.state("Available")

    def values(self) -> dict[str, Any]:
        energy = {"value": self.wh, "unitOfMeasure": {"unit": "Wh"}, "location": "Outlet"}
        power = {"value": 11000.0, "measurand": "Power.Active.Import", "unitOfMeasure": {"unit": "W"}}
        currents = [{"value": 16.0, "measurand": "Current.Import", "phase": f"L{n}"} for n in (1, 2, 3)]
        return {"timestamp": self.stamp(), "sampledValue": [energy, power, *currents]}


def make_log(path: Path, messages: int, *, unsorted: bool = False) -> None:
    """Write a log of so many messages; `unsorted`: stretches of it change places."""
    random.seed(1)
    days = [Maker(n).day() for n in range(STATIONS)]
    with path.open("w", encoding="utf-8") as file:
        held: list[str] = []
        for n in range(messages + STATIONS):
            held.append(next(days[n % STATIONS]))
            if len(held) == 1000:
                if unsorted:
                    held.reverse()
                file.write("\n".join(held) + "\n")
                held = []
        file.write("\n".join(held) + "\n")


def rules_alone(path: Path) -> float:
    """Microseconds that a message takes with all rules: from its text to what every rule said."""
    log = Log([path])
    log.survey()
    records = list(islice(log.in_order(), 200_000))
    began_s = time.process_time()

    def clocked(stream: Iterator[Item]) -> Iterator[Item]:
        """The stream; the clock starts after its first items, for which schemas are compiled."""
        nonlocal began_s
        for count, item in enumerate(stream):
            if count == WARM_UP:
                began_s = time.process_time()
            yield item

    watch(clocked(LogStream().items(records)), load_suites().rules)
    return (time.process_time() - began_s) / max(1, len(records) - WARM_UP) * 1e6


def by_the_ocpp_package(path: Path, most: int | None) -> tuple[float, int]:
    """CPU seconds to parse and validate the log's first messages (None: all) with the `ocpp` package, and how many."""
    from ocpp.messages import Call, CallResult, _validate_payload, unpack

    frames = (json.loads(line).get("frame") for line in path.open(encoding="utf-8"))
    actions: dict[str, str] = {}
    count, started = 0, time.process_time()
    for frame in islice((frame for frame in frames if frame is not None), most):
        message = unpack(frame)
        if isinstance(message, Call):
            actions[message.unique_id] = message.action
        elif isinstance(message, CallResult):
            message.action = actions.pop(message.unique_id)
        _validate_payload(message, "2.0.1")
        count += 1
    return time.process_time() - started, count


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--unsorted", action="store_true", help="the log is out of order and must be sorted")
    parser.add_argument("--log", type=Path, help="a log of yours instead of one that is made")
    parser.add_argument("--compared", type=int, help="the ocpp package is given so many messages, not all")
    parser.add_argument("--alone", action="store_true", help="without the comparison with the ocpp package")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.log or Path(folder) / "log.jsonl"
        if chosen.log is None:
            make_log(path, chosen.messages, unsorted=chosen.unsorted)
        suites, yardstick = load_suites(), yardstick_us()
        started = time.process_time()
        verdicts = judged_log([path], suites, None, None)
        took, memory = time.process_time() - started, peak_mb()
        table = Table("figure", "value")
        table.add_row("messages", f"{verdicts.messages:,}")
        table.add_row("rules exercised, violated", f"{verdicts.exercised}, {verdicts.violated}")
        table.add_row(
            "read and judged, CPU", f"{took:.1f} s ({took / max(1, verdicts.messages) * 1e6:.0f} µs a message)"
        )
        table.add_row("peak memory", f"{memory:.0f} MB")
        table.add_row("one message with all rules", f"{rules_alone(path):.0f} µs")
        if not chosen.alone:
            seconds, count = by_the_ocpp_package(path, chosen.compared)
            each = f"{seconds:.1f} s for {count:,} ({seconds / max(1, count) * 1e6:.0f} µs a message)"
            table.add_row("parsed and validated by the ocpp package", each)
        table.add_row("yardstick, CPU", in_words(yardstick))
        Console().print(table)


if __name__ == "__main__":
    main()
