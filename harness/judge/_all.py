"""Loading every judge, so that a trace can be judged by name."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path


def load_judges() -> None:
    """Import every judge module of this room; each registers its judges by name."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if not module.name.startswith("_"):
            importlib.import_module(f"harness.judge.{module.name}")
