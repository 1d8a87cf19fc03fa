"""What reading says of octets that are not as the schema and ISO 15118 have them: what, and at which octet and bit."""

from __future__ import annotations

from typing import Any

import pytest

from ev_emulator.exi import Bits, Codec, Content, ExiError, Ordered
from ev_emulator.exi._bits import BitWriter
from ev_emulator.exi._names_table import NamesTable

COMMON = "urn:iso:std:iso:15118:-20:CommonMessages"
HEADER = {"SessionID": "0A0B0C0D0E0F0102", "TimeStamp": 1700000000}
STOP: dict[str, Any] = {"SessionStopReq": {"Header": HEADER, "ChargingSession": "Pause"}}
SETUP: dict[str, Any] = {"SessionSetupReq": {"Header": HEADER, "EVCCID": "WMI"}}
CODEC = Codec()


def read(message: dict[str, Any]) -> tuple[Any, list[tuple[str, str, bool]]]:
    """What a message, written whatever it is, reads as."""
    found = CODEC.read(CODEC.encode_as_written(message, COMMON), COMMON)
    return found.message, [(each.kind, each.path, each.unreadable) for each in found.deviations]


def test_a_message_as_it_should_be() -> None:
    """The control: nothing deviates."""
    assert read(STOP) == (STOP, [])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"EVCCID": "WMI"}, [("structure", "SessionSetupReq/EVCCID", False), ("structure", "SessionSetupReq", False)]),
        ({"Header": HEADER}, [("structure", "SessionSetupReq", False)]),
        ({"Header": HEADER, "EVCCID": "x" * 300}, [("value", "SessionSetupReq/EVCCID", False)]),
        (
            {"Header": HEADER | {"TimeStamp": -5}, "EVCCID": "WMI"},
            [("value", "SessionSetupReq/Header/TimeStamp", False)],
        ),
        (
            {"Header": HEADER | {"SessionID": "00"}, "EVCCID": "WMI"},
            [("value", "SessionSetupReq/Header/SessionID", False)],
        ),
        ({"Header": HEADER, "EVCCID": "WMI", "Colour": "red"}, [("structure", "SessionSetupReq/Colour", True)]),
        ({"Header": HEADER, "EVCCID": ["a", "b"]}, None),
    ],
)
def test_what_the_schema_does_not_allow_is_written_and_told(body: dict[str, Any], said: list[Any] | None) -> None:
    """Strictly it is refused; as written it goes out, comes back as it was, and each deviation is told."""
    message = {"SessionSetupReq": body}
    with pytest.raises(ExiError, match="SessionSetupReq"):
        CODEC.encode(message, COMMON)
    came, deviations = read(message)
    assert came == message
    assert deviations
    if said is not None:
        assert deviations == said


def test_an_unknown_value_is_written_as_text() -> None:
    """A value that an enumeration does not have is refused strictly; as written it travels as text and is told."""
    message = {"SessionStopReq": STOP["SessionStopReq"] | {"ChargingSession": "Never"}}
    with pytest.raises(ExiError, match="SessionStopReq/ChargingSession: 'Never' is none of Pause, Terminate"):
        CODEC.encode(message, COMMON)
    assert read(message) == (message, [("value", "SessionStopReq/ChargingSession", True)])


def test_chosen_bits() -> None:
    """An enumeration's code that no value has, and an element whose content is one's own."""
    wrong = {"SessionStopReq": STOP["SessionStopReq"] | {"ChargingSession": Bits("11")}}
    with pytest.raises(ExiError, match="chosen bits"):
        CODEC.encode(wrong, COMMON)
    found = CODEC.read(CODEC.encode_as_written(wrong, COMMON), COMMON)
    assert found.unreadable is not None
    assert found.unreadable.path == "SessionStopReq/ChargingSession"
    assert found.unreadable.text == "code 3, where 3 values are declared"
    content = {"SessionStopReq": STOP["SessionStopReq"] | {"ChargingSession": Content("0000")}}
    assert CODEC.encode_as_written(content, COMMON) == CODEC.encode(STOP, COMMON)


def test_an_order_of_ones_own() -> None:
    """Elements in the wrong order, and one that stands twice, are written in just that order."""
    swapped = {"SessionSetupReq": Ordered((("EVCCID", "WMI"), ("Header", HEADER)))}
    message, deviations = read(swapped)
    assert message == SETUP
    assert ("structure", "SessionSetupReq/EVCCID", False) in deviations
    twice = {"SessionSetupReq": Ordered((("Header", HEADER), ("EVCCID", "WMI"), ("EVCCID", "WMJ")))}
    message, deviations = read(twice)
    assert message == {"SessionSetupReq": {"Header": HEADER, "EVCCID": ["WMI", "WMJ"]}}
    assert deviations


@pytest.mark.parametrize("cut", range(1, 12))
def test_cut_off_anywhere(cut: int) -> None:
    """What came before the cut is kept, and the place is told."""
    whole = CODEC.encode(STOP, COMMON)
    found = CODEC.read(whole[:-cut], COMMON)
    assert found.unreadable is not None
    assert found.unreadable.octet <= len(whole) - cut
    with pytest.raises(ExiError, match=f"cannot decode {len(whole) - cut} bytes"):
        CODEC.decode(whole[:-cut], COMMON)


def test_what_stands_behind_the_message() -> None:
    """Octets behind the end, and bits of the last octet that are not zero, are told and harm nothing."""
    whole = CODEC.encode(STOP, COMMON)
    found = CODEC.read(whole + b"\x00\x01", COMMON)
    assert found.message == STOP
    assert [(each.kind, each.octet, each.bit) for each in found.deviations] == [("end", len(whole), 0)]
    filled = whole[:-1] + bytes([whole[-1] | 1])
    assert [each.kind for each in CODEC.read(filled, COMMON).deviations] == ["end"]
    assert CODEC.decode(filled, COMMON) == STOP


@pytest.mark.parametrize(
    ("octets", "octet", "bit", "text"),
    [
        ("", 0, 0, "ends inside a value"),
        ("7b", 0, 0, "the EXI header is 0x7b"),
        ("80fc", 1, 0, "root 63, where 54 are declared"),
        ("ff00", 0, 0, "the EXI header is 0xff"),
    ],
)
def test_no_exi_of_this_schema(octets: str, octet: int, bit: int, text: str) -> None:
    """Nothing is read, and the first bit that is wrong is named."""
    found = CODEC.read(bytes.fromhex(octets), COMMON)
    assert found.message is None
    assert found.unreadable is not None
    assert (found.unreadable.octet, found.unreadable.bit) == (octet, bit)
    assert text in found.unreadable.text


def test_the_place_of_a_value() -> None:
    """The octet and bit are those of the value's first bit: shifted there, it is found."""
    long = CODEC.encode_as_written({"SessionSetupReq": {"Header": HEADER, "EVCCID": "x" * 300}}, COMMON)
    (deviation,) = CODEC.read(long, COMMON).deviations
    at = 8 * deviation.octet + deviation.bit
    bits = "".join(f"{octet:08b}" for octet in long)
    assert bits[at : at + 16] == f"{(302 & 0x7F) | 0x80:08b}{302 >> 7:08b}"  # the length and two, as septets


@pytest.mark.parametrize(
    "garbled",
    [
        "8094048bfb6fde0753f5490cb9c89d806228",  # the session's id made longer: the rest no longer follows the grammar
        "8094040bfb6fde0753f5490c",  # cut off
        "809004407031efd2742c568ca9c89d806204031552cc4c8cd14c448ccd00",  # a control character in the EVSE's id
    ],
)
def test_a_garbled_message_is_not_half_decoded(garbled: str) -> None:
    """Octets that stop being EXI on the way are an error, never a message with its end missing."""
    with pytest.raises(ExiError):
        CODEC.decode(bytes.fromhex(garbled), COMMON)


def test_a_string_told_as_before() -> None:
    """Another implementation's string table is read, where ISO 15118 spells each string out, and told."""
    sap = "urn:iso:15118:2:2010:AppProtocol"
    one = {"ProtocolNamespace": "urn:x", "VersionNumberMajor": 1, "VersionNumberMinor": 0, "SchemaID": 1, "Priority": 1}
    offer = {"supportedAppProtocolReq": {"AppProtocol": [one, one | {"ProtocolNamespace": Bits("00000000")}]}}
    found = CODEC.read(CODEC.encode_as_written(offer, sap), sap)
    assert found.message == {"supportedAppProtocolReq": {"AppProtocol": [one, one]}}
    assert [each.kind for each in found.deviations] == ["options"]


def named_type(times: int, rest: str) -> bytes:
    """A SessionStopReq that names its type itself, so often, and then goes on."""
    grammars = CODEC.grammars(COMMON)
    code = next(code for code, root in enumerate(grammars.roots) if root.name == "SessionStopReq")
    state, names, bits = grammars.of(grammars.roots[code].type).first, NamesTable(grammars.names), BitWriter()
    bits.bits(0x80, 8)
    bits.bits(code, len(grammars.roots).bit_length())
    for _ in range(times):
        bits.bits(len(state.events), state.width)
        bits.bits(state.unforeseen.index("xsi:type"), 3)
        names.write(bits, COMMON, "SessionStopReqType")
    bits.bits(int(rest, 2), len(rest))
    return bits.octets()


def test_an_element_that_names_its_type() -> None:
    """XML's xsi:type is read and told; in each other without end it has an end."""
    plain = "".join(f"{octet:08b}" for octet in CODEC.encode(STOP, COMMON))[14:]
    found = CODEC.read(named_type(1, plain), COMMON)
    assert found.message == STOP
    assert [(each.kind, each.octet, each.bit, each.unreadable) for each in found.deviations] == [
        ("structure", 1, 6, False)
    ]
    endless = CODEC.read(named_type(5000, plain), COMMON)
    assert endless.unreadable is not None
    assert "deep in each other" in endless.unreadable.text
