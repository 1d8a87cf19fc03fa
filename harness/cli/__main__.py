"""`python -m harness.cli` is the same as `chargeproof`."""

from harness.cli import main

main()
