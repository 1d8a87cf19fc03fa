"""Firmware: installed when it is right, refused when it is not, and alive afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
GOOD = ["Downloading", "Downloaded", "SignatureVerified", "Installing", "Installed"]


def boot(t: T, version: str) -> T:
    """The charger announces itself with this version."""
    station = {"vendorName": "V", "model": "M", "firmwareVersion": version}
    return t.says("BootNotification", {"reason": "FirmwareUpdate", "chargingStation": station}).is_answered()


def offered(answer: str | None = "Accepted", running: str = "1.4.2") -> T:
    """A charger that runs `running` and is offered an image."""
    t = boot(T(), running).wait(1)
    firmware = {"location": "http://127.0.0.1:4711/firmware-1.bin", "signature": "x"}
    t.asks("UpdateFirmware", {"requestId": 9, "firmware": firmware}).named("update").wait(0.1)
    return t.answers(answer) if answer else t


def fetched(t: T, complete: bool = True) -> T:
    """It fetched the image from our file server."""
    return t.wait(1).event("file.request", "dut", name="firmware-1.bin", status=200, complete=complete)


def tells(t: T, *statuses: str, request: int | None = 9) -> T:
    """Its firmware statuses, a second apart."""
    for status in statuses:
        payload: dict[str, Any] = {"status": status}
        if request is not None:
            payload["requestId"] = request
        t.wait(1).says("FirmwareStatusNotification", payload)
    return t


def alive(t: T) -> T:
    """It answers a request."""
    return t.wait(1).asks("GetVariables").wait(0.1).answers({"getVariableResult": []})


def installed(t: T, version: str = "1.5.0") -> Verdict:
    """The verdict on GEN-03.3."""
    return t.claims("firmware.installs", "GEN-03.3", call="@update", version=version).judged().verdict


def refused(t: T, *statuses: str, answers: tuple[str, ...] = (), running: str = "1.4.2") -> Verdict:
    """The verdict on a wrong image."""
    wanted = list(statuses or ("InvalidSignature", "InstallVerificationFailed"))
    t.claims("firmware.refuses", "GEN-03.4", call="@update", statuses=wanted, answers=list(answers), running=running)
    return t.judged().verdict


def test_the_right_firmware_is_installed() -> None:
    """Accepted, verified, installed, and shown at the next boot."""
    assert installed(boot(tells(fetched(offered()), *GOOD), "1.5.0")) is PASS


def test_an_update_that_cancels_another_is_accepted_too() -> None:
    """AcceptedCanceled (L01.FR.24)."""
    assert installed(boot(tells(fetched(offered("AcceptedCanceled")), *GOOD), "1.5.0")) is PASS


def test_the_boot_may_come_before_installed_is_said() -> None:
    """L01.FR.32 (a): the new firmware says Installed itself."""
    t = boot(tells(fetched(offered()), *GOOD[:-1], "InstallRebooting"), "1.5.0")
    assert installed(tells(t, "Installed")) is PASS


@pytest.mark.parametrize("answer", ["Rejected", "InvalidCertificate", None])
def test_an_update_that_is_not_accepted_fails(answer: str | None) -> None:
    """The right firmware was refused."""
    assert installed(offered(answer)) is FAIL


def test_installing_without_checking_the_signature_fails() -> None:
    """SignatureVerified was never said."""
    assert installed(boot(tells(fetched(offered()), "Downloaded", "Installing", "Installed"), "1.5.0")) is FAIL


def test_saying_installed_and_running_the_old_one_fails_in_time() -> None:
    """Inconclusive while it may still come, fail after a quarter of an hour."""
    assert installed(boot(tells(fetched(offered()), *GOOD), "1.4.2")) is INCONCLUSIVE
    assert installed(boot(tells(fetched(offered()), *GOOD), "1.4.2").wait(901)) is FAIL


def answers_with(t: T, version: str, component: str = "ChargingStation") -> T:
    """It tells its firmware version when asked."""
    named = {"component": {"name": component}, "variable": {"name": "FirmwareVersion"}}
    result = {**named, "attributeStatus": "Accepted", "attributeValue": version}
    return t.wait(1).asks("GetVariables").wait(0.1).answers({"getVariableResult": [result]})


def silent_boot(t: T) -> T:
    """It announces itself without its firmware version."""
    payload = {"reason": "FirmwareUpdate", "chargingStation": {"vendorName": "V", "model": "M"}}
    return t.says("BootNotification", payload).is_answered()


def test_new_firmware_may_run_without_a_reboot() -> None:
    """L01.FR.28: activating it may involve a reboot, but need not; the device model tells what runs."""
    assert installed(answers_with(tells(fetched(offered()), *GOOD), "1.5.0")) is PASS
    assert installed(answers_with(tells(fetched(offered()), *GOOD), "1.5.0", "chargingstation")) is PASS


def test_a_boot_may_leave_the_version_out() -> None:
    """ChargingStationType.firmwareVersion is optional."""
    assert installed(answers_with(silent_boot(tells(fetched(offered()), *GOOD)), "1.5.0")) is PASS


def test_the_old_version_told_when_asked_fails_as_well() -> None:
    """It says Installed, and still runs 1.4.2."""
    assert installed(answers_with(tells(fetched(offered()), *GOOD), "1.4.2").wait(901)) is FAIL


def test_a_charger_that_names_no_version_anywhere_leaves_it_open() -> None:
    """Both places are optional: what runs is then unknown, and not held against it."""
    assert installed(silent_boot(tells(fetched(offered()), *GOOD)).wait(901)) is INCONCLUSIVE


def test_a_wrong_image_that_runs_without_a_reboot_is_noticed() -> None:
    """It refused in words, and runs the wrong version all the same, as it tells when it is asked again."""
    t = answers_with(boot(T(), "1.4.2").wait(1), "1.4.2").wait(1)
    firmware = {"location": "http://127.0.0.1:4711/firmware-1.bin", "signature": "x"}
    t.asks("UpdateFirmware", {"requestId": 9, "firmware": firmware}).named("update").wait(0.1).answers("Accepted")
    assert refused(answers_with(tells(fetched(t), "InvalidSignature"), "6.6.6")) is FAIL


def test_a_longer_name_of_the_same_version_is_no_other_version() -> None:
    """The boot says 1.4.2, the device model 1.4.2-g7: each is held against what was told the same way before."""
    t = boot(T(), "1.4.2").wait(1)
    t = answers_with(t, "1.4.2-g7").wait(1)
    firmware = {"location": "http://127.0.0.1:4711/firmware-1.bin", "signature": "x"}
    t.asks("UpdateFirmware", {"requestId": 9, "firmware": firmware}).named("update").wait(0.1).answers("Accepted")
    assert refused(answers_with(tells(fetched(t), "InvalidSignature"), "1.4.2-g7")) is PASS


def test_a_slow_installation_fails() -> None:
    """Twenty minutes where fifteen are agreed."""
    assert installed(boot(tells(fetched(offered()).wait(1200), *GOOD), "1.5.0")) is FAIL


def test_giving_up_fails() -> None:
    """InstallationFailed; or DownloadFailed although our server was asked."""
    assert installed(tells(fetched(offered()), "Downloaded", "InstallationFailed")) is FAIL
    assert installed(tells(fetched(offered(), False), "DownloadFailed")) is FAIL


def test_a_file_server_that_was_never_reached_is_the_benchs_matter() -> None:
    """DownloadFailed without one request to us."""
    assert installed(tells(offered(), "DownloadFailed")) is INCONCLUSIVE


def test_a_version_that_ran_before_proves_no_installation() -> None:
    """It ran 1.5.0 already."""
    assert installed(boot(tells(fetched(offered(running="1.5.0")), *GOOD), "1.5.0")) is INCONCLUSIVE


def test_another_updates_statuses_are_not_this_ones() -> None:
    """L01.FR.10: the request's number tells them apart."""
    assert installed(boot(tells(fetched(offered()), *GOOD, request=8), "1.5.0").wait(901)) is FAIL


def test_a_wrong_image_is_refused() -> None:
    """InvalidSignature, the old version runs on, and it answers."""
    assert refused(alive(tells(fetched(offered()), "Downloaded", "InvalidSignature"))) is PASS


def test_a_wrong_signer_may_be_refused_at_once() -> None:
    """InvalidCertificate as the answer (L01.FR.22): no download is needed."""
    assert refused(alive(offered("InvalidCertificate")), answers=("InvalidCertificate",)) is PASS


def test_installing_a_wrong_image_fails() -> None:
    """By its status, or by what it boots with."""
    assert refused(alive(tells(fetched(offered()), *GOOD))) is FAIL
    assert refused(boot(alive(tells(fetched(offered()), "InvalidSignature")), "6.6.6")) is FAIL


def test_taking_a_wrong_signature_for_right_fails() -> None:
    """Even when the installation then fails for another reason."""
    t = tells(fetched(offered()), "Downloaded", "SignatureVerified", "Installing", "InstallVerificationFailed")
    assert refused(alive(t)) is FAIL


def test_a_charger_that_is_gone_afterwards_does_not_pass() -> None:
    """Refused, then nothing: inconclusive at first, fail when it stays away."""
    t = tells(fetched(offered()), "InvalidSignature")
    assert refused(t) is INCONCLUSIVE
    t = tells(fetched(offered()), "InvalidSignature").asks("GetVariables").wait(301)
    assert refused(t) is FAIL


def test_an_answer_from_before_the_refusal_is_no_sign_of_life() -> None:
    """It answered while it downloaded; since then silence."""
    assert refused(tells(alive(fetched(offered())), "InvalidSignature")) is INCONCLUSIVE


def test_saying_nothing_is_no_refusal() -> None:
    """Inconclusive, and fail once the agreed time is over."""
    assert refused(alive(fetched(offered()))) is INCONCLUSIVE
    assert refused(alive(fetched(offered()).wait(301))) is FAIL


def test_a_download_that_broke_off_must_have_begun() -> None:
    """DownloadFailed after half the image passes; without a request to our server it shows nothing."""
    broken = alive(tells(fetched(offered(), False), "Downloading", "DownloadFailed"))
    assert refused(broken, "DownloadFailed") is PASS
    assert refused(alive(tells(offered(), "DownloadFailed")), "DownloadFailed") is INCONCLUSIVE


def test_what_ran_before_is_what_it_said_last() -> None:
    """The profile may name an older version than the one that runs: a boot with the same one changed nothing."""
    t = boot(alive(tells(fetched(offered(running="1.5.0")), "InvalidSignature")), "1.5.0")
    assert refused(alive(t), running="1.4.2") is PASS


def test_an_unanswered_update_fails() -> None:
    """No answer is neither refusal nor acceptance."""
    assert refused(offered(None)) is FAIL
