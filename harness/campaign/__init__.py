"""One campaign: from the plan to a judged evidence folder."""

from harness.campaign._campaign import Campaign
from harness.campaign._cases import CasesError, collect_cases
from harness.campaign._emulated import EmulatorError, with_password
from harness.campaign._judged import judge_folder
from harness.campaign._papers import documents_folder
from harness.campaign._run import Outcome, Request, new_folder, plan_for, rerun_cases, run_campaign
from harness.campaign._same import RerunRefused
from harness.campaign.charger._owing import check_earlier
from harness.campaign.charger._restore import Restored, restore_charger
from harness.campaign.machine._room import NoRoom, give_room

__all__ = [
    "Campaign",
    "CasesError",
    "EmulatorError",
    "NoRoom",
    "Outcome",
    "Request",
    "RerunRefused",
    "Restored",
    "check_earlier",
    "collect_cases",
    "documents_folder",
    "give_room",
    "judge_folder",
    "new_folder",
    "plan_for",
    "rerun_cases",
    "restore_charger",
    "run_campaign",
    "with_password",
]
