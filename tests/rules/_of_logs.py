"""Cases of the rules that blind edits of logs asked for: what keeps each, and what breaks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from harness.judge.rules import CSMS
from tests.rules._stream import ZERO, Stream, stamp

Steps = Callable[[Stream], Any]
EVSE = {"id": 1}
HERE = {"id": 1, "connectorId": 1}
OURS = {"idToken": {"idToken": "A", "type": "Central"}}
STOPS = {"component": {"name": "TxCtrlr"}, "variable": {"name": "StopTxOnInvalidId"}}
MOST = {"component": {"name": "TxCtrlr"}, "variable": {"name": "MaxEnergyOnInvalidId"}}
OUT = ("Unavailable", "Unavailable")
INVALID = "InvalidChargingStationCertificate"


def later(s: Stream, seconds: float, every: float = 20) -> Stream:
    """Time passes with heartbeats."""
    for _ in range(int(seconds / every)):
        s.after(every).sends("Heartbeat", {}, {"currentTime": stamp(s.now)})
    return s


@cache
def ends_after(days: int) -> str:
    """A certificate that ends so many days after the stream's beginning."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CP1")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    ends = ZERO + timedelta(days=days)
    made = made.serial_number(1).not_valid_before(ends - timedelta(days=365)).not_valid_after(ends)
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


def signed(s: Stream, status: str, *events: str, days: int = -30) -> Stream:
    """It tells its time, is given a certificate, and tells security events."""
    s.opened().boots().state("Available")
    s.answered("CertificateSigned", {"certificateChain": ends_after(days)}, {"status": status})
    for event in events:
        s.sends("SecurityEventNotification", {"type": event, "timestamp": stamp(s.now)})
    return later(s, 200)


def two(s: Stream, first: str = "Available", second: str = "Available") -> Stream:
    """Both connectors are told."""
    return s.state(first).state(second, connector=2)


def put(s: Stream, wanted: str, *told: str, evse: dict[str, Any] | None = EVSE, status: str = "Accepted") -> Stream:
    """The EVSE, or the station, is put out of service or back; connectors 1 and 2 are told as `told`."""
    s.answered(
        "ChangeAvailability", {"operationalStatus": wanted} | ({"evse": evse} if evse else {}), {"status": status}
    )
    for connector, state in enumerate(told, 1):
        s.state(state, connector=connector)
    return s


def down(s: Stream) -> Stream:
    """Both connectors are taken out of service."""
    return put(two(s.opened().boots()), "Inoperative", "Unavailable", "Unavailable")


def again(s: Stream, *told: str, **boot: Any) -> Stream:
    """It boots anew, and tells its connectors."""
    s.closed().after(5).opened().boots(**boot)
    for connector, state in enumerate(told, 1):
        s.state(state, connector=connector)
    return later(s, 200)


def inventory(s: Stream, component: str, status: str, tbc: bool = False) -> Stream:
    """Its full inventory names AuthCtrlr alone; then a component is read."""
    s.opened().boots().answered(
        "GetBaseReport", {"requestId": 1, "reportBase": "FullInventory"}, {"status": "Accepted"}
    )
    entry = {"component": {"name": "AuthCtrlr"}, "variable": {"name": "Enabled"}, "variableAttribute": [{"value": "1"}]}
    s.sends(
        "NotifyReport", {"requestId": 1, "generatedAt": stamp(s.now), "seqNo": 0, "tbc": tbc, "reportData": [entry]}
    )
    name = {"component": {"name": component}, "variable": {"name": "Enabled"}}
    value = {"attributeValue": "1"} if status == "Accepted" else {}
    answer = {"getVariableResult": [name | {"attributeStatus": status} | value]}
    return s.answered("GetVariables", {"getVariableData": [name]}, answer)


def put_off(s: Stream) -> Stream:
    """A reset waits for the end of T1, which comes."""
    s.opened().boots().event("Started", 0, "CablePluggedIn", evse=HERE)
    s.state("Occupied").answered("Reset", {"type": "OnIdle"}, {"status": "Scheduled"})
    return s.event("Ended", 1, "EVDeparted", reason="EVDisconnected").state("Available")


def invalid(s: Stream, *told: dict[str, Any], known: dict[str, Any] = STOPS, status: str = "Accepted") -> Stream:
    """It charges, the backend refuses its token, and a minute later it tells more."""
    value = known | {"attributeStatus": status} | ({"attributeValue": "true"} if status == "Accepted" else {})
    s.opened().boots().answered("GetVariables", {"getVariableData": [known]}, {"getVariableResult": [value]})
    s.event("Started", 0, "CablePluggedIn", state="Charging", evse=HERE)
    token = {"eventType": "Updated", "timestamp": stamp(s.now), "triggerReason": "Authorized", "seqNo": 1, **OURS}
    info = {"transactionInfo": {"transactionId": "T1"}}
    s.sends("TransactionEvent", token | info, {"idTokenInfo": {"status": "Invalid"}})
    for number, more in enumerate(told, 2):
        s.after(40).event(**{"kind": "Updated", "number": number, "trigger": "MeterValuePeriodic", **more})
    return s


def waits(s: Stream, answer: bool) -> Stream:
    """Of a transaction that has ended, it says whether messages wait; nothing more comes."""
    s.opened().boots().event("Started", 0, evse=HERE).event("Ended", 1).after(1)
    said = {"ongoingIndicator": False, "messagesInQueue": answer}
    return later(s.answered("GetTransactionStatus", {"transactionId": "T1"}, said), 700)


def start(s: Stream, status: str) -> Stream:
    """A session is to start from afar at EVSE 1."""
    return s.answered("RequestStartTransaction", {"remoteStartId": 9, "evseId": 1, **OURS}, {"status": status})


def reserved(s: Stream, *told: str, before: str = "Available", lasts: float = 3600) -> Stream:
    """EVSE 1 is reserved, and its connectors told as `told`."""
    two(s.opened().boots(), "Available", before)
    request = {"id": 7, "evseId": 1, "expiryDateTime": stamp(s.now + lasts), **OURS}
    s.answered("ReserveNow", request, {"status": "Accepted"})
    for connector, state in enumerate(told, 1):
        s.state(state, connector=connector)
    return later(s, 200)


def setting(s: Stream, *told: tuple[str, bool]) -> Stream:
    """Setting A may run for 60 s, B for 600; what starts and ends is told."""
    s.opened().boots()
    for identity, lasts in ("A", 60), ("B", 600):
        curve = {"priority": 5, "startTime": stamp(s.now), "duration": lasts}
        asked = {"isDefault": False, "controlId": identity, "controlType": "FreqDroop", "freqDroop": curve}
        s.answered("SetDERControl", asked, {"status": "Accepted"})
    for identity, started in told:
        s.sends("NotifyDERStartStop", {"controlId": identity, "started": started, "timestamp": stamp(s.now)}).after(30)
    return later(s, 200)


OF_LOGS: dict[str, tuple[Steps, Steps]] = {
    "A02.R006": (lambda s: signed(s, "Rejected"), lambda s: signed(s, "Accepted")),
    "A02.R007": (lambda s: signed(s, "Rejected", INVALID), lambda s: signed(s, "Rejected")),
    "B01.R010": (
        lambda s: again(two(s.opened().boots()), "Available", "Occupied"),
        lambda s: again(two(s.opened().boots()), "Available"),
    ),
    "B06.R016": (
        lambda s: inventory(s, "CoffeeCtrlr", "UnknownComponent"),
        lambda s: inventory(s, "CoffeeCtrlr", "Accepted"),
    ),
    "B11.R002": (
        lambda s: again(down(s), "Unavailable", "Faulted"),
        lambda s: again(down(s), "Unavailable", "Available"),
    ),
    "B12.R003": (lambda s: again(put_off(s)), lambda s: later(put_off(s), 700)),
    "E05.R010": (
        lambda s: invalid(s, {"trigger": "Deauthorized", "state": "SuspendedEVSE"}),
        lambda s: invalid(s, {}),
    ),
    "E14.R005": (lambda s: waits(s, False), lambda s: waits(s, True)),
    "F02.R025": (lambda s: start(down(s), "Rejected"), lambda s: later(start(down(s), "Accepted"), 60)),
    "G03.R007": (
        lambda s: put(down(s), "Operative", "Available", "Available"),
        lambda s: later(put(down(s), "Operative", "Available"), 200),
    ),
    "H01.R023": (lambda s: reserved(s, "Reserved", "Reserved"), lambda s: reserved(s, "Reserved")),
    "R04.R022": (lambda s: setting(s, ("A", True), ("A", False)), lambda s: setting(s, ("A", True))),
}
SPARED: list[tuple[str, str, Steps]] = [
    ("its certificate ended an hour ago, and its clock may be behind", "A02.R006",
     lambda s: signed(s, "Accepted", days=0)),
    ("it refused one whose time is not over", "A02.R007", lambda s: signed(s, "Rejected", days=300)),
    ("other firmware has other connectors", "B01.R010",
     lambda s: again(two(s.opened().boots(chargingStation={"model": "M", "vendorName": "V", "firmwareVersion": "1"})),
                     "Available", chargingStation={"model": "M", "vendorName": "V", "firmwareVersion": "2"})),
    ("the backend asked for the boot, nothing was started", "B01.R010",
     lambda s: later(two(s.opened().boots()).boots(reason="Triggered"), 200)),
    ("of its inventory a part is missing", "B06.R016", lambda s: inventory(s, "CoffeeCtrlr", "Accepted", tbc=True)),
    ("a car came", "B06.R016", lambda s: inventory(s, "ConnectedEV", "Accepted")),
    ("it was put back before the boot", "B11.R002",
     lambda s: again(put(down(s), "Operative", "Available", "Available"), "Available", "Available")),
    ("somebody at the station put it back", "B11.R002", lambda s: again(two(down(s)), "Available", "Available")),
    ("it starts as Available, and corrects that at once", "B11.R002",
     lambda s: later(two(two(down(s).closed().after(5).opened().boots()).after(2), *OUT), 200)),
    ("another car came before it was idle", "B12.R003",
     lambda s: later(put_off(s).event("Started", 0, tx="T2", evse=HERE), 700)),
    ("its reset was made while the end was still to be told", "B12.R003",
     lambda s: later(put_off(s.opened().boots()), 100).boots()),
    ("it may give some energy all the same", "E05.R010", lambda s: invalid(s, {}, known=MOST)),
    ("messages may be given up that the backend refuses", "E14.R005",
     lambda s: waits(s.opened().raw('[2,"x","TransactionEvent",{}]').raw('[4,"x","InternalError","",{}]', CSMS), True)),
    ("it was put back, and is told so next", "F02.R025", lambda s: later(two(start(down(s), "Accepted")), 60)),
    ("only one of its connectors is out of service", "F02.R025",
     lambda s: later(start(put(two(s.opened().boots()), "Inoperative", "Unavailable", evse=HERE), "Accepted"), 60)),
    ("one of its connectors was out of service before", "G03.R007",
     lambda s: later(put(put(two(s.opened().boots(), "Available", "Unavailable"), "Inoperative", "Unavailable"),
                         "Operative", "Available"), 200)),
    ("the station was taken out of service, and the EVSE put back", "G03.R007",
     lambda s: later(put(put(two(s.opened().boots()), "Inoperative", "Unavailable", "Unavailable", evse=None),
                         "Operative"), 200)),
    ("its driver came", "H01.R023", lambda s: reserved(s, "Occupied")),
    ("the reservation is over soon", "H01.R023", lambda s: reserved(s, lasts=60)),
    ("another setting took its place", "R04.R022", lambda s: setting(s, ("A", True), ("B", True))),
]  # fmt: skip
