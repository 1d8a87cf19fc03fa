"""What the station and its SECC process tell each other: one JSON object per line, in both directions."""

from __future__ import annotations

from typing import Any

import msgspec

PROTOCOLS = ("ISO_15118_20_DC", "ISO_15118_20_AC", "ISO_15118_2", "DIN_SPEC_70121")
SERVICES = ("AC", "DC", "AC_BPT", "DC_BPT")
CONTROL_MODES = ("scheduled", "dynamic")
TLS_MODES = ("required", "offered", "off")
NOTIFICATIONS = ("none", "stop", "pause", "renegotiate_service", "renegotiate_schedule")


class SeccConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the SECC is; fixed for the life of its process.

    `interface` is where the car is ("lo" means ::1, another one its link-local address). `tls`: "required" answers
    every SDP request with the TLS port, "offered" does as the request's security byte asks, "off" has plain TCP only.
    ISO 15118-20 asks for TLS 1.3 always; `v20_without_tls` permits it in the clear for bench work. Powers and
    currents are the nameplate: nothing the SECC says ever exceeds them. `control_modes` in the order of the offered
    parameter sets. `loop_timeout_s` bounds the silence of a car inside the charge loop (the standard's 0.5 s in
    [V2G20-1500] and [V2G20-1502] is the strictest choice). The last four fields make a defective station on
    purpose.
    """

    interface: str = "lo"
    evse_id: str = "NL*CHP*E00001"
    evse_id_din_hex: str = "49A89A6360"
    meter_id: str = "EMU-METER-1"
    tls: str = "offered"
    v20_without_tls: bool = True
    protocols: tuple[str, ...] = PROTOCOLS
    services: tuple[str, ...] = SERVICES
    control_modes: tuple[str, ...] = CONTROL_MODES
    phases: int = 3
    nominal_v: float = 230.0
    frequency_hz: float = 50.0
    max_a: float = 32.0
    max_charge_w: float = 22080.0
    max_discharge_w: float = 11040.0
    dc_min_v: float = 150.0
    dc_max_v: float = 500.0
    dc_max_a: float = 60.0
    loop_timeout_s: float = 5.0
    sequence_timeout_s: float = 60.0
    log_level: str = "WARNING"
    ignores_ev_limits: bool = False
    ignores_setpoint: bool = False
    tls_versions: tuple[str, ...] = ("1.2", "1.3")
    leaf_days: float = 60.0

    def __post_init__(self) -> None:
        """Raise ValueError naming the field, what it holds and what it may hold."""
        _one_of("tls", self.tls, TLS_MODES)
        for name, given, known in (
            ("protocols", self.protocols, PROTOCOLS),
            ("services", self.services, SERVICES),
            ("control_modes", self.control_modes, CONTROL_MODES),
            ("tls_versions", self.tls_versions, ("1.2", "1.3")),
        ):
            if not given:
                raise ValueError(f"{name} is empty; give at least one of {', '.join(known)}")
            for each in given:
                _one_of(name, each, known)


class StationLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The station's state, complete each time; the last one counts. Until the first arrives nothing is authorised.

    `connector` is "ac", "dc" or None (either). `max_charge_w`, `max_discharge_w` >= 0 and `per_phase_a` bound the
    power now; `setpoint_w` is a wanted power (+ to the car, - to the grid) or None when the car decides.
    `u_v`, `i_a` are those of the output (DC: negative current while discharging; AC: phase voltage, sum irrelevant),
    `p_w` is signed like the setpoint. `cp_state` is the pilot's letter. `isolation` is "" while the cable check runs,
    then "valid", "warning" or "fault". `fault` (any text) makes the EVSE report a malfunction and ask for the end.
    """

    authorised: bool = False
    rejected: bool = False
    ready: bool = True
    connector: str | None = None
    max_charge_w: float = 0.0
    max_discharge_w: float = 0.0
    setpoint_w: float | None = None
    per_phase_a: float | None = None
    u_v: float = 0.0
    i_a: float = 0.0
    p_w: float = 0.0
    contactor_closed: bool = False
    cp_state: str = "B"
    isolation: str = "valid"
    import_wh: float = 0.0
    export_wh: float = 0.0
    notification: str = "none"
    notification_max_delay_s: int = 0
    services: tuple[str, ...] | None = None
    control_modes: tuple[str, ...] | None = None
    fault: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError naming the field, what it holds and what it may hold."""
        _one_of("notification", self.notification, NOTIFICATIONS)
        _one_of("connector", self.connector, (None, "ac", "dc"))


class SeccEvent(msgspec.Struct, frozen=True):
    """News from the SECC. `session` counts connections from 1 (0: none). `what` and its `data`:

    "ready"             {interface, address, port, tls_port, tls, sdp: bool, pki: {name: path}, start_s, codec}
    "sdp"               {remote, asked_tls: bool, port, tls: bool}
    "connected"         {remote, tls: {version, cipher, peer_subject} | None}
    "session_started"   {protocol, evccid}
    "service_selected"  {service, control_mode, parameter_set}
    "charge_parameters" {ev: EV bounds}; "energy_needs" adds {departure_s, target_wh, min_wh, max_wh, target_soc_pct…}
    "cable_check"       {}: close the output contactor, measure the isolation, feed `contactor_closed`, `isolation`
    "precharge"         {u_v}: bring the output to this voltage, at most 2 A
    "power_on"          {service, control_mode}: the car asked for power (AC: close the contactor)
    "loop"              {wanted_w, charge_w, discharge_w, ev_target_u_v, ev_target_i_a, ev_present_w, soc_pct, ev: EV
                        bounds, display: {…}}: `wanted_w` is what the power stage should run at (DC) or the car was
                        told to run at (AC); `charge_w` and `discharge_w` are the bounds in force
    "power_off"         {}: the car ended it, or the session broke: ramp down, open the contactor
    "session_stopped"   {clean: bool, action: "terminate" | "pause", reason}
    "error"             {reason}: something of ours failed; the SECC goes on where it can
    EV bounds: {max_charge_w, min_charge_w, max_discharge_w, min_discharge_w, max_charge_a, max_discharge_a, max_u_v,
    min_u_v}, None where the car did not say.
    """

    what: str
    session: int = 0
    data: dict[str, Any] = {}


def encode_line(message: SeccConfig | StationLimits | SeccEvent) -> bytes:
    """One message as a line of JSON."""
    return msgspec.json.encode(message) + b"\n"


limits_decoder = msgspec.json.Decoder(StationLimits)
event_decoder = msgspec.json.Decoder(SeccEvent)
config_decoder = msgspec.json.Decoder(SeccConfig)


def _one_of(name: str, value: object, known: tuple[object, ...]) -> None:
    if value not in known:
        raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(repr(k) for k in known)}")
