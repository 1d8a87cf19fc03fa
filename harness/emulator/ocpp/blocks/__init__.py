"""The blocks of the emulated station as they see each other: what one may ask of another, and no more."""

from harness.emulator.ocpp.blocks._keeping import FirmwareBlock, LogsBlock, ProvisioningBlock
from harness.emulator.ocpp.blocks._line import (
    CertificatesBlock,
    ConnectionBlock,
    NetworkBlock,
    OutboxBlock,
    RenewalBlock,
    SecurityBlock,
)
from harness.emulator.ocpp.blocks._power import DerControlsBlock, SmartChargingBlock, V2xBlock
from harness.emulator.ocpp.blocks._sessions import (
    AuthorizationBlock,
    MeteringBlock,
    ReservationsBlock,
    StatusBlock,
    TransactionEventsBlock,
    TransactionsBlock,
)

__all__ = [
    "AuthorizationBlock",
    "CertificatesBlock",
    "ConnectionBlock",
    "DerControlsBlock",
    "FirmwareBlock",
    "LogsBlock",
    "MeteringBlock",
    "NetworkBlock",
    "OutboxBlock",
    "ProvisioningBlock",
    "RenewalBlock",
    "ReservationsBlock",
    "SecurityBlock",
    "SmartChargingBlock",
    "StatusBlock",
    "TransactionEventsBlock",
    "TransactionsBlock",
    "V2xBlock",
]
