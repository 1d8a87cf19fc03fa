"""Everything that a charger says is hostile text: it can be read in the report, and it can do nothing there."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import msgspec
import pytest

from harness.judge import Tested
from reports import EvidenceView, render_html, render_junit, render_verdicts_csv
from reports.page._html import _css_string
from tests.reports._page_reader import PageReader


def test_no_element_comes_from_the_charger(hostile_html: str) -> None:
    """The page's only script is its own; no image, no event handler, no style attribute is injected."""
    page = PageReader(hostile_html)
    assert len(page.all("script")) == 1
    assert len(page.all("style")) == 1
    assert not page.all("img")
    for tag, attributes in page.elements:
        assert not [a for a in attributes if a.startswith("on") or a == "style"], tag


def test_hostile_text_is_shown_as_text(hostile_html: str) -> None:
    """A person still reads what the charger said."""
    assert "<script>alert(1)</script>" in PageReader(hostile_html).by_id["c-SC-04.2"]


def test_template_syntax_of_the_charger_is_not_evaluated(hostile_html: str) -> None:
    """Double braces from the wire stay double braces."""
    assert "{{7*7}}" in PageReader(hostile_html).by_id["c-SC-04.2"]


def test_characters_that_turn_text_around_are_made_visible(hostile_html: str) -> None:
    """Neither a direction override nor a terminal escape reaches the reader's eye unseen."""
    assert "\u202e" not in hostile_html and "\x1b" not in hostile_html
    assert "⟨U+202E⟩" in hostile_html and "⟨U+001B⟩" in hostile_html


@pytest.mark.parametrize("scene", ["go", "hold", "hostile"])
def test_nothing_is_fetched(scene: str, request: pytest.FixtureRequest) -> None:
    """Every reference is inside the page or a data URI, and the page's own policy forbids the rest."""
    html: str = request.getfixturevalue(f"{scene}_html")
    for tag, attributes in PageReader(html).elements:
        for name in ("src", "href", "xlink:href", "action", "srcset", "poster", "data"):
            if name in attributes:
                assert attributes[name].startswith(("#", "data:image/")), (tag, attributes)
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_the_policy_allows_exactly_the_pages_own_style_and_script(hostile_html: str) -> None:
    """The hashes in the content security policy are those of what the page holds."""
    policy = next(m["content"] for m in PageReader(hostile_html).all("meta") if "content" in m and "http-equiv" in m)
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy
    for tag in ("style", "script"):
        content = hostile_html.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy, tag


def test_the_printed_header_cannot_leave_its_css_string() -> None:
    """Quotes, backslashes, newlines and braces of a model's name are CSS escapes, so no rule can be smuggled in."""
    written = _css_string('"; } body { display: none } /* \\ \n</style>')
    assert written[0] == written[-1] == '"'
    assert not set('"<>{};/\n') & set(written[1:-1])
    assert re.fullmatch(r'"(?:[A-Za-z0-9]|\\[0-9a-f]{6})*"', written)


def test_junit_of_a_hostile_charger_is_still_xml(hostile: EvidenceView) -> None:
    """Markup is escaped and characters that XML forbids are gone."""
    raw = render_junit(hostile).decode()
    assert "<script>" not in raw and "\x1b" not in raw


def test_a_spreadsheet_runs_nothing(hostile: EvidenceView) -> None:
    """A text that starts like a formula is made text."""
    from reports.tables._csv import _plain

    assert _plain('=HYPERLINK("http://evil")').startswith("'=")
    assert _plain("@SUM(A1)").startswith("'@") and _plain("+1+cmd|' /C calc'!A0").startswith("'+")
    assert _plain("-5.2") == "-5.2"
    for hidden in (
        " =1+1",
        "\n=1+1",
        "\t=1+1",
        "\u00a0=1+1",
        "\u3000@x",
        "\uff1d1+1",
        " \n +cmd|' /C calc'!A0",
    ):
        assert _plain(hidden).startswith("'"), hidden
        assert "\n" not in _plain(hidden) and "\r" not in _plain(hidden)
    assert _plain("first\n=1+1") == "first =1+1", "of two lines one is made"
    assert _plain(" plain") == " plain" and _plain("a = b") == "a = b" and _plain("") == ""
    assert "\u202e" not in render_verdicts_csv(hostile)


def test_absurd_numbers_do_not_break_the_page(hostile: EvidenceView) -> None:
    """A limit of 1e308 A neither flattens the curve nor produces a coordinate that is no number."""
    html = render_html(hostile)
    assert '<svg class="plot"' in html
    for attribute in re.findall(r'(?: d| x| y| x1| x2| y1| y2| width| height)="([^"]*)"', html):
        assert "nan" not in attribute and "inf" not in attribute


def test_a_name_of_ten_thousand_characters_does_not_bury_the_decision(hold: EvidenceView) -> None:
    """What the charger reports is cut where the decision stands, and the cut is told."""
    told = Tested(model="M" * 10_000, firmware="9" * 10_000)
    view = replace(hold, result=msgspec.structs.replace(hold.result, tested=told))
    decision = PageReader(render_html(view)).by_id["decision"]
    assert "M" * 81 not in decision and "9" * 81 not in decision
    assert "9,920 more characters" in decision
