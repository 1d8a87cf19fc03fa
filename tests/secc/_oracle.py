"""Our way through the Java codec against the package's own; prints {"same", "different", "refused"}."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

EVENTS = os.dup(1)
os.dup2(2, 1)
os.chdir(sys.argv[1])  # the package looks for an .env file in the working directory

from iso15118.secc.failed_responses import init_failed_responses_iso_v20  # noqa: E402
from iso15118.shared.exi_codec import EXI  # noqa: E402
from iso15118.shared.exificient_exi_codec import ExificientEXICodec  # noqa: E402
from iso15118.shared.settings import shared_settings  # noqa: E402

from harness.emulator.secc import _exi  # noqa: E402

shared_settings.update(PKI_PATH="", MESSAGE_LOG_JSON=False, MESSAGE_LOG_EXI=False, ENABLE_TLS_1_3=True)


def main() -> dict[str, Any]:
    """Every sample both ways, and rubbish."""
    codec = _exi.Codec()
    EXI().set_exi_codec(codec)
    found: dict[str, Any] = {"same": 0, "different": []}
    messages = [*_exi.samples(), *((m, n) for m, n, _ in list(init_failed_responses_iso_v20().values())[::3])]
    for message, namespace in messages:
        codec.prepare(message, namespace)
        exi = EXI().to_exi(message, namespace)
        text = ExificientEXICodec.decode(codec, exi, namespace)
        ours = (codec._lanes[namespace].encode(text), codec._lanes[namespace].decode(exi))
        if ours == (ExificientEXICodec.encode(codec, text, namespace), text):
            found["same"] += 1
        else:
            found["different"].append(str(message))
    try:
        found["refused"] = codec.decode(b"\xff" * 12, namespace)
    except Exception as error:
        found["refused"] = str(error)
    codec.close()
    return found


if __name__ == "__main__":
    os.write(EVENTS, json.dumps(main()).encode())
