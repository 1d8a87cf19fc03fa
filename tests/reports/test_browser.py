"""The report in a real browser: it fetches nothing, complains of nothing, fits a phone, and prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reports._chromium import Browser, browser, find_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium was not found"),
]
DESKTOP, PHONE = (1280, 800), (390, 844)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for the module."""
    executable = find_chromium()
    assert executable is not None
    with browser(executable, tmp_path_factory.mktemp("chromium")) as page:
        yield page


@pytest.fixture
def pages(tmp_path: Path, go_html: str, hold_html: str, hostile_html: str) -> dict[str, Path]:
    """The reports as files."""
    files = {}
    for name, html in (("go", go_html), ("hold", hold_html), ("hostile", hostile_html)):
        files[name] = tmp_path / f"{name}.html"
        files[name].write_text(html, "utf-8")
    return files


@pytest.mark.parametrize("name", ["go", "hold", "hostile"])
def test_it_fetches_nothing_and_complains_of_nothing(chromium: Browser, pages: dict[str, Path], name: str) -> None:
    """Only the file itself is loaded; no console error, no blocked content, no dialog from hostile text."""
    chromium.fetched.clear()
    chromium.complaints.clear()
    chromium.load(pages[name], *DESKTOP)
    chromium.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true }); 1")
    assert [url for url in chromium.fetched if not url.startswith("data:")] == [pages[name].as_uri()]
    assert chromium.complaints == []


def test_the_checks_of_this_file_notice_a_fetch_and_a_complaint(chromium: Browser, tmp_path: Path) -> None:
    """The control: a page that fetches and throws is caught doing both."""
    page = tmp_path / "bad.html"
    page.write_text("<!DOCTYPE html><img src='file:///nowhere.png'><script>throw new Error('x')</script>")
    chromium.fetched.clear()
    chromium.complaints.clear()
    chromium.load(page, *DESKTOP)
    chromium.evaluate("1")
    assert "file:///nowhere.png" in chromium.fetched
    assert any("Error: x" in c for c in chromium.complaints)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize(("name", "word"), [("go", "GO"), ("hold", "HOLD")])
def test_the_decision_is_seen_without_scrolling(
    chromium: Browser, pages: dict[str, Path], name: str, word: str, size: tuple[int, int]
) -> None:
    """The word, its sentence and the emulated label stand above the fold, on a desk and on a phone."""
    chromium.load(pages[name], *size)
    assert chromium.evaluate("document.querySelector('.verdict .word').textContent") == word
    for part in (".verdict .word", ".verdict .sentence", *([".verdict .stamp"] if name == "go" else [])):
        bottom = chromium.evaluate(f"document.querySelector('{part}').getBoundingClientRect().bottom")
        assert 0 < bottom <= size[1], part
    assert chromium.evaluate("document.querySelector('.verdict .word').getBoundingClientRect().height") >= 50


@pytest.mark.parametrize("name", ["go", "hold", "hostile"])
def test_nothing_overflows_a_phone(chromium: Browser, pages: dict[str, Path], name: str) -> None:
    """The page does not scroll sideways and no table is wider than the screen; only plots scroll in their frame."""
    chromium.load(pages[name], *PHONE)
    chromium.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true }); 1")
    assert chromium.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    wide = chromium.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => !e.closest('svg, .scroll, .sr, thead') && e.offsetWidth"
        " && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
    )
    assert wide == []


def test_it_prints_to_pages_with_the_decision_on_the_first(chromium: Browser, pages: dict[str, Path]) -> None:
    """It makes an A4 document of several pages."""
    chromium.load(pages["go"], *DESKTOP)
    raw = chromium.pdf()
    assert raw.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", raw)) > 5
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", raw)
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {(595, 842)}


def test_the_filter_hides_what_is_settled_and_links_bring_it_back(chromium: Browser, pages: dict[str, Path]) -> None:
    """The convenience buttons work under the page's own policy; without them everything is visible."""
    chromium.load(pages["hold"], *DESKTOP)
    visible = "[...document.querySelectorAll('.requirement')].filter(e => e.offsetParent).length"
    assert chromium.evaluate(visible) == 23
    chromium.evaluate("document.querySelector('[data-show=open]').click()")
    assert chromium.evaluate(visible) == 6
    shown_again = "new Promise(r => addEventListener('hashchange', () => setTimeout(() => r(document.body.className))))"
    chromium.evaluate(f"globalThis.back = {shown_again}; location.hash = '#c-GEN-01.1'; 1")
    assert "only-open" not in chromium.evaluate("back")
    assert chromium.evaluate(visible) == 23
