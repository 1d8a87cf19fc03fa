"""A few inputs of every kind on every day; a million in `make thorough`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import _files, _socket
from tests.fuzz._files import FORMATS, Format, octets
from tests.fuzz._share import OF_EACH, shares
from tests.fuzz._streams import KINDS, stream


@pytest.mark.parametrize("kind", KINDS)
def test_inputs_at_the_socket_are_read_or_refused(tmp_path: Path, kind: str) -> None:
    """Nothing raises in the backend, every connection is given back, the trace can be read, the charger is served."""
    assert _socket.fuzz(tmp_path, kind, 1, range(150)) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_files_are_read_or_refused_in_words(tmp_path: Path, kind: str) -> None:
    """Altered files of every kind end in what their reader says that it raises, and in time."""
    assert _files.fuzz(tmp_path, kind, 1, range(60)) == []


def test_an_input_is_the_same_whenever_it_is_made() -> None:
    """A seed and a number are enough to make a find again; other numbers are other inputs."""
    for kind in KINDS:
        assert stream(kind, 1, 7) == stream(kind, 1, 7)
    assert len({octets("log", 1, number) for number in range(50)}) > 40


def test_what_is_wrong_is_seen_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a reader that raises otherwise, or never ends, is told with the octets that did it."""

    def never(path: Path) -> None:
        while path:
            pass

    def raises(path: Path) -> None:
        raise KeyError(path.name)

    monkeypatch.setattr(_files, "_HANG_S", 0.2)
    for name, read, says in (("never", never, "TimeoutError"), ("raises", raises, "KeyError")):
        monkeypatch.setitem(FORMATS, name, Format(lambda: [b"x" * 50], read, (ValueError,)))
        found = _files.fuzz(tmp_path, name, 1, range(2))
        assert len(found) == 2 and says in found[0] and (tmp_path / f"{name}-1-0").read_bytes()


def test_the_shares_are_a_million_inputs() -> None:
    """Of all kinds, and no input twice."""
    mine = list(shares())
    assert sum(share.count for share in mine) == sum(OF_EACH.values()) >= 1_000_000
    assert len({share.name for share in mine}) == len(mine)
    assert {share.kind for share in mine} == set(KINDS) | set(FORMATS)
