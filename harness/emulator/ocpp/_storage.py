"""The station's flash memory: small JSON documents that survive a reboot and a pulled plug."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class Storage:
    """One folder, one JSON file a name; a write either happens whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def load(self, name: str, default: Any) -> Any:
        """The stored value, or `default` when there is none or the file was damaged."""
        try:
            return json.loads((self.folder / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return default

    def save(self, name: str, value: Any) -> None:
        """Replace the stored value."""
        target = self.folder / f"{name}.json"
        draft = target.with_suffix(".tmp")
        draft.write_text(json.dumps(value), "utf-8")
        draft.replace(target)
