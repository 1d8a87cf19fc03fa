"""The command line: `chargeproof` and its commands."""

from harness.cli._main import main

__all__ = ["main"]
