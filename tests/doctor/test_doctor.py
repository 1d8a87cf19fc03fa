"""The doctor finds what is not in order on a bench, says what to do, and never stumbles itself."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli.doctor import doctor
from harness.csms import Pki
from harness.doctor import Check, Patient, _machine, examine
from harness.doctor._bench import examine_bench
from harness.doctor._certificates import examine_certificates
from harness.doctor._machine import examine_machine
from harness.doctor._network import examine_network
from harness.doctor._papers import examine_papers
from harness.profile import load_profile
from tests.bench._fake import FakeInstrument, meter_line
from tests.csms.test_kept import lab

HEAD = """\
product: {name: X, manufacturer: M, model: Y, serial: S1, firmware: "1", current: [AC], sites: [public],
          bidirectional: no}
pixit: {identity: CS1}
"""
CSMS = "pco: {csms: {listen: 127.0.0.1, port: 0, security_profile: 2, password: abcdefghabcdefgh, %s}}\n"


def patient(folder: Path, text: str) -> Patient:
    (folder / "p.yaml").write_text(HEAD + text)
    return Patient(*load_profile(str(folder / "p.yaml")))


def by_name(checks: Iterator[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


@pytest.fixture
def meter() -> Iterator[FakeInstrument]:
    """A meter that streams on a pty."""
    instrument = FakeInstrument()
    stop = threading.Event()

    def talk() -> None:
        while not stop.wait(0.05):
            with contextlib.suppress(OSError):
                instrument.say(meter_line(1200.0, 5.2))

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    yield instrument
    stop.set()
    thread.join(2)
    instrument.hang_up()


def test_the_emulated_bench_is_ready() -> None:
    """The shipped profile has no problem on this machine, and the answer says so as exit code 0."""
    done = CliRunner().invoke(doctor, ["--json"])
    told = json.loads(done.output)
    assert (done.exit_code, told["ready"]) == (0, True), [c for c in told["checks"] if c["state"] == "problem"]
    assert {"Python", "Java", "disk", "clock", "catalogue and cases", "documents"} <= {
        c["name"] for c in told["checks"]
    }


def test_every_finding_that_is_not_ok_says_what_to_do(tmp_path: Path) -> None:
    """A problem without a remedy helps nobody."""
    ill = "pco: {csms: {pki: no}, ev: {}, bench: {meter: {driver: x, port: y}, light: {driver: person}}}\n"
    profile = patient(tmp_path, ill.replace("pki: no", "security_profile: 3, pki: gone"))
    found = list(examine(profile.profile, profile.path, tmp_path))
    assert [c.name for c in found if c.state == "problem" and not c.do] == []
    assert {"backend CA", "car's interface", "meter", "light"} <= {c.name for c in found if c.state == "problem"}


def test_problems_are_exit_code_1_and_named(tmp_path: Path) -> None:
    """The last line names what is not in order; a warning alone changes nothing."""
    patient(tmp_path, "pco: {bench: {meter: {driver: serial_meter, port: /dev/ttyUSB77}}}\n")
    done = CliRunner().invoke(doctor, ["--dut", str(tmp_path / "p.yaml")])
    assert done.exit_code == 1
    assert "is not ready: meter" in done.output and "/dev/ttyUSB77 does not exist" in done.output


@pytest.mark.parametrize("text", ["product: {", "product: {nmae: x}\n", None])
def test_an_unreadable_profile_is_exit_code_2(tmp_path: Path, text: str | None) -> None:
    """A profile that cannot be read is wrong usage, told with file and line."""
    if text is not None:
        (tmp_path / "p.yaml").write_text(text)
    done = CliRunner().invoke(doctor, ["--dut", str(tmp_path / "p.yaml")])
    assert done.exit_code == 2
    assert "p.yaml" in done.output


def test_a_meter_that_answers_is_shown_with_a_reading(tmp_path: Path, meter: FakeInstrument) -> None:
    """The instrument is opened as a run would open it, and one reading is shown."""
    text = f"pco: {{bench: {{meter: {{driver: serial_meter, port: {meter.port}, calibration_due: 2099-01-01}}}}}}\n"
    found = by_name(examine_bench(patient(tmp_path, text)))
    assert found["meter"].state == "ok" and "p_w 1200.0" in found["meter"].says
    assert found["meter calibration"].state == "ok"
    assert found["meter uncertainty"].state == "warning"


def test_a_silent_port_is_a_problem_within_its_bound(tmp_path: Path) -> None:
    """A port that opens and says nothing is told after a few seconds, with what was expected."""
    instrument = FakeInstrument(lambda command: None)
    text = f"pco: {{bench: {{meter: {{driver: serial_meter, port: {instrument.port}}}}}}}\n"
    begun = time.monotonic()
    try:
        found = by_name(examine_bench(patient(tmp_path, text)))
    finally:
        instrument.hang_up()
    assert found["meter"].state == "problem" and "nothing heard" in found["meter"].says
    assert time.monotonic() - begun < 8


@pytest.mark.parametrize(("due", "state"), [("2020-01-01", "problem"), ("2099-12-31", "ok"), (None, "warning")])
def test_calibration_dates_are_looked_at(tmp_path: Path, due: str | None, state: str) -> None:
    """Past is a problem, absent a warning."""
    dated = f', calibration_due: "{due}"' if due else ""
    text = f"pco: {{bench: {{pilot: {{driver: pilot_box, port: /dev/nope{dated}}}}}}}\n"
    assert by_name(examine_bench(patient(tmp_path, text)))["pilot calibration"].state == state


def test_a_port_that_is_a_file_is_told(tmp_path: Path) -> None:
    """A path that is there and is no serial port is no instrument."""
    (tmp_path / "meter").write_text("")
    text = f"pco: {{bench: {{meter: {{driver: serial_meter, port: {tmp_path}/meter}}}}}}\n"
    assert "is no serial port" in by_name(examine_bench(patient(tmp_path, text)))["meter"].says


def test_a_taken_port_is_a_problem(tmp_path: Path) -> None:
    """Another program on the backend's port would keep the run from starting."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        text = CSMS.replace("port: 0", f"port: {other.getsockname()[1]}") % "host_name: localhost"
        found = by_name(examine_network(patient(tmp_path, text)))
    assert found["backend port"].state == "problem" and "in use" in found["backend port"].says


@pytest.mark.parametrize(("host", "state"), [("localhost", "warning"), ("198.51.100.7", "problem")])
def test_the_host_name_must_be_this_computer(tmp_path: Path, host: str, state: str) -> None:
    """Certificates are made out to host_name; the charger must get here by it."""
    found = by_name(examine_network(patient(tmp_path, CSMS % f"host_name: {host}")))
    assert found["host name"].state == state
    assert found["reachable"].state == "warning"  # listening at 127.0.0.1
    assert found["fixed port"].state == "warning"


def test_the_car_s_interface_must_exist(tmp_path: Path) -> None:
    """A real charger's car needs a named interface; the loopback has what it takes here."""
    auto = by_name(examine_network(patient(tmp_path, "pco: {ev: {}}\n")))
    gone = by_name(examine_network(patient(tmp_path, "pco: {ev: {interface: plc77}}\n")))
    here = by_name(examine_network(patient(tmp_path, "pco: {ev: {interface: lo}}\n")))
    assert auto["car's interface"].state == gone["car's interface"].state == "problem"
    assert here["car's interface"].state == "ok"


def test_a_charger_played_on_this_computer_is_noticed(tmp_path: Path) -> None:
    """Somebody else on UDP 15118 would answer our car instead of the charger."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as other:
        try:
            other.bind(("::", 15118))
        except OSError:
            pytest.skip("UDP 15118 is taken by another test just now")
        found = by_name(examine_network(patient(tmp_path, "pco: {ev: {interface: lo}}\n")))
    assert found["charger discovery"].state == "problem"


def test_the_certificates_of_an_onboarding_are_found_in_order(tmp_path: Path) -> None:
    """The folder is read beside the profile; CA and charger's certificate fit their keys."""
    pki = Pki.create(tmp_path / "pki")
    made = pki.issue_station_certificate("S1")
    (tmp_path / "pki/charger-S1.pem").write_text(made.certificate_pem)
    (tmp_path / "pki/charger-S1.key").write_text(made.key_pem)
    found = by_name(examine_certificates(patient(tmp_path, CSMS % "pki: pki")))
    states = {name: check.state for name, check in found.items()}
    assert states == {"backend CA": "ok", "backend CA (RSA)": "ok", "charger's S1": "ok"}


@pytest.mark.parametrize("fault", ["absent", "no_certificate", "foreign_key", "no_key", "expired", "soon", "unborn"])
def test_certificates_that_would_not_work_are_told(tmp_path: Path, fault: str) -> None:
    """Absent, unreadable, without its key, out of date or not yet valid: each before the site visit."""
    pki = Pki.create(tmp_path / "pki")
    days = {"expired": (400, -1), "soon": (300, 5), "unborn": (-5, 100)}.get(fault, (1, 365))
    made = pki.issue_station_certificate("S1", days=days)
    root, key = tmp_path / "pki/root.pem", tmp_path / "pki/root.key"
    if fault == "absent":
        root.unlink()
    elif fault == "no_certificate":
        root.write_text("hello")
    elif fault == "foreign_key":
        key.write_text(made.key_pem)
    elif fault == "no_key":
        key.unlink()
    else:
        root.write_text(made.certificate_pem)
        key.write_text(made.key_pem)
    found = by_name(examine_certificates(patient(tmp_path, CSMS % "pki: pki")))["backend CA"]
    assert found.state == ("warning" if fault == "soon" else "problem")
    assert found.do


def test_a_ca_below_a_root_without_its_key_is_as_good(tmp_path: Path) -> None:
    """A lab's root gives its key to nobody: the CA below it signs, and has to have its own."""
    lab(tmp_path / "pki")
    found = by_name(examine_certificates(patient(tmp_path, CSMS % "pki: pki")))["backend CA"]
    assert found.state == "ok"
    (tmp_path / "pki/issuer.key").unlink()
    found = by_name(examine_certificates(patient(tmp_path, CSMS % "pki: pki")))["backend CA"]
    assert (found.state, "issuer.key" in found.says) == ("problem", True)


def test_profile_3_without_a_lasting_ca_is_a_problem(tmp_path: Path) -> None:
    """A CA made anew in each run is one that no charger trusts."""
    found = by_name(examine_certificates(patient(tmp_path, CSMS % "host_name: localhost")))
    assert "onboard" in found["backend CA"].do


def test_a_clock_behind_its_own_files_is_wrong(tmp_path: Path) -> None:
    """A profile from tomorrow means that this computer's clock was not set."""
    who = patient(tmp_path, "pco: {}\n")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).timestamp()
    os.utime(who.path, (tomorrow, tomorrow))
    assert by_name(examine_machine(who, tmp_path))["clock"].state == "problem"


def test_bad_documents_are_told_with_file_and_line(tmp_path: Path) -> None:
    """A record that a run would refuse is refused here, first."""
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers/a.yaml").write_text("title: x\nkindd: y\n")
    found = by_name(examine_papers(patient(tmp_path, "pco: {}\ndocuments: papers\n")))
    assert found["documents"].state == "problem" and "a.yaml:2" in found["documents"].says


@pytest.mark.parametrize("text", [None, "answers: 7\n"])
def test_a_scripted_operator_needs_its_answers(tmp_path: Path, text: str | None) -> None:
    """Absent or malformed answers are told."""
    if text is not None:
        (tmp_path / "said.yaml").write_text(text)
    scripted = "pco: {operator: {driver: scripted, answers: said.yaml}}\n"
    assert by_name(examine_papers(patient(tmp_path, scripted)))["operator"].state == "problem"


def test_a_meter_at_the_second_evse_is_examined_like_the_first(tmp_path: Path, meter: FakeInstrument) -> None:
    """It is opened at its EVSE, and missing papers are missed there too."""
    text = f"pco: {{bench: {{meter@2: {{driver: serial_meter, port: {meter.port}}}}}}}\n"
    (tmp_path / "p.yaml").write_text(HEAD.replace("identity:", "evses: [1, 2], identity:") + text)
    found = by_name(examine_bench(Patient(*load_profile(str(tmp_path / "p.yaml")))))
    assert found["meter@2"].state == "ok" and "p_w 1200.0" in found["meter@2"].says
    assert found["meter@2 uncertainty"].state == "warning"


@pytest.mark.parametrize(
    ("requirement", "says"),
    [
        ("websockets>=14,<18", None),
        ("websockets>=900", "and >=900 is asked for"),
        ("websockets>=1,<2", "is asked for"),
        ("no-such-package>=1", "no-such-package is missing"),
    ],
)
def test_a_package_is_held_against_its_whole_range(requirement: str, says: str | None) -> None:
    """Both ends of a range count; what is missing is named by its name."""
    found = _machine._unmet(requirement)
    assert found is None if says is None else says in str(found)
