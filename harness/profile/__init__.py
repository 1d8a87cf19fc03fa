"""DUT profiles: PICS, PIXIT and the points of control and observation, from one commented YAML file."""

from harness.profile._load import ProfileError, builtin_profiles, load_profile
from harness.profile._model import (
    CsmsPco,
    EvPco,
    FirmwareFiles,
    Instrument,
    Launch,
    OperatorPco,
    Pcos,
    Pixit,
    Product,
    Profile,
)

__all__ = [
    "CsmsPco",
    "EvPco",
    "FirmwareFiles",
    "Instrument",
    "Launch",
    "OperatorPco",
    "Pcos",
    "Pixit",
    "Product",
    "Profile",
    "ProfileError",
    "builtin_profiles",
    "load_profile",
]
