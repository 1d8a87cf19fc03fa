"""`chargeproof onboard`: get a charger onto the bench, say what is wrong on the way, and draft its profile."""

from __future__ import annotations

import asyncio
import datetime
import os
import sys
import textwrap
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from harness.evidence import Redactor
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
from harness.profile import load_profile
from harness.trace import Recorder
from requirement_catalog import load_catalogue

DRAFTED, NOT_ARRIVED, USAGE = 0, 1, 2
_PASSWORD = "onboarding.password"  # between attempts; the profile holds it afterwards
_MARKS = {"good": "[green]ok[/]", "note": "[yellow]note[/]", "problem": "[bold red]problem[/]"}


@click.command()
@click.option("--listen", default="0.0.0.0", show_default=True, help="Address of this computer to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=9000, show_default=True, help="TCP port; 0: any free.")
@click.option("--security-profile", type=click.IntRange(0, 3), default=2, show_default=True, help="OCPP's 1, 2 or 3.")
@click.option("--identity", help="The charger's OCPP identity. Without it any is let in, and noted.")
@click.option("--password", help="Instead of a generated one (profiles 1 and 2; 16 to 40 characters).")
@click.option("--serial", help="The charger's serial number, for its client certificate (profile 3).")
@click.option("--host-name", help="Name or address by which the charger reaches this computer.")
@click.option(
    "--within", "within_s", type=click.FloatRange(1), default=900.0, show_default=True, help="Seconds to wait."
)
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
        raise click.UsageError(f"{out} exists; give another --out, or --force to overwrite it")
    wish = _wish(out, pki, options)
    console = Console(highlight=False)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        journal = out.parent / f"onboarding-{datetime.datetime.now(datetime.UTC):%Y%m%d-%H%M%S}.jsonl"
        _keep_password(out.parent, wish.password)
        recorder = Recorder(journal, redact=Redactor.fresh(known=tuple(filter(None, [wish.password]))))
    except OSError as error:
        raise click.UsageError(f"{error.filename or out.parent}: {error.strerror or error}") from error
    try:
        written = asyncio.run(_onboard(console, recorder, wish, out, name))
    except OSError as error:
        where = error.filename or f"cannot listen at {wish.listen} port {wish.port}"
        raise click.UsageError(f"{where}: {error.strerror or error}") from error
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except KeyboardInterrupt:
        console.print(f"\nbroken off; what was seen is kept in {journal}", soft_wrap=True)
        sys.exit(130)
    finally:
        recorder.close()
    console.print(f"\neverything that was sent is kept in {journal}", soft_wrap=True)
    sys.exit(DRAFTED if written else NOT_ARRIVED)


def _wish(out: Path, pki: Path | None, options: dict[str, Any]) -> Wish:
    password, profile = options["password"], options["security_profile"]
    if password is not None and not 16 <= len(password) <= 40:
        raise click.UsageError(f"--password has {len(password)} characters; OCPP asks for 16 to 40 (A00.FR.205)")
    if profile in (1, 2) and password is None:
        options["password"] = _kept_password(out.parent) or new_password()
    identity = options["identity"]
    if identity is not None and (not 1 <= len(identity) <= 48 or ":" in identity):
        raise click.UsageError(f"--identity {identity!r}: 1 to 48 characters and no colon (OCPP-J)")
    if profile == 3 and not (options["serial"] or identity):
        raise click.UsageError("security profile 3 needs --serial: the charger's certificate is made out to it")
    if options["give_certificate"] and profile == 3:
        raise click.UsageError(
            "--give-certificate is for profile 2: in profile 3 the charger has its certificate already"
        )
    return Wish(pki=pki or out.parent / "pki", **options)


def _kept_password(folder: Path) -> str | None:
    """The password of an earlier attempt, so that what was typed into the charger stays right."""
    try:
        return (folder / _PASSWORD).read_text().strip() or None
    except OSError:
        return None


def _keep_password(folder: Path, password: str | None) -> None:
    if password is not None:
        with os.fdopen(os.open(folder / _PASSWORD, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"{password}\n")


async def _onboard(console: Console, recorder: Recorder, wish: Wish, out: Path, name: str | None) -> Path | None:
    async with Onboarding(recorder, wish) as bench:
        _print_sheet(console, bench)
        station = await bench.wait(lambda advice: _print_advice(console, advice))
        if station is None:
            _print_standing(console, bench)
            return None
        if wish.give_certificate:
            problem = await bench.give_certificate(station)
            done = "the charger has its client certificate; it can be set to security profile 3 now"
            console.print(f"[yellow]no client certificate:[/] {escape(problem)}" if problem else f"[green]{done}[/]")
        console.print(f"[dim]asking {escape(station.identity)} what it is[/]")
        arrived = await bench.ask(station)
        return _write(console, bench, arrived, out, name)


def _print_sheet(console: Console, bench: Onboarding) -> None:
    files = bench.station_files() if bench.wish.security_profile == 3 else None
    console.print("[bold]Enter this in the charger, then restart it[/]\n")
    for entry in sheet(bench.told, bench.password, files):
        console.print(f"  {entry.label:<18} [bold]{escape(entry.value)}[/]", soft_wrap=True)
        if entry.note:
            console.print(f"  {'':<18} [dim]{escape(entry.note)}[/]", soft_wrap=True)
    if others := bench.other_addresses:
        console.print(f"\n[dim]This computer has other addresses, too: {', '.join(others)}.[/]", soft_wrap=True)
        console.print("[dim]If the charger is on one of those networks, start again with --host-name.[/]")
    if files is not None:
        console.print(
            "\n[dim]A charger that makes its own key: start with --security-profile 2 --give-certificate instead;[/]"
        )
        console.print("[dim]it then sends a certificate request (SignCertificate), and we sign it.[/]")
    console.print(f"\nWaiting at most {bench.wish.within_s:.0f} s for it to connect; Ctrl-C ends this.\n")


def _print_advice(console: Console, advice: Advice) -> None:
    times = f" ({advice.times} times)" if advice.times > 1 else ""
    stamp = f"{datetime.datetime.now(datetime.UTC):%H:%M:%S}"
    _print_wrapped(console, f"[dim]{stamp}[/] {_MARKS[advice.severity]}  ", advice.see + times, 9)
    if advice.means:
        _print_wrapped(console, " " * 9, advice.means, 9)
    if advice.do:
        _print_wrapped(console, " " * 9 + "[bold]->[/] ", advice.do, 12)


def _print_wrapped(console: Console, start: str, text: str, indent: int) -> None:
    """Wrapped between words only, so that a path or a URL stays whole to copy."""
    lead = len(Text.from_markup(start).plain)
    lines = textwrap.wrap(
        "x" * lead + text,
        width=max(60, console.width),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    console.print(start + escape("\n".join(lines)[lead:]), soft_wrap=True)


def _print_standing(console: Console, bench: Onboarding) -> None:
    console.print(f"\n[bold]No charger got in within {bench.wish.within_s:.0f} s.[/]")
    standing = [a for a in bench.advice(at_last=True) if a.severity == "problem" and not a.settled]
    for advice in standing:
        times = f" ({advice.times} times)" if advice.times > 1 else ""
        _print_wrapped(console, "  ", advice.see + times, 2)
        _print_wrapped(console, "    [bold]->[/] ", advice.do, 7)
    if not standing:
        console.print("  Nothing arrived that could be told apart; check URL, cable and firewall.")


def _write(console: Console, bench: Onboarding, arrived: Arrived, out: Path, name: str | None) -> Path:
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
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    (out.parent / _PASSWORD).unlink(missing_ok=True)
    load_profile(str(out))  # a draft that does not load would be our fault, and is told as such
    (out.parent / "documents").mkdir(exist_ok=True)
    counted = len(arrived.inventory.variables)
    said = f"{counted} variables of its device model" if counted else "its boot only: it gave no device model"
    console.print(
        f"\n[bold green]The charger is on the bench.[/] Draft profile: [bold]{out}[/] (from {said})", soft_wrap=True
    )
    console.print(f"  {text.count('CHECK')} lines are marked CHECK: go through them with the supplier's data sheet.")
    console.print("  [dim]It holds the password: readable for you only.[/]" if bench.password else "", end="")
    console.print(f"\n  next: chargeproof doctor --dut {out}", soft_wrap=True)
    return out
