"""Getting a charger onto the bench: what to enter, what arrives and what is wrong with it, and a first profile."""

from harness.addresses import local_addresses
from harness.onboard._advice import Advice, Told
from harness.onboard._diagnose import diagnose
from harness.onboard._draft import Backend, declared, draft_profile
from harness.onboard._inventory import Inventory, feature_told
from harness.onboard._nameplate import Nameplate, nameplate
from harness.onboard._session import Arrived, Onboarding, Wish, new_password
from harness.onboard._sheet import Entry, sheet

__all__ = [
    "Advice",
    "Arrived",
    "Backend",
    "Entry",
    "Inventory",
    "Nameplate",
    "Onboarding",
    "Told",
    "Wish",
    "declared",
    "diagnose",
    "draft_profile",
    "feature_told",
    "local_addresses",
    "nameplate",
    "new_password",
    "sheet",
]
