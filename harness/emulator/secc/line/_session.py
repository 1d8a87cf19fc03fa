"""One car's connection: whole V2GTP frames out of any segmentation, the package's state machine, an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import ssl
from dataclasses import asdict
from typing import Any

from iso15118.secc.comm_session_handler import SECCCommunicationSession
from iso15118.shared.exceptions import EXIDecodingError, InvalidV2GTPMessageError, V2GMessageValidationError
from iso15118.shared.exi_codec import EXI
from iso15118.shared.messages.enums import ControlMode, Protocol
from iso15118.shared.messages.iso15118_20.common_types import ResponseCode, V2GRequest
from iso15118.shared.messages.v2gtp import V2GTPMessage
from iso15118.shared.states import Pause, Terminate

from harness.emulator.secc.controller import _refusals
from harness.emulator.secc.controller._power import EvseController
from harness.emulator.secc.controller._values import ac_present_w, display_parameters
from harness.emulator.secc.line._sequence import Sequence

log = logging.getLogger(__name__)

HEADER = 8
NO_SESSION = "0" * 16
LARGEST_PAYLOAD = 64 * 1024  # the largest real message (certificate installation) is below 16 KiB
SETUP_S = 20.0  # V2G_SECC_CommunicationSetup
LINGER_S = 5.0  # the car closes first; after this we do ([V2G20-1643])
_LOOPS = {"AC_ChargeLoopReq", "DC_ChargeLoopReq", "ChargingStatusReq", "CurrentDemandReq"}


class ConnectionEnded(Exception):
    """The car is gone or said something that cannot be answered; the text says which."""


class NothingSaid(ConnectionEnded):
    """The car closed between two frames."""


async def read_frame(reader: asyncio.StreamReader, bound_s: float) -> bytes:
    """One V2GTP frame, header included, however the network cut it. Raises ConnectionEnded, also after `bound_s`."""
    try:
        async with asyncio.timeout(bound_s):
            header = await reader.readexactly(HEADER)
            if header[0] != 0x01 or header[1] != 0xFE:
                raise ConnectionEnded(f"not a V2GTP header: {header.hex()}")
            size = int.from_bytes(header[4:8])
            if size > LARGEST_PAYLOAD:
                raise ConnectionEnded(f"a V2GTP frame of {size} bytes is announced, more than any message has")
            return header + await reader.readexactly(size)
    except asyncio.IncompleteReadError as error:
        if not error.partial and error.expected == HEADER:
            raise NothingSaid("the car closed the connection") from error
        raise ConnectionEnded("the car closed the connection inside a frame") from error
    except TimeoutError as error:
        raise ConnectionEnded(f"the car was silent for {bound_s:g} s") from error
    except (OSError, ssl.SSLError) as error:
        raise ConnectionEnded(f"the connection broke: {error}") from error


class Session(SECCCommunicationSession):  # type: ignore[misc]
    """A communication session whose reading, error answers and end are ours; its states are the package's."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, config: Any, controller: EvseController
    ) -> None:
        super().__init__((reader, writer), asyncio.Queue(), config, controller, controller.config.evse_id)
        self.controller = controller
        self._profiled = False
        self._sequence = Sequence()
        _refusals.complete(self, controller.config)
        self.session_id: str = ""

    async def run(self, first: bytes) -> None:
        """Serve the car until it ends or is lost; `first` is the frame that opened the session."""
        clean, reason, action = False, "", "terminate"
        frame, bound_s = first, 0.0
        try:
            while True:
                ended = await self._serve(frame)
                bound_s = self._next_bound_s()
                if ended:
                    stop = self.stop_reason
                    clean, reason, action = bool(stop.successful), stop.reason, stop.stop_action.value
                    break
                self.go_to_next_state()
                frame = await read_frame(self.reader, bound_s)
        except ConnectionEnded as end:
            reason = str(end)
        except asyncio.CancelledError:
            reason = "ended by the station"
            raise
        except Exception as error:
            log.exception("session failed")
            reason = f"{type(error).__name__}: {error}"
            self.controller.tell("error", reason=reason)
        finally:
            self.controller.power_off()
            self.controller.tell("session_stopped", clean=clean, action=action, reason=reason)
        if clean or self.last_message_sent:
            await self._linger()

    async def _serve(self, frame: bytes) -> bool:
        """Answer one frame. True when that was the last answer."""
        collecting = gc.isenabled()
        gc.disable()
        try:
            await self.process_message(frame)
            answer = self.current_state.next_v2gtp_msg
            if answer is not None:
                try:
                    await self.send(answer)
                except (OSError, ssl.SSLError) as error:
                    raise ConnectionEnded(f"the connection broke while answering: {error}") from error
            return self.current_state.next_state in (Terminate, Pause)
        finally:
            if collecting:
                gc.enable()

    async def process_message(self, message: bytes) -> None:
        """Decode, let the state answer, tell the station. Whatever can be answered is answered with FAILED."""
        try:
            v2gtp = V2GTPMessage.from_bytes(self.protocol, message)
            namespace = self.get_exi_ns(v2gtp.payload_type)
            request = EXI().from_exi(v2gtp.payload, namespace)
        except InvalidV2GTPMessageError as error:
            raise ConnectionEnded(f"a V2GTP frame that does not belong here: {error}") from error
        except EXIDecodingError as error:
            raise ConnectionEnded(f"undecodable EXI ({message[:40].hex()}…): {error}") from error
        except V2GMessageValidationError as error:
            self.current_state.stop_state_machine(error.reason, None, error.response_code, error.message, namespace)
            return
        if self._out_of_turn(request):
            reason = f"{request} does not belong here"
            self.current_state.stop_state_machine(reason, request, ResponseCode.FAILED_SEQUENCE_ERROR)
            return
        try:
            await self.current_state.process_message(request, v2gtp.payload)
        except Exception as error:
            log.exception("%s could not be served", request)
            self.current_state.stop_state_machine(f"{type(error).__name__}: {error}", request, ResponseCode.FAILED)
            return
        self._report(request)

    def _out_of_turn(self, request: Any) -> bool:
        """Whether an ISO 15118-20 request comes where the standard has no place for it."""
        if not self.session_id and str(request) not in ("supportedAppProtocolReq", "SessionSetupReq"):
            self.session_id = NO_SESSION  # the package refuses it, and its answer needs one
        mine = isinstance(request, V2GRequest) and request.header.session_id == self.session_id
        return mine and not self._sequence.allows(request)

    def _next_bound_s(self) -> float:
        config = self.controller.config
        if self.protocol == Protocol.UNKNOWN:
            return SETUP_S
        return config.loop_timeout_s if self.controller.charging else config.sequence_timeout_s

    def _report(self, request: Any) -> None:
        """Tell the station what this request meant."""
        name = str(request)
        controller = self.controller
        if isinstance(request, V2GRequest):
            self._sequence.answered(request, self.current_state.message, ac=controller.ac)
        if name == "SessionSetupReq":
            evcc = self.evcc_id if self.evcc_id is not None else controller.ev_data_context.evcc_id
            evccid = evcc.hex().upper() if isinstance(evcc, bytes) else str(evcc)
            controller.tell("session_started", protocol=self.protocol.name, evccid=evccid)
        elif name == "ServiceSelectionReq" and self.selected_energy_service is not None:
            mode = "dynamic" if self.control_mode == ControlMode.DYNAMIC else "scheduled"
            selected = self.selected_energy_service
            controller.select(selected.service.name, mode, selected.parameter_set.id)
        elif name == "ScheduleExchangeReq" and not self._profiled:
            self._profiled = True
            controller.tell("energy_needs", **_needs(controller.ev_data_context))
        elif name in _LOOPS:
            self._report_loop(request)

    def _report_loop(self, request: Any) -> None:
        controller, context = self.controller, self.controller.ev_data_context
        shown = display_parameters(request)
        if "soc_pct" in shown:
            context.present_soc = shown["soc_pct"]
        now = controller.bounds()
        scheduled_dc = not controller.ac and controller.control_mode == "scheduled"
        controller.tell(
            "loop",
            wanted_w=controller.asked_w() if scheduled_dc else controller.wanted_w(),
            charge_w=now.charge_w,
            discharge_w=now.discharge_w,
            ev_target_u_v=context.target_voltage if scheduled_dc else None,
            ev_target_i_a=context.target_current if scheduled_dc else None,
            ev_present_w=ac_present_w(context) if controller.ac else None,
            ev_present_u_v=context.present_voltage,
            soc_pct=context.present_soc,
            ev=asdict(controller.ev_bounds()),
            display=shown,
            **_needs(context),
        )

    async def _linger(self) -> None:
        """Let the car close first, discarding what it still says."""
        with contextlib.suppress(TimeoutError, OSError, ssl.SSLError):
            async with asyncio.timeout(LINGER_S):
                while await self.reader.read(4096):
                    pass


def _needs(context: Any) -> dict[str, Any]:
    return {
        "departure_s": context.departure_time,
        "target_wh": context.target_energy_request,
        "min_wh": context.min_energy_request,
        "max_wh": context.max_energy_request,
        "target_soc_pct": context.target_soc,
        "min_soc_pct": context.min_soc,
        "max_v2x_wh": context.max_v2x_energy_request,
        "min_v2x_wh": context.min_v2x_energy_request,
    }
