"""Where the package's ISO 15118-20 states answer other than the standard asks, our own in their place."""

from __future__ import annotations

from typing import Any

from iso15118.secc.states import iso15118_20_states as package
from iso15118.shared.messages.enums import ControlMode, ServiceV20
from iso15118.shared.messages.iso15118_20.ac import ACChargeParameterDiscoveryReq
from iso15118.shared.messages.iso15118_20.common_messages import (
    ChargeProgress,
    PowerDeliveryReq,
    ServiceDetailReq,
    ServiceDiscoveryReq,
)
from iso15118.shared.messages.iso15118_20.common_types import Processing, ResponseCode
from iso15118.shared.messages.iso15118_20.dc import DCChargeParameterDiscoveryReq

from harness.emulator.secc.controller import _offers


class ServiceDiscovery(package.ServiceDiscovery):  # type: ignore[misc]
    """Offers no service that the car said it does not support (SupportedServiceIDs)."""

    async def process_message(self, message: Any, message_exi: bytes | None = None) -> None:
        """Hide the package's unfiltered list while it answers."""
        wanted = getattr(message, "supported_service_ids", None)
        if isinstance(message, ServiceDiscoveryReq):
            self.comm_session.matched_services_v20.clear()
        if not isinstance(message, ServiceDiscoveryReq) or wanted is None:
            await super().process_message(message, message_exi)
            return
        controller = self.comm_session.evse_controller
        everything = await controller.get_energy_service_list()
        kept = [s for s in everything.services if s.service_id in wanted.service_ids]

        async def filtered() -> Any:
            return _offers.service_list([ServiceV20.get_by_id(s.service_id).name for s in kept])

        if not kept:  # the list must not be empty: offer what we have and let the car decide
            await super().process_message(message, message_exi)
            return
        controller.get_energy_service_list = filtered
        try:
            await super().process_message(message, message_exi)
        finally:
            del controller.get_energy_service_list


class ServiceDetail(package.ServiceDetail):  # type: ignore[misc]
    """Refuses a service that was not offered, and ends the session with that ([V2G20-464])."""

    async def process_message(self, message: Any, message_exi: bytes | None = None) -> None:
        """Look before the package does: it would answer FAILED and carry on."""
        if isinstance(message, ServiceDetailReq) and message.header.session_id == self.comm_session.session_id:
            offered = {matched.service.id for matched in self.comm_session.matched_services_v20}
            if message.service_id not in offered:
                self.stop_state_machine(
                    f"service {message.service_id} was not offered", message, ResponseCode.FAILED_SERVICE_ID_INVALID
                )
                return
        await super().process_message(message, message_exi)


def _wrong_parameters(session: Any, plain: Any, bidirectional: Any) -> str | None:
    """Why the car's charge parameters do not fit ([V2G20-1619], [V2G20-2272]); None when they do."""
    service = session.selected_energy_service.service
    given = bidirectional if service.name.endswith("BPT") else plain
    if given is None:
        return f"no charge parameters for {service.name}"
    for direction in ("charge", "discharge"):
        for quantity in ("power", "current"):
            most = getattr(given, f"ev_max_{direction}_{quantity}", None)
            least = getattr(given, f"ev_min_{direction}_{quantity}", None)
            if most and least and abs(most.get_decimal_value()) < abs(least.get_decimal_value()):
                return f"the car's least {direction} {quantity} is above its most"
    return None


class ACChargeParameterDiscovery(package.ACChargeParameterDiscovery):  # type: ignore[misc]
    """Refuses charge parameters that do not belong to the selected service or contradict themselves."""

    async def process_message(self, message: Any, message_exi: bytes | None = None) -> None:
        """Check, then let the package answer."""
        if isinstance(message, ACChargeParameterDiscoveryReq):
            wrong = _wrong_parameters(self.comm_session, message.ac_params, message.bpt_ac_params)
            if wrong:
                self.stop_state_machine(wrong, message, ResponseCode.FAILED_WRONG_CHARGE_PARAMETER)
                return
        await super().process_message(message, message_exi)


class DCChargeParameterDiscovery(package.DCChargeParameterDiscovery):  # type: ignore[misc]
    """Refuses charge parameters of another service, that contradict themselves, or that never meet ours."""

    async def process_message(self, message: Any, message_exi: bytes | None = None) -> None:
        """Check, then let the package answer."""
        if isinstance(message, DCChargeParameterDiscoveryReq):
            wrong = _wrong_parameters(self.comm_session, message.dc_params, message.bpt_dc_params)
            given = message.bpt_dc_params or message.dc_params
            config = self.comm_session.evse_controller.config
            if not wrong and given.ev_min_voltage.get_decimal_value() > config.dc_max_v:
                wrong = "the car needs more voltage than we have"
            if wrong:
                self.stop_state_machine(wrong, message, ResponseCode.FAILED_WRONG_CHARGE_PARAMETER)
                return
        await super().process_message(message, message_exi)


class PowerDelivery(package.PowerDelivery):  # type: ignore[misc]
    """Refuses a start in Scheduled mode without a scheduled power profile instead of failing over it."""

    async def process_message(self, message: Any, message_exi: bytes | None = None) -> None:
        """Check, then let the package answer."""
        if (
            isinstance(message, PowerDeliveryReq)
            and message.charge_progress == ChargeProgress.START
            and message.ev_processing == Processing.FINISHED
            and self.comm_session.control_mode == ControlMode.SCHEDULED
            and getattr(message.ev_power_profile, "scheduled_profile", None) is None
        ):
            self.stop_state_machine("no scheduled power profile", message, ResponseCode.FAILED_EV_POWER_PROFILE_INVALID)
            return
        await super().process_message(message, message_exi)


def install() -> None:
    """Put our states in the place of the package's, which finds them by name when it moves on."""
    for ours in (
        ServiceDiscovery,
        ServiceDetail,
        ACChargeParameterDiscovery,
        DCChargeParameterDiscovery,
        PowerDelivery,
    ):
        setattr(package, ours.__name__, ours)
