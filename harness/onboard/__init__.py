"""Getting a charger onto the bench: what to enter, what arrives and what is wrong with it, and a first profile."""

from harness.onboard._advice import Advice, Told
from harness.onboard._diagnose import diagnose

__all__ = ["Advice", "Told", "diagnose"]
