"""What `run` and `plan` have in common: the options that name a charger, a tender and a selection."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from harness.campaign import Request
from harness.cli._say import refuse
from harness.doctor import check_beside
from harness.plan import Choice
from harness.profile import Launch, Profile, ProfileError, load_profile
from plain_files import is_there
from requirement_catalog import CatalogueError, Depth


def campaign_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options shared by `run` and `plan`."""
    options = [
        click.option("--dut", default="emulated", show_default=True, help="Profile of the charger: a name or a file."),
        click.option("--requirement", "-r", multiple=True, help="Only this requirement or criterion; repeatable."),
        click.option("--suite", multiple=True, help="Only this suite or use case (OCPP, OCPP-K01); repeatable."),
        click.option("--purpose", multiple=True, help="Only this test purpose (OCPP-K01.P002); repeatable."),
        click.option(
            "--depth", type=click.Choice([d.value for d in Depth]), help="Shallower than the tender asks for."
        ),
        click.option("--tender", type=click.Path(path_type=Path), help="The client's overlay over the tender (YAML)."),
        click.option("--no-disruptive", is_flag=True, help="Leave out cases that touch the way back to the charger."),
        click.option("--defect", multiple=True, help="Break the emulated charger in a named way; repeatable."),
        click.option("--variant", multiple=True, help="An emulated charger, unusual yet correct; repeatable."),
        click.option("--date", "evaluation_date", help="Judge papers and duties as of this day (YYYY-MM-DD)."),
    ]
    return functools.reduce(lambda made, option: option(made), reversed(options), command)


def make_request(
    dut: str,
    requirement: tuple[str, ...],
    suite: tuple[str, ...],
    purpose: tuple[str, ...],
    depth: str | None,
    tender: Path | None,
    no_disruptive: bool,
    defect: tuple[str, ...],
    variant: tuple[str, ...],
    evaluation_date: str | None,
    out: Path = Path("campaigns"),
) -> Request:
    """The request these options stand for. What is wrong is told with file, line and remedy, and ends with 2."""
    try:
        profile, path = load_profile(dut)
        check_beside(profile, path)
    except (ProfileError, CatalogueError) as error:
        refuse(error)
    if defect:
        profile = _with_defects(profile, defect)
    if variant:
        profile = _with_variants(profile, variant)
    if tender is None and profile.product.emulated:
        tender = _demo_tender()
    if tender is not None and not is_there(tender):
        refuse(f"--tender {tender}: there is no such file")
    if evaluation_date is not None:
        _check_date(evaluation_date)
    return Request(
        profile=profile,
        profile_path=path,
        out=out,
        overlay=tender,
        choice=Choice(
            requirements=requirement,
            suites=suite,
            purposes=purpose,
            depth=Depth(depth) if depth else None,
            with_disruptive=not no_disruptive,
        ),
        evaluation_date=evaluation_date,
    )


def _with_defects(profile: Profile, defects: tuple[str, ...]) -> Profile:
    from harness.emulator.altered import with_evses
    from harness.emulator.defects import defect, known_defects

    if profile.launch is None:
        refuse("--defect breaks the emulated charger only; this profile describes another one")
    if unknown := [d for d in defects if d not in known_defects()]:
        refuse(f"no defect is called {', '.join(unknown)}; there are {', '.join(known_defects())}")
    evses = max((defect(d).evses for d in defects), default=1)
    if evses > profile.launch.evses:
        profile = msgspec.convert(with_evses(msgspec.to_builtins(profile), evses), Profile)
    return msgspec.structs.replace(
        profile, launch=msgspec.structs.replace(profile.launch or Launch(), defects=tuple(defects))
    )


def _with_variants(profile: Profile, names: tuple[str, ...]) -> Profile:
    """The profile as the supplier of such a charger would have written it."""
    from harness.emulator import variants

    if profile.launch is None:
        refuse("--variant alters the emulated charger only; this profile describes another one")
    try:
        declared = variants.declared(msgspec.to_builtins(profile), names)
    except ValueError as error:
        refuse(error)
    profile = msgspec.convert(declared, Profile)
    return msgspec.structs.replace(
        profile, launch=msgspec.structs.replace(profile.launch or Launch(), variants=tuple(names))
    )


def _demo_tender() -> Path:
    import requirement_catalog

    return Path(requirement_catalog.__file__).parent / "tenders" / "demo.yaml"


def _check_date(text: str) -> None:
    import datetime

    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        refuse(f"--date {text!r} is not a date such as 2026-11-22")
