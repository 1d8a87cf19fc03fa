"""How a test case says which test purposes it serves; all else stands with the purposes themselves, in suites/."""

from __future__ import annotations

import re

import pytest

MARKERS = ("serves(*purposes): the test purposes that this case serves",)
_ID = re.compile(r"[A-Z][A-Z0-9]*-[A-Z0-9]+\.P\d{3,}")


def serves(*purposes: str) -> pytest.MarkDecorator:
    """The test purposes that a case serves ("OCPP-K01.P012"); each must get a claim, or stays inconclusive.

    Also for one set of a case's parameters: `pytest.param(…, marks=serves("OCPP-A00.P011"))`.
    Raises ValueError for what is no purpose's id; whether there is such a purpose is looked up when the plan is made.
    """
    if not purposes:
        raise ValueError("serves() names no test purpose")
    for purpose in purposes:
        if not isinstance(purpose, str) or not _ID.fullmatch(purpose):
            raise ValueError(f"{purpose!r} is no test purpose's id; one reads like OCPP-K01.P012")
    return pytest.mark.serves(*purposes)
