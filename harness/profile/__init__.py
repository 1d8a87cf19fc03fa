"""DUT profiles: PICS, PIXIT and the points of control and observation, from one commented YAML file."""

from harness.profile._load import ProfileError, builtin_profiles, load_profile
from harness.profile._model import (
    CsmsPco,
    EvPco,
    EvseKind,
    EvseValues,
    FirmwareFiles,
    Instrument,
    Launch,
    OperatorPco,
    Pcos,
    Pixit,
    Product,
    Profile,
)
from harness.profile._places import AT_AN_EVSE, role_and_evse, role_at
from harness.profile._values import is_host, is_identity

__all__ = [
    "AT_AN_EVSE",
    "CsmsPco",
    "EvPco",
    "EvseKind",
    "EvseValues",
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
    "is_host",
    "is_identity",
    "load_profile",
    "role_and_evse",
    "role_at",
]
