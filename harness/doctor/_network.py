"""The network: where the charger connects to, and the interface that leads to it from our car."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path

from harness.doctor._check import Check, Patient
from harness.emulator.netns import network_plan
from harness.onboard import local_addresses

GROUP = "network"
_SDP_PORT = 15118


def examine_network(patient: Patient) -> Iterator[Check]:
    """Findings about the backend's address and the car's interface."""
    pco = patient.profile.pco
    if pco.csms is not None:
        yield _bindable("backend port", pco.csms.listen, pco.csms.port)
        if not patient.emulated:
            yield _reachable(pco.csms.listen)
            yield _host_name(pco.csms.host_name, pco.csms.listen)
            if pco.csms.port == 0:
                says = "port: 0 is another one in each run"
                yield Check(
                    GROUP, "fixed port", "warning", says, "give pco.csms a port, or the charger will not find us"
                )
    if pco.operator is not None and pco.operator.driver == "web":
        yield _bindable("operator's page", pco.operator.listen, pco.operator.port)
    if patient.emulated and pco.ev is not None:
        yield _namespace()
    elif pco.ev is not None:
        yield from _car_interface(pco.ev.interface)


def _bindable(name: str, host: str, port: int) -> Check:
    where = f"{host} port {port or 'any'}"
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as error:
        do = "stop the program that uses it, or give another port; the address must be one of this computer's: "
        do += ", ".join(local_addresses())
        return Check(GROUP, name, "problem", f"{where}: {error.strerror or error}", do)
    return Check(GROUP, name, "ok", f"{where} is free")


def _reachable(listen: str) -> Check:
    if ipaddress.ip_address(listen).is_loopback if _is_address(listen) else listen == "localhost":
        do = "write the address of the charger's network, or 0.0.0.0, as pco.csms.listen; "
        do += "right only for a simulator on this computer"
        return Check(GROUP, "reachable", "warning", f"{listen} is reached from this computer only", do)
    others = [a for a in local_addresses() if not ipaddress.ip_address(a).is_loopback]
    if not others:
        return Check(GROUP, "reachable", "problem", "this computer is on no network", "plug the network cable in")
    return Check(GROUP, "reachable", "ok", f"this computer's addresses: {', '.join(others)}")


def _host_name(name: str, listen: str) -> Check:
    """A name is looked up as this computer would; an address must be one of its own."""
    known = local_addresses()
    try:
        found = {name} if _is_address(name) else {str(each[4][0]) for each in socket.getaddrinfo(name, None)}
    except OSError as error:
        says = f"{name} cannot be looked up here ({error.strerror})"
        return Check(GROUP, "host name", "warning", says, "make sure that the charger can look it up")
    if not found & set(known):
        says = f"{name} is not this computer ({', '.join(sorted(found))})"
        do = f"write one of {', '.join(known)} as pco.csms.host_name; certificates are made out to it"
        return Check(GROUP, "host name", "problem", says, do)
    if all(ipaddress.ip_address(a).is_loopback for a in found):
        do = "write the name or address that the charger enters as pco.csms.host_name"
        return Check(GROUP, "host name", "warning", f"{name} means, for the charger, the charger itself", do)
    return Check(GROUP, "host name", "ok", f"{name} is this computer")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _namespace() -> Check:
    plan = network_plan()
    if plan.kind == "veth":
        return Check(GROUP, "car and charger", "ok", "they get a private network of their own")
    says = {
        "lo": "no private network here; they meet on the loopback, without multicast",
        "ipv4-mapped": "no private network and no IPv6 here; the car's discovery (SDP) cannot be tested",
    }[plan.kind]
    return Check(GROUP, "car and charger", "warning", f"{says} ({plan.reason})", "nothing, or allow user namespaces")


def _car_interface(name: str) -> Iterator[Check]:
    here = sorted(known for _, known in socket.if_nameindex())
    if name == "auto":
        do = f"write the interface of the power-line modem as pco.ev.interface; there are {', '.join(here)}"
        yield Check(GROUP, "car's interface", "problem", "auto is for the emulated charger only", do)
        return
    if name not in here:
        do = f"plug the power-line modem in, or correct pco.ev.interface; there are {', '.join(here)}"
        yield Check(GROUP, "car's interface", "problem", f"there is no {name}", do)
        return
    if not _link_local(name):
        do = f"switch the interface on (`ip link set {name} up`) and IPv6 for it"
        yield Check(GROUP, "car's interface", "problem", f"{name} has no link-local IPv6 address", do)
    else:
        yield Check(GROUP, "car's interface", "ok", f"{name} has a link-local IPv6 address")
    yield _sdp_port()


def _link_local(name: str) -> bool:
    try:
        rows = [line.split() for line in Path("/proc/net/if_inet6").read_text().splitlines()]
    except OSError:
        return False
    return name == "lo" or any(row[-1] == name and row[0].startswith("fe80") for row in rows)


def _sdp_port() -> Check:
    name = "charger discovery"
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::", _SDP_PORT))
    except OSError as error:
        says = f"UDP port {_SDP_PORT}: {error.strerror or error}"
        do = "stop the program that plays a charger on this computer: our car would find it instead of the real one"
        return Check(GROUP, name, "problem", says, do)
    return Check(GROUP, name, "ok", f"UDP port {_SDP_PORT} is free: no other charger is played on this computer")
