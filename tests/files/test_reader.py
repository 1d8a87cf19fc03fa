"""A file that somebody gives is an ordinary file, of a bounded size, that ends: anything else is said, at once."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from plain_files import NotPlain, is_plain, is_there, octets_of, opened, real, text_of


def odd(folder: Path, kind: str) -> Path:
    """Something that is no ordinary file."""
    path = folder / "given"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "socket":
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(str(path))
        case "circle":
            path.symlink_to(folder / "other")
            (folder / "other").symlink_to(path)
        case "link to a device":
            path.symlink_to("/dev/zero")
        case "long name":
            return folder / ("x" * 5000)
        case "no name":
            return folder / "a\0b"
    return path


KINDS = {
    "pipe": "is a pipe",
    "folder": "is a folder",
    "socket": "is a socket",
    "circle": "leads in a circle",
    "link to a device": "is a device",
    "long name": "too long",
    "no name": "is no name",
}


@pytest.mark.parametrize(("kind", "says"), KINDS.items())
def test_what_is_no_ordinary_file_is_refused_at_once(tmp_path: Path, kind: str, says: str) -> None:
    """Nobody waits for a pipe, reads a device, or meets another error than the one that is promised."""
    path = odd(tmp_path, kind)
    begun = time.monotonic()
    for read in (lambda: octets_of(path, most=10), lambda: text_of(path, most=10), lambda: opened(path)):
        with pytest.raises(NotPlain) as refused:
            read()
        assert says in str(refused.value)
    assert not is_plain(path)
    assert time.monotonic() - begun < 1


def test_an_ordinary_file_is_read_whole_up_to_its_bound(tmp_path: Path) -> None:
    """Also through a link; one octet more than the bound is too much, and nothing of it is held."""
    path = tmp_path / "given"
    path.write_bytes(b"x" * 100)
    (tmp_path / "link").symlink_to(path)
    assert octets_of(path, most=100) == octets_of(tmp_path / "link", most=100) == b"x" * 100
    with opened(path) as file:
        assert file.read(3) == b"xxx"
    with pytest.raises(NotPlain, match="has 100 bytes, and at most 99 are read"):
        octets_of(path, most=99)
    assert is_plain(path) and is_there(path)


def test_a_file_that_never_ends_is_read_to_its_bound_only() -> None:
    """One of the kernel's says that it is empty and is not."""
    with pytest.raises(NotPlain, match="at most 10 are read"):
        octets_of(Path("/proc/self/status"), most=10)


def test_text_that_is_none_is_said_with_its_line(tmp_path: Path) -> None:
    """The line of the first octet that cannot be."""
    path = tmp_path / "given"
    path.write_bytes(b"a\nb\n\xff\n")
    with pytest.raises(NotPlain, match="is not UTF-8 text on line 3"):
        text_of(path, most=100)


def test_a_missing_file_is_said_as_the_system_says_it(tmp_path: Path) -> None:
    """So that whoever reads on absence still can."""
    with pytest.raises(FileNotFoundError):
        octets_of(tmp_path / "nothing", most=1)
    assert not is_there(tmp_path / "nothing")


def test_a_path_in_a_circle_leads_somewhere(tmp_path: Path) -> None:
    """And raises nothing."""
    assert real(odd(tmp_path, "circle")).parent == tmp_path
