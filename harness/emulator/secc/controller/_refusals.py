"""The package's FAILED answers, completed where their schema asks for more: strict cars must read them too."""

from __future__ import annotations

from typing import Any

from iso15118.shared.messages.din_spec import body as din
from iso15118.shared.messages.din_spec.datatypes import SAScheduleList
from iso15118.shared.messages.enums import ParameterName
from iso15118.shared.messages.iso15118_2 import body as v2
from iso15118.shared.messages.iso15118_20.common_messages import (
    DynamicScheduleExchangeResParams,
    Parameter,
    ParameterSet,
    ScheduleExchangeReq,
    ServiceDetailReq,
    ServiceParameterList,
    SessionSetupReq,
)

from harness.emulator.secc._messages import SeccConfig
from harness.emulator.secc.controller import _offers


def complete(session: Any, config: SeccConfig) -> None:
    """Fill in what is missing in the answers that this session would refuse with."""
    v20 = {request: answer for request, (answer, *_) in session.failed_responses_isov20.items()}
    v20[SessionSetupReq].evse_id = config.evse_id
    something = Parameter(name=ParameterName.CONTROL_MODE, int_value=1)
    v20[ServiceDetailReq].service_parameter_list = ServiceParameterList(
        parameter_sets=[ParameterSet(id=0, parameters=[something])]
    )
    v20[ScheduleExchangeReq].dynamic_params = DynamicScheduleExchangeResParams()
    old = session.failed_responses_isov2
    old[v2.MeteringReceiptReq].ac_evse_status = old[v2.ChargingStatusReq].ac_evse_status
    oldest = session.failed_responses_din_spec
    oldest[din.SessionSetupReq].evse_id = config.evse_id_din_hex
    schedules = SAScheduleList(values=_offers.sa_schedules_din(config))
    oldest[din.ChargeParameterDiscoveryReq].sa_schedule_list = schedules
