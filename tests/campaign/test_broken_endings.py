"""Endings that nobody wanted: each names its true cause and the next step, keeps what there is, without a traceback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.campaign._files import write_json
from harness.campaign.machine import _room
from harness.cli.charger._signals import to_its_end
from harness.trace import Recorder, read_trace
from tests.owed.charger import OwnCharger, differences

WITHIN_S = 180.0
live = pytest.mark.campaign


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 260 MiB of one's own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=260m", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> None:
    """To the last octet."""
    with (folder / "filler").open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def start(charger: OwnCharger, *options: str) -> subprocess.Popen[str]:
    """`chargeproof run …` for this charger."""
    command = [
        sys.executable,
        "-m",
        "harness.cli",
        "run",
        "--dut",
        str(charger.profile),
        "--out",
        str(charger.campaigns),
    ]
    return subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def until(true: Callable[[], object], run: subprocess.Popen[str]) -> None:
    """Wait for something that a run brings about."""
    deadline = time.monotonic() + WITHIN_S
    while not true():
        assert run.poll() is None and time.monotonic() < deadline, run.communicate()[0]
        time.sleep(0.05)


def journal(charger: OwnCharger) -> Path | None:
    """The trace of the run that is on."""
    return next(charger.campaigns.glob("*/evidence/trace.jsonl"), None)


def in_a_case(charger: OwnCharger) -> bool:
    """Whether its first case has begun."""
    path = journal(charger)
    return path is not None and b'"case.begun"' in path.read_bytes()


@live
def test_a_disk_that_fills_up_is_named_and_what_there_is_is_sealed(tmp_path: Path, small_disk: Path) -> None:
    """In the middle of a case: it ends in the room that was kept, the charger is put right, what there is is sealed."""
    with OwnCharger(tmp_path) as charger:
        charger.campaigns = small_disk / "campaigns"
        before = charger.holds()
        run = start(charger, "--purpose", "OCPP-K01.P001", "--purpose", "OCPP-B05.P001")
        until(lambda: in_a_case(charger), run)
        fill(small_disk)
        said = run.communicate(timeout=WITHIN_S)[0]
        assert run.returncode == 2 and "could not be recorded: No space left on device" in said, said
        assert "Traceback" not in said and "interrupted" in said, said
        assert differences(before, charger.holds()) == []
    folder = next(charger.campaigns.glob("*/bundle.zip")).parent
    verify = [sys.executable, "-m", "harness.cli", "verify", str(folder / "bundle.zip"), "--integrity-only"]
    assert subprocess.run(verify, capture_output=True).returncode == 0
    assert not list(folder.glob(".room*"))


@live
def test_a_disk_with_too_little_room_is_named_before_anything_begins(tmp_path: Path, small_disk: Path) -> None:
    """Nothing of the campaign is left, and the charger was never asked anything."""
    (small_disk / "other").write_bytes(b"\0" * (150 << 20))
    with OwnCharger(tmp_path) as charger:
        charger.campaigns = small_disk / "campaigns"
        run = start(charger, "--purpose", "OCPP-B05.P001")
        said = run.communicate(timeout=WITHIN_S)[0]
    assert run.returncode == 2 and "a run needs 160 MiB" in said and "--out" in said, said
    assert list(charger.campaigns.glob("*")) == []


@live
def test_a_folder_that_is_taken_away_is_named(tmp_path: Path) -> None:
    """The true cause, exit code 2; and the charger is put right all the same."""
    with OwnCharger(tmp_path) as charger:
        before = charger.holds()
        run = start(charger, "--purpose", "OCPP-K01.P001")
        until(lambda: in_a_case(charger), run)
        shutil.rmtree(next(charger.campaigns.iterdir()))
        said = run.communicate(timeout=WITHIN_S)[0]
        assert run.returncode == 2 and "was taken away while it ran" in said and "Traceback" not in said, said
        assert differences(before, charger.holds()) == []


@live
def test_a_torn_last_line_is_named_and_mended_by_seal_before_a_rerun(tmp_path: Path) -> None:
    """`--rerun` names `chargeproof seal`; after that it runs."""
    with OwnCharger(tmp_path) as charger:
        run = start(charger, "--purpose", "OCPP-B05.P001")
        run.communicate(timeout=WITHIN_S)
        path = journal(charger)
        assert path is not None
        case = next(e.case for e in read_trace(path) if e.kind == "case.started")
        with path.open("ab") as file:
            file.write(b'{"seq": 99999, "t_')
        again = ("--rerun", str(case))
        run = start(charger, *again)
        said = run.communicate(timeout=WITHIN_S)[0]
        assert run.returncode == 2 and "chargeproof seal" in said and "Traceback" not in said, said
        (path.parents[1] / "bundle.zip").rename(tmp_path / "before.zip")
        seal = [sys.executable, "-m", "harness.cli", "seal", str(path.parents[1])]
        assert subprocess.run(seal, capture_output=True).returncode in (0, 1)
        run = start(charger, *again)
        assert "Traceback" not in run.communicate(timeout=WITHIN_S)[0] and run.returncode in (0, 1)


def test_a_json_file_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full the older one stays, and no draft is left."""
    path = tmp_path / "verdicts.json"
    write_json(path, {"decision": "HOLD"})
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(OSError, match="No space"):
        write_json(path, {"decision": "GO"})
    assert b"HOLD" in path.read_bytes() and list(tmp_path.iterdir()) == [path]


def _full(*_: Any) -> None:
    raise OSError(28, "No space left on device")


def test_a_recorder_makes_room_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line that met the full disk is written in the room that was kept, and `full` says that it was."""
    (tmp_path / ".room-to-end").write_bytes(b"\0")
    recorder = Recorder(tmp_path / "trace.jsonl", on_full=lambda: _room.room_to_end(tmp_path))
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, line: write(fd, line) if not _room_kept(tmp_path) else _full())
    recorder.record("harness.error", "harness", {"detail": "x"})
    assert recorder.full is not None and len(read_trace(tmp_path / "trace.jsonl")) == 1
    (tmp_path / ".room-to-end").write_bytes(b"\0")
    with pytest.raises(OSError, match="No space"):
        recorder.record("harness.error", "harness", {"detail": "y"})
    assert len(read_trace(tmp_path / "trace.jsonl")) == 1
    recorder.close()


def _room_kept(folder: Path) -> bool:
    return (folder / ".room-to-end").exists()


def test_room_is_kept_and_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As large as it says; and a disk with too little is refused before any of it is taken."""
    _room.keep_room(tmp_path)
    assert sum(path.stat().st_blocks * 512 for path in tmp_path.glob(".room*")) >= 56 << 20
    _room.give_room(tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=150 << 20))
    with pytest.raises(_room.NoRoom, match="a run needs 160 MiB"):
        _room.keep_room(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_ends_a_run_is_put_off_while_it_is_sealed(number: signal.Signals) -> None:
    """Ctrl-C after the end makes no second bundle; before and afterwards a signal means what it did."""
    before = signal.getsignal(number)
    with to_its_end():
        signal.raise_signal(number)
    assert signal.getsignal(number) is before


def test_ctrl_c_while_cases_are_collected_is_ctrl_c(tmp_path: Path) -> None:
    """pytest underneath catches it; it is no fault of the cases. In a process of its own, which it may end."""
    (tmp_path / "test_case.py").write_text("raise KeyboardInterrupt\n")
    collecting = (
        "import sys, pathlib\nfrom harness.campaign._cases import collect_cases\n"
        "try:\n    collect_cases(pathlib.Path(sys.argv[1]))\nexcept KeyboardInterrupt:\n    print('as Ctrl-C')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", collecting, str(tmp_path)], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.splitlines()[-1:] == ["as Ctrl-C"], done
