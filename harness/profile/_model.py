"""A DUT profile's shape: what the product is, what it declares (PICS), what a run needs (PIXIT), the ways in (PCOs)."""

from __future__ import annotations

from typing import Literal

import msgspec


class _Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A misspelt key is an error, not a default."""


class Product(_Base, frozen=True, kw_only=True):
    """The product's kind, which decides what applies; and its nameplate."""

    name: str
    manufacturer: str
    model: str
    serial: str
    firmware: str
    current: tuple[Literal["AC", "DC"], ...]
    sites: tuple[Literal["public", "semi_public", "private"], ...]
    bidirectional: bool
    role: Literal["station", "backend"] = "station"
    emulated: bool = False


class FirmwareFiles(_Base, frozen=True, kw_only=True):
    """A newer image as the vendor hands it to a lab: files beside the profile."""

    image: str
    signature: str  # base64 text
    signing_certificate: str  # PEM
    version: str


class EvseValues(_Base, frozen=True, kw_only=True):
    """What is different at one further EVSE; what is left out is as at `evse_id`. Units as in PIXIT."""

    evse_id: int
    ac_connector: int | None = None
    dc_connector: int | None = None
    phases: int | None = None
    rated_current_a: float | None = None
    rated_charge_w: float | None = None
    rated_discharge_w: float | None = None
    car_current_a: float | None = None


class Pixit(_Base, frozen=True, kw_only=True):
    """Values a run needs. Currents in A per phase, powers in W, voltages in V."""

    identity: str
    evse_id: int = 1
    evses: tuple[int, ...] = ()  # every EVSE of the product, for a thorough run; none: `evse_id` alone
    evse_values: tuple[EvseValues, ...] = ()  # where another EVSE differs from what stands here, which is `evse_id`'s
    ac_connector: int = 1
    dc_connector: int = 2
    id_token: str = "CHARGEPROOF-1"
    id_token_type: str = "Central"
    phases: int = 3
    nominal_v: float = 230.0
    rated_current_a: float = 32.0
    rated_charge_w: float = 22000.0
    rated_discharge_w: float = 0.0
    car_current_a: float = 24.0  # what the bench's car draws when nothing limits it
    minimum_current_a: float = 6.0
    boot_s: float = 60.0  # how long it may take from power-up or reset to an accepted boot
    reconnect_s: float = 60.0
    firmware_update: FirmwareFiles | None = None
    authorise: Literal["remote", "operator"] = "remote"

    def at(self, evse: int) -> Pixit:
        """The same with the values of that EVSE (0: `evse_id`)."""
        if evse in (0, self.evse_id):
            return self
        told = next((each for each in self.evse_values if each.evse_id == evse), EvseValues(evse_id=evse))
        return msgspec.structs.replace(self, **{k: v for k, v in msgspec.structs.asdict(told).items() if v is not None})


class CsmsPco(_Base, frozen=True, kw_only=True):
    """Our backend role: where the charger has to connect."""

    listen: str = "127.0.0.1"
    port: int = 0
    security_profile: Literal[0, 1, 2, 3] = 3  # OCPP's 1 to 3; 0: plain ws without credentials, for simulators
    versions: tuple[Literal["ocpp2.1", "ocpp2.0.1"], ...] = ("ocpp2.1", "ocpp2.0.1")
    password: str | None = None
    host_name: str = "localhost"
    pki: str | None = None  # folder of an earlier onboarding, or a lab's own CA; none: made for the campaign


class EvPco(_Base, frozen=True, kw_only=True):
    """Our car: the network interface its pilot line's power-line modem stands behind."""

    interface: str = "auto"
    vehicle_ac: str = "bidirectional_ac_11kw"
    vehicle_dc: str = "bidirectional_dc_400v"
    tls: bool = True
    pki: str | None = None


class Instrument(_Base, frozen=True, kw_only=True):
    """One bench role. `driver` "person" asks the operator instead of a port."""

    driver: str
    port: str | None = None
    baud: int = 115200
    uncertainty: dict[str, float] = {}
    serial: str = ""
    calibrated: str = ""
    calibration_due: str = ""
    interlock_armed: bool = False


class OperatorPco(_Base, frozen=True, kw_only=True):
    """The person: at a terminal, on a phone, or scripted for unattended runs."""

    driver: Literal["terminal", "web", "scripted"] = "terminal"
    answers: str | None = None
    listen: str = "127.0.0.1"
    port: int = 0
    tls: bool = False  # of the page: by a certificate of our own, whose fingerprint is told


class Pcos(_Base, frozen=True, kw_only=True):
    """The points of control and observation there are; a missing one makes its criteria inconclusive, not skipped.

    `bench`: by role ("meter"). Where there are several EVSEs, "meter" stands at PIXIT's `evse_id` and "meter@2" at
    EVSE 2; so do pilot and light, while the other roles belong to the whole station.
    """

    csms: CsmsPco | None = None
    ev: EvPco | None = None
    bench: dict[str, Instrument] = {}
    operator: OperatorPco | None = None


class Launch(_Base, frozen=True, kw_only=True):
    """Only for the emulated charger: it is started as a process of its own behind the same interfaces."""

    defects: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    offer: tuple[Literal["ocpp2.1", "ocpp2.0.1"], ...] = ("ocpp2.1", "ocpp2.0.1")
    evses: int = 1  # how many it has; ISO 15118 is spoken at the first alone


class EvseKind(_Base, frozen=True, kw_only=True):
    """What one EVSE has where it is less than the product as a whole: its kinds of current, and what it cannot do."""

    evse_id: int
    current: tuple[Literal["AC", "DC"], ...] = ()  # none: as the product
    pics: dict[str, str | bool] = {}  # "no" to what this EVSE has not


class Profile(_Base, frozen=True, kw_only=True):
    """One DUT. `pics` maps a feature to "yes", "no" or "undeclared"; `evses` says which EVSE has less."""

    product: Product
    pics: dict[str, str | bool] = {}
    evses: tuple[EvseKind, ...] = ()
    pixit: Pixit
    pco: Pcos
    documents: str | None = None
    launch: Launch | None = None

    def declared(self, feature: str) -> str:
        """The PICS answer for a feature: "yes", "no" or "undeclared" (also when it is not listed)."""
        return _answer(self.pics.get(feature, "undeclared"))

    def denied_at(self, evse: int) -> frozenset[str]:
        """The features that the supplier says this one EVSE has not."""
        kind = self.kind_of(evse)
        return frozenset(name for name, value in (kind.pics if kind else {}).items() if _answer(value) == "no")

    def current_at(self, evse: int) -> tuple[str, ...]:
        """The kinds of current at an EVSE; those of the product where nothing else is said, and for 0 (no EVSE)."""
        kind = self.kind_of(evse)
        return (kind.current if kind else ()) or self.product.current

    def kind_of(self, evse: int) -> EvseKind | None:
        """What is said of an EVSE of its own; None where it has all that the product has."""
        return next((each for each in self.evses if each.evse_id == evse), None)


def _answer(value: str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
