"""A network of our own for the car and the station: a veth pair in a private namespace, without root."""

from harness.emulator.netns._enter import EV_INTERFACE, EVSE_INTERFACE, INSIDE
from harness.emulator.netns._inside import enter_namespace
from harness.emulator.netns._plan import NetworkPlan, network_plan

__all__ = ["EVSE_INTERFACE", "EV_INTERFACE", "INSIDE", "NetworkPlan", "enter_namespace", "network_plan"]
