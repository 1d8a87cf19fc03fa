"""What a test case holds in its hands: one typed stand, and the types of what it gives."""

from harness.hands._before import NotBrought
from harness.hands._car import Car
from harness.hands._claims import Claims, record_claim
from harness.hands._firmware import FirmwareOffer
from harness.hands._ports import Ports
from harness.hands._reach import Reach
from harness.hands._running import DutAbsent, Running
from harness.hands._settings import RateUnit, Settings
from harness.hands._stand import Stand
from harness.hands._steps import Steps
from harness.hands._v2g import V2g, open_car
from harness.hands._visit import Visit

__all__ = [
    "Car",
    "Claims",
    "DutAbsent",
    "FirmwareOffer",
    "NotBrought",
    "Ports",
    "RateUnit",
    "Reach",
    "Running",
    "Settings",
    "Stand",
    "Steps",
    "V2g",
    "Visit",
    "open_car",
    "record_claim",
]
