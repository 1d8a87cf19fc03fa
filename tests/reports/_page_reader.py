"""Reads a report as a browser's parser would: its elements, and the text that a person sees."""

from __future__ import annotations

from html.parser import HTMLParser

BLOCKS = {"br", "p", "div", "dt", "dd", "td", "th", "li", "h2", "h3", "h4", "summary"}
VOID = {"meta", "img", "br", "use", "link"}


class PageReader(HTMLParser):
    """`elements` are (tag, attributes); `text` is all that is read; `by_id` is the text inside elements with an id."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.by_id: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        told = {name: value or "" for name, value in attrs}
        self.elements.append((tag, told))
        if tag in BLOCKS:
            self.handle_data(" ")
        if tag not in VOID:
            self._open.append((tag, told.get("id", "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element without content."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Note text, for every element with an id around it."""
        if any(tag in ("style", "script") for tag, _ in self._open):
            return
        self.text += data
        for _, name in self._open:
            if name:
                self.by_id[name] = self.by_id.get(name, "") + data

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of all elements of a tag."""
        return [attributes for name, attributes in self.elements if name == tag]


def words(text: str) -> str:
    """Text with its white space made single."""
    return " ".join(text.split())
