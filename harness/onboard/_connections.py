"""Connections that came and did not get in: each refusal in plain words, with what to enter instead."""

from __future__ import annotations

from urllib.parse import quote

from harness.onboard._advice import Advice, Told
from harness.trace import Event


def refused_connection(event: Event, told: Told) -> list[Advice]:
    """What an `ocpp.connection` event of state "refused" tells.

    A charger of the wrong OCPP version is told so at once, not only after its identity and password are right.
    """
    first = _refusal(event, told)
    offered = event.data.get("offered") or []
    if event.data.get("code") in (401, 403, 404) and offered and not set(offered) & set(told.versions):
        return [first, _version(event, told)]
    return [first]


def _refusal(event: Event, told: Told) -> Advice:
    data = event.data
    reason, code = str(data.get("reason") or ""), data.get("code")
    if code == 404:
        return _identity(event, told)
    if code == 401:
        return _password(event, reason, told)
    if code == 403:
        return _certificate(event, reason)
    if code == 101:
        return _version(event, told)
    if code == 503 or "too many" in reason:
        see = f"A connection was turned away: {reason}."
        return Advice("problem", "too_many", see, "Something connects again and again.", "Find out what.", event.seq)
    return _no_websocket(event, reason, told)


def hung_up(event: Event) -> Advice:
    """A TCP connection that ended before anything was said on it."""
    see = f"Something at {_host(event)} opened a connection and hung up without saying a word."
    means = "A firewall, a network scanner or a charger that only tries whether we are there."
    return Advice("note", f"hung_up.{_host(event)}", see, means, "Wait for its next attempt.", event.seq)


def odd_path(event: Event, told: Told) -> Advice | None:
    """A path that let the charger in but is not the one that was given."""
    path, identity = str(event.data.get("path") or ""), str(event.data.get("identity") or "")
    wanted = f"{told.path}/{quote(identity, safe='')}"
    if path.split("?", 1)[0].rstrip("/") in (wanted, f"{told.path}/{identity}"):
        return None
    see = f"It asks for the path {path!r}; we expected {wanted!r}."
    if path.count(quote(identity, safe="")) > 1:
        means, do = "Its identity stands twice: it adds the identity by itself.", f"Enter only {told.url}"
    else:
        means, do = "We let it in; a backend in the field may not.", f"Enter exactly {told.url}"
    return Advice("note", f"path.{path}", see, means, do, event.seq)


def _identity(event: Event, told: Told) -> Advice:
    used = str(event.data.get("identity") or "")
    path = event.data.get("path")
    last = told.path.rstrip("/").rsplit("/", 1)[-1]
    full = f"{told.url}/{quote(told.identity, safe='') if told.identity else 'THE-IDENTITY'}"
    if used in ("", last):
        see = f"The charger asks for {path!r}, which ends without an identity."
        means = "It does not add its identity to the URL by itself, or has none set."
        return Advice("problem", "identity.none", see, means, f"Set its identity, or enter: {full}", event.seq)
    if _at_another_path(str(path), told):
        see = f"The charger asks for {path!r}; this backend is at {told.path!r}."
        means = f"Its URL lacks {told.path!r} or holds something else there; its identity is not what is wrong."
        return Advice(
            "problem",
            "path.wrong",
            see,
            means,
            f"Enter: {told.url}, or, where it adds nothing by itself: {full}",
            event.seq,
        )
    if told.identity is None or len(used) > 48 or ":" in used:
        see = f"The charger's identity {used[:60]!r} cannot be used: {event.data.get('reason')}."
        means = "OCPP allows 1 to 48 characters, and no colon."
        return Advice("problem", "identity.form", see, means, "Give the charger another identity.", event.seq)
    see = f"The charger calls itself {used!r}; we wait for {told.identity!r}."
    means = "The identity at the end of its URL is another one than agreed; or it is another charger."
    do = f"Set the charger's identity to {told.identity}, or start again with --identity {used}"
    return Advice("problem", f"identity.{used}", see, means, do, event.seq)


def _at_another_path(path: str, told: Told) -> bool:
    """Whether what stands before the identity is not the endpoint; empty parts count for nothing, as at the door."""
    asked = [part for part in path.split("?", 1)[0].split("/") if part]
    return asked[:-1] != [part for part in told.path.split("/") if part]


def _password(event: Event, reason: str, told: Told) -> Advice:
    who = event.data.get("identity")
    if reason.startswith("no HTTP Basic"):
        see = f"{who} sends no password."
        means = "No password is set in it, or it is not in security profile 1 or 2."
        do = f"Set security profile {told.security_profile} and the password shown above in the charger."
        return Advice("problem", "password.none", see, means, do, event.seq)
    if reason.startswith("user name"):
        see = f"{who} logs in under another name: {reason}."
        means = "OCPP's user name is the charger's identity itself."
        return Advice("problem", "password.user", see, means, "Set user name and identity to the same.", event.seq)
    if reason.startswith("wrong password"):
        see = f"{who} sends a wrong password."
        means = "It was mistyped, or the charger stores it in another form (some want it as hexadecimal digits)."
        do = "Enter the password shown above again, without blanks; letters are case-sensitive."
        return Advice("problem", "password.wrong", see, means, do, event.seq)
    see = f"{who} sends something else than a name and a password: {reason}."
    return Advice("problem", "password.form", see, "OCPP uses HTTP Basic.", "Ask its manufacturer.", event.seq)


def _certificate(event: Event, reason: str) -> Advice:
    who = event.data.get("identity")
    if "no client certificate" in reason:
        see, do = f"{who} shows no certificate of its own.", "Install the charger's certificate and key (see above)."
    else:
        see = f"We trust {who}'s certificate, but it is not this charger's: {reason}."
        do = "Start again with --serial and the charger's serial number, and install the certificate made then."
    means = "In security profile 3 the certificate's common name must be the serial number (OCPP A00.FR.511)."
    return Advice("problem", "client_certificate", see, means, do, event.seq)


def _version(event: Event, told: Told) -> Advice:
    who, offered = event.data.get("identity"), [str(o) for o in event.data.get("offered") or []]
    if not offered:
        see = f"{who} names no OCPP version when it connects (no WebSocket subprotocol)."
        means = "It is no OCPP charger, or a very old one."
        return Advice("problem", "version.none", see, means, "Enable OCPP 2.0.1 or 2.1 in the charger.", event.seq)
    spoken = ", ".join(_version_name(v) for v in offered)
    old = all(v.startswith("ocpp1") for v in offered)
    see = f"{who} speaks only {spoken}."
    wanted = " or ".join(_version_name(v) for v in reversed(told.versions))
    means = f"The requirements ask for {wanted}{'; OCPP 1.6 is another protocol' if old else ''}."
    do = "Switch the charger to OCPP 2.0.1 or 2.1. If its firmware cannot, it needs an update, or it cannot pass."
    return Advice("problem", "version.old" if old else "version.other", see, means, do, event.seq)


def _version_name(subprotocol: str) -> str:
    return subprotocol.replace("ocpp", "OCPP ", 1) if subprotocol.startswith("ocpp") else repr(subprotocol)


def _no_websocket(event: Event, reason: str, told: Told) -> Advice:
    enter = f"Enter the URL exactly: {told.url}"
    if "plain HTTP" in reason:
        see = "The charger speaks without encryption (ws://) to our encrypted port (wss://)."
        means = "Its URL begins with ws://, or its security profile is 0 or 1."
        do = f"{enter} and set security profile {told.security_profile}."
        return Advice("problem", "plain_on_tls", see, means, do, event.seq)
    if "spoke TLS" in reason:
        see = "The charger speaks encrypted (wss://) to our port without encryption (ws://)."
        means = "Its URL begins with wss://, or its security profile is 2 or 3."
        do = f"{enter}; or start onboarding again with --security-profile 2."
        return Advice("problem", "tls_on_plain", see, means, do, event.seq)
    if "within" in reason:
        see = f"Something at {_host(event)} opened a connection and then said nothing ({reason})."
        means = "The network in between may cut off what follows (a firewall, a wrong MTU); or it is not a charger."
        return Advice("problem", "mute", see, means, "Look at the way between charger and computer.", event.seq)
    see = f"Something at {_host(event)} connected, but did not ask for a WebSocket ({reason})."
    means = "It is a browser or another program, or the charger is set to another protocol than OCPP-J."
    return Advice("problem", "no_websocket", see, means, "Set the charger to OCPP-J (JSON over WebSocket).", event.seq)


def _host(event: Event) -> str:
    return str(event.data.get("remote") or "?").rpartition(":")[0]
