"""Cases are run again only in the same campaign: everything that it is made of, and the charger, must be the same."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from harness.campaign import Request, RerunRefused, plan_for
from harness.campaign._bound import PLAN, first_event, kept, profile_text
from harness.campaign._files import write_json
from harness.campaign._run import _basis, day_of_judgement
from harness.campaign._same import check_same, check_the_charger
from harness.plan import Bound, PlanError
from harness.profile import Profile, load_profile
from harness.trace import Event, Recorder, Trace

BOOT = {"vendorName": "ACME", "model": "Box", "serialNumber": "S-1", "firmwareVersion": "1.4.2"}


def a_boot(recorder: Recorder, **other: str) -> Event:
    """A charger that says who it is."""
    raw = json.dumps([2, "1", "BootNotification", {"reason": "PowerUp", "chargingStation": {**BOOT, **other}}])
    frame = {"dir": "in", "type": 2, "id": "1", "action": "BootNotification", "raw": raw, "errors": []}
    return recorder.record("ocpp.frame", "dut", {"conn": 1, **frame})


class Made:
    """A campaign's folder with its plan, and a trace in which a charger has booted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.profile, self.path = load_profile("emulated")
        self.request = Request(profile=self.profile, profile_path=self.path, out=folder)
        self.evidence = folder / "evidence"
        self.evidence.mkdir()
        self.plan = plan_for(self.request)
        write_json(self.evidence / PLAN, self.plan)
        self.recorder = Recorder(self.evidence / "trace.jsonl")
        octets = (self.evidence / PLAN).read_bytes()
        self.recorder.record("campaign.started", "harness", first_event("c", self.plan, octets, self.profile))

    @property
    def trace(self) -> Trace:
        """What was recorded."""
        return Trace(self.recorder.events)

    def check(self, bound: Bound | None = None, profile: Profile | None = None) -> Any:
        """May its cases be run again with these?"""
        return check_same(self.folder, bound or self.plan.bound, profile or self.profile, self.trace)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A finished campaign."""
    return Made(tmp_path)


def test_with_everything_the_same_its_plan_is_given_back(made: Made) -> None:
    """What was planned then is what is judged by."""
    a_boot(made.recorder)
    assert made.check(_basis(made.request).bound) == made.plan


@pytest.mark.parametrize(
    ("what", "said"),
    [("profile", "the profile"), ("overlay", "the tender"), ("catalogue", "catalogue"), ("suites", "test suites")],
)
def test_another_basis_is_another_campaign(made: Made, what: str, said: str) -> None:
    """Each of them decides what is run or how it is judged; the words say which."""
    a_boot(made.recorder)
    with pytest.raises(RerunRefused, match=f"{said}.*another campaign; run a new campaign"):
        made.check(bound=msgspec.structs.replace(made.plan.bound, **{what: "0" * 64}))


def test_an_edited_plan_is_refused(made: Made) -> None:
    """Also where a criterion or a case was taken out of it, or a waiver put in."""
    a_boot(made.recorder)
    path = made.evidence / PLAN
    path.write_bytes(path.read_bytes().replace(b'"criteria"', b' "criteria"', 1))
    with pytest.raises(RerunRefused, match=r"plan\.json of .* is not the plan"):
        made.check()


def test_a_trace_that_does_not_bind_its_plan_is_refused(tmp_path: Path) -> None:
    """As those of older versions."""
    made = Made(tmp_path)
    old = Trace((msgspec.structs.replace(made.recorder.events[0], data={"id": "c"}),))
    with pytest.raises(RerunRefused, match="does not say which plan"):
        check_same(made.folder, made.plan.bound, made.profile, old)


def test_an_emulated_charger_does_not_stand_in_for_a_real_one(made: Made) -> None:
    """Nor one with a defect for one without, though its profile's text were the same."""
    a_boot(made.recorder)
    launch = made.profile.launch
    assert launch is not None
    for other in (
        msgspec.structs.replace(made.profile, launch=None),
        msgspec.structs.replace(made.profile, launch=msgspec.structs.replace(launch, defects=("ignores_limits",))),
    ):
        with pytest.raises(RerunRefused, match="started or reached in another way"):
            made.check(profile=other)


def test_where_no_charger_ever_came_none_can_be_the_same(made: Made) -> None:
    """A campaign whose charger never connected is not finished on another one."""
    with pytest.raises(RerunRefused, match="no charger ever connected"):
        made.check()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"serialNumber": "S-2"}, "its serial is S-2"),
        ({"model": "Crate"}, "its model is Crate"),
        ({"firmwareVersion": "9.9.9"}, "its firmware is 9.9.9"),
        ({"vendorName": "Other"}, "its vendor is Other"),
    ],
)
def test_another_charger_is_refused(made: Made, other: dict[str, str], said: str) -> None:
    """What it says of itself at its boot is held against what the trace knows."""
    a_boot(made.recorder)
    before = made.trace
    again = Trace((a_boot(made.recorder, **other),))
    with pytest.raises(RerunRefused, match=said):
        check_the_charger(before, again)


def test_the_same_one_may_come_with_any_firmware_that_it_had_here(made: Made) -> None:
    """Updated in this campaign, it may have been put back since."""
    a_boot(made.recorder)
    a_boot(made.recorder, firmwareVersion="1.5.0")
    before = made.trace
    for version in ("1.4.2", "1.5.0"):
        check_the_charger(before, Trace((a_boot(made.recorder, firmwareVersion=version),)))


def test_one_that_says_nothing_of_itself_is_refused(made: Made) -> None:
    """It stays up, and answers no question: nobody knows who that is."""
    a_boot(made.recorder)
    before = made.trace
    other = made.recorder.record("ocpp.connection", "dut", {"state": "open", "conn": 2})
    with pytest.raises(RerunRefused, match="does not say that it is the one"):
        check_the_charger(before, Trace((other,)))


def test_the_profile_that_is_kept_is_the_one_that_ran(made: Made) -> None:
    """As it was written, or as defects changed it, with a line that says so; in neither stands a password."""
    as_written = yaml.safe_load(profile_text(made.profile, made.path))
    assert as_written["product"] == yaml.safe_load(made.path.read_text())["product"]
    launch = made.profile.launch
    assert launch is not None
    broken = msgspec.structs.replace(made.profile, launch=msgspec.structs.replace(launch, defects=("x",)))
    text = profile_text(broken, made.path)
    assert "defect x" in text.splitlines()[0] and made.profile.pixit.id_token not in text


def test_what_ran_is_bound_into_the_first_event(made: Made) -> None:
    """Plan, profile, overlay, catalogue and suites by digest, and how the charger was started."""
    data = made.recorder.events[0].data
    assert json.loads(json.dumps(data))["bound"] == msgspec.to_builtins(made.plan.bound)
    assert data["emulated"] and data["schema"] == "chargeproof/trace/2" and len(data["plan"]) == 64


def test_the_day_of_judgement_is_not_moved_back_by_a_person() -> None:
    """Today, or what the client's overlay names, or later; an earlier day is for the overlay alone."""
    today, named = datetime.date(2026, 11, 22), datetime.date(2026, 11, 2)
    assert day_of_judgement(None, None, today) == "2026-11-22"
    assert day_of_judgement(None, named, today) == day_of_judgement("2026-11-02", named, today) == "2026-11-02"
    assert day_of_judgement("2027-01-01", None, today) == "2027-01-01"
    for by_tender in (None, named):
        with pytest.raises(PlanError, match=r"--date 2026-11-10 lies before the day of the test.*evaluation_date"):
            day_of_judgement("2026-11-10", by_tender, today)


def test_what_lies_beside_the_plan_is_bound_file_by_file(made: Made) -> None:
    """Each by its octets; the plan and the trace are bound in other ways."""
    (made.evidence / "environment.json").write_bytes(b"{}")
    assert kept(made.evidence) == {"environment.json": hashlib.sha256(b"{}").hexdigest()}
    octets = (made.evidence / PLAN).read_bytes()
    assert first_event("c", made.plan, octets, made.profile, kept(made.evidence))["files"] == kept(made.evidence)
