"""Numbers, times and hostile characters as a reader sees them; and colours that can be read."""

from __future__ import annotations

import re

import pytest

from harness.judge import Measurement
from reports._text import counted, day, number, seconds, shortened, visible
from reports.page._gauge import gauge
from reports.page._html import TEMPLATES
from requirement_catalog import Sense


@pytest.mark.parametrize(
    ("value", "like", "shown"),
    [
        (0.543720854, 0.05007, "0.54"),
        (10.06, 0.05, "10.06"),
        (3.2, 0.15, "3.20"),
        (11040.0, 60.0, "11\u202f040"),
        (-8950.0, 0.0, "\u22128\u202f950"),
        (10.0, 0.0, "10"),
        (0.0, 0.0, "0"),
        (-0.0001, 0.05, "0.00"),
        (float("inf"), 0.0, "inf"),
    ],
)
def test_a_number_has_as_many_digits_as_its_uncertainty_allows(value: float, like: float, shown: str) -> None:
    """Digits that the instrument cannot know are not printed."""
    assert number(value, like=like) == shown


def test_durations_and_dates_are_written_for_people() -> None:
    """Seconds, minutes, hours; days with the month's name; what is no date stays as it is."""
    assert [seconds(v) for v in (0.416, 33, 240, 9000)] == ["0.42 s", "33 s", "4 min", "2.5 h"]
    assert day("2026-03-04") == "4 March 2026" and day("as agreed") == "as agreed"
    assert counted(1, "criterion is", "criteria are") == "1 criterion is"


def test_invisible_characters_are_written_out_and_others_kept() -> None:
    """Controls, direction marks and zero-width characters show their code; letters of any script stay."""
    assert visible("a\u200bb\x07") == "a⟨U+200B⟩b⟨U+0007⟩"
    assert visible("Ünïcode 充電\n") == "Ünïcode 充電\n"
    assert visible(5) == 5


def test_what_is_cut_says_so() -> None:
    """A shortened text tells how much is missing."""
    assert shortened("x" * 1200, 200).endswith("… (1,000 more characters)")


@pytest.mark.parametrize(("sense", "side"), [(Sense.AT_MOST, "left"), (Sense.AT_LEAST, "right")])
def test_a_gauge_marks_the_allowed_side(sense: Sense, side: str) -> None:
    """The allowed part is left of an upper limit and right of a lower one; without a limit there is no gauge."""
    measured = Measurement(name="x", value=12.0, unit="A", limit=10.0, sense=sense)
    svg = str(gauge(measured))
    allowed = re.search(r'class="allowed" x="([\d.]+)"[^>]* width="([\d.]+)"', svg)
    limit = re.search(r'class="limit" x1="([\d.]+)"', svg)
    assert allowed and limit
    edge = float(allowed[1]) + float(allowed[2]) if side == "left" else float(allowed[1])
    assert edge == pytest.approx(float(limit[1]), abs=0.2)
    assert gauge(Measurement(name="x", value=1.0, unit="A")) == ""


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, two: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [("ink", "paper"), ("soft", "paper"), ("soft", "wash"), ("pass", "pass-wash"), ("fail", "fail-wash"),
     ("unsure", "unsure-wash"), ("wait", "wait-wash"), ("err", "err-wash"), ("none", "wash"), ("paper", "pass"),
     ("paper", "fail"), ("paper", "unsure"), ("emulated", "paper"), ("measured", "paper"), ("ocpp", "paper"),
     ("v2g", "paper")],
)  # fmt: skip
def test_every_pair_of_colours_can_be_read(ink: str, ground: str) -> None:
    """Text on its ground has at least the contrast of 4.5 to 1 that WCAG 2 AA asks."""
    style = (TEMPLATES / "style.css").read_text()
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", style))
    full = {n: v if len(v) == 7 else "#" + "".join(c * 2 for c in v[1:]) for n, v in colours.items()}
    assert _contrast(full[ink], full[ground]) >= 4.5
