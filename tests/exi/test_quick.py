"""The quick way is taken, and says the same as the careful one."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ev_emulator.exi.careful._read import Reader
from ev_emulator.exi.careful._write import Writer
from tests.exi.content import CODEC, Kind, kinds, least, messages
from tests.exi.mutations import KNOWN


def whole(kind: Kind) -> dict[str, Any]:
    """The least message of a type."""
    body = {kind.name: least(kind.type)}
    return {"V2G_Message": {"Header": least(kind.header), "Body": body}} if kind.header else body


@pytest.mark.parametrize("kind", kinds(), ids=str)
def test_the_least_message_goes_the_quick_way(kind: Kind) -> None:
    """Both directions, and no octet differs from the careful way's."""
    grammars, message = CODEC.grammars(kind.namespace), whole(kind)
    exi = Writer(grammars, strict=True).run(message)
    assert grammars.quick.write(message) == exi
    assert grammars.quick.read(exi) == message


def test_recorded_messages_go_the_quick_way() -> None:
    """All that sessions consist of, octet for octet."""
    lines = KNOWN.read_bytes().splitlines()
    assert len(lines) > 90
    for line in lines:
        each = msgspec.json.decode(line)
        quick = CODEC.grammars(each["namespace"]).quick
        assert quick.write(each["message"]) == bytes.fromhex(each["exi"])
        assert quick.read(bytes.fromhex(each["exi"])) == each["message"]


@pytest.mark.parametrize("kind", kinds(), ids=str)
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_it_does_it_does_as_the_careful_way(kind: Kind, data: st.DataObject) -> None:
    """It may leave a message to the careful way (a signature, a letter beyond ASCII); else it says the same."""
    grammars, message = CODEC.grammars(kind.namespace), data.draw(messages(kind))
    exi = Writer(grammars, strict=True).run(message)
    assert grammars.quick.write(message) in (None, exi)
    assert grammars.quick.read(exi) in (None, message)
    assert Reader(grammars, exi).run().message == message


@pytest.mark.parametrize(
    "spoilt",
    [
        {"EVCCID": "x" * 300},
        {"EVCCID": 5},
        {"EVCCID": None},
        {"Header": None},
        {"Header": []},
        {"Colour": "red"},
        {"EVCCID": "\x00"},
    ],
)
def test_what_is_unusual_is_left_to_the_careful_way(spoilt: dict[str, Any]) -> None:
    """A message that deviates is none for the quick way; the control is the message before it was spoilt."""
    common = "urn:iso:std:iso:15118:-20:CommonMessages"
    kind = next(each for each in kinds() if each.name == "SessionSetupReq" and each.namespace == common)
    quick, good = CODEC.grammars(common).quick, whole(kind)
    assert quick.write(good) is not None
    assert quick.write({"SessionSetupReq": good["SessionSetupReq"] | spoilt}) is None
