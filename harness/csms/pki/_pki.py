"""The CSMS's own certificate authority, and every certificate a test needs: good, hostile, stations', firmware's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from harness.csms.pki._issuing import (
    KINDS,
    ORGANIZATION,
    Authority,
    issue,
    key_pem,
    kind_of,
    must_be_strong,
    new_authority,
    new_key,
    new_twin,
    pem,
    write_private,
)
from harness.csms.pki._kept import kept_authority, others_roots

WRONG_HOST = "another-backend.invalid"
HOSTILE = ("wrong_host", "unknown_ca", "expired", "not_yet_valid", "old_tls")
ELSEWHERE = "root_of_another_purpose"  # shown once `roots_for_elsewhere` made it
SCENARIOS = ("good", *HOSTILE, ELSEWHERE)
TWIN = "unknown_ca_twin"  # who trusts an authority by its name alone takes this one for ours
FACES = {"unknown_ca": ("unknown_ca", TWIN), "old_tls": ("good",)}  # what a scenario shows, handshake by handshake
_WINDOWS = {"expired": (400, -30), "not_yet_valid": (-30, 400)}  # days: since when, for how long
_STRANGER = "Somebody else's root"


@dataclass(frozen=True)
class Credential:
    """A key with its certificate (and what is above it), both PEM."""

    key_pem: str
    certificate_pem: str

    @property
    def certificate(self) -> x509.Certificate:
        """The first certificate of the chain."""
        return x509.load_pem_x509_certificate(self.certificate_pem.encode())


class Pki:
    """Two roots, one of each kind of key, and what is below them; the server's PEM files lie in `folder`.

    A CSMS shows an ECDSA or an RSA certificate, as the station can use (A00.FR.318, A00.FR.319). A station that knows
    one family only must be able to check the whole chain: so nothing below a root is of the other kind.
    `root.pem` is the root of `algorithm`, the kind that is shown to a station which can use both; `root-rsa.pem` (or
    `root-ec.pem`) is the other one, `roots.pem` holds both.
    """

    def __init__(self, folder: Path, roots: Mapping[str, Authority], algorithm: str) -> None:
        self.folder = folder
        self.algorithm = algorithm
        self.kinds = (algorithm, *(kind for kind in KINDS if kind != algorithm))
        self._roots = roots
        self._control: dict[str, Credential] = {}
        self._strangers: dict[str, Authority] = {}
        self.lets_strangers_in = False
        self._others = others_roots(folder)

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        host_names: tuple[str, ...] = ("localhost", "127.0.0.1", "::1"),
        algorithm: str | None = None,
    ) -> Pki:
        """Make the server certificates of every scenario, under the roots that are in `folder`, or under new ones.

        Roots that are there already are kept: a real charger has them installed, and must trust the next campaign too;
        without a root's key a CA below it signs (see `kept_authority`).
        `algorithm` "ec" (P-256) or "rsa" (2048) is that of a new `root.pem`; None: EC.
        Raises ValueError for an unknown algorithm, and for a root whose key is missing or does not fit.
        """
        if algorithm not in (None, *KINDS):
            raise ValueError(f"key algorithm is {algorithm!r}; it must be 'ec' or 'rsa'")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        first = _root(folder, "root", algorithm or "ec")
        other = next(kind for kind in KINDS if kind != first.kind)
        pki = cls(folder, {first.kind: first, other: _root(folder, f"root-{other}", other)}, first.kind)
        (folder / "roots.pem").write_text(pki.roots_pem)
        for kind in KINDS:
            key = new_key(kind)
            write_private(folder / f"server-{kind}.key", key_pem(key))
            strangers = {"unknown_ca": new_authority(_STRANGER, kind), TWIN: new_twin(pki._roots[kind])}
            for scenario in ("good", "wrong_host", "unknown_ca", TWIN, *_WINDOWS):
                names = (WRONG_HOST,) if scenario == "wrong_host" else host_names
                above = strangers.get(scenario, pki._roots[kind])
                days = _WINDOWS.get(scenario, (1, 365))
                made = issue(above, key.public_key(), names[0], ORGANIZATION, names=names, days=days)
                (folder / f"{scenario}-{kind}.pem").write_text(pem(made) + above.chain_pem)
        return pki

    @property
    def root_pem(self) -> str:
        """The first root, that of `algorithm`."""
        return pem(self._roots[self.algorithm].root)

    @property
    def roots_pem(self) -> str:
        """Both roots, the first one first: what a station that takes several should trust."""
        return "".join(pem(self._roots[kind].root) for kind in self.kinds)

    @property
    def client_roots_pem(self) -> str:
        """By which a station's own certificate is checked when it comes.

        While strangers are let in: also the authority of `sign_request_as`, so that a station that took what it should
        have refused is not lost. Beside the roots stands what is between them and who signs here, as a station may
        show its certificate alone; and the roots of others in clients.pem.
        """
        strangers = self._strangers.values() if self.lets_strangers_in else ()
        between = (each for authority in self._roots.values() for each in authority.between)
        more = [*between, *self._others, *(each.certificate for each in strangers)]
        return self.roots_pem + "".join(pem(each) for each in more)

    @property
    def root_files(self) -> tuple[Path, Path]:
        """The files of the first and of the other root."""
        return self.folder / "root.pem", self.folder / f"root-{self.kinds[1]}.pem"

    def server_files(self, scenario: str, kind: str, turn: int = 0) -> tuple[Path, Path]:
        """(certificate chain, key) of a kind for a scenario; old_tls presents the good ones.

        unknown_ca takes turns: an issuer of another name, then one of our root's own name with another key.
        """
        faces = FACES.get(scenario, (scenario,))
        shown = faces[turn % len(faces)]
        return self.folder / f"{shown}-{kind}.pem", self.folder / f"server-{kind}.key"

    def issue_station_certificate(
        self,
        serial: str,
        organization: str = ORGANIZATION,
        *,
        kind: str | None = None,
        days: tuple[int, int] = (1, 365),
    ) -> Credential:
        """A key and a certificate for a charging station: CN is its serial number (A00.FR.511), O the CSO.

        `kind` "ec" or "rsa" (A00.FR.421: a CSMS makes both); None: that of `algorithm`. `days` is (valid since so many
        days, valid for so many more).
        """
        key = new_key(kind or self.algorithm)
        above = self._roots[kind or self.algorithm]
        made = issue(above, key.public_key(), serial, organization, days=days)
        return Credential(key_pem(key), "".join(pem(each) for each in (made, *above.between)))

    def control_certificate(self, kind: str) -> Credential:
        """The client certificate of our own control client, made once: an RSA key takes its time."""
        if kind not in self._control:
            self._control[kind] = self.issue_station_certificate("control-client", kind=kind)
        return self._control[kind]

    def sign_request(
        self,
        csr_pem: str,
        *,
        organization: str | None = None,
        names: frozenset[str] | None = None,
        others: frozenset[str] = frozenset(),
    ) -> str:
        """Sign a station's CSR (SignCertificate, A02/A03) by the root of its key's kind; the chain as PEM.

        Subject is the CSR's own; `organization` replaces its O. `names` are what its CN may be (None: anything), and
        `others` what it may not: those of other stations. Raises ValueError when the CSR is no CSR, its signature does
        not fit its key, its key is weak (A00.FR.502, .503), or its name is not the station's.
        """
        return self._sign(csr_pem, organization, names, others)

    def sign_request_as(
        self, csr_pem: str, how: str, *, organization: str | None = None, names: frozenset[str] | None = None
    ) -> str:
        """The same as it must be refused (A02.FR.06): "unknown_ca", by an authority that nobody knows, or "expired".

        Raises ValueError as `sign_request`, and for another way.
        """
        if how not in ("unknown_ca", "expired"):
            raise ValueError(f"a certificate is signed wrongly as unknown_ca or expired, not as {how!r}")
        days = (400, -30) if how == "expired" else (1, 365)
        return self._sign(csr_pem, organization, names, stranger=how == "unknown_ca", days=days)

    def _sign(
        self,
        csr_pem: str,
        organization: str | None,
        names: frozenset[str] | None,
        others: frozenset[str] = frozenset(),
        *,
        stranger: bool = False,
        days: tuple[int, int] = (1, 365),
    ) -> str:
        try:
            request = x509.load_pem_x509_csr(csr_pem.encode())
        except x509.InvalidVersion as error:
            raise ValueError(str(error)) from error
        if not request.is_signature_valid:
            raise ValueError("the CSR's signature does not belong to the key in it")
        key = request.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            raise ValueError(f"the CSR holds a {type(key).__name__}; OCPP wants RSA or ECDSA")
        common = request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        owner = request.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        if not common:
            raise ValueError("the CSR has no commonName; it must be the station's serial number (A00.FR.511)")
        must_be_strong(key)
        name = str(common[0].value)
        if name in others or (names is not None and name not in names):
            wanted = f"; it must be {' or '.join(sorted(names))}" if names else ""
            raise ValueError(f"the CSR's commonName is {name[:64]!r}, which is not this station's{wanted} (A00.FR.511)")
        kind = kind_of(key)
        if stranger and kind not in self._strangers:
            self._strangers[kind] = new_authority(_STRANGER, kind)
        above = self._strangers[kind] if stranger else self._roots[kind]
        whose = organization or (str(owner[0].value) if owner else ORGANIZATION)
        return pem(issue(above, key, name, whose, days=days)) + above.chain_pem

    def make_signing_certificate(self, organization: str = "Charger manufacturer") -> Credential:
        """A firmware signing certificate below this root, for who trusts the root as the manufacturer's or must not."""
        key, above = new_key(self.algorithm), self._roots[self.algorithm]
        made = issue(above, key.public_key(), "Firmware signing", organization)
        return Credential(key_pem(key), "".join(pem(each) for each in (made, *above.between)))

    def make_stranger_signing_certificate(self, organization: str = "Charger manufacturer") -> Credential:
        """A firmware signing certificate that looks right and comes from a root which nobody trusts (GEN-03.5)."""
        above = new_authority("Somebody else's manufacturer root", self.algorithm)
        key = new_key(self.algorithm)
        return Credential(key_pem(key), pem(issue(above, key.public_key(), "Firmware signing", organization)))


def _root(folder: Path, name: str, kind: str) -> Authority:
    """The root that is kept under this name, or a new one of this kind."""
    certificate_file, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    root = kept_authority(folder, name)
    if root is None:
        root = new_authority(f"Chargeproof test CSMS root {kind.upper()}", kind)
        write_private(key_file, key_pem(root.key))
        certificate_file.write_text(pem(root.certificate))
    return root
