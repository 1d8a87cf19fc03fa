"""The `chargeproof` command; each subcommand stands in a file of its own and is loaded when asked for."""

from __future__ import annotations

import importlib
import sys

import click

from harness.cli._codes import Exit
from harness.cli._say import keep_printing, ours, show, tell
from plain_files import NotPlain

_COMMANDS = {
    "run": ("harness.cli.run", "run", "Test a charger against the tender: GO or HOLD, with evidence."),
    "plan": ("harness.cli.plan", "plan", "Show what would be tested, what not and why, and how long it takes."),
    "judge": ("harness.cli.judge", "judge", "Judge logs of OCPP that others made; no charger needed."),
    "verify": ("harness.cli.evidence.verify", "verify", "Check a sealed evidence bundle, offline."),
    "restore": (
        "harness.cli.charger.restore",
        "restore",
        "Give a charger back what a broken run has changed.",
    ),
    "seal": ("harness.cli.evidence.seal", "seal", "Judge and seal a campaign that was broken off."),
    "explain": ("harness.cli.evidence.explain", "explain", "Say with name and date why a cut run counts for nothing."),
    "key": ("harness.cli.evidence.key", "key", "Make the keys that sign evidence and are held against it."),
    "report": ("harness.cli.evidence.report", "report", "Write the report of a campaign or bundle again."),
    "catalog": ("harness.cli.catalogue.catalog", "catalog", "Read the tender's requirements, criteria and limits."),
    "doctor": ("harness.cli.doctor", "doctor", "Check a bench before anybody drives to a site."),
    "onboard": ("harness.cli.onboard", "onboard", "Get a charger onto the bench, and draft its profile."),
    "emulate": ("harness.cli.emulate", "emulate", "Start the emulated charger alone, against any backend."),
}


class _Lazy(click.Group):
    """Loads a command's module only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands in the order a newcomer needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in _COMMANDS:
            return None
        module, name, _ = _COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for --help, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in _COMMANDS.items()])


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chargeproof", prog_name="chargeproof")
def cli() -> None:
    """Decide, on evidence, whether an EV charger may go live.

    Exit codes: 0 GO, or the evidence holds; 1 HOLD, or it does not hold; 2 wrong usage, configuration or surroundings;
    3 chargeproof itself failed; 4 the evidence holds, but nobody has shown who signed it; 130 broken off.
    """


def main() -> None:
    """Run the command line; an unforeseen exception is exit code 3 and never looks like a HOLD."""
    keep_printing()
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        tell("broken off")
        sys.exit(Exit.BROKEN_OFF)
    except click.ClickException as error:
        show(error)
        sys.exit(Exit.REFUSED)
    except NotPlain as error:  # wherever a file of the user's is read
        tell("{}", error)
        sys.exit(Exit.REFUSED)
    except SystemExit:
        raise
    except Exception as error:
        ours(error)
