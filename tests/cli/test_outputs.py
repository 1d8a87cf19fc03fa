"""A report of a bundle that does not hold says so first; no command writes over what it reads, a bundle or a key."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import harness.cli
from harness.cli._main import _COMMANDS, cli
from harness.evidence import seal
from harness.evidence.bundle import _zip
from harness.evidence.bundle._survey import survey
from tests.evidence._campaign import SIGNER, campaign, seal_by_hand

ROOM = Path(harness.cli.__file__).parent


def run(*arguments: object) -> Result:
    """`chargeproof ARGUMENTS`, in this process."""
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle that holds: GO, emulated."""
    seal(campaign(tmp_path / "c" / "evidence"), tmp_path / "c" / "bundle.zip", SIGNER)
    return tmp_path / "c" / "bundle.zip"


def _altered(raw: bytes) -> bytes:
    """A verdict turned, by somebody without a key."""
    files = {n: bytes(d) for n, d in survey(raw).files.items()}
    files["verdicts.json"] = files["verdicts.json"].replace(b'"decision": "GO"', b'"decision": "NO"')
    return _zip.build(sorted(files.items()))


def _unsigned(raw: bytes) -> bytes:
    files = {n: bytes(d) for n, d in survey(raw).files.items() if n != "attestation.dsse.json"}
    return _zip.build(sorted(files.items()))


def _twice(raw: bytes) -> bytes:
    """A decision that stands twice, sealed by hand with the right key: each reader takes another one."""
    files = {n: bytes(d) for n, d in survey(raw).files.items()}
    files["verdicts.json"] = files["verdicts.json"].replace(b'"decision":', b'"decision":"HOLD","decision":', 1)
    seal_by_hand(files, SIGNER)
    return _zip.build(sorted(files.items()))


def _longer(raw: bytes) -> bytes:
    return raw + b"x"


@pytest.mark.parametrize("spoil", [_altered, _unsigned, _twice, _longer])
def test_the_report_of_a_bundle_that_does_not_hold_says_so_first(
    bundle: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    """On the terminal's first line, on the page's first line and in its title; the exit code is 1."""
    bundle.write_bytes(spoil(bundle.read_bytes()))
    ended = run("report", bundle, "--out", tmp_path / "r.html")
    assert ended.exit_code == 1, ended.output
    assert ended.output.startswith("THIS EVIDENCE DOES NOT HOLD: ")
    assert ended.output.splitlines()[-1].endswith("is worth nothing")
    page = (tmp_path / "r.html").read_text("utf-8")
    _, _, body = page.partition("<body")
    first = body[body.index(">") + 1 :].lstrip()
    assert first.startswith('<div class="unsound"') and "THIS EVIDENCE DOES NOT HOLD" in first[:200]
    assert "<title>EVIDENCE DOES NOT HOLD" in page


def test_the_report_of_a_bundle_that_holds_says_nothing_of_the_kind(bundle: Path, tmp_path: Path) -> None:
    """The control; and a folder that nobody sealed is called that."""
    ended = run("report", bundle, "--out", tmp_path / "r.html")
    assert ended.exit_code == 0 and "DOES NOT HOLD" not in ended.output
    assert "DOES NOT HOLD" not in (tmp_path / "r.html").read_text("utf-8")
    ended = run("report", bundle.parent / "evidence", "--out", tmp_path / "r2.html")
    assert ended.exit_code == 0 and "not sealed" in ended.output


def test_a_bundle_that_cannot_even_be_shown_is_told_and_nothing_is_written(bundle: Path, tmp_path: Path) -> None:
    """A trace that was altered: the first line, exit code 1, no page."""
    bundle.write_bytes(bundle.read_bytes().replace(b'"i_l1_a":9.', b'"i_l1_a":8.', 1))
    ended = run("report", bundle, "--out", tmp_path / "r.html")
    assert ended.exit_code == 1
    assert ended.output.startswith("THIS EVIDENCE DOES NOT HOLD: trace.jsonl: ")
    assert not (tmp_path / "r.html").exists()


def test_what_a_newer_version_wrote_is_not_reported_as_if_it_were_known(bundle: Path, tmp_path: Path) -> None:
    """Nothing of it is read by guess: exit code 2."""
    files = {n: bytes(d) for n, d in survey(bundle.read_bytes()).files.items()}
    files["plan.json"] = (
        files["plan.json"]
        .replace(b"chargeproof/plan/1", b"chargeproof/plan/9")
        .replace(b"chargeproof/plan/2", b"chargeproof/plan/9")
    )
    seal_by_hand(files, SIGNER)
    bundle.write_bytes(_zip.build(sorted(files.items())))
    ended = run("report", bundle, "--out", tmp_path / "r.html")
    assert ended.exit_code == 2
    assert ended.output.startswith("THIS EVIDENCE COULD NOT BE CHECKED IN FULL")


def _everything(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


OVER: dict[str, tuple[str, ...]] = {
    "report onto the bundle": ("report", "c/bundle.zip", "--out", "c/bundle.zip"),
    "report onto the bundle, by its folder": ("report", "c", "--out", "c/bundle.zip"),
    "report onto a link to the bundle": ("report", "c/bundle.zip", "--out", "link"),
    "report onto a twin of the bundle": ("report", "c/bundle.zip", "--out", "hard"),
    "report into the evidence": ("report", "c/evidence", "--out", "c/evidence/report.html"),
    "report onto the trace": ("report", "c/evidence", "--out", "c/evidence/trace.jsonl"),
    "JUnit onto the bundle": ("report", "c/bundle.zip", "--out", "r.html", "--junit", "c/bundle.zip"),
    "table onto the bundle": ("report", "c/bundle.zip", "--out", "r.html", "--csv", "c/bundle.zip"),
    "Allure into the evidence": ("report", "c/evidence", "--out", "r.html", "--allure", "c/evidence/allure"),
    "Allure into a folder of other things": ("report", "c/bundle.zip", "--out", "r.html", "--allure", "other"),
    "two outputs onto one file": ("report", "c/bundle.zip", "--out", "r.html", "--junit", "r.html"),
    "report onto a file of another kind": ("report", "c/bundle.zip", "--out", "notes.txt"),
    "report onto a key": ("report", "c/bundle.zip", "--out", "lab.pem"),
    "table onto a page": ("report", "c/bundle.zip", "--out", "r.html", "--csv", "page.html"),
    "seal onto the bundle": ("seal", "c"),
    "seal onto another file": ("seal", "c", "--out", "notes.txt"),
    "seal onto a dangling link": ("seal", "c", "--out", "dangling"),
    "seal into the evidence": ("seal", "c", "--out", "c/evidence/b.zip"),
    "seal onto its key": ("seal", "c", "--key", "lab.pem", "--out", "lab.pem"),
    "a key onto a file": ("key", "new", "notes.txt"),
    "a key onto a key": ("key", "new", "lab.pem"),
    "export onto its overlay": ("catalog", "export", "--format", "csv", "--tender", "t.yaml", "--out", "t.yaml"),
    "export onto a file of another kind": ("catalog", "export", "--format", "json", "--out", "notes.txt"),
    "coverage onto a file of another kind": ("catalog", "coverage", "--write", "--file", "notes.txt"),
    "a profile onto a profile": ("onboard", "--out", "t.yaml"),
    "the emulated charger onto its certificate": (
        *("emulate", "--csms", "ws://127.0.0.1:1", "--state-dir", "c", "--ca-file", "c/evidence/plan.json"),
    ),
}


@pytest.mark.parametrize("what", OVER)
def test_nothing_is_written_over(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Exit code 2, a sentence, and every file is what it was; nothing new lies about either."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(bundle)
    (tmp_path / "hard").hardlink_to(bundle)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("mine, and nothing to do with it\n")
    (tmp_path / "page.html").write_text("<!DOCTYPE html>\n")
    (tmp_path / "lab.pem").write_bytes(SIGNER.to_pem())
    (tmp_path / "t.yaml").write_text("title: T\nclient: C\ndated: 2026-11-22\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "categories.json").write_text("mine")
    before = _everything(tmp_path)
    ended = run(*OVER[what])
    assert ended.exit_code == 2, ended.output
    assert ended.output.startswith("Error: ")
    assert _everything(tmp_path) == before


def test_what_may_be_written_again_is(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: an earlier report, table, export is replaced; so is an empty file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "j.xml").write_text("")
    again = ("report", "c/bundle.zip", "--junit", "j.xml", "--csv", "t.csv", "--allure", "allure")
    for _ in range(2):
        assert run(*again).exit_code == 0
        for kind in ("json", "csv", "html"):
            ended = run("catalog", "export", "--format", kind, "--out", f"x.{kind}")
            assert ended.exit_code == 0, ended.output
    assert not list(tmp_path.glob(".*draft"))


def test_a_second_seal_needs_another_place_and_gets_it(bundle: Path, tmp_path: Path) -> None:
    """What was sealed stays; --out takes the new one."""
    before = bundle.read_bytes()
    assert run("seal", bundle.parent, "--out", tmp_path / "second.zip").exit_code == 0
    assert bundle.read_bytes() == before and (tmp_path / "second.zip").exists()


def test_what_run_sealed_before_is_moved_aside_and_never_onto_another(tmp_path: Path) -> None:
    """Also where an earlier one was taken away in the meantime."""
    from harness.cli.evidence._finish import place_for_bundle

    for round_ in range(3):
        (tmp_path / "bundle.zip").write_text(str(round_))
        place_for_bundle(tmp_path)
    (tmp_path / "bundle-before-1.zip").unlink()
    (tmp_path / "bundle.zip").write_text("3")
    place_for_bundle(tmp_path)
    assert sorted(p.read_text() for p in tmp_path.iterdir()) == ["1", "2", "3"]


def test_every_option_that_names_an_output_is_in_the_table() -> None:
    """A new command or option that writes comes here first: the ones that exist are listed with how they are kept."""
    kept = {
        "run": {"out": "a folder of its own under it", "key": "read", "tender": "read", "campaign": "a campaign's"},
        "plan": {"tender": "read"},
        "verify": {"bundle": "read", "key": "read"},
        "judge": {"logs": "read", "out": "OVER", "mapping": "read", "tls_keys": "read"},
        "seal": {"folder": "read", "out": "OVER", "key": "read"},
        "explain": {"folder": "a campaign's, what was sealed stays", "key": "read"},
        "report": {"evidence": "read", "out": "OVER", "junit": "OVER", "table": "OVER", "allure": "OVER"},
        "key new": {"path": "OVER"},
        "key show": {"path": "read"},
        "catalog list": {"overlay": "read"},
        "catalog show": {"overlay": "read"},
        "catalog coverage": {"cases": "read", "committed": "OVER"},
        "catalog lock": {},
        "catalog prove": {"seen": "read"},
        "catalog suites": {"folder": "read"},
        "catalog export": {"out": "OVER", "overlay": "read"},
        "doctor": {"out": "looked at"},
        "restore": {"out": "campaigns, beside which undo files lie"},
        "onboard": {"out": "OVER", "pki": "kept where it is"},
        "emulate": {"ca_file": "read", "client_cert": "read", "client_key": "read", "state_dir": "OVER"},
    }
    import click

    found: dict[str, set[str]] = {}
    for name in _COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        inner = command.commands.items() if isinstance(command, click.Group) else [("", command)]
        for sub, each in inner:
            paths = {p.name for p in each.params if isinstance(p.type, click.Path)}
            found[f"{name} {sub}".strip()] = paths
    assert found == {name: set(options) for name, options in kept.items()}


def test_only_the_outputs_module_writes_files() -> None:
    """In the command line's room; the two exceptions open with O_EXCL, or hold a password of their own making."""
    writers = {p.name for p in ROOM.rglob("*.py") if any(w in p.read_text() for w in ("write_text(", "write_bytes("))}
    assert writers == {"_outputs.py"}
    opened = {
        p.name
        for p in ROOM.rglob("*.py")
        if "os.open(" in p.read_text().replace("os.open(os.devnull", "") or '.open("w' in p.read_text()
    }
    assert opened == {"onboard.py"}


def test_copies_of_a_bundle_may_be_anywhere(bundle: Path, tmp_path: Path) -> None:
    """A report beside a copy of the bundle is written as ever."""
    shutil.copy(bundle, tmp_path / "copy.zip")
    assert run("report", tmp_path / "copy.zip", "--out", tmp_path / "copy.html").exit_code == 0
