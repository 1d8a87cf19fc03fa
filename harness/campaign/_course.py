"""The course of a campaign: the charger arrives, its cases run, and what is left is claimed over the whole."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest

from harness.campaign._absent import claim_of_the_absent, what_came_instead
from harness.campaign._campaign import Campaign
from harness.campaign._cases import CampaignRunner, cases_folder, run_pytest
from harness.campaign._same import ask_who_it_is
from harness.campaign.charger._leftovers import set_aside
from harness.campaign.charger._owing import settle_earlier, settle_own
from harness.hands import DutAbsent, record_claim
from harness.judge.line.connected_share import at_least_98_percent
from harness.plan import PlannedCase

Say = Callable[[str], None]
LOG_CASE = "log analysis"
_LOG_CRITERION = "SC-05.3"


def run_cases(
    campaign: Campaign, order: Sequence[PlannedCase], say: Say, first: Callable[[Campaign], None] | None = None
) -> None:
    """Wait for the charger, then run the cases; `first` looks at who came, before anything is done to it."""
    if not order:
        return
    if campaign.ports.open_csms is None:
        _run(campaign, order)
        return
    pixit = campaign.ports.profile.pixit
    try:
        say(f"waiting for {pixit.identity} to connect")
        campaign.loop.run(campaign.stand.reach.connected(within_s=pixit.boot_s))
    except DutAbsent as absent:
        error = _explained(campaign, absent, say)
        campaign.recorder.record("dut.absent", "dut", {"detail": str(error)})
        for case in order:
            campaign.start_case(case)
            campaign.failed(error)
            claim_of_the_absent(campaign)
            campaign.end_case(restore=False)
        return
    if first is not None:
        first(campaign)
    with _leftovers_aside(campaign, say):
        _run(campaign, order)


def who_came(campaign: Campaign) -> None:
    """Have the charger that has connected tell who it is; one that does not answer tells nothing."""
    campaign.loop.run(campaign.stand.if_it_comes(ask_who_it_is(campaign.stand.reach)))


@contextmanager
def _leftovers_aside(campaign: Campaign, say: Say) -> Iterator[None]:
    """Without the charging profiles that others have put into the charger; they come back whatever happens.

    What an earlier run owes is put back before anything else.
    """
    broken_off = False
    try:
        campaign.loop.run(settle_earlier(campaign.stand, say))
        campaign.loop.run(set_aside(campaign.stand, say))
        yield
    except KeyboardInterrupt:
        broken_off = True
        raise
    finally:
        gone = str(campaign.lost or "")
        try:
            campaign.loop.run(settle_own(campaign.stand, say, gone))
        except KeyboardInterrupt:
            if not broken_off:  # the first one; only a second one skips what is owed, which then waits for the next run
                campaign.loop.run(settle_own(campaign.stand, say, gone))
            raise


def _run(campaign: Campaign, order: Sequence[PlannedCase]) -> None:
    gc.freeze()  # what is loaded by now stays: looking through it again took up to 0.1 s in the middle of a case
    before = len(campaign.recorder.events)
    code, words = run_pytest([str(cases_folder())], [CampaignRunner(campaign, order)])
    if campaign.recorder.full is not None:
        raise campaign.recorder.full
    if code == pytest.ExitCode.INTERRUPTED:  # pytest has caught the person's Ctrl-C
        raise KeyboardInterrupt
    ran = {e.case for e in campaign.recorder.events[before:] if e.kind == "case.ended"}
    missing = [case.id for case in order if case.id not in ran]
    if code not in (0, 1) or missing:
        detail = f"pytest ended with {code}; not run: {', '.join(missing) or 'none'}\n{words[-2000:]}"
        campaign.recorder.record("harness.error", "harness", {"detail": detail})


def _explained(campaign: Campaign, absent: DutAbsent, say: Say) -> DutAbsent:
    """The charger's absence with what came instead of it, for the verdicts' reasons; what to do goes to the person."""
    say(f"the charger never connected: {absent}")
    came = what_came_instead(campaign)
    for advice in came:
        say(f"  {advice.see} {advice.means}\n  -> {advice.do}")
    pixit = campaign.ports.profile.pixit
    seen = " ".join(advice.see for advice in came)
    return DutAbsent(f"{pixit.identity} was not connected within {pixit.boot_s:g} s. {seen}".strip())


def look_back(campaign: Campaign) -> None:
    """Claims about the whole campaign rather than one case (log analysis); they are about a criterion."""
    if campaign.ports.open_csms is None:
        return
    recorder = campaign.recorder
    if any(planned.id == _LOG_CRITERION and planned.applies for planned in campaign.plan.criteria):
        recorder.case = LOG_CASE
        record_claim(recorder, at_least_98_percent, criterion=_LOG_CRITERION, params={})
        recorder.case = None
