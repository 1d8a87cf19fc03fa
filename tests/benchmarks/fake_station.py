"""A charging station and its meter with delays that are known: python -m tests.benchmarks.fake_station URL COUNT HZ

One thread in a process of its own: a WebSocket to our backend, and a pty on which a meter streams HZ telegrams a
second. It answers each SetChargingProfile after a delay of its choosing and then, after another, changes what the meter
shows to the limit. Prints the meter's port first and, after COUNT requests, its own times as JSON: per request, in
seconds since it was read from the socket, when the answer was given to the socket and when the meter's value changed.
With --echo PORT COUNT it answers octets on a bare socket instead, for comparison.
"""

from __future__ import annotations

import json
import os
import random
import select
import socket
import sys
import time
import tty
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

ANSWER_S, STEP_S = (0.002, 0.020), (0.005, 0.030)
TYPED = "1-0:31.7.0({0:.2f}*A) 1-0:51.7.0({0:.2f}*A) 1-0:71.7.0({0:.2f}*A)"
REST = "1-0:32.7.0(230.0*V) 1-0:14.7.0(50.00*Hz) 1-0:1.8.0(12.4*Wh) 1-0:2.8.0(0.0*Wh)"
TABLE = []
for _index in range(256):
    for _ in range(8):
        _index = _index >> 1 ^ (0xA001 if _index & 1 else 0)
    TABLE.append(_index)


def telegram(number: int, amps: float) -> bytes:
    """One line of the meter's protocol."""
    body = f"/CPM3 #{number % 100000:05d} 1-0:16.7.0({amps * 690:.0f}*W) {TYPED.format(amps)} {REST}!".encode()
    crc = 0
    for byte in body:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    return body + b"%04X\r\n" % crc


class FakeStation:
    """Everything between two waits takes microseconds, so that what it does late it knows to be late."""

    def __init__(self, url: str, hz: float) -> None:
        self._every_s = 1 / hz
        self._master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(self._master, False)
        print(os.ttyname(slave), flush=True)
        where = parse_uri(url)
        self._protocol = ClientProtocol(where, subprotocols=[Subprotocol("ocpp2.0.1")])
        self._socket = socket.create_connection((where.host, where.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._protocol.send_request(self._protocol.connect())
        self._flush()
        self._amps, self._number, self._telegram_at = 32.0, 0, time.monotonic()
        self._due: list[tuple[float, str, Any]] = []
        self._times: list[dict[str, float]] = []
        self._random = random.Random(15118)

    def run(self, count: int) -> list[dict[str, float]]:
        """Serve until `count` requests are answered and their steps are made."""
        self._call("BootNotification", {"reason": "PowerUp", "chargingStation": {"model": "B", "vendorName": "B"}})
        while len(self._times) < count or self._due:
            now = time.monotonic()
            soonest = min([self._telegram_at, *(at for at, _, _ in self._due)])
            if select.select([self._socket], [], [], max(0.0, soonest - now))[0]:
                self._read()
            for each in sorted(item for item in self._due if item[0] <= time.monotonic()):
                self._due.remove(each)
                self._do(each[1], each[2])
            if self._telegram_at <= time.monotonic():
                self._telegram_at += self._every_s
                self._number += 1
                os.write(self._master, telegram(self._number, self._amps))
        for _ in range(20):  # the last step must be seen
            self._number += 1
            os.write(self._master, telegram(self._number, self._amps))
            time.sleep(self._every_s)
        return self._times

    def _do(self, what: str, about: Any) -> None:
        times = about["times"]
        if what == "answer":
            self._protocol.send_text(json.dumps([3, about["id"], {"status": "Accepted"}]).encode())
            times["answered"] = time.monotonic() - times.pop("read")
            self._flush()
        else:
            self._amps = about["amps"]
            times["stepped"] = time.monotonic() - about["read"]

    def _read(self) -> None:
        data = self._socket.recv(1 << 16)
        read = time.monotonic()
        if not data:
            raise ConnectionError("the backend closed the connection")
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if not isinstance(event, Frame) or event.opcode is not Opcode.TEXT:
                continue
            frame = json.loads(event.data)
            if frame[0] == 2:
                self._asked(frame, read)
        self._flush()

    def _asked(self, frame: list[Any], read: float) -> None:
        if frame[2] != "SetChargingProfile":
            self._protocol.send_text(json.dumps([4, frame[1], "NotImplemented", "", {}]).encode())
            return
        times = {"read": read}
        self._times.append(times)
        period = frame[3]["chargingProfile"]["chargingSchedule"][0]["chargingSchedulePeriod"][0]
        answer_at = read + self._random.uniform(*ANSWER_S)
        about = {"id": frame[1], "times": times, "amps": float(period["limit"]), "read": read}
        self._due += [(answer_at, "answer", about), (answer_at + self._random.uniform(*STEP_S), "step", about)]

    def _call(self, action: str, payload: dict[str, Any]) -> None:
        self._protocol.receive_data(self._socket.recv(1 << 16))  # the handshake's answer
        self._protocol.events_received()
        self._protocol.send_text(json.dumps([2, "boot", action, payload]).encode())
        self._flush()

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            self._socket.sendall(data)


def echo(port: int, count: int) -> None:
    """Answer each octet after such a delay with how long it really took, in seconds: what the machine alone adds."""
    chosen = random.Random(15118)
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
            line.recv(1)
            read = time.monotonic()
            select.select([], [], [], chosen.uniform(*ANSWER_S))
            line.sendall(f"{time.monotonic() - read:.9f}".encode())


if __name__ == "__main__" and sys.argv[1] == "--echo":
    echo(int(sys.argv[2]), int(sys.argv[3]))
elif __name__ == "__main__":
    print(json.dumps(FakeStation(sys.argv[1], float(sys.argv[3])).run(int(sys.argv[2]))))
