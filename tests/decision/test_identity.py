"""Who was tested: found in the trace, held against the declaration, the boots against one another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.decision import who_was_tested
from harness.judge import Tested, Verdict
from harness.plan import Plan
from requirement_catalog import Needs
from tests.decision._plans import CASE, decided, dut, explained, judged, one, plan, planned_case, trace

PASS, INCONCLUSIVE = Verdict.PASS, Verdict.INCONCLUSIVE
PLATE = {"vendorName": "ACME Charging", "model": "SuperBox", "serialNumber": "S-1", "firmwareVersion": "1.4.2"}
UPDATE = "gen03::installs"
OTHER_UPDATE = "gen03::refuses"
Mark = tuple[str, dict[str, Any]]


def boot(case: str | None = None, **plate: str | None) -> Mark:
    """A BootNotification; None leaves a text out."""
    station = {k: v for k, v in {**PLATE, **plate}.items() if v is not None}
    raw = json.dumps([2, "1", "BootNotification", {"reason": "PowerUp", "chargingStation": station}])
    data = {"dir": "in", "type": 2, "id": "1", "action": "BootNotification", "raw": raw, "errors": []}
    return "ocpp.frame", {**data, "case": case, "who": "dut"}


def variable(name: str, value: str) -> Mark:
    """The charger reports a variable of its ChargingStation component."""
    item = {
        "component": {"name": "ChargingStation"},
        "variable": {"name": name},
        "variableAttribute": [{"value": value}],
    }
    raw = json.dumps([2, "1", "NotifyReport", {"requestId": 1, "reportData": [item]}])
    return "ocpp.frame", {"dir": "in", "type": 2, "id": "1", "action": "NotifyReport", "raw": raw, "errors": []}


def connection(subject: str, who: str = "dut", state: str = "open") -> Mark:
    """A connection in which a certificate was proven."""
    return "ocpp.connection", {"who": who, "state": state, "tls": {"version": "TLSv1.3", "peer_subject": subject}}


def update(*during: Mark, case: str = UPDATE, version: str | None = "1.5.0") -> list[Any]:
    """A case that offers firmware."""
    claim = [("claim", {"case": case, "params": {"version": version}})] if version else []
    return [("case.started", {"case": case}), *during, *claim, ("case.ended", {"case": case, "outcome": "completed"})]


def updating(**more: Any) -> Plan:
    """A plan with two cases that offer firmware."""
    chosen = plan(**more)
    cases = [planned_case(c, needs=Needs(firmware=True), run=True) for c in (UPDATE, OTHER_UPDATE)]
    return plan(cases=(*chosen.cases, *cases), **more)


def of(*marks: Any, by: Plan | None = None, start: dict[str, Any] | None = None) -> Tested:
    """Who was tested, by this trace."""
    return who_was_tested(by or updating(), trace(*marks, start=start))


def test_what_the_charger_says_is_what_was_tested() -> None:
    """Maker, model, serial and firmware of its boot, the first and the last moment, and how often it booted."""
    found = of(boot(), boot())
    assert (found.manufacturer, found.model, found.serial, found.firmware) == tuple(PLATE.values())
    assert (found.boots, found.differs, found.declared_only) == (2, (), ())
    assert found.began < found.ended
    assert found.declared["manufacturer"] == "ACME Charging B.V."


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (
            "vendorName",
            "Other Chargers",
            "manufacturer 'ACME Charging B.V.' was declared, and it says",
        ),
        ("model", "MiniBox", "model 'SuperBox'"),
        ("serialNumber", "S-2", "serial 'S-1'"),
        ("firmwareVersion", "9.9.9", "firmware '1.4.2'"),
    ],
)
def test_another_charger_than_declared_is_told_apart(key: str, value: str, words: str) -> None:
    """By each text of its nameplate."""
    (said,) = of(boot(**{key: value})).differs
    assert words in said


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"model": "SuperBox"}, {"model": "superbox "}),
        ({"model": "SuperBox Ultra 22 kW AC"}, {"model": "SuperBox Ultra 22 kW"}),  # 20 characters: cut
        ({"serial": "S-1" * 10}, {"serialNumber": ("S-1" * 10)[:25]}),
        ({"serial": "S-1"}, {"serialNumber": None}),
        ({"firmware": "1.4.2"}, {"firmwareVersion": None}),
        ({"manufacturer": "ACME Charging B.V."}, {"vendorName": "ACME"}),
        ({"manufacturer": "ACME"}, {"vendorName": "Acme Charging Systems GmbH"}),
        ({"manufacturer": "ABB"}, {"vendorName": "ABB E-mobility"}),
    ],
)
def test_what_the_standard_lets_differ_is_the_same(declared: dict[str, str], told: dict[str, Any]) -> None:
    """Letters' case, texts cut to their room at a boot, serial or firmware left out, a maker's name in fewer words."""
    assert of(boot(**told), by=updating(dut=dut(**declared))).differs == ()


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"model": "SuperBox Ultra 22 kW AC"}, {"model": "SuperBox"}),  # shorter than its room: not cut
        ({"serial": "S-11"}, {"serialNumber": "S-1"}),
        ({"firmware": "1.4.20"}, {"firmwareVersion": "1.4.2"}),
        ({"manufacturer": "ACME B.V."}, {"vendorName": "Best B.V."}),  # only the legal form is the same
    ],
)
def test_a_text_that_only_begins_alike_is_another(declared: dict[str, str], told: dict[str, Any]) -> None:
    """S-1 is not S-11."""
    assert of(boot(**told), by=updating(dut=dut(**declared))).differs


def test_what_nothing_reports_is_declared_only() -> None:
    """And contradicts nothing; no boot at all leaves everything so."""
    found = of(boot(serialNumber=None, firmwareVersion=None))
    assert (found.serial, found.declared_only, found.differs) == ("", ("serial", "firmware"), ())
    assert of().declared_only == ("manufacturer", "model", "serial", "firmware")


def test_the_device_model_tells_what_the_boot_leaves_out() -> None:
    """It confirms, or contradicts; where the boot speaks, the boot counts."""
    silent = boot(firmwareVersion=None)
    assert of(silent, variable("FirmwareVersion", "1.4.2")).declared_only == ()
    assert "9.9.9" in of(silent, variable("FirmwareVersion", "9.9.9")).differs[0]
    assert of(boot(), variable("FirmwareVersion", "V1_4_2")).differs == ()


@pytest.mark.parametrize("key", ["vendorName", "model", "serialNumber"])
def test_two_boots_that_contradict_each_other(key: str) -> None:
    """At a later boot, and in a rerun: whichever of them is the declared one."""
    for first, second in ((boot(), boot(**{key: "Z-9"})), (boot(**{key: "Z-9"}), boot())):
        assert any("at a later boot" in said for said in of(first, second).differs)
        rerun = of(first, "campaign.ended", "campaign.rerun", second)
        assert any("in a rerun" in said for said in rerun.differs)


def test_a_boot_that_leaves_a_text_out_contradicts_none() -> None:
    """It is optional each time."""
    assert of(boot(), boot(serialNumber=None), boot()).differs == ()


def test_firmware_may_change_in_an_update_to_the_version_offered() -> None:
    """And stays: what it ran at the end is told beside what was delivered."""
    found = of(boot(), *update(boot(UPDATE, firmwareVersion="1.5.0")), boot(firmwareVersion="1.5.0"))
    assert (found.firmware, found.firmware_after, found.differs) == ("1.4.2", "1.5.0", ())


def test_firmware_may_change_a_moment_after_its_case() -> None:
    """It was late: the case judged that; the change is explained all the same."""
    assert of(boot(), *update(), boot(firmwareVersion="1.5.0")).differs == ()


def test_firmware_that_was_refused_and_runs_all_the_same_is_for_that_case_to_judge() -> None:
    """An altered image that a bad charger installs is no other charger."""
    found = of(boot(), *update(boot(OTHER_UPDATE, firmwareVersion="1.5.0"), case=OTHER_UPDATE, version=None))
    assert found.differs == ()


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ([boot(), boot(firmwareVersion="1.5.0")], "outside an update"),
        ([boot(), boot(firmwareVersion="1.5.0"), *update(boot(UPDATE))], "outside an update"),
        ([boot(), *update(boot(UPDATE, firmwareVersion="6.6.6"))], "and 1.5.0 was offered"),
        (
            [boot(), *update(boot(UPDATE, firmwareVersion="1.5.0")), "campaign.rerun", boot(firmwareVersion="2.0.0")],
            "outside an update",
        ),
        ([boot(), "campaign.ended", "campaign.rerun", boot(firmwareVersion="1.5.0")], "outside an update"),
    ],
)
def test_other_changes_of_firmware_are_another_charger(marks: list[Any], words: str) -> None:
    """Before an update, to another version than was offered, or between the parts of a campaign."""
    assert any(words in said for said in of(*marks).differs)


def test_a_charger_that_never_names_its_firmware_at_boot_is_held_to_its_device_model() -> None:
    """The same rule, by what it tells when asked."""
    silent = boot(firmwareVersion=None)
    found = of(silent, variable("FirmwareVersion", "1.4.2"), variable("FirmwareVersion", "1.6.0"))
    assert "outside an update" in found.differs[0]


def test_a_rerun_may_begin_with_the_old_or_the_new_firmware() -> None:
    """Put back, or left as it was updated."""
    for version in ("1.4.2", "1.5.0"):
        after = ["campaign.ended", "campaign.rerun", boot(firmwareVersion=version)]
        assert of(boot(), *update(boot(UPDATE, firmwareVersion="1.5.0")), *after).differs == ()


def test_a_case_that_ran_on_the_new_firmware_proves_nothing_of_the_old() -> None:
    """Cut on 1.4.2 and run anew on 1.5.0: it is 1.4.2 that is bought."""
    cut = ("case.started", {"case": CASE})
    marks = [boot(), cut, *update(boot(UPDATE, firmwareVersion="1.5.0")), "campaign.rerun"]
    chosen = updating()
    on_new = trace(*marks, boot(firmwareVersion="1.5.0"), f"run:{CASE}")
    result = decided(judged(PASS, run=2), of=chosen, seen=on_new)
    assert one(result).verdict is INCONCLUSIVE
    assert "firmware 1.5.0" in one(result).why
    on_old = trace(*marks, boot(), f"run:{CASE}", explained())
    assert decided(judged(PASS, run=2), of=chosen, seen=on_old).decision == "GO"


def test_the_certificate_that_was_proven() -> None:
    """Of connections of the DUT's own that were opened; two subjects are two chargers."""
    found = of(connection("CN=S-1,O=ACME"), connection("CN=S-1,O=ACME"), boot(serialNumber=None))
    assert (found.certificate, found.serial, found.differs) == ("CN=S-1,O=ACME", "S-1", ())
    assert "certificate" in of(connection("CN=S-1"), connection("CN=S-2")).differs[0]
    assert of(connection("O=ACME,CN=S-1"), connection("O=ACME Charging,CN=S-1")).differs == ()  # renewed (A02)
    assert of(connection("CN=S-1"), connection("CN=X", "stranger"), connection("CN=Y", state="refused")).differs == ()


EMULATED = {"emulated": True}


def test_an_emulated_charger_is_told_by_the_trace_not_by_the_plan() -> None:
    """By the campaign's first event, by a rerun's, or by what our own emulation calls its maker."""
    assert not of(boot(), start={"emulated": False}).emulated
    for found in (
        of(boot(), start=EMULATED),
        of(boot(), start={"emulated": False, "launch": {"defects": []}}),
        of(boot(), "campaign.ended", ("campaign.rerun", EMULATED), start={"emulated": False}),
        of(boot(vendorName="chargeproof emulation"), by=updating(dut=dut(manufacturer="chargeproof emulation"))),
    ):
        assert found.emulated
        assert any("an emulated one was tested" in said for said in found.differs)


def test_the_emulated_charger_as_declared_is_itself() -> None:
    """Its profile declares what it reports."""
    declared = dut(manufacturer="chargeproof emulation", emulated=True)
    found = of(boot(vendorName="chargeproof emulation"), by=updating(dut=declared), start=EMULATED)
    assert (found.emulated, found.differs) == (True, ())
    mixed = ["campaign.ended", ("campaign.rerun", {"emulated": False})]
    assert "a real one" in of(boot(), *mixed, by=updating(dut=dut(emulated=True)), start=EMULATED).differs[0]


@pytest.mark.parametrize("narrowed", [(), ("-r SC-04",)])
def test_where_they_differ_every_criterion_is_inconclusive(narrowed: tuple[str, ...]) -> None:
    """The reason stands once, at the top, in a selection too; no waiver helps, and nothing is lost."""
    chosen = plan(narrowed=narrowed)
    seen = trace(boot(serialNumber="S-2"), f"run:{CASE}")
    for verdict in (PASS, Verdict.FAIL):
        result = decided(judged(verdict), of=chosen, seen=seen)
        assert result.decision == ("SELECTION" if narrowed else "HOLD")
        assert one(result).verdict is INCONCLUSIVE
        assert [r.criterion for r in result.reasons] == [""]
        assert result.reasons[0].why.startswith("the charger that was tested is not the one that was declared: serial")
        assert result.purposes[0].verdict is verdict


def test_a_boot_of_another_shape_is_passed_over() -> None:
    """Its schema errors are another judge's business."""
    raw = '[2,"1","BootNotification",{"chargingStation":[1]}]'
    data = {"dir": "in", "type": 2, "id": "1", "action": "BootNotification", "raw": raw, "errors": []}
    assert of(("ocpp.frame", data)).boots == 1
    assert of(boot(serialNumber=7)).serial == ""  # type: ignore[arg-type]
