"""The guard at the wire: written before it is changed, ticked off once it is back, and nothing that cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from harness.csms import Answer
from harness.owed import Debts, NotTouched, OwedFault, charger_file, earlier, merged, put_back
from harness.owed._model import Control
from tests.csms.rig import timed

THRESHOLD = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "OfflineThreshold"}}


class Memory:
    """A charger by what it answers: `values` of variables by name; other `answers` by action; `silent` to some."""

    version = "ocpp2.1"

    def __init__(self, debts: Debts, **values: str) -> None:
        self.debts, self.values = debts, dict(values)
        self.answers: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.silent: set[str] = set()

    async def call(self, action: str, payload: dict[str, Any], within_s: float | None = None) -> Answer:
        """As a station's handle does: guard, request, guard."""
        await self.debts.before(self, action, payload)  # type: ignore[arg-type]
        self.asked.append(action)
        event: Any = None if action in self.silent else SimpleNamespace(seq=len(self.asked))
        told = {} if event is None else self._answer(action, payload)
        answer = Answer(SimpleNamespace(seq=len(self.asked)), event, told)  # type: ignore[arg-type]
        self.debts.after(action, payload, answer)
        return answer

    def _answer(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        if action in self.answers:
            return self.answers[action]
        if action == "GetVariables":
            (item,) = payload["getVariableData"]
            value = self.values.get(item["variable"]["name"])
            told = {"attributeStatus": "UnknownVariable"} if value is None else {"attributeValue": value}
            return {"getVariableResult": [{"attributeStatus": "Accepted", **item, **told}]}
        if action == "SetVariables":
            (item,) = payload["setVariableData"]
            self.values[item["variable"]["name"]] = item["attributeValue"]
            return {"setVariableResult": [{**item, "attributeStatus": "Accepted"}]}
        return {"status": "Accepted"}

    async def set(self, value: str) -> Answer:
        return await self.call("SetVariables", {"setVariableData": [{**THRESHOLD, "attributeValue": value}]})

    async def clear_charging_profile(self, number: int, within_s: float | None = None) -> Answer:
        return await self.call("ClearChargingProfile", {"chargingProfileId": number}, within_s)

    async def get_installed_certificate_ids(self, *kinds: str, within_s: float | None = None) -> Answer:
        return await self.call("GetInstalledCertificateIds", {"certificateType": list(kinds)}, within_s)

    async def delete_certificate(self, hash_data: dict[str, Any], within_s: float | None = None) -> Answer:
        return await self.call("DeleteCertificate", {"certificateHashData": hash_data}, within_s)


@pytest.fixture
def debts(tmp_path: Path) -> Debts:
    """Of a charger that told its serial number."""
    made = Debts(tmp_path / "owed", "CS001", "20261130-first")
    made.arm({"serial": "S1"})
    return made


def on_disk(debts: Debts) -> list[str]:
    """What the undo file says is owed."""
    assert debts.place is not None
    return [words for _, owed in earlier(debts.place, "CS001") for words in owed.words()]


@timed
async def test_a_setting_is_on_the_disk_before_it_is_sent(debts: Debts) -> None:
    """Also where the answer never comes; and its first value stays the one that is owed, whatever is set after."""
    charger = Memory(debts, OfflineThreshold="77")
    charger.silent = {"SetVariables"}
    await charger.set("240")
    assert on_disk(debts) == ["setting OCPPCommCtrlr.OfflineThreshold"]
    charger.silent = set()
    await charger.set("300")
    assert [each.value for each in debts.owed.settings] == ["77"]
    await charger.set("77")
    debts.flush()
    assert on_disk(debts) == [] and debts.path is not None and not debts.path.exists()


@timed
async def test_a_setting_that_was_refused_is_not_owed(debts: Debts) -> None:
    """It has the value that it had."""
    charger = Memory(debts, OfflineThreshold="77")
    charger.answers["SetVariables"] = {"setVariableResult": [{**THRESHOLD, "attributeStatus": "Rejected"}]}
    await charger.set("soon")
    assert debts.owed.words() == []


@timed
async def test_a_setting_that_cannot_be_read_is_not_set(debts: Debts) -> None:
    """Nobody could put it back; one that the charger does not have at all may be asked for."""
    charger = Memory(debts, OfflineThreshold="77")
    charger.answers["GetVariables"] = {"getVariableResult": [{**THRESHOLD, "attributeStatus": "Rejected"}]}
    with pytest.raises(NotTouched, match="OfflineThreshold is not set"):
        await charger.set("240")
    assert "SetVariables" not in charger.asked
    del charger.answers["GetVariables"], charger.values["OfflineThreshold"]
    await charger.set("240")
    assert "SetVariables" in charger.asked


@timed
async def test_a_file_that_cannot_be_kept_keeps_the_request_from_being_sent(tmp_path: Path) -> None:
    """Where an undo file cannot be written nothing is changed."""
    (tmp_path / "owed").write_text("a file where the folder should be")
    debts = Debts(tmp_path / "owed", "CS001", "first")
    debts.arm({})
    charger = Memory(debts, OfflineThreshold="77")
    with pytest.raises(OSError):
        await charger.set("240")
    assert "SetVariables" not in charger.asked


@timed
async def test_a_local_list_is_replaced_only_where_there_is_none(debts: Debts) -> None:
    """Nobody can read one (D02 tells its version alone)."""
    charger = Memory(debts)
    ours = {"versionNumber": 1, "updateType": "Full", "localAuthorizationList": [{"idToken": {}}]}
    charger.answers["GetLocalListVersion"] = {"versionNumber": 12}
    with pytest.raises(NotTouched, match="version 12"):
        await charger.call("SendLocalList", ours)
    charger.answers["GetLocalListVersion"] = {"versionNumber": 0}
    await charger.call("SendLocalList", ours)
    assert on_disk(debts) == ["our local list to be emptied"]
    paid = await put_back(debts, _always(charger))
    assert paid.left == [] and on_disk(debts) == []


@timed
async def test_a_local_list_that_was_emptied_may_be_replaced(debts: Debts) -> None:
    """It keeps the number of its version, and has no entries."""
    charger = Memory(debts, Entries="0")
    charger.answers["GetLocalListVersion"] = {"versionNumber": 12}
    await charger.call("SendLocalList", {"versionNumber": 1, "updateType": "Full", "localAuthorizationList": []})
    assert "SendLocalList" in charger.asked


@timed
async def test_a_certificate_of_others_is_not_deleted(debts: Debts) -> None:
    """By its serial number; what it does not hold may be asked for, as a case about that does."""
    charger = Memory(debts)
    listed = {"certificateHashData": {"serialNumber": "00AB"}}
    charger.answers["GetInstalledCertificateIds"] = {"status": "Accepted", "certificateHashDataChain": [listed]}
    with pytest.raises(NotTouched, match="ab is not ours"):
        await charger.call("DeleteCertificate", {"certificateHashData": {"serialNumber": "ab"}})
    await charger.call("DeleteCertificate", {"certificateHashData": {"serialNumber": "cd"}})
    assert charger.asked.count("DeleteCertificate") == 1


@timed
async def test_whoever_comes_next_puts_back(debts: Debts) -> None:
    """Another process reads the file, and what the charger does not take stays owed in it."""
    charger = Memory(debts, OfflineThreshold="77")
    await charger.set("240")
    await charger.call("SetChargingProfile", {"evseId": 1, "chargingProfile": {"id": 1001}})
    assert debts.place is not None
    ((_, left),) = earlier(debts.place, "CS001")
    later = Debts(debts.place, "CS001", "20261201-second")
    later.arm({"serial": "S1"}, left)
    charger.debts = later
    charger.silent = {"ClearChargingProfile"}
    paid = await put_back(later, _always(charger))
    assert charger.values == {"OfflineThreshold": "77"}
    assert paid.done == ["setting OCPPCommCtrlr.OfflineThreshold"] and "1001" in paid.left[0]
    assert on_disk(later) == ["our charging profile 1001 to be cleared"]


def test_what_several_runs_left_is_owed_once(debts: Debts, tmp_path: Path) -> None:
    """The value from before the first of them counts."""
    first, second = Debts(None, "CS001"), Debts(None, "CS001")
    for each, value, number in ((first, "77", 1001), (second, "240", 1002)):
        each.owed.ours.append(number)
        each.known[("ocppcommctrlr", "", "", "", "offlinethreshold", "", "actual")] = value

    @timed
    async def change() -> None:
        for each in (first, second):
            await Memory(each, OfflineThreshold="77").set("1")

    change()
    owed = merged([first.owed, second.owed])
    assert owed is not None and owed.ours == [1001, 1002]
    assert [each.value for each in owed.settings] == ["77"]


def test_an_undo_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """With what to do; another identity's file is nobody's business here."""
    charger_file(tmp_path, "CS001", {}).write_text('{"schema": "chargeproof/owed/1", "ident')
    assert earlier(tmp_path, "CS002") == []
    with pytest.raises(OwedFault, match="put the charger right by hand and delete it"):
        earlier(tmp_path, "CS001")


def test_two_chargers_by_one_identity_have_a_file_each(tmp_path: Path) -> None:
    """What one is owed is not given to the other."""
    assert charger_file(tmp_path, "CS001", {"serial": "S1"}) != charger_file(tmp_path, "CS001", {"serial": "S2"})


def _always(charger: Memory) -> Any:
    async def connect(_: str) -> Memory:
        return charger

    return connect


@timed
async def test_a_certificate_of_ours_is_owed_and_deleted_by_its_serial_number(debts: Debts) -> None:
    """One that was there before is not owed; one that was refused neither."""
    pem, serial = a_certificate(), "ab12"
    charger = Memory(debts)
    install = {"certificateType": "V2GRootCertificate", "certificate": pem}
    charger.answers["GetInstalledCertificateIds"] = {"status": "NotFound"}
    charger.answers["InstallCertificate"] = {"status": "Rejected"}
    await charger.call("InstallCertificate", install)
    assert on_disk(debts) == [] or debts.owed.words() == []
    del charger.answers["InstallCertificate"]
    await charger.call("InstallCertificate", install)
    assert on_disk(debts) == [f"our V2GRootCertificate with the serial number {serial} to be deleted"]
    listed = {"certificateHashData": {"serialNumber": serial.upper()}}
    charger.answers["GetInstalledCertificateIds"] = {"status": "Accepted", "certificateHashDataChain": [listed]}
    paid = await put_back(debts, _always(charger))
    assert paid.left == [] and "DeleteCertificate" in charger.asked
    await charger.call("InstallCertificate", install)  # it is there already, whoever put it there
    assert debts.owed.words() == []


def a_certificate(serial: int = 0xAB12) -> str:
    """PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(serial).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@timed
async def test_a_control_that_was_put_back_is_owed_again_when_it_is_overruled_again(debts: Debts) -> None:
    """To put it back is a request, too: it must not count as having looked at what the next one overrules."""
    theirs = Control("operator-1", "FreqDroop", True, "freqDroop", {"priority": 7})
    charger = Memory(debts)

    async def told(*_: Any, **__: Any) -> Any:
        entry = {"id": "operator-1", "freqDroop": theirs.body, "isDefault": True, "isSuperseded": False}
        return SimpleNamespace(complete=True, answer=SimpleNamespace(status="Accepted"), items=[{"freqDroop": [entry]}])

    charger.get_der_control = told  # type: ignore[attr-defined]
    debts.owed.grid.append(theirs)
    debts._looked.add("FreqDroop")
    await put_back(debts, _always(charger))
    assert debts.owed.words() == []
    await charger.call("SetDERControl", {"controlId": "chargeproof-9", "controlType": "FreqDroop"})
    assert debts.owed.grid == [theirs] and debts.owed.controls == ["chargeproof-9"]
