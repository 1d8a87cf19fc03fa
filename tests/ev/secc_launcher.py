"""Runs the iso15118 package's own SECC in this process, as the other end for the car's tests.

Its EXI is that of the emulated charger, which shares nothing with the car's. Run with
python -m tests.ev.secc_launcher INTERFACE [SDP_PORT] : with a port it serves on ::1, without one on the interface's
link-local address and port 15118. Prints "ready", then takes lines on standard input: a number is the setpoint in W for
Dynamic sessions, "notify Terminate" puts that into EVSEStatus. Ends when standard input does.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading

from iso15118.secc import SECCHandler
from iso15118.secc.controller.evse_data import (
    EVSEACCLLimits,
    EVSEACCPDLimits,
    EVSEDataContext,
    EVSEDCCLLimits,
    EVSEDCCPDLimits,
    EVSERatedLimits,
    EVSESessionLimits,
)
from iso15118.secc.controller.interface import ServiceStatus
from iso15118.secc.controller.simulator import SimEVSEController
from iso15118.secc.secc_settings import Config
from iso15118.secc.transport import tcp_server, udp_server
from iso15118.shared import comm_session
from iso15118.shared.messages.enums import AuthEnum
from iso15118.shared.messages.iso15118_20.common_types import EVSENotification, EVSEStatus

from harness.emulator.secc.exi._exi import Codec

logging.disable(logging.NOTSET if os.environ.get("SECC_LOG") else logging.CRITICAL)


if os.environ.get("SECC_LOG"):  # standard output is for "ready"
    for each in logging.getLogger().handlers:
        each.setStream(sys.stderr)


class Charger(SimEVSEController):
    """The package's simulator with an electrical side that does as it is told."""

    def __init__(self) -> None:
        super().__init__()
        dc = {"max_charge_power": 22000, "min_charge_power": 0, "max_charge_current": 60, "max_voltage": 500}
        dc |= {"min_voltage": 200, "max_discharge_power": 10000, "min_discharge_power": 0, "max_discharge_current": 30}
        more = {"min_charge_current": 0, "min_discharge_current": 0}
        ac = {"max_charge_power": 22000, "min_charge_power": 0, "max_discharge_power": 11000, "min_discharge_power": 0}
        self.evse_data_context = EVSEDataContext(
            rated_limits=EVSERatedLimits(ac_limits=EVSEACCPDLimits(**ac), dc_limits=EVSEDCCPDLimits(**dc, **more)),
            session_limits=EVSESessionLimits(
                ac_limits=EVSEACCLLimits(max_charge_power=0, max_discharge_power=0), dc_limits=EVSEDCCLLimits(**dc)
            ),
            departure_time=7200,
            min_soc=30,
            target_soc=80,
            nominal_voltage=230,
            nominal_frequency=50,
            ack_max_delay=15,
        )
        self.volts, self.amps, self.setpoint_w = 0.0, 0.0, 0.0
        self.notify: str | None = None

    def set_power(self, power_w: float) -> None:
        self.setpoint_w = power_w
        limits = self.evse_data_context.session_limits.ac_limits
        limits.max_charge_power, limits.max_discharge_power = max(0.0, power_w), max(0.0, -power_w)

    async def is_contactor_closed(self):
        return True

    async def send_charging_command(self, ev_target_voltage, ev_target_current, *_, **named):
        # Dynamic mode comes with neither volts nor amperes; ISO 15118-2 never says what the car's inlet measures
        precharge = bool(named.get("is_precharge"))
        present = None if precharge else self.ev_data_context.present_voltage
        self.volts = present or ev_target_voltage or 0.0
        if ev_target_current is not None:
            self.amps = float(ev_target_current)
        elif self.volts:
            self.amps = self.setpoint_w / self.volts

    async def stop_charger(self):
        self.volts, self.amps = 0.0, 0.0

    async def get_evse_present_voltage(self, protocol):
        self.evse_data_context.present_voltage = round(self.volts or 0.0, 1)
        return await super().get_evse_present_voltage(protocol)

    async def get_evse_present_current(self, protocol):
        self.evse_data_context.present_current = round(self.amps, 2)
        return await super().get_evse_present_current(protocol)

    async def get_evse_status(self):
        if self.notify is None:
            return None
        return EVSEStatus(notification_max_delay=0, evse_notification=EVSENotification(self.notify))


class QuickGoodbye:
    """asyncio as the package's session sees it, without the five seconds it sleeps before it closes."""

    def __getattr__(self, name):
        return getattr(asyncio, name)

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(min(delay_s, 0.02))


def obey(charger: Charger, loop: asyncio.AbstractEventLoop) -> None:
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "notify":
            loop.call_soon_threadsafe(setattr, charger, "notify", rest or None)
        else:
            loop.call_soon_threadsafe(charger.set_power, float(word))
    os._exit(0)  # the package's tasks do not all end when cancelled


async def main() -> None:
    interface = sys.argv[1]
    comm_session.asyncio = QuickGoodbye()
    if sys.argv[2:]:
        udp_server.SDP_SERVER_PORT = int(sys.argv[2])

        async def loopback(port: int, nic: str) -> tuple[str, int, int, int]:
            return ("::1", port, 0, 0)

        tcp_server.get_link_local_full_addr = loopback
    config = Config()
    config.load_envs()
    config.supported_auth_options = [AuthEnum.EIM]
    charger = Charger()
    await charger.set_status(ServiceStatus.STARTING)
    handler = SECCHandler(exi_codec=Codec(), evse_controller=charger, config=config)
    serving = asyncio.create_task(handler.start(interface))
    while handler.udp_server is None or not handler.udp_server.started:
        if serving.done():
            serving.result()
        await asyncio.sleep(0.01)
    threading.Thread(target=obey, args=(charger, asyncio.get_running_loop()), daemon=True).start()
    print("ready", flush=True)
    await serving


if __name__ == "__main__":
    asyncio.run(main())
