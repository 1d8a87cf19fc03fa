"""The charger's Java takes commands from its own process alone: a neighbour on the same computer has none run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRY = """
import json, sys
from py4j.java_gateway import GatewayParameters, JavaGateway
from harness.emulator.secc.exi._exi import Codec

codec = Codec()
port = codec.gateway.gateway_parameters.port
told = {"own": codec.gateway.jvm.java.lang.System.getProperty("java.version")}
for name, more in {"none": {}, "guessed": {"auth_token": "x" * 32}}.items():
    stranger = JavaGateway(gateway_parameters=GatewayParameters(port=port, **more))
    try:
        stranger.jvm.java.lang.Runtime.getRuntime().exec("touch " + sys.argv[1]).waitFor()
        told[name] = "done"
    except Exception as error:
        told[name] = type(error).__name__
told["own_again"] = codec.gateway.jvm.java.lang.System.getProperty("java.version")
codec.close()
print(json.dumps(told))
"""


def test_a_neighbour_without_the_token_has_nothing_run(tmp_path: Path) -> None:
    """Neither without one nor with a guessed one; whoever holds it is served before and afterwards."""
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", TRY, str(tmp_path / "made")]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    assert told["own"] and told["own"] == told["own_again"]
    assert told["none"].startswith("Py4J") and told["guessed"].startswith("Py4J"), told
    assert not (tmp_path / "made").exists()
