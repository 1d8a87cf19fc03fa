"""What the emulated charger's manufacturer hands over: keys' certificates, firmware images, signatures, an index."""

from __future__ import annotations

from ._image import MAGIC
from ._make import FactoryFiles, make_factory

__all__ = ["MAGIC", "FactoryFiles", "make_factory"]
