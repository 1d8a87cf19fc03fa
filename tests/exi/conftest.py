"""The Java codec, started once for all tests that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.exi.java.codec import JavaExiCodec


@pytest.fixture(scope="package")
def java() -> Iterator[JavaExiCodec]:
    """The iso15118 package's codec. Skips nothing: who runs tests of the mark `emulator` has the extra."""
    from tests.exi.java.codec import JavaExiCodec

    with JavaExiCodec() as made:
        yield made
