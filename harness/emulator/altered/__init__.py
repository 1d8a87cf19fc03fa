"""What defects and variants share: a station altered after assembly, and campaigns that show who notices.

A defect is a charger that is wrong and must be caught; a variant is one that is right in an unusual way and must pass.
Both replace small behaviours of an assembled station by name, and both are judged against the plain one's campaign.
"""

from harness.emulator.altered._bench import TENDER, Bench, with_evses
from harness.emulator.altered._campaigns import CampaignFailed, Seen, is_purpose, read, run, said_by
from harness.emulator.altered._in_secc import at_any_time, in_the_secc
from harness.emulator.altered._matrix import SMOKE, Kind, Outcome, main_of
from harness.emulator.altered._reach import car_link_of, ocpp_of, swap
from harness.emulator.altered._shelf import Shelf
from harness.emulator.altered._wire import everywhere, says

__all__ = [
    "SMOKE",
    "TENDER",
    "Bench",
    "CampaignFailed",
    "Kind",
    "Outcome",
    "Seen",
    "Shelf",
    "at_any_time",
    "car_link_of",
    "everywhere",
    "in_the_secc",
    "is_purpose",
    "main_of",
    "ocpp_of",
    "read",
    "run",
    "said_by",
    "says",
    "swap",
    "with_evses",
]
