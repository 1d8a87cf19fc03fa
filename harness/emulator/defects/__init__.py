"""Defective chargers: named ways in which the emulated station can be broken, each with the criterion that must notice.

One file is one defect, named like its file without the requirement's prefix: `sc04_ignores_zero.py` holds
"ignores-zero". A new criterion arrives with the defect that proves it.
"""

from __future__ import annotations

from harness.emulator.altered import Shelf
from harness.emulator.defects._model import Defect

__all__ = ["SHELF", "Defect", "apply", "defect", "known_defects"]

SHELF: Shelf[Defect] = Shelf(__name__, __path__, "DEFECT", "defect")
known_defects = SHELF.names
defect = SHELF.get
apply = SHELF.apply
