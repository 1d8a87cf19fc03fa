"""A drawing of the front panel, so that a person (or a scripted answer) has something to look at: an SVG file."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape


def draw_panel(folder: Path, model: str, marking: str, lamp_rgb: tuple[int, int, int]) -> Path:
    """Write `front_panel.svg` and return its path; the marking is left out when it is empty."""
    label = (
        f'<rect x="40" y="300" width="320" height="52" rx="6" fill="#fff"/>'
        f'<text x="200" y="332" text-anchor="middle" font-size="15" fill="#111">{escape(marking)}</text>'
        if marking
        else ""
    )
    colour = "#{:02x}{:02x}{:02x}".format(*lamp_rgb)
    path = folder / "front_panel.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="1120" viewBox="0 0 400 560" '
        'font-family="sans-serif">'
        '<rect width="400" height="560" rx="24" fill="#2b2f36"/>'
        f'<rect x="60" y="40" width="280" height="14" rx="7" fill="{colour}"/>'
        f'<text x="200" y="110" text-anchor="middle" font-size="22" fill="#eee">{escape(model)}</text>'
        '<text x="200" y="140" text-anchor="middle" font-size="13" fill="#9aa">emulated, not a photograph</text>'
        '<circle cx="120" cy="440" r="48" fill="#111" stroke="#667"/>'
        '<text x="120" y="512" text-anchor="middle" font-size="13" fill="#ccc">1  AC Type 2</text>'
        '<circle cx="280" cy="440" r="48" fill="#111" stroke="#667"/>'
        '<text x="280" y="512" text-anchor="middle" font-size="13" fill="#ccc">2  DC CCS</text>'
        f"{label}</svg>\n",
        encoding="utf-8",
    )
    return path
