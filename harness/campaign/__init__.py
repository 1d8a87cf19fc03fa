"""One campaign: from the plan to a judged evidence folder."""

from harness.campaign._campaign import Campaign
from harness.campaign._car import Car
from harness.campaign._cases import CasesError, collect_cases
from harness.campaign._emulated import EmulatorError
from harness.campaign._faces import Claims, Contract, Steps
from harness.campaign._firmware import FirmwareOffer
from harness.campaign._papers import documents_folder
from harness.campaign._reach import DutAbsent
from harness.campaign._run import Outcome, Request, judge_folder, new_folder, plan_for, rerun_cases, run_campaign
from harness.campaign._settings import Settings

__all__ = [
    "Campaign",
    "Car",
    "CasesError",
    "Claims",
    "Contract",
    "DutAbsent",
    "EmulatorError",
    "FirmwareOffer",
    "Outcome",
    "Request",
    "Settings",
    "Steps",
    "collect_cases",
    "documents_folder",
    "judge_folder",
    "new_folder",
    "plan_for",
    "rerun_cases",
    "run_campaign",
]
