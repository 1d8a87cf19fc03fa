"""A firmware image: a line that says so, a JSON header with model and version, and a body large enough to interrupt."""

from __future__ import annotations

import hashlib
import json

MAGIC = b"CHARGEPROOF-FIRMWARE\n"
BODY_BYTES = 512 * 1024


def firmware_image(model: str, version: str, *, body_bytes: int = BODY_BYTES) -> bytes:
    """The image's bytes; the same for the same model and version, and not compressible."""
    header = json.dumps({"model": model, "version": version, "body_bytes": body_bytes}, sort_keys=True).encode()
    body = hashlib.shake_256(f"{model} {version}".encode()).digest(body_bytes)
    return MAGIC + header + b"\n" + body
