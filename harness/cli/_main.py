"""The `chargeproof` command; each subcommand stands in a file of its own and is loaded when asked for."""

from __future__ import annotations

import importlib
import sys

import click

_COMMANDS = {
    "run": ("harness.cli.run", "run", "Test a charger against the tender: GO or HOLD, with evidence."),
    "plan": ("harness.cli.plan", "plan", "Show what would be tested, what not and why, and how long it takes."),
    "verify": ("harness.cli.verify", "verify", "Check a sealed evidence bundle, offline."),
    "seal": ("harness.cli.seal", "seal", "Judge and seal a campaign that was broken off."),
    "report": ("harness.cli.report", "report", "Write the report of a campaign or bundle again."),
    "catalog": ("harness.cli.catalog", "catalog", "Read the tender's requirements, criteria and limits."),
    "doctor": ("harness.cli.doctor", "doctor", "Check a bench before anybody drives to a site."),
    "onboard": ("harness.cli.onboard", "onboard", "Get a charger onto the bench, and draft its profile."),
    "emulate": ("harness.cli.emulate", "emulate", "Start the emulated charger alone, against any backend."),
}
USAGE, HARNESS = 2, 3


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

    Exit codes: 0 GO, 1 HOLD, 2 wrong usage or configuration, 3 the harness itself failed.
    """


def main() -> None:
    """Run the command line; an unforeseen exception is exit code 3 and never looks like a HOLD."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        click.echo("broken off", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except SystemExit:
        raise
    except Exception as error:
        click.echo(f"chargeproof failed (this is not the charger's fault): {type(error).__name__}: {error}", err=True)
        sys.exit(HARNESS)
