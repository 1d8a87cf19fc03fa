"""What a procurer must see first: the decision, what it is about, what it does not prove, and who must act."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from harness.judge import Tested
from harness.plan import Waiver
from reports import EvidenceView, load, render_html
from requirement_catalog import Depth
from tests.reports._build import ALL_CRITERIA, Campaign
from tests.reports._page_reader import PageReader, words


def test_the_first_section_says_go_and_for_which_charger(go_html: str) -> None:
    """Decision, manufacturer, model, serial number and firmware stand in the decision's own section."""
    decision = words(PageReader(go_html).by_id["decision"])
    for expected in ("GO", "Noordlicht Laadtechniek", "Heen-en-weer 22", "NL-0042-7731", "1.4.2"):
        assert expected in decision
    assert "HOLD" not in decision
    assert "All 40 mandatory criteria that apply before go-live are proven" in decision


def test_a_hold_is_never_dressed_as_a_go(hold_html: str) -> None:
    """The word, the page's title and its colour class all say HOLD."""
    page = PageReader(hold_html)
    assert "<title>HOLD" in hold_html
    assert page.all("body")[0]["class"].split()[0] == "hold"
    assert 'class="word">HOLD</p>' in hold_html
    assert 'class="word">GO' not in hold_html


def test_a_go_for_a_selection_is_not_called_go(scenes: dict[str, Path]) -> None:
    """A narrowed run never shows GO: it says SELECTION, by what it was narrowed, and that the tender is not decided."""
    html = render_html(load(scenes["partial"]))
    assert 'class="word">SELECTION</p>' in html
    decision = words(PageReader(html).by_id["decision"])
    assert "It decides nothing for the tender" in decision and "A person narrowed the run: -r SC-04" in decision
    assert "Narrowed by a person: -r SC-04" in words(PageReader(html).text)


def test_every_reason_says_who_must_do_what(hold: EvidenceView, hold_html: str) -> None:
    """No HOLD without a way out: each reason has its criterion, its cause, a responsible party and a next step."""
    section = words(PageReader(hold_html).by_id["reasons"])
    assert len(hold.result.reasons) == 5
    for reason in hold.result.reasons:
        assert reason.criterion in section
        assert reason.why.lower() in section.lower()
        assert reason.what.lower() in section.lower()
        assert reason.who.lower() in section.lower()


def test_an_emulated_charger_is_labelled_everywhere(go_html: str, hold_html: str) -> None:
    """Title, bar, band, decision, every requirement, signature and every printed page say that it was emulated."""
    page = PageReader(go_html)
    assert "(emulated)" in go_html.split("</title>")[0]
    assert any("is-emulated" in b["class"] for b in page.all("body"))
    for name in ("decision", "summary", "requirements", "signature", "surroundings", "untested"):
        assert "emulated" in page.by_id[name].lower(), name
    for requirement in (a["id"] for a in page.all("article")):
        assert "Emulated" in page.by_id[requirement], requirement
    assert "EMULATED" in _printed(go_html, "@top-right")
    assert "emulated" not in hold_html.split("</title>")[0].lower()
    assert "tag-emulated" not in hold_html.split("</style>")[1]


def _printed(html: str, box: str) -> str:
    """The text of a page margin box, its CSS escapes undone."""
    content = html.split(box)[1].split('content: "')[1].split('"')[0]
    return "".join(chr(int(p[:6], 16)) + p[6:] if n else p for n, p in enumerate(content.split("\\")))


def test_what_it_does_not_prove_stands_in_the_decision(go_html: str, hold_html: str) -> None:
    """Emulation, sample papers, numbers that nobody agreed, papers, service, firmware and the single unit are named."""
    decision = words(PageReader(go_html).by_id["decision"])
    for caveat in (
        "No real charger was tested",
        "Sample documents",
        "Numbers not agreed by a client",
        "10 s: setpoint.response_time",
        "Proven on paper",
        "3 obligations can only be proven in service",
        "It holds for firmware 1.4.2",
        "serial number NL-0042-7731",
    ):
        assert caveat in decision, caveat
    real = words(PageReader(hold_html).by_id["decision"])
    assert "No real charger was tested" not in real
    assert "1 criterion is not met but excused by a signed waiver" in real


def test_a_firmware_that_differs_from_the_declared_one_is_pointed_out(hold_html: str) -> None:
    """The charger's own word leads, the declared one stands beside it, and a sentence says what contradicts."""
    decision = words(PageReader(hold_html).by_id["decision"])
    assert "1.4.1 then 1.5.0, after an update case declared: 1.4.2" in decision
    assert "The profile declares firmware 1.4.2, the charger reports 1.4.1" in decision
    assert "It holds for firmware 1.4.1. After an update case it ran 1.5.0." in decision


def test_a_charger_that_never_connected_reported_nothing(hold: EvidenceView) -> None:
    """The profile's word is never passed off as the charger's own."""
    only = ("model", "serial", "firmware")
    silent = Tested(declared=hold.result.tested.declared, declared_only=only)
    view = replace(hold, result=msgspec.structs.replace(hold.result, tested=silent))
    html = render_html(view)
    decision = words(PageReader(html).by_id["decision"])
    assert "Firmware not told on the wire declared only: 1.4.2" in decision
    assert "The charger never reported its firmware; its profile declares 1.4.2" in decision
    assert "Nothing on the wire confirms model, serial and firmware: that is the supplier's word." in decision
    assert "NL-0042-7731 (declared only)" in _printed(html, "@top-left")


def test_obligations_that_continue_have_a_due_date(go_html: str) -> None:
    """The operation phase is listed beside a GO, with dates."""
    section = words(PageReader(go_html).by_id["continuing"])
    for criterion in ("GEN-03.4", "GEN-04.2", "SC-05.3"):
        assert criterion in section
    assert section.count("1 March 2027") == 3


def test_the_bundle_can_be_identified_and_checked(go: EvidenceView, hold: EvidenceView, go_html: str) -> None:
    """A sealed bundle shows its SHA-256 and the command that checks it; an unsealed folder says so."""
    assert go.bundle_sha256 is not None
    decision = PageReader(go_html).by_id["decision"]
    assert go.bundle_sha256 in "".join(decision.split())
    assert "chargeproof verify go.zip --key signer.pub.pem --rejudge" in words(decision)
    unsealed = words(PageReader(render_html(hold)).by_id["decision"])
    assert "Not sealed yet" in unsealed and hold.trace_head[:8] in unsealed


def test_there_is_room_to_sign(go_html: str, hold_html: str) -> None:
    """Name, role, date and signature for the parties; after the decision of a GO, after the reasons of a HOLD."""
    signature = words(PageReader(go_html).by_id["signature"])
    for line in ("For the client", "Name", "Role", "Date", "Signature"):
        assert line in signature
    assert hold_html.index('id="reasons"') < hold_html.index('id="signature"')
    assert go_html.index('id="decision"') < go_html.index('id="signature"') < go_html.index('id="summary"')


@pytest.mark.parametrize("scene", ["go", "hold"])
def test_every_requirement_and_criterion_is_there(scene: str, request: pytest.FixtureRequest) -> None:
    """23 requirements in the summary and in detail; every criterion has its own place to link to."""
    page = PageReader(request.getfixturevalue(f"{scene}_html"))
    identities = {a.get("id") for _, a in page.elements}
    assert len(page.all("article")) == 23
    for criterion in ALL_CRITERIA:
        assert f"c-{criterion}" in identities
    links = [a["href"][1:] for a in page.all("a") if a.get("href", "").startswith("#")]
    assert set(links) <= identities, "a link leads nowhere"


def test_reasons_with_one_cause_are_told_once(hold: EvidenceView) -> None:
    """A charger that never connected is one action that names all its criteria, not sixty that say the same."""
    first = hold.result.reasons[0]
    ids = ("SC-04.1", "SC-04.2", "SC-05.1")
    same = tuple(msgspec.structs.replace(first, criterion=c, why="it never connected", what="connect it") for c in ids)
    view = replace(hold, result=msgspec.structs.replace(hold.result, reasons=same))
    page = PageReader(render_html(view))
    section = words(page.by_id["reasons"])
    assert section.count("It never connected") == 1
    assert "1 action" in section and "3 criteria" in section and "SC-04.1 SC-04.2 SC-05.1" in section
    assert "3 points are not settled" in page.by_id["decision"]


def test_depth_and_what_lies_beyond_it_stand_on_the_first_screen(go: EvidenceView) -> None:
    """The depth by name, how many purposes ran, and how many the tender did not ask for."""
    result = msgspec.structs.replace(go.result, depth=Depth.SHORT, beyond=214)
    page = PageReader(render_html(replace(go, result=result)))
    assert "Depth Short 5 of 30 purposes ran, 214 lie beyond" in words(page.text)
    assert "214 more test purposes lie beyond it" in words(page.by_id["decision"])


def test_the_tenders_changes_are_counted_first_and_told_in_full(tmp_path: Path) -> None:
    """Counted on the first screen with how many favour the charger; then each in a sentence, those that do first."""
    c = Campaign(tmp_path / "changed")
    c.changed = [
        {"kind": "limit", "of": "setpoint.dwell", "text": "setpoint.dwell: 30 s instead of 20 s: slow", "eases": False},
        {"kind": "left_out", "of": "BI-21", "text": "BI-21 is not asked for: no grid of its own", "eases": True},
    ]
    dates = {"signed_by": "A. de Vries", "dated": "2026-02-20", "until": "2026-06-30"}
    c.waivers = (Waiver(of="OCPP-K01.P004", reason="stickers follow", revision=2, **dates),)
    page = PageReader(render_html(load(c.finish())))
    assert "3 changes to the catalogue, 2 of them in the charger's favour" in words(page.text)
    section = words(page.by_id["tender"])
    told = (
        "Left out BI-21 is not asked for: no grid of its own in the charger's favour",
        "Waiver OCPP-K01.P004 (revision 2) is waived, signed by A. de Vries on 2026-02-20, valid until 2026-06-30",
        "Limit changed setpoint.dwell: 30 s instead of 20 s: slow",
    )
    places = [section.index(each) for each in told]
    assert places == sorted(places), "what eases it comes first"


def test_evidence_that_does_not_hold_says_so_before_anything_else(go: EvidenceView) -> None:
    """The first words of the page, its title, its bar and its printed head; and the GO wears no green."""
    html = render_html(replace(go, unsound=("THIS EVIDENCE DOES NOT HOLD: trace.jsonl is not what was sealed", "more")))
    page = PageReader(html)
    assert html.split("<title>")[1].startswith("EVIDENCE DOES NOT HOLD")
    body = words(PageReader(html.split("<body")[1].partition(">")[2]).text)
    assert body.startswith("THIS EVIDENCE DOES NOT HOLD: trace.jsonl is not what was sealed")
    assert 'class="verdict void"' in html and 'class="verdict go"' not in html
    assert "evidence does not hold · GO" in words(page.text)
    assert "EVIDENCE DOES NOT HOLD" in _printed(html, "@top-right")
    assert "EVIDENCE DOES NOT HOLD" not in render_html(go)
