"""A campaign with a neighbour, both inside one private network.

`python -m harness.emulator.netns -- python -m tests.campaign._neighbour KIND OUT ADDRESS OPTION …` knocks from ADDRESS
while `chargeproof run --out OUT OPTION …` runs, and ends with its exit code. KIND "careful" refuses every certificate
but the right one; "careless" takes any, offers TLS 1.0 and asks for OCPP 1.6.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import subprocess
import sys
import threading
import warnings
from pathlib import Path

_EVERY_S = 0.2
_REQUEST = b"GET /ocpp/EMU-0001 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
_REQUEST += b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
_REQUEST += b"Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n"


def main(kind: str, out: Path, address: str, options: list[str]) -> int:
    """Run the campaign, and be the neighbour while it lasts."""
    command = [sys.executable, "-m", "harness.cli", "run", "--dut", "emulated", "--out", str(out), *options]
    gone = threading.Event()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as campaign:
        assert campaign.stdout is not None
        for line in campaign.stdout:
            print(line, end="")
            if found := re.search(r"listens at wss://localhost:(\d+)", line):
                roots = next(out.glob("*/pki/roots.pem"))
                knocking = (int(found[1]), address, _careful(roots) if kind == "careful" else _careless(), gone)
                threading.Thread(target=_knock, args=knocking, daemon=True).start()
    gone.set()
    return campaign.returncode


def _careful(roots: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(roots))


def _careless() -> ssl.SSLContext:
    made = ssl.create_default_context()
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        made.minimum_version = ssl.TLSVersion.TLSv1
    return made


def _knock(port: int, address: str, tls: ssl.SSLContext, gone: threading.Event) -> None:
    while not gone.wait(_EVERY_S):
        with (
            contextlib.suppress(OSError),  # refusing, and being refused, is what it is for
            socket.create_connection(("127.0.0.1", port), timeout=2, source_address=(address, 0)) as raw,
            tls.wrap_socket(raw, server_hostname="localhost") as secured,
        ):
            secured.sendall(_REQUEST)
            secured.recv(1000)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4:]))
