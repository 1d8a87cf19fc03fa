"""The bench's line protocol, quantities and colours: what is accepted, and what is said about the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.bench import Quantity, quantity
from harness.bench._colour import colour_name, pattern_of
from harness.bench.line._line import BadLine, crc16, seal, unseal
from harness.emulator.instruments import frame


def test_the_crc_is_the_published_one() -> None:
    """CRC-16/ARC has the check value 0xBB3D for "123456789"."""
    assert crc16(b"123456789") == 0xBB3D


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
def test_driver_and_instrument_agree_on_every_line(text: str) -> None:
    """Two independent implementations of the framing make the same bytes, and reading gives the text back."""
    assert seal(text) == frame(text)
    assert unseal(frame(text)) == text


@given(st.binary(max_size=60), st.integers(min_value=0, max_value=59), st.integers(min_value=1, max_value=255))
def test_one_altered_byte_is_always_noticed(body: bytes, position: int, flip: int) -> None:
    """No single altered byte before the CRC survives."""
    text = "".join(chr(32 + byte % 95) for byte in body).replace("!", "?") or "x"
    sealed = bytearray(seal(text))
    at = position % len(text)
    sealed[at] ^= flip
    with pytest.raises(BadLine):
        unseal(bytes(sealed))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 A", Quantity(10, "A")),
        ("-3.5 kW", Quantity(-3500, "W")),
        ("−3,5 kW", Quantity(-3500, "W")),
        ("500 ms", Quantity(0.5, "s")),
        ("16A", Quantity(16, "A")),
        ("98 %", Quantity(98, "%")),
    ],
)
def test_quantities_read_as_people_write_them(text: str, expected: Quantity) -> None:
    """Number, unit, prefix, comma and the typographic minus."""
    assert quantity(text) == expected


@pytest.mark.parametrize("text", ["10", "A", "ten A", "10 furlongs", "1.2.3 A", ""])
def test_what_is_no_quantity_says_what_would_be(text: str) -> None:
    """The message shows the right form."""
    with pytest.raises(ValueError, match="such as '10 A'"):
        quantity(text)


def test_a_quantity_in_the_wrong_unit_is_refused() -> None:
    """Amperes are no watts."""
    with pytest.raises(ValueError, match=r"10 A is in A; wanted is a quantity in W"):
        quantity("10 A", "W")


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((4, 4, 4), "dark"),
        ((200, 200, 190), "white"),
        ((240, 4, 4), "red"),
        ((230, 110, 4), "orange"),
        ((220, 200, 0), "yellow"),
        ((0, 200, 40), "green"),
        ((0, 150, 220), "cyan"),
        ((20, 60, 255), "blue"),
        ((170, 0, 230), "purple"),
    ],
)
def test_colours_have_the_names_people_give_them(rgb: tuple[int, int, int], name: str) -> None:
    """Hue decides; too dark and too pale are named for what they are."""
    assert colour_name(*rgb) == name


def test_patterns() -> None:
    """Steady, breathing, flashing, off; and only what happened since the last change of colour counts."""
    steady = [("green", 200.0 + n % 3) for n in range(40)]
    pulsing = [("blue", 60.0 + 180 * abs(n % 20 - 10) / 10) for n in range(40)]
    blinking = [("red", 230.0) if n % 10 < 5 else ("dark", 4.0) for n in range(40)]
    assert pattern_of(steady) == ("green", "steady")
    assert pattern_of(pulsing) == ("blue", "pulsing")
    assert pattern_of(blinking) == ("red", "blinking")
    assert pattern_of([("dark", 3.0)] * 40) == ("dark", "off")
    assert pattern_of(steady[:10] + [("dark", 3.0)] * 30) == ("dark", "off")
    assert pattern_of(pulsing + [("purple", 230.0)] * 5) == ("purple", "steady")
    # the same colour, steady from now on: known once it is bright for longer than between two pulses
    assert pattern_of(pulsing + pulsing + [("blue", 255.0)] * 19)[1] == "steady"
    assert pattern_of(blinking + [("red", 250.0)] * 12) == ("red", "steady")
    # a steady light that goes out is dark at once; one that comes back after a second of darkness has not blinked
    assert pattern_of(steady + [("dark", 3.0)] * 2) == ("dark", "off")
    assert pattern_of(blinking + [("dark", 4.0)] * 2) == ("red", "blinking")
    assert pattern_of([*steady, *[("dark", 3.0)] * 22, ("green", 200.0)]) == ("green", "steady")
