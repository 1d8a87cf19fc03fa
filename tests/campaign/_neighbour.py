"""A campaign with a neighbour that refuses every wrong certificate, both inside one private network.

`python -m harness.emulator.netns -- python -m tests.campaign._neighbour OUT ADDRESS OPTION …` knocks from ADDRESS while
`chargeproof run --out OUT OPTION …` runs, and ends with its exit code.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

_EVERY_S = 0.2


def main(out: Path, address: str, options: list[str]) -> int:
    """Run the campaign, and be the neighbour while it lasts."""
    command = [sys.executable, "-m", "harness.cli", "run", "--dut", "emulated", "--out", str(out), *options]
    gone = threading.Event()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as campaign:
        assert campaign.stdout is not None
        for line in campaign.stdout:
            print(line, end="")
            if found := re.search(r"listens at wss://localhost:(\d+)", line):
                threading.Thread(target=_knock, args=(int(found[1]), address, out, gone), daemon=True).start()
    gone.set()
    return campaign.returncode


def _knock(port: int, address: str, out: Path, gone: threading.Event) -> None:
    roots = next(out.glob("*/pki/roots.pem"))
    while not gone.wait(_EVERY_S):
        with (
            contextlib.suppress(OSError),  # refusing is what it is for
            socket.create_connection(("127.0.0.1", port), timeout=2, source_address=(address, 0)) as raw,
            ssl.create_default_context(cafile=str(roots)).wrap_socket(raw, server_hostname="localhost"),
        ):
            pass


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
