"""`chargeproof onboard`: get a charger onto the bench, say what is wrong on the way, and draft its profile."""

from __future__ import annotations

import asyncio
import datetime
import os
import sys
from pathlib import Path
from typing import Any

import click

from harness.cli._codes import Exit
from harness.cli._numbers import Seconds
from harness.cli._say import Door, quoted, refuse, styled
from harness.evidence import Surrogates
from harness.onboard import (
    Advice,
    Arrived,
    Backend,
    Onboarding,
    Wish,
    declared,
    draft_profile,
    nameplate,
    new_password,
    sheet,
)
from harness.profile import is_host, is_identity, load_profile
from harness.trace import Recorder
from plain_files import text_of
from requirement_catalog import load_catalogue

_PASSWORD = "onboarding.password"  # between attempts; the profile holds it afterwards
_MARKS = {
    "good": styled("[green]ok[/]"),
    "note": styled("[yellow]note[/]"),
    "problem": styled("[bold red]problem[/]"),
}


@click.command()
@click.option("--listen", default="0.0.0.0", show_default=True, help="Address of this computer to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=9000, show_default=True, help="TCP port; 0: any free.")
@click.option("--security-profile", type=click.IntRange(0, 3), default=2, show_default=True, help="OCPP's 1, 2 or 3.")
@click.option("--identity", help="The charger's OCPP identity. Without it any is let in, and noted.")
@click.option("--password", help="Instead of a generated one (profiles 1 and 2; 16 to 40 characters).")
@click.option("--serial", help="The charger's serial number, for its client certificate (profile 3).")
@click.option("--host-name", help="Name or address by which the charger reaches this computer.")
@click.option("--within", "within_s", type=Seconds(1), default=900.0, show_default=True, help="Seconds to wait.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("profile.yaml"), show_default=True)
@click.option("--name", help="What to call the product in reports.")
@click.option(
    "--pki", type=click.Path(path_type=Path), help="Folder of certificates to keep. Default: pki beside --out."
)
@click.option(
    "--key-type",
    type=click.Choice(["ec", "rsa"]),
    help="Kind of the charger's certificate, and of a new CA's first root. Default: ec, or as the CA's.",
)
@click.option("--give-certificate", is_flag=True, help="Profile 2: have the charger ask for its client certificate.")
@click.option("--force", is_flag=True, help="Overwrite --out.")
def onboard(out: Path, name: str | None, pki: Path | None, force: bool, **options: Any) -> None:
    """Get a charger onto the bench, and draft its profile.

    Prints what to enter in the charger, waits, and says in plain words what arrives and what is wrong with it. When the
    charger is in, it is asked what it is, and a first profile is written.

    Exit codes: 0 a profile was drafted, 1 no charger got in, 2 wrong usage.
    """
    if out.exists() and not force:
        refuse(f"{out} exists; give another --out, or --force to overwrite it")
    wish = _wish(out, pki, options)
    door = Door()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        journal = out.parent / f"onboarding-{datetime.datetime.now(datetime.UTC):%Y%m%d-%H%M%S}.jsonl"
        _keep_password(out.parent, wish.password)
        recorder = Recorder(journal, redact=Surrogates.fresh(known=[(wish.password or "", "secret")]))
    except OSError as error:
        refuse(f"{error.filename or out.parent}: {error.strerror or error}")
    try:
        written = asyncio.run(_onboard(door, recorder, wish, out, name, force))
    except OSError as error:
        where = error.filename or f"cannot listen at {wish.listen} port {wish.port}"
        refuse(f"{where}: {error.strerror or error}")
    except ValueError as error:
        refuse(str(error))
    except KeyboardInterrupt:
        door.line("\nbroken off; what was seen is kept in {}", journal, whole=True)
        sys.exit(Exit.BROKEN_OFF)
    finally:
        recorder.close()
    door.line("\neverything that was sent is kept in {}", journal, whole=True)
    sys.exit(Exit.GO if written else Exit.HOLD)


def _wish(out: Path, pki: Path | None, options: dict[str, Any]) -> Wish:
    password, profile = options["password"], options["security_profile"]
    if password is not None and not 16 <= len(password) <= 40:
        refuse(f"--password has {len(password)} characters; OCPP asks for 16 to 40 (A00.FR.205)")
    if profile in (1, 2) and password is None:
        options["password"] = _kept_password(out.parent) or new_password()
    identity = options["identity"]
    if identity is not None and not is_identity(identity):
        refuse(f"--identity {identity[:60]!r}: 1 to 48 characters, no blank and no colon, none of / ? # (OCPP-J)")
    for option in ("listen", "host_name"):
        if options[option] is not None and not is_host(options[option]):
            refuse(f"--{option.replace('_', '-')} {options[option][:60]!r} is no address and no name of a computer")
    if profile == 3 and not (options["serial"] or identity):
        refuse("security profile 3 needs --serial: the charger's certificate is made out to it")
    if options["give_certificate"] and profile == 3:
        refuse("--give-certificate is for profile 2: in profile 3 the charger has its certificate already")
    return Wish(pki=pki or out.parent / "pki", **options)


def _kept_password(folder: Path) -> str | None:
    """The password of an earlier attempt, so that what was typed into the charger stays right."""
    try:
        return text_of(folder / _PASSWORD, most=1000).strip() or None
    except OSError:
        return None


def _keep_password(folder: Path, password: str | None) -> None:
    if password is not None:
        with os.fdopen(os.open(folder / _PASSWORD, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"{password}\n")


async def _onboard(door: Door, recorder: Recorder, wish: Wish, out: Path, name: str | None, force: bool) -> Path | None:
    async with Onboarding(recorder, wish) as bench:
        _print_sheet(door, bench)
        station = await bench.wait(lambda advice: _print_advice(door, advice))
        if station is None:
            _print_standing(door, bench)
            return None
        if wish.give_certificate:
            problem = await bench.give_certificate(station)
            done = "the charger has its client certificate; it can be set to security profile 3 now"
            if problem:
                door.line("[yellow]no client certificate:[/] {}", problem)
            else:
                door.line("[green]{}[/]", done)
        door.line("[dim]asking {} what it is[/]", station.identity)
        arrived = await bench.ask(station)
        return _write(door, bench, arrived, out, name, force)


def _print_sheet(door: Door, bench: Onboarding) -> None:
    files = bench.station_files() if bench.wish.security_profile == 3 else None
    door.line("[bold]Enter this in the charger, then restart it[/]\n")
    for entry in sheet(bench.told, bench.password, files):
        door.line("  {} [bold]{}[/]", f"{entry.label:<18}", entry.value, whole=True)
        if entry.note:
            door.line("  {} [dim]{}[/]", " " * 18, entry.note, whole=True)
    if others := bench.other_addresses:
        door.line("\n[dim]This computer has other addresses, too: {}.[/]", ", ".join(others), whole=True)
        door.line("[dim]If the charger is on one of those networks, start again with --host-name.[/]")
    if files is not None:
        door.line(
            "\n[dim]A charger that makes its own key: start with --security-profile 2 --give-certificate instead;[/]"
        )
        door.line("[dim]it then sends a certificate request (SignCertificate), and we sign it.[/]")
    door.line("\nWaiting at most {} s for it to connect; Ctrl-C ends this.\n", f"{bench.wish.within_s:.0f}")


def _print_advice(door: Door, advice: Advice) -> None:
    times = f" ({advice.times} times)" if advice.times > 1 else ""
    stamp = f"{datetime.datetime.now(datetime.UTC):%H:%M:%S}"
    door.line("[dim]{}[/] {}  {}", stamp, _MARKS[advice.severity], advice.see + times, hang=9)
    if advice.means:
        door.line("         {}", advice.means, hang=0)
    if advice.do:
        door.line("         [bold]->[/] {}", advice.do, hang=3)


def _print_standing(door: Door, bench: Onboarding) -> None:
    door.line("\n[bold]No charger got in within {} s.[/]", f"{bench.wish.within_s:.0f}")
    standing = [a for a in bench.advice(at_last=True) if a.severity == "problem" and not a.settled]
    for advice in standing:
        times = f" ({advice.times} times)" if advice.times > 1 else ""
        door.line("  {}", advice.see + times, hang=0)
        door.line("    [bold]->[/] {}", advice.do, hang=3)
    if not standing:
        door.line("  Nothing arrived that could be told apart; check URL, cable and firewall.")


def _write(door: Door, bench: Onboarding, arrived: Arrived, out: Path, name: str | None, force: bool) -> Path:
    plate = nameplate(arrived.boot, arrived.inventory)
    wish = bench.wish
    backend = Backend(
        listen=wish.listen,
        port=bench.csms.port,
        host_name=bench.host,
        security_profile=wish.security_profile,
        identity=arrived.identity,
        password=bench.password,
        pki=os.path.relpath(wish.pki, out.parent) if bench.ca_file else None,
    )
    pics = declared(load_catalogue().features, arrived.inventory, arrived.offered)
    text = draft_profile(plate, pics, backend, name=name)
    mode = os.O_TRUNC if force else os.O_EXCL  # somebody may have put one there while we waited
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | mode, 0o600), "w") as file:
        file.write(text)
    (out.parent / _PASSWORD).unlink(missing_ok=True)
    load_profile(str(out))  # a draft that does not load would be our fault, and is told as such
    (out.parent / "documents").mkdir(exist_ok=True)
    counted = len(arrived.inventory.variables)
    said = f"{counted} variables of its device model" if counted else "its boot only: it gave no device model"
    door.line(
        "\n[bold green]The charger is on the bench.[/] Draft profile: [bold]{}[/] (from {})", out, said, whole=True
    )
    marked = text.count("CHECK")
    door.line("  {} lines are marked CHECK: go through them with the supplier's data sheet.", marked)
    if bench.password:
        door.line("  [dim]It holds the password: readable for you only.[/]")
    door.line("  next: chargeproof doctor --dut {}", quoted(out), whole=True)
    return out
