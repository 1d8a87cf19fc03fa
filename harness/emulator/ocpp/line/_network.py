"""Network connection profiles: slots, their order, and what may be stored in them (use cases B09, B10, A05)."""

from __future__ import annotations

from dataclasses import asdict

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._slot import Slot
from harness.emulator.ocpp.provisioning._model import Json, Variable

SLOTS = ("1", "2")
_VERSIONS = {"OCPP201": ("ocpp2.0.1",), "OCPP20": ("ocpp2.0.1",), "OCPP21": ("ocpp2.1",)}


class Network:
    """Which backend to call, and in which order to try them."""

    def __init__(self, client: Client) -> None:
        self._client = client
        config = client.config
        first = Slot(
            config.url.rstrip("/"),
            config.security_profile,
            config.identity,
            config.basic_auth_password or "",
            config.subprotocols,
            config.message_timeout_s,
        )
        self.slots: dict[str, Slot] = {"1": first}
        kept = client.storage.load("network", {})
        # a station that was given another backend since forgets what the old one had set
        if kept.get("configured_for") == self._configured_for():
            for number, stored in kept["slots"].items():
                self.slots[number] = Slot(**{**stored, "subprotocols": tuple(stored["subprotocols"])})
        self._at = 0
        self._tries = 0
        client.model.guard("OCPPCommCtrlr", "NetworkConfigurationPriority", self._may_prioritise)

    def order(self) -> list[str]:
        """Slots in order of NetworkConfigurationPriority that hold a profile; never empty."""
        wanted = self._client.model.members("OCPPCommCtrlr", "NetworkConfigurationPriority")
        return [n for n in wanted if n in self.slots] or ["1"]

    def active_number(self) -> str:
        """The slot in use or tried next."""
        order = self.order()
        return order[self._at % len(order)]

    def active(self) -> Slot:
        """The profile in use or tried next."""
        return self.slots[self.active_number()]

    def restart(self) -> None:
        """After a boot the first entry is tried first (B10.FR.04)."""
        self._at = self._tries = 0

    def failed(self) -> None:
        """One attempt failed; after NetworkProfileConnectionAttempts the next entry has its turn (B10.FR.03)."""
        self._tries += 1
        if self._tries >= self._client.model.integer("OCPPCommCtrlr", "NetworkProfileConnectionAttempts"):
            self._at, self._tries = self._at + 1, 0

    def connected(self) -> None:
        """The active profile works: the device model follows it (A05.FR.06)."""
        self._tries = 0
        model, slot = self._client.model, self.active()
        model.put("OCPPCommCtrlr", "ActiveNetworkProfile", self.active_number())
        model.put("SecurityCtrlr", "SecurityProfile", str(slot.security_profile))
        model.put("SecurityCtrlr", "BasicAuthPassword", slot.password)

    def change_password(self, password: str) -> None:
        """The active profile gets a new password."""
        self._store(self.active_number(), Slot(**{**asdict(self.active()), "password": password}))

    @answers("SetNetworkProfile")
    def set_network_profile(self, request: Json) -> Json:
        """B09: store a profile in a slot that is not in use for the connection of this moment's next reconnect."""
        data, number = request["connectionData"], str(request["configurationSlot"])
        reason = self._fault(number, data)
        if reason:
            return {"status": "Rejected", "statusInfo": {"reasonCode": reason}}
        self._store(
            number,
            Slot(
                data["ocppCsmsUrl"].rstrip("/"),
                data["securityProfile"],
                data.get("identity", self._client.config.identity),
                data.get("basicAuthPassword", self.active().password),
                _VERSIONS.get(data.get("ocppVersion", ""), self._client.config.subprotocols),
                float(data["messageTimeout"]),
            ),
        )
        return {"status": "Accepted"}

    def _fault(self, number: str, data: Json) -> str | None:
        now = self._client.security.profile
        wanted = data["securityProfile"]
        if number not in SLOTS:
            return "InvalidConfSlot"
        if data["ocppTransport"] != "JSON" or data.get("ocppVersion", "OCPP21") not in _VERSIONS:
            return "UnsupportedParam"
        if "apn" in data or "vpn" in data:
            return "UnsupportedParam"
        if wanted not in (1, 2, 3) or data["messageTimeout"] <= 0:
            return "InvalidValue"
        downgrade = self._client.model.flag("SecurityCtrlr", "AllowSecurityProfileDowngrade") and (now, wanted) == (
            3,
            2,
        )
        if wanted < now and not downgrade:
            return "NoSecurityDowngrade"
        scheme = "ws://" if wanted == 1 else "wss://"
        return None if data["ocppCsmsUrl"].startswith(scheme) else "InvalidURL"

    def _may_prioritise(self, _: Variable, value: str) -> str | None:
        for number in (n.strip() for n in value.split(",")):
            slot = self.slots.get(number)
            if slot is None:
                return "InvalidConfSlot"
            if slot.security_profile < self._client.security.profile:
                return "NoSecurityDowngrade"
            if slot.security_profile >= 2 and not self._client.certificates.roots("CSMSRootCertificate"):
                return "InvalidCertificate"
            if slot.security_profile == 3 and not self._client.certificates.has_client():
                return "InvalidCertificate"
        return None

    def _store(self, number: str, slot: Slot) -> None:
        self.slots[number] = slot
        slots = {n: asdict(s) for n, s in self.slots.items()}
        self._client.storage.save("network", {"configured_for": self._configured_for(), "slots": slots})

    def _configured_for(self) -> list[object]:
        config = self._client.config
        return [config.url, config.identity, config.security_profile, config.basic_auth_password]
