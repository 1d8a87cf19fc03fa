"""`python -m harness.emulator.secc --config FILE.json` (the station's child) or `--standalone` (a plant too)."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
from pathlib import Path

import msgspec

from harness.emulator.secc._messages import SeccConfig, SeccEvent, StationLimits, config_decoder, encode_line


def main(arguments: list[str] | None = None) -> int:
    """Exit code 2 on wrong usage or configuration, 3 when the SECC could not be brought up."""
    parser = argparse.ArgumentParser(prog="python -m harness.emulator.secc", description=__doc__)
    parser.add_argument("--config", type=Path, help="SeccConfig as JSON; events and limits go over standard streams")
    parser.add_argument("--standalone", action="store_true", help="simulate a simple plant and print the events")
    parser.add_argument("--interface", default="lo", help="network interface the car is on (standalone)")
    parser.add_argument("--tls", default="offered", help="required, offered or off (standalone)")
    parser.add_argument("--limits", default="", help="charge=W,discharge=W[,setpoint=W] (standalone)")
    parser.add_argument("--state", type=Path, help="folder for PKI and log (standalone; default: a temporary one)")
    given = parser.parse_args(arguments)
    try:
        if given.config is not None:
            config = config_decoder.decode(given.config.read_bytes())
        elif given.standalone:
            config = SeccConfig(interface=given.interface, tls=given.tls)
            limits = _limits(given.limits, config)
        else:
            parser.error("give --config FILE.json or --standalone")
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        print(f"{given.config or 'arguments'}: {error}", file=sys.stderr)
        return 2
    if given.config is not None:
        return _child(config, given.config.resolve().parent)
    return _alone(config, limits, given.state)


def _child(config: SeccConfig, state_dir: Path) -> int:
    from harness.emulator.secc._child import run
    from harness.emulator.secc.line._tls import write_openssl_configuration

    wanted = str(write_openssl_configuration(state_dir))
    if os.environ.get("OPENSSL_CONF") != wanted:  # OpenSSL reads it once, so before anything here uses it
        os.environ["OPENSSL_CONF"] = wanted
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    return run(config, state_dir)


def _alone(config: SeccConfig, limits: StationLimits, state_dir: Path | None) -> int:
    from harness.emulator.secc._link import SeccError
    from harness.emulator.secc._standalone import StandaloneSimulation

    def show(event: SeccEvent) -> None:
        sys.stdout.write(encode_line(event).decode())
        sys.stdout.flush()

    with contextlib.ExitStack() as stack:
        folder = state_dir or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="secc-")))
        try:
            asyncio.run(StandaloneSimulation(limits, show).run(config, folder))
        except KeyboardInterrupt:
            return 0
        except SeccError as error:
            print(error, file=sys.stderr)
            return 3
    return 0


def _limits(text: str, config: SeccConfig) -> StationLimits:
    found = {"charge": config.max_charge_w, "discharge": config.max_discharge_w}
    for part in filter(None, text.split(",")):
        name, _, value = part.partition("=")
        if name not in ("charge", "discharge", "setpoint") or not value:
            raise ValueError(f"--limits: {part!r} is not charge=W, discharge=W or setpoint=W")
        found[name] = float(value)
    return StationLimits(
        max_charge_w=found["charge"], max_discharge_w=found["discharge"], setpoint_w=found.get("setpoint")
    )


if __name__ == "__main__":
    raise SystemExit(main())
