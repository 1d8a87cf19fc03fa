"""The EXI codec in its Java process: bytes, errors, and that the process never outlives us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ev_emulator._names import COMMON_20, DC_20, SAP
from ev_emulator.exi import ExiError
from tests.exi.java.codec import JavaExiCodec
from tests.exi.java.samples import SAMPLES

pytestmark = pytest.mark.emulator
HEADER = {"SessionID": "0A0B0C0D0E0F0102", "TimeStamp": 1700000000}


def test_known_bytes(java: JavaExiCodec) -> None:
    """A SupportedAppProtocol request has the EXI bytes that other codecs give it, and comes back unchanged."""
    protocol = {"ProtocolNamespace": DC_20, "VersionNumberMajor": 1, "VersionNumberMinor": 0}
    message = {"supportedAppProtocolReq": {"AppProtocol": [protocol | {"SchemaID": 1, "Priority": 1}]}}
    exi = java.encode(message, SAP)
    assert exi.hex() == "8000f3ab9371d34b9b79d39ba321d34b9b79d189a98989c1d1699181d22218010000040040"
    assert java.decode(exi, SAP) == message


def test_bidirectional_charge_loop_round_trip(java: JavaExiCodec) -> None:
    """A discharge current keeps its sign through EXI."""
    block = {"EVTargetCurrent": {"Exponent": -1, "Value": -125}, "EVTargetVoltage": {"Exponent": 0, "Value": 400}}
    body = {"Header": HEADER, "MeterInfoRequested": False, "EVPresentVoltage": {"Exponent": 0, "Value": 398}}
    message = {"DC_ChargeLoopReq": body | {"BPT_Scheduled_DC_CLReqControlMode": block}}
    assert java.decode(java.encode(message, DC_20), DC_20) == message


def test_what_cannot_be_encoded_or_decoded(java: JavaExiCodec) -> None:
    """A value the schema does not know and bytes that are no EXI raise ExiError, and the codec works on."""
    with pytest.raises(ExiError, match="SessionStopReq"):
        java.encode({"SessionStopReq": {"Header": HEADER, "ChargingSession": "Never"}}, COMMON_20)
    with pytest.raises(ExiError, match="2 bytes"):
        java.decode(b"\xff\x00", COMMON_20)
    assert java.encode({"SessionStopReq": {"Header": HEADER, "ChargingSession": "Pause"}}, COMMON_20)


# Messages of whole sessions, one of each shape, with the EXI that the package's own way gives them.
KNOWN = [msgspec.json.decode(line) for line in (Path(__file__).parent / "messages.jsonl").read_bytes().splitlines()]


def own_way(java: JavaExiCodec, method: str, content: str | bytes, namespace: str) -> Any:
    """What the package's codec itself makes of it; None when it refuses. A new one each time: refusals spoil it."""
    return getattr(java._gateway.jvm.com.siemens.ct.exi.main.cmd.EXICodec(), method)(content, namespace)


def test_every_shape_of_message_octet_for_octet(java: JavaExiCodec) -> None:
    """What is kept between messages changes nothing: known messages of all six schemas, both ways, twice."""
    assert {each["namespace"] for each in KNOWN} == set(SAMPLES)
    for _ in range(2):
        for each in KNOWN:
            assert java.encode(each["message"], each["namespace"]).hex() == each["exi"]
            assert java.decode(bytes.fromhex(each["exi"]), each["namespace"]) == each["message"]


@pytest.mark.parametrize("namespace", SAMPLES)
def test_samples_as_the_package_encodes_them(java: JavaExiCodec, namespace: str) -> None:
    """The samples that warm the codec up have the octets that the package's own way gives them today."""
    for message in SAMPLES[namespace]:
        exi = bytes(own_way(java, "encode", msgspec.json.encode(message).decode(), namespace))
        assert java.encode(message, namespace) == exi
        assert java.decode(exi, namespace) == message


@pytest.mark.parametrize(
    "wrong",
    [
        {"SessionStopReq": {"Header": HEADER | {"TimeStamp": "noon"}, "ChargingSession": "Pause"}},
        {"SessionStopReq": {"Header": HEADER | {"SessionID": None}, "ChargingSession": "Never"}},
        {"NoSuchReq": {"Header": HEADER}},
    ],
)
def test_a_value_that_does_not_fit_is_not_left_out(java: JavaExiCodec, wrong: dict[str, Any]) -> None:
    """What the package's own way refuses is refused, not encoded without the value; the next message is unharmed."""
    assert own_way(java, "encode", msgspec.json.encode(wrong).decode(), COMMON_20) is None
    with pytest.raises(ExiError):
        java.encode(wrong, COMMON_20)
    for message in SAMPLES[COMMON_20]:
        assert java.decode(java.encode(message, COMMON_20), COMMON_20) == message


@pytest.mark.parametrize(
    "garbled",
    [
        "8094048bfb6fde0753f5490cb9c89d806228",  # the session's id made longer: the rest no longer follows the grammar
        "8094040bfb6fde0753f5490c",  # cut off
        "809004407031efd2742c568ca9c89d806204031552cc4c8cd14c448ccd00",  # a control character in the EVSE's id
    ],
)
def test_a_garbled_message_is_not_half_decoded(java: JavaExiCodec, garbled: str) -> None:
    """Octets that stop being EXI on the way are an error, never a message with its end missing."""
    java.warm_up([COMMON_20], rounds=1)
    with pytest.raises(ExiError):
        java.decode(bytes.fromhex(garbled), COMMON_20)
    for message in SAMPLES[COMMON_20]:
        assert java.decode(java.encode(message, COMMON_20), COMMON_20) == message


def test_closed_means_gone() -> None:
    """`close` ends the Java process, twice is fine, and a later call says so."""
    codec = JavaExiCodec()
    process = codec._process
    codec.close()
    codec.close()
    assert process.poll() is not None
    with pytest.raises(ExiError, match="closed"):
        codec.decode(b"\x80", COMMON_20)


def test_the_java_process_dies_with_its_parent() -> None:
    """After kill -9 of the process that holds the codec its Java process ends by itself."""
    code = "import time; from tests.exi.java import codec; c = codec.JavaExiCodec(); "
    code += "print(c._process.pid, flush=True); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout as stdout:
        java = int(stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait(5)
    deadline = time.monotonic() + 10
    while _lives(java):
        assert time.monotonic() < deadline, "the Java process outlived its parent"
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
