"""How many OCPP messages a second one core reads, validates and journals: python -m tests.benchmarks.bench_wire

Two figures, each the best of some rounds, CPU time of this process only:
  "wire"      text in, frame read, matched, checked against its schema and recorded (one journal line, written);
  "socket"    the same from bytes of a WebSocket: unmasking, framing, and the answer checked, recorded and sent back.
The message is a TransactionEvent of about 1.7 kB with eight sampled values, its number changed each time.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from harness.csms import Csms, CsmsConfig
from harness.csms.line._ledger import Ledger
from harness.csms.line._websocket import Text
from harness.csms.line._wire import Wire
from harness.trace import Recorder

MESSAGES = 10_000
ROUNDS = 3
AIM = 10_000
_PHASES = ("L1", "L2", "L3")


def transaction_event(number: int) -> str:
    """One CALL of about 1.7 kB."""
    values: list[dict[str, Any]] = [
        {
            "value": 10.0 + number % 7 + at,
            "context": "Sample.Periodic",
            "measurand": "Current.Import" if at < 3 else "Power.Active.Import",
            "phase": _PHASES[at % 3],
            "location": "Outlet",
            "unitOfMeasure": {"unit": "A" if at < 3 else "W", "multiplier": 0},
        }
        for at in range(8)
    ]
    payload = {
        "eventType": "Updated",
        "timestamp": "2026-01-01T12:00:00.000Z",
        "triggerReason": "MeterValuePeriodic",
        "seqNo": number,
        "transactionInfo": {"transactionId": "5f8e0b0c-1a2b-4c3d-9e8f-0123456789ab", "chargingState": "Charging"},
        "evse": {"id": 1, "connectorId": 1},
        "meterValue": [{"timestamp": "2026-01-01T12:00:00.000Z", "sampledValue": values}],
    }
    return json.dumps([2, f"message-{number:012d}", "TransactionEvent", payload])


def wire_rate(folder: Path, texts: list[str]) -> float:
    """Messages a second of CPU time through reader, schema and journal."""
    recorder = Recorder(folder / "wire.jsonl")
    wire = Wire(recorder, Ledger(), 1, "ocpp2.0.1", "BENCH")
    wire.received(Text(texts[0].replace("message", "warm-up"), 0))
    gc.collect()
    started = time.process_time()
    for text in texts:
        wire.received(Text(text, recorder.clock.mono_ns()))
    took = time.process_time() - started
    assert not any(event.data["errors"] for event in recorder.events)
    recorder.close()
    return len(texts) / took


async def socket_rate(folder: Path, texts: list[str]) -> float:
    """Messages a second of CPU time through a real connection, answers included (the sender is another process)."""
    recorder = Recorder(folder / "socket.jsonl")
    async with Csms(recorder, CsmsConfig(security_profile=0)) as csms:
        sender = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.benchmarks.bench_wire", "--send", csms.url("BENCH"), str(len(texts))
        )
        while not csms.stations:
            await asyncio.sleep(0.001)
        gc.collect()
        started = time.process_time()
        await sender.wait()
        took = time.process_time() - started
        got = [e for e in recorder.events if e.kind == "ocpp.frame" and e.data["dir"] == "in"]
        assert len(got) == len(texts), f"{len(got)} of {len(texts)} arrived"
        assert not any(event.data["errors"] for event in got)
    recorder.close()
    return len(texts) / took


async def send(url: str, count: int) -> None:
    """The station's half of `socket_rate`: all messages at once, then wait for all answers."""
    protocol = ClientProtocol(parse_uri(url), subprotocols=[Subprotocol("ocpp2.0.1")])
    reader, writer = await asyncio.open_connection(parse_uri(url).host, parse_uri(url).port)
    protocol.send_request(protocol.connect())
    writer.write(b"".join(protocol.data_to_send()))
    protocol.receive_data(await reader.readuntil(b"\r\n\r\n"))
    protocol.events_received()
    answered = 0

    async def listen() -> None:
        nonlocal answered
        while answered < count:
            protocol.receive_data(await reader.read(1 << 18))
            events = protocol.events_received()
            answered += sum(1 for e in events if isinstance(e, Frame) and e.opcode is Opcode.TEXT)

    listening = asyncio.create_task(listen())
    for number in range(count):
        protocol.send_text(transaction_event(number).encode())
        writer.write(b"".join(protocol.data_to_send()))
        await writer.drain()
    await listening
    writer.close()


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--send"]:
        asyncio.run(send(sys.argv[2], int(sys.argv[3])))
        return
    texts = [transaction_event(number) for number in range(MESSAGES)]
    table = Table("way of a message", "octets", "messages a second and core, best", "all rounds", "aim")
    for name in ("wire", "socket"):
        rates = []
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                rate = (
                    wire_rate(Path(folder), texts) if name == "wire" else asyncio.run(socket_rate(Path(folder), texts))
                )
                rates.append(rate)
        every = ", ".join(f"{rate:,.0f}" for rate in rates)
        table.add_row(name, f"{len(texts[0]):,}", f"{max(rates):,.0f}", every, f"{AIM:,}")
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    main()
