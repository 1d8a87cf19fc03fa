"""What a charger says once it is connected: its boot, its clock, and messages that break OCPP."""

from __future__ import annotations

from harness.onboard._advice import Advice, Told
from harness.onboard._clock import clock_advice
from harness.onboard._connections import odd_path
from harness.trace import Event, OcppMessage, Trace, exchanges, messages

_CALL = 2


def conversation(trace: Trace, opened: Event, told: Told, now_ns: int) -> list[Advice]:
    """Advice on the connection that `opened` tells of, in the order things happened."""
    conn, who = opened.data.get("conn"), opened.data.get("identity")
    frames = Trace(e for e in trace if e.kind == "ocpp.frame" and e.data.get("conn") == conn)
    heard = messages(frames, direction="in")
    calls = [m for m in heard if m.type == _CALL]
    advice = [_came_in(opened)]
    if odd := odd_path(opened, told):
        advice.append(odd)
    advice += _boot(trace, frames, calls, opened, told, now_ns)
    advice += _closed(trace, opened, calls)
    if any(each.topic == "boot.invalid" for each in advice):  # which keeps it from being tested at all
        heard = [m for m in heard if m.action != "BootNotification"]
    advice += _nonsense(heard, who)
    return advice + clock_advice(calls, told)


def _came_in(opened: Event) -> Advice:
    data = opened.data
    tls = data.get("tls")
    how = f"encrypted with {tls['version']}" if tls else "without encryption"
    version = str(data.get("subprotocol")).replace("ocpp", "OCPP ")
    see = f"{data.get('identity')} is connected: {version}, {how}."
    return Advice("good", f"connected.{data.get('identity')}", see, seq=opened.seq)


def _boot(
    trace: Trace, frames: Trace, calls: list[OcppMessage], opened: Event, told: Told, now_ns: int
) -> list[Advice]:
    boots = exchanges(frames, action="BootNotification", direction="in")
    if not boots:
        return _no_boot(trace, calls, opened, told, now_ns)
    boot = boots[-1].call
    answer = boots[-1].answer
    status = (answer.payload.get("status") if answer else None) or ""
    if status == "Accepted":
        station = boot.payload.get("chargingStation") or {}
        named = " ".join(str(station.get(k, "")) for k in ("vendorName", "model")).strip()
        see = f"It has booted: {named}, serial {station.get('serialNumber') or 'not told'}, "
        see += f"firmware {station.get('firmwareVersion') or 'not told'}."
        return [Advice("good", "boot.accepted", see, seq=boot.event.seq), *_common_name(opened, station, boot)]
    if boot.event.data.get("errors"):
        see = f"Its BootNotification breaks OCPP: {boot.event.data['errors'][0]}."
        means = "We had to answer it with an error, so the charger does not start to work."
        if "chargePointVendor" in boot.payload:
            means = f"It holds the fields of OCPP 1.6, over a connection that is of a newer version. {means}"
        return [Advice("problem", "boot.invalid", see, means, "Its manufacturer must correct it.", boot.event.seq)]
    if answer is None:
        return []  # under way
    see = f"Its BootNotification was answered with {status or answer.error_code}."
    return [Advice("problem", "boot.rejected", see, "It must wait and ask again.", "Wait.", boot.event.seq)]


def _no_boot(trace: Trace, calls: list[OcppMessage], opened: Event, told: Told, now_ns: int) -> list[Advice]:
    if (now_ns - opened.t_ns) / 1e9 < told.silent_after_s or _end(trace, opened) is not None:
        return []
    if not calls:
        see = f"It is connected for {told.silent_after_s:.0f} s and says nothing."
        means = "A charger introduces itself with a BootNotification as soon as it is connected."
        return [Advice("problem", "boot.silent", see, means, "Restart the charger.", opened.seq)]
    booted = messages(trace, action="BootNotification", direction="in")
    if any(m.event.seq < opened.seq for m in booted):
        return []  # it lost its connection and went on, as it may
    see = f"It talks ({', '.join(dict.fromkeys(str(m.action) for m in calls[:5]))}) but never sent a BootNotification."
    means = "It thinks that it has introduced itself already, perhaps to another backend."
    return [Advice("problem", "boot.missing", see, means, "Restart the charger.", opened.seq)]


def _common_name(opened: Event, station: dict[str, object], boot: OcppMessage) -> list[Advice]:
    subject = str((opened.data.get("tls") or {}).get("peer_subject") or "")
    serial = str(station.get("serialNumber") or "")
    names = [part[3:] for part in subject.split(",") if part.startswith("CN=")]
    if not names or not serial or serial in names:
        return []
    see = f"Its certificate is made out to {names[0]!r}, its serial number is {serial!r}."
    means = "Test runs compare the two (OCPP A00.FR.511) and would turn the charger away."
    do = f"Start again with --serial {serial}, and install the certificate made then."
    return [Advice("problem", "client_certificate.name", see, means, do, boot.event.seq)]


def _closed(trace: Trace, opened: Event, calls: list[OcppMessage]) -> list[Advice]:
    end = _end(trace, opened)
    if end is None or (end.data.get("closed_by") == "harness" and "replaced" in str(end.data.get("reason"))):
        return []
    lasted_s = (end.t_ns - opened.t_ns) / 1e9
    who = "We" if end.data.get("closed_by") == "harness" else "The charger"
    see = f"{who} ended the connection after {lasted_s:.0f} s: {end.data.get('reason') or 'no reason given'} "
    see += f"(code {end.data.get('code')})."
    means = "It will try again after a while." if calls else "It did not like something about us, or restarts."
    return [Advice("note", f"ended.{end.data.get('code')}", see, means, "Wait for its next attempt.", end.seq)]


def _end(trace: Trace, opened: Event) -> Event | None:
    conn = opened.data.get("conn")
    of_this = (e for e in trace.of("ocpp.connection") if e.data.get("conn") == conn)
    return next((e for e in of_this if e.data.get("state") == "closed"), None)


def _nonsense(heard: list[OcppMessage], who: object) -> list[Advice]:
    rubbish = [m for m in heard if m.event.data.get("errors") and m.type is None]
    faulty = [m for m in heard if m.event.data.get("errors") and m.type is not None]
    advice = []
    if rubbish:
        raw = str(rubbish[0].event.data.get("raw", ""))
        see = f"{who} sends something that is not OCPP: {rubbish[0].event.data['errors'][0]}. It began: {raw[:60]!r}"
        means = "What is not valid JSON cannot be read at all; the charger's software is at fault."
        do = "Its manufacturer must correct it; the trace holds every message as it came."
        advice.append(Advice("problem", "not_ocpp", see, means, do, rubbish[0].event.seq, len(rubbish)))
    for action in dict.fromkeys(m.action for m in faulty):
        of_this = [m for m in faulty if m.action == action]
        see = f"{action or 'An answer'} breaks OCPP: {of_this[0].event.data['errors'][0]}."
        means = "It can be tested all the same, but requirement SC-09.9 (every message is valid OCPP) will fail."
        do = "Show it to its manufacturer."
        advice.append(Advice("note", f"faulty.{action}", see, means, do, of_this[0].event.seq, len(of_this)))
    return advice
