"""Cells of tables that somebody will open in a spreadsheet."""

from __future__ import annotations

_BLANKS = " \t\u00a0\u2000\u2002\u2003\u2009\u202f\u3000\ufeff"
_FORMULA = tuple("=+-@\t\uff1d\uff0b\uff0d\uff20")  # the wide ones as well


def spreadsheet_cell(text: str) -> str:
    """A text as it stands in a table: one line, and none that a spreadsheet would take for a formula and run."""
    line = " ".join(text.split("\n")).replace("\r", " ") if "\n" in text or "\r" in text else text
    if line.lstrip(_BLANKS)[:1] in _FORMULA and line.strip(_BLANKS) and not _is_number(line):
        return f"'{line}"
    return line


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
