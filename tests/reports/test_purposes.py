"""A criterion with many purposes: counted, worst first, the rest folded, each with its clause; on paper as well."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec
import pytest

from harness.judge import Conditions, Verdict
from reports import EvidenceView, render_html
from reports._results import closest, spans, under_what
from tests.reports._page_reader import PageReader, words


@pytest.fixture(scope="session")
def shown(everything_html: str) -> str:
    """What stands at the criterion with all kinds of purposes."""
    return words(PageReader(everything_html).by_id["c-SC-04.3"])


def test_purposes_and_results_are_counted_by_verdict(shown: str) -> None:
    """The first line under the criterion says how many purposes and results there are and what came of them."""
    assert "23 purposes, 26 results: 3 fail 1 inconclusive 22 pass" in shown


def test_the_worst_comes_first_and_each_has_its_clause(everything_html: str) -> None:
    """Fails before what is cut, before what is unproven, before what is settled; each purpose with its clauses."""
    part = everything_html.split('id="c-SC-04.3"')[1].split('id="c-SC-04.4"')[0]
    order = re.findall(r'id="p-(OCPP-K01\.P\d+)"', part)
    assert order[:4] == ["OCPP-K01.P001", "OCPP-K01.P004", "OCPP-K01.P002", "OCPP-K01.P005"]
    assert order[4] == "OCPP-K01.P003", "what is waived heads what is settled"
    for n in (*range(1, 8), *range(10, 25)):
        assert f"<code>K01.FR.{n:02d}</code>" in part and f"<code>TC_K_{n:02d}_CS</code>" in part


def test_what_is_settled_is_folded_and_named_on_paper(everything_html: str) -> None:
    """Many settled purposes are one folded line on a screen, and their ids in ranges on paper."""
    part = everything_html.split('id="c-SC-04.3"')[1].split('id="c-SC-04.4"')[0]
    assert '<details class="fold settledlist"><summary>19 purposes that are settled</summary>' in part
    assert "Settled: OCPP-K01.P003, OCPP-K01.P006–P007, OCPP-K01.P010–P024, OCPP-SC04.P003." in part


def test_results_that_say_the_same_are_told_once(shown: str) -> None:
    """Under a purpose that failed in one of four conditions, the three passes are one line with their conditions."""
    assert "Fail OCPP 2.0.1, EVSE 2 Stayed at 16 A" in shown
    assert "Pass OCPP 2.1, EVSE 1; OCPP 2.1, EVSE 2; OCPP 2.0.1, EVSE 1" in shown


def test_a_pass_is_one_line_with_its_closest_measurement(shown: str) -> None:
    """What came nearest to its limit stands in the line of a pass."""
    assert "response time 5.40 ± 0.15 s, at most 10 + 0.5 s" in shown


def test_a_controls_measurement_says_nothing_of_the_charger(go: EvidenceView) -> None:
    """Of a control and a claim the claim's measurement is the one in the line, however close the control's came."""
    (purpose,) = [p for p in go.result.purposes if p.purpose == "OCPP-SC04.P002"]
    control, claim = purpose.findings
    assert control.claim.control and not claim.claim.control
    swapped = msgspec.structs.replace(control, finding=claim.finding)
    assert closest([swapped]) is None
    found = closest([swapped, claim])
    assert found is not None and found[0] is claim


def test_both_runs_of_a_cut_purpose_are_shown(shown: str) -> None:
    """The run that was cut says how, and what each run claimed stands under it."""
    first = shown.index("Run 1 of 2, began 09:30:10: cut short: the station went away")
    assert first < shown.index("No power in run 1") < shown.index("Run 2 of 2, began 09:30:40")
    assert shown.index("Run 2 of 2") < shown.index("No power in run 2")
    assert "cut short" in shown[shown.index("OCPP-K01.P002") :][:100]


def test_a_pass_that_was_run_again_tells_of_its_earlier_run(everything: EvidenceView) -> None:
    """What a whole run anew has made good is still said in the pass's line, and both runs stand under it."""
    result = everything.result
    why = "no power (run 1: cut: the station went away)"
    good = [
        msgspec.structs.replace(p, verdict=Verdict.PASS, why=why, cut=False) if p.purpose == "OCPP-K01.P002" else p
        for p in result.purposes
    ]
    view = replace(everything, result=msgspec.structs.replace(result, purposes=tuple(good)))
    shown = words(PageReader(render_html(view)).by_id["p-OCPP-K01.P002"])
    assert "No power (run 1: cut: the station went away)" in shown
    assert shown.index("Run 1 of 2") < shown.index("Run 2 of 2")


def test_waiver_dispute_proof_and_stand_in_hang_on_the_purpose(shown: str) -> None:
    """Each is told with the purpose that it belongs to."""

    def about(purpose: str) -> str:
        return shown.split(purpose)[1].split("OCPP-K01")[0]

    assert "Waived" in about("OCPP-K01.P003") and "signed by A. de Vries on 2026-02-20" in about("OCPP-K01.P003")
    assert "K01.FR.44 speaks of the next period only." in about("OCPP-K01.P004")
    assert "check not proven" in about("OCPP-K01.P005")
    assert "stands in for OCPP-J02.P004" in about("OCPP-K01.P006")
    assert "conditional in the standard" in about("OCPP-K01.P007")


def test_an_unproven_pass_wears_no_tick(everything_html: str) -> None:
    """What nobody has seen turn red is marked like what is not proven, whatever its word is."""
    assert '<li id="p-OCPP-K01.P005" class="inconclusive">' in everything_html
    assert '<li id="p-OCPP-K01.P006" class="pass">' in everything_html


def test_a_purpose_of_two_criteria_is_laid_out_once(everything_html: str) -> None:
    """Its findings stand under the first criterion; the other one gives the verdict and points there."""
    page = PageReader(everything_html)
    other = words(page.by_id["c-SC-04.5"])
    assert "OCPP-K01.P007" in other and "shown with SC-04.3" in other and "Both hold" not in other
    assert [a["id"] for _, a in page.elements if a.get("id") == "p-OCPP-K01.P007"] == ["p-OCPP-K01.P007"]


def test_what_lies_beyond_the_tender_stands_apart(everything_html: str, go_html: str) -> None:
    """Purposes that serve no criterion have a section of their own, after the requirements, when there are any."""
    page = PageReader(everything_html)
    assert "OCPP-K01.P009" in page.by_id["beyond"] and "They decide nothing" in page.by_id["beyond"]
    assert "OCPP-K01.P009" not in page.by_id["requirements"]
    assert everything_html.index('id="requirements"') < everything_html.index('id="beyond"')
    assert "beyond" not in PageReader(go_html).by_id


def test_what_was_run_along_stands_apart_and_is_not_called_beyond_the_tender(everything: EvidenceView) -> None:
    """The control of what was chosen, which nobody chose: shown, with why it ran, and for nothing else."""
    result = everything.result
    moved = tuple(
        msgspec.structs.replace(p, brought_for=("OCPP-K01.P001",)) if p.purpose == "OCPP-K01.P009" else p
        for p in result.purposes
    )
    page = PageReader(render_html(replace(everything, result=msgspec.structs.replace(result, purposes=moved))))
    assert "OCPP-K01.P009" in page.by_id["along"] and "Nobody chose these purposes" in page.by_id["along"]
    assert "beyond" not in page.by_id


def test_coverage_counts_purposes_by_use_case_and_says_whose_move_it_is(
    everything_html: str, everything: EvidenceView
) -> None:
    """Each use case has its purposes, how many ran and what came of them; what is not for the product is folded."""
    section = words(PageReader(everything_html).by_id["coverage"])
    assert "OCPP-K01 23 23 4 fail 1 inconclusive 21 pass 1 not proven" in section
    assert "Not for this product, or not needed (2 purposes)" in section
    ran = [p for p in everything.result.purposes if p.findings]
    assert f"{len({p.purpose for p in ran})} of 53 purposes of this plan ran and gave {len(ran)} results" in section


def test_every_purpose_can_be_linked_to(everything_html: str) -> None:
    """Reasons and other criteria link to purposes; no link leads nowhere, no id stands twice."""
    page = PageReader(everything_html)
    identities = [a["id"] for _, a in page.elements if a.get("id")]
    assert len(set(identities)) == len(identities)
    links = {a["href"][1:] for a in page.all("a") if a.get("href", "").startswith("#")}
    assert links <= set(identities)


def test_conditions_are_told_in_few_words() -> None:
    """What multiplies out is a product; what does not is a list; nothing stays nothing."""
    grid = [Conditions(version=v, evse=e) for v in ("2.1", "2.0.1") for e in (1, 2, 3)]
    assert under_what(grid) == "OCPP 2.1 and 2.0.1, EVSE 1, 2 and 3"
    assert under_what(grid[:2]) == "OCPP 2.1, EVSE 1 and 2"
    assert under_what([grid[0], grid[4]]) == "OCPP 2.1, EVSE 1; OCPP 2.0.1, EVSE 2"
    assert under_what([Conditions()]) == ""
    services = [Conditions(service="DC_BPT/Dynamic", direction="export")]
    assert under_what(services) == "DC_BPT/Dynamic, export"


def test_ids_in_a_row_are_a_range() -> None:
    """Neighbours are joined, gaps and other use cases are not."""
    assert spans([f"OCPP-K01.P{n:03d}" for n in (1, 2, 3, 5)]) == "OCPP-K01.P001–P003, OCPP-K01.P005"
    assert spans(["OCPP-K01.P002", "OCPP-K02.P003", "X"]) == "OCPP-K01.P002, OCPP-K02.P003, X"
