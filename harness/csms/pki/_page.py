"""A certificate for the operator's page: under the bench's root where there is one, so that a phone may know it."""

from __future__ import annotations

import ssl
from pathlib import Path

from cryptography.hazmat.primitives import hashes

from harness.csms.pki._issuing import (
    ORGANIZATION,
    issue,
    key_pem,
    new_authority,
    new_key,
    pem,
    write_private,
)
from harness.csms.pki._kept import kept_authority


def page_tls(folder: Path, names: tuple[str, ...]) -> tuple[ssl.SSLContext, str]:
    """TLS for a page that is reached by these names and addresses; and its certificate's SHA-256, to compare by eye.

    `folder` holds the root (root.pem, root.key), or gets the page's files under one that is made and forgotten.
    Raises ValueError for a root that does not fit its key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = kept_authority(folder) or new_authority("chargeproof bench", "ec")
    key = new_key("ec")
    made = issue(authority, key.public_key(), names[0], ORGANIZATION, names=names, days=(1, 90))
    write_private(folder / "page.key", key_pem(key))
    (folder / "page.pem").write_text(pem(made) + authority.chain_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(folder / "page.pem", folder / "page.key")
    return context, made.fingerprint(hashes.SHA256()).hex(":").upper()
