"""1,500 purposes in two versions on two EVSEs: the page stays small enough to send, and opens at once."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from reports import EvidenceView, render_html, render_junit, render_text, render_verdicts_csv
from tests.reports import _large
from tests.reports._chromium import browser, find_chromium
from tests.reports._page_reader import words

MOST_BYTES = 8_000_000
MOST_S = 2.0


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> EvidenceView:
    """A charger that is nearly right, tested whole."""
    return _large.large(tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="module")
def large_html(large: EvidenceView) -> str:
    """Its report."""
    return render_html(large)


def test_the_page_stays_below_eight_megabytes(large: EvidenceView, large_html: str) -> None:
    """6,000 results, of which some hundred are no pass, make a page of at most 8 MB, drawings included."""
    assert len(large.result.purposes) == 6000
    assert len(large_html.encode()) <= MOST_BYTES
    assert large_html.count('<svg class="plot"') >= 20


def test_even_when_nothing_works(tmp_path: Path) -> None:
    """6,000 fails that all say something different still fit, and what found no room says where it stands."""
    html = render_html(_large.large(tmp_path, _large.all_bad))
    assert len(html.encode()) <= MOST_BYTES
    assert "are in verdicts.json and verdicts.csv" in html


def test_no_result_is_lost_for_size(large: EvidenceView, large_html: str) -> None:
    """Every purpose stands on the page by its id, and each of its results is counted."""
    shown = set(re.findall(r"<b class=\"id\">(OCPP-[A-O]\d\d\.P\d{3})</b>", large_html))
    assert shown == {r.purpose for r in large.result.purposes}
    text = words(re.sub(r"<[^>]*>", "", large_html))
    assert text.count("300 purposes, 1200 results:") == 4
    assert "290 purposes, 1160 results:" in text and "10 purposes, 40 results:" in text


def test_what_holds_the_decision_up_keeps_its_findings(large: EvidenceView, large_html: str) -> None:
    """Room for findings is given to what is open first: none of it has lost its own while passes keep theirs."""
    assert "would make this page too large" not in large_html
    assert len(large.result.reasons) == 5


def test_the_other_views_take_it_too(large: EvidenceView) -> None:
    """JUnit and the table have each result once; the text stays one a person reads."""
    junit = render_junit(large).decode()
    assert junit.count("<testcase ") == 6000 + 5 + 1
    assert render_verdicts_csv(large).count("\r\n") == 1 + 5 + 6000
    assert len(render_text(large)) < 10_000


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="Chromium was not found")
def test_it_opens_within_two_seconds(large_html: str, tmp_path: Path) -> None:
    """From asking for the file to the load event and the first frame after it: the best of five takes at most 2 s.

    The best of five, because the others measure what else the machine was doing.
    """
    page = tmp_path / "large.html"
    page.write_text(large_html, "utf-8")
    executable = find_chromium()
    assert executable is not None
    took = []
    with browser(executable, tmp_path / "profile") as chromium:
        for _ in range(5):
            began = time.monotonic()
            chromium.load(page, 1280, 800)
            chromium.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")
            took.append(time.monotonic() - began)
            if took[-1] <= MOST_S:
                break
    assert min(took) <= MOST_S, took
