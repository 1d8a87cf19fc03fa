"""Our way through the Java codec against the package's own.

Prints {"same", "different", "refused", "half_taken": what was refused by neither, "unharmed": good ones after it all,
"refusals": FAILED answers by schema and name, as a car reads them}.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

EVENTS = os.dup(1)
os.dup2(2, 1)
os.chdir(sys.argv[1])  # the package looks for an .env file in the working directory

from iso15118.secc.failed_responses import (  # noqa: E402
    init_failed_responses_din_spec_70121,
    init_failed_responses_iso_v2,
    init_failed_responses_iso_v20,
)
from iso15118.shared.exi_codec import EXI  # noqa: E402
from iso15118.shared.exificient_exi_codec import ExificientEXICodec  # noqa: E402
from iso15118.shared.messages.enums import Namespace  # noqa: E402
from iso15118.shared.settings import shared_settings  # noqa: E402

from harness.emulator.secc import SeccConfig  # noqa: E402
from harness.emulator.secc.controller import _refusals  # noqa: E402
from harness.emulator.secc.exi import _exi  # noqa: E402

shared_settings.update(PKI_PATH="", MESSAGE_LOG_JSON=False, MESSAGE_LOG_EXI=False, ENABLE_TLS_1_3=True)

COMMON = "urn:iso:std:iso:15118:-20:CommonMessages"
# Octets of good messages, spoiled on the way.
GARBLED = {
    "a longer session id, so that the rest leaves the grammar": "8094048bfb6fde0753f5490cb9c89d806228",
    "the end is missing": "8094040bfb6fde0753f5490c",
    "a control character in the EVSE's id": "809004407031efd2742c568ca9c89d806204031552cc4c8cd14c448ccd00",
    "a string of a hundred million characters": "808004407031efd2742c56aca9c89d806200000100014050",
}
_STOP = '{"SessionStopReq":{"Header":{"SessionID":"0A0B0C0D0E0F0102","TimeStamp":%s},"ChargingSession":"%s"}}'
MISFIT = {
    "a time that is no number": _STOP % ('"noon"', "Pause"),
    "an unknown word": _STOP % ("1700000000", "Never"),
    "an unknown message": '{"NoSuchReq":{"Header":{}}}',
}


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
    found["half_taken"] = [
        *(what for what, octets in GARBLED.items() if taken(codec.decode, bytes.fromhex(octets))),
        *(what for what, text in MISFIT.items() if taken(codec.encode, text)),
    ]
    good = _STOP % ("1700000000", "Pause")
    codec.exi_codec = codec.gateway.jvm.com.siemens.ct.exi.main.cmd.EXICodec()
    exi = bytes(ExificientEXICodec.encode(codec, good, COMMON))
    found["refusals"] = refusals(codec)
    found["unharmed"] = [codec.encode(good, COMMON) == exi, json.loads(codec.decode(exi, COMMON)) == json.loads(good)]
    codec.close()
    return found


def refusals(codec: Any) -> dict[str, Any]:
    """Every FAILED answer through EXI and back."""
    session = SimpleNamespace(
        failed_responses_isov20=init_failed_responses_iso_v20(),
        failed_responses_isov2=init_failed_responses_iso_v2(),
        failed_responses_din_spec=init_failed_responses_din_spec_70121(),
    )
    _refusals.complete(session, SeccConfig(interface="lo"))
    wrapped = [(message, namespace, "20") for message, namespace, _ in session.failed_responses_isov20.values()]
    wrapped += [
        (_exi._wrap_v2(each), Namespace.ISO_V2_MSG_DEF, "2") for each in session.failed_responses_isov2.values()
    ]
    wrapped += [
        (_exi._wrap_din(each), Namespace.DIN_MSG_DEF, "DIN") for each in session.failed_responses_din_spec.values()
    ]
    read = {}
    for message, namespace, schema in wrapped:
        text = json.loads(codec.decode(EXI().to_exi(message, namespace), namespace))
        content = text["V2G_Message"]["Body"] if "V2G_Message" in text else text
        name, body = next(iter(content.items()))
        read[f"{schema} {name}"] = body
    return read


def taken(way: Callable[..., Any], content: object) -> bool:
    """Whether the codec made something of it, after good messages have gone the quick way."""
    try:
        way(content, COMMON)
    except Exception:
        return False
    return True


if __name__ == "__main__":
    os.write(EVENTS, json.dumps(main()).encode())
