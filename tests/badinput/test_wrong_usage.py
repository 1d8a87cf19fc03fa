"""Wrong usage ends with exit code 2 before anything runs, and says what is wrong and what would be right."""

from __future__ import annotations

import resource
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from harness.cli._main import cli
from tests.badinput.world import campaign, chargeproof, free_port, profile, trace

SELECT = ("run", "--dut", "p.yaml", "-r", "SC-05.4")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--dut", "p.yaml", "-r", "SC-99.9"), "no requirement or criterion 'SC-99.9'"),
        (("--dut", "nobody"), "no profile 'nobody'"),
        (("--dut", "p.yaml", "--date", "2026-02-30"), "is not a date"),
        (("--dut", "p.yaml", "--tender", "gone.yaml"), "gone.yaml: there is no such file"),
        (("--dut", "p.yaml", "--tender", "overlay.yaml"), "overlay.yaml:2: title"),
        (("--dut", "torn.yaml"), "torn.yaml:2"),
        (("--dut", "misspelt.yaml"), "misspelt.yaml:1: prodcut"),
        (("--dut", "emulated", "--defect", "no-such"), "no defect is called no-such"),
        (("--dut", "p.yaml", "--defect", "ignores-zero"), "describes another one"),
        (("--dut", "p.yaml", "--key", "gone.pem"), "--key gone.pem: No such file"),
        (("--dut", "p.yaml", "--key", "p.yaml"), "--key p.yaml is not a key in PEM"),
        (("--dut", "p.yaml", "--key", "rsa.pem"), "Ed25519"),
        (("--dut", "p.yaml", "--out", "p.yaml"), "no folder can be made there"),
        (("--dut", "p.yaml", "--out", "/proc/nowhere"), "no folder can be made there"),
        (("--dut", "p.yaml", "--no-such-option"), "--no-such-option"),
    ],
    ids=lambda value: " ".join(value)[-28:] if isinstance(value, tuple) else "",
)
def test_is_told_and_nothing_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    """Exit code 2, a sentence that names the fault, no campaign left behind."""
    profile(tmp_path, 0)
    (tmp_path / "overlay.yaml").write_text("client: C\ntitle: 7\n")
    (tmp_path / "torn.yaml").write_text("product: {name: X\n")
    (tmp_path / "misspelt.yaml").write_text("prodcut: {}\n")
    (tmp_path / "rsa.pem").write_bytes(_rsa_key())
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(cli, ["run", *arguments])
    assert ended.exit_code == 2, ended.output
    assert words in ended.output
    assert not list(tmp_path.glob("campaigns/*"))


def _rsa_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_an_absent_serial_port_is_named(tmp_path: Path) -> None:
    """Role, port and what was expected there; the trace of the attempt is kept."""
    profile(tmp_path, 0, more="  bench: {meter: {driver: serial_meter, port: /dev/ttyUSB77}}\n")
    ended = chargeproof(tmp_path, *SELECT)
    assert ended.code == 2
    assert "bench.meter on /dev/ttyUSB77" in ended.said
    assert str(campaign(tmp_path).relative_to(tmp_path)) in ended.said
    assert [e.kind for e in trace(tmp_path)][-1] == "campaign.broken"


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    """Another program on the backend's port is told with the place in the profile that would change it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = int(other.getsockname()[1])
        profile(tmp_path, port)
        ended = chargeproof(tmp_path, *SELECT)
    assert ended.code == 2
    assert f"listens at 127.0.0.1 port {port}" in ended.said
    assert "pco.csms" in ended.said


def test_an_address_of_another_computer_is_named(tmp_path: Path) -> None:
    """pco.csms.listen must be this computer's."""
    profile(tmp_path, free_port(), csms="security_profile: 0, listen: 198.51.100.9")
    text = (tmp_path / "p.yaml").read_text().replace("listen: 127.0.0.1, ", "", 1)
    (tmp_path / "p.yaml").write_text(text)
    ended = chargeproof(tmp_path, *SELECT)
    assert ended.code == 2
    assert "198.51.100.9" in ended.said and "no address of this computer" in ended.said


@pytest.mark.parametrize("kilobytes", [40, 200])
def test_a_disk_that_fills_up_is_no_verdict(tmp_path: Path, kilobytes: int) -> None:
    """Wherever the disk is full, early or late, the run ends with exit code 2 and says that recording failed."""
    profile(tmp_path, 0)

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1000, kilobytes * 1000))

    ended = chargeproof(tmp_path, *SELECT, preexec_fn=little_room)
    assert ended.code == 2, ended.said
    assert "could not be recorded: File too large" in ended.said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("doctor", "--dut", "nobody"), "no profile 'nobody'"),
        (("onboard", "--out", "p.yaml"), "exists"),
        (("onboard", "--security-profile", "3"), "--serial"),
        (("onboard", "--security-profile", "4"), "--security-profile"),
        (("onboard", "--identity", "a:b"), "no colon"),
        (("onboard", "--password", "short"), "16 to 40"),
        (("onboard", "--listen", "198.51.100.9", "--security-profile", "1"), "cannot listen at 198.51.100.9"),
        (("onboard", "--within", "nan"), "no number of seconds"),
        (("onboard", "--within", "inf"), "--within"),
        (("onboard", "--within", "1e40"), "--within"),
        (("onboard", "--listen", "300.1.1.1"), "no address"),
        (("onboard", "--host-name", "the bench"), "no name of a computer"),
        (("onboard", "--identity", "a\x1b[2J"), "1 to 48 characters"),
        (("plan", "--longer-than", "nan"), "no number of seconds"),
        (("plan", "--longer-than", "5", "--shorter-than", "3"), "no case takes longer than 5 s and less than 3 s"),
        (("plan", "--json", "--all"), "--json prints the whole plan"),
        (("run", "--campaign", "x"), "--campaign names what --rerun adds to"),
        (("run", "--rerun", "x", "-r", "SC-04"), "--requirement would make another one"),
        (("run", "--rerun", "x", "--depth", "short"), "--depth would make another one"),
        (("catalog", "list", "--suite", "ocpp", "--criteria"), "leave out --criteria"),
        (("emulate", "--client-cert", "p.yaml"), "are a pair"),
        (("judge", "/dev/zero"), "is a device"),
        (("catalog", "list", "--tender", "/dev/zero"), "is a device"),
        (("catalog", "prove", "/dev/zero"), "nor an ordinary file"),
        (("plan", "--tender", "/dev/zero"), "is a device"),
        (("plan", "--dut", "/dev/zero"), "is a device"),
        (("plan", "--dut", "x" * 5000), "there is no profile"),
        (("plan", "--tender", "x" * 5000), "there is no such file"),
        (("run", "--key", "/dev/zero"), "is a device"),
        (("verify", "/dev/zero"), "is not a file"),
        (("report", "circle"), "circle"),
        (("seal", "circle"), "circle"),
        (("emulate", "--csms", "http://x"), "ws:// or wss://"),
        (("emulate", "--interface", "eth77"), "eth77"),
        (("emulate", "--defect", "no-such"), "no-such"),
        (("seal", "nowhere"), "nowhere"),
        (("verify", "nowhere.zip"), "nowhere.zip"),
        (("report", "nowhere"), "nowhere"),
    ],
    ids=lambda value: " ".join(value)[:28] if isinstance(value, tuple) else "",
)
def test_of_the_other_commands_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    """Every command says in a sentence what is wrong, and ends with 2."""
    profile(tmp_path, 0)
    monkeypatch.chdir(tmp_path)
    Path("circle").symlink_to("circle")
    ended = CliRunner().invoke(cli, list(arguments))
    assert ended.exit_code == 2, ended.output
    assert words in ended.output


def test_wrong_usage_is_exit_code_2_of_the_program_itself(tmp_path: Path) -> None:
    """What the tests above see in this process is what a shell sees."""
    ended = chargeproof(tmp_path, "run", "--dut", "nobody")
    assert ended.code == 2
    assert "Traceback" not in ended.said
