"""`chargeproof emulate`: the emulated charger alone, against any backend, until Ctrl-C."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

import click

from harness.campaign import with_password
from harness.cli._codes import Exit
from harness.cli._outputs import Outputs
from harness.cli._say import Door, refuse
from plain_files import is_plain

_READY_WITHIN_S = 150.0


@click.command()
@click.option("--csms", metavar="URL", help="The backend's URL without the identity. Left out: it stands alone.")
@click.option("--identity", default="EMU-0001", show_default=True, help="OCPP identity.")
@click.option(
    "--password",
    envvar="CHARGEPROOF_PASSWORD",
    help="For security profiles 1 and 2; better in CHARGEPROOF_PASSWORD, where others on this computer cannot read it.",
)
@click.option("--security-profile", type=click.IntRange(1, 3), default=1, show_default=True)
@click.option("--ca-file", type=click.Path(exists=True, dir_okay=False), help="The backend's root certificate (PEM).")
@click.option("--client-cert", type=click.Path(exists=True, dir_okay=False), help="For security profile 3 (PEM).")
@click.option("--client-key", type=click.Path(exists=True, dir_okay=False), help="For security profile 3 (PEM).")
@click.option("--ocpp", help="OCPP versions it offers, best first: ocpp2.1,ocpp2.0.1 (default).")
@click.option("--interface", help="Network interface for ISO 15118: cp-evse, lo, or none (default).")
@click.option("--state-dir", type=click.Path(path_type=Path), help="Log, certificates, firmware. Default: a fresh one.")
@click.option("--evses", type=click.IntRange(1, 8), default=1, show_default=True, help="How many EVSEs it has.")
@click.option("--vendor-serial", metavar="SERIAL", help="Its serial number.")
@click.option("--defect", multiple=True, help="Break it in a named way; repeatable.")
@click.option("--variant", multiple=True, help="Let it be unusual, yet correct; repeatable.")
def emulate(
    state_dir: Path | None, defect: tuple[str, ...], variant: tuple[str, ...], **options: str | int | None
) -> None:
    """Start the emulated charger alone, against any backend.

    It stays until Ctrl-C. Its instruments (meter, pilot box, light sensor, grid source) are serial ports, whose names
    are printed; a profile may name them like those of a real bench.
    """
    csms = options["csms"]
    if csms is not None and not str(csms).startswith(("ws://", "wss://")):
        refuse(f"--csms {csms}: an OCPP URL begins with ws:// or wss://")
    _known(defect, variant)
    if bool(options["client_cert"]) != bool(options["client_key"]):
        refuse("--client-cert and --client-key are a pair: give both")
    _check_interface(options["interface"])
    for name in ("ca_file", "client_cert", "client_key"):
        if options[name] and not is_plain(str(options[name])):
            refuse(f"--{name.replace('_', '-')} {options[name]} is no ordinary file")
    outputs = Outputs(*(Path(str(options[name])) for name in ("ca_file", "client_cert", "client_key") if options[name]))
    outputs.check_folder("--state-dir", state_dir)
    folder = state_dir or Path(tempfile.mkdtemp(prefix="chargeproof-emulated-"))
    arguments = ["--state-dir", str(folder)]
    for name, value in options.items():
        if value is not None and name != "password":
            arguments += [f"--{name.replace('_', '-')}", str(value)]
    for option, names in (("--defect", defect), ("--variant", variant)):
        arguments += [part for name in names for part in (option, name)]
    sys.exit(_serve(arguments, folder, Door(), str(options["password"] or "")))


def _known(defects: tuple[str, ...], variants: tuple[str, ...]) -> None:
    from harness.emulator.defects import known_defects
    from harness.emulator.variants import known_variants

    if unknown := [d for d in defects if d not in known_defects()]:
        refuse(f"no defect is called {', '.join(unknown)}; there are {', '.join(known_defects())}")
    if unknown := [v for v in variants if v not in known_variants()]:
        refuse(f"no variant is called {', '.join(unknown)}; there are {', '.join(known_variants())}")


def _check_interface(name: str | int | None) -> None:
    here = sorted(known for _, known in socket.if_nameindex())
    if name not in (None, "none", *here):
        refuse(f"--interface {name}: this computer has none of that name; it has {', '.join(here)}")


def _serve(arguments: list[str], folder: Path, door: Door, password: str) -> int:
    process = subprocess.Popen(
        [sys.executable, "-m", "harness.emulator", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=with_password(password),
        start_new_session=True,  # Ctrl-C is ours to hand on, so that it leaves in good order
    )
    assert process.stdin is not None and process.stdout is not None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(Exit.GO))
    overdue = threading.Timer(_READY_WITHIN_S, process.kill)
    overdue.start()
    try:
        line = process.stdout.readline()
        overdue.cancel()
        if not line:
            code = process.wait(5)
            door.line("the emulated charger did not start; its log: {}", folder / "station.log", whole=True)
            return Exit.REFUSED if code == Exit.REFUSED else Exit.OURS
        _tell(door, json.loads(line), arguments, folder)
        code = process.wait()
        door.line("the emulated charger ended by itself ({}); its log: {}", code, folder / "station.log", whole=True)
        return Exit.OURS
    except KeyboardInterrupt:
        door.line("\nthe emulated charger is switched off")
        return Exit.GO
    finally:
        overdue.cancel()
        _switch_off(process, process.stdin)


def _switch_off(process: subprocess.Popen[bytes], stdin: IO[bytes]) -> None:
    stdin.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def _tell(door: Door, ready: dict[str, Any], arguments: list[str], folder: Path) -> None:
    told = dict(zip(arguments[::2], arguments[1::2], strict=True))
    where = told.get("--csms", "").rstrip("/")
    door.line("[bold]The emulated charger is on.[/] EMULATED: what it passes proves nothing about a real product.")
    backend = f"{where}/" + told["--identity"] if where else "none: it stands alone"
    door.line("  backend        {}", backend, whole=True)
    for role, port in (ready.get("ports") or {}).items():
        door.line("  {} {}", f"{role:<14}", port, whole=True)
    secc = ready.get("secc")
    door.line("  ISO 15118      {}", json.dumps(secc) if secc else "off (--interface)", whole=True)
    door.line("  log            {}", folder / "station.log", whole=True)
    door.line("\nCtrl-C switches it off.")
